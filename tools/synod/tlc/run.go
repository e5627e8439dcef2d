// One run of TLC as a child process.

package tlc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"synod/tools/usage"
)

// Job is what to check. The zero values of all but Spec are TLC's defaults.
type Job struct {
	Spec       string // path of the module
	Config     string // path of the configuration; "" is the module's own
	Workers    int    // 0 is one for each core
	NoDeadlock bool   // TLC's -deadlock: a state without successors is no error
	Brief      bool   // the run is a matter of seconds, in which compiling more than a little does not pay
	Library    string // a further folder to look for modules in; "" is none
	Collector  string // the Java machine's garbage collector, "Parallel" say; "" is Serial for one worker, else Parallel
}

// Result is what TLC reported.
type Result struct {
	Code int // TLC's exit code: 0, 10 assumption, 11 deadlock, 12 safety, 13 liveness, 75 and up: TLC could not check
	Summary
	Took usage.Usage // by the JVM
}

// Run runs TLC in the module's folder, in a metadata folder of its own that is gone afterwards. What TLC prints
// goes to output too. An error means that TLC did not run; what it found is in the Result.
func Run(ctx context.Context, jar string, job Job, output io.Writer) (Result, error) {
	java, err := findJava()
	if err != nil {
		return Result{}, err
	}
	scratch, err := os.MkdirTemp("", "synod-tlc-")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(scratch)
	cmd, err := command(ctx, java, jar, scratch, job)
	if err != nil {
		return Result{}, err
	}
	reader := &summaryReader{}
	cmd.Stdout = io.MultiWriter(output, reader)
	cmd.Stderr = cmd.Stdout
	err = cmd.Run()
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return Result{}, fmt.Errorf("run TLC: %w", err)
	}
	result := Result{Code: cmd.ProcessState.ExitCode(), Summary: reader.summary(), Took: usage.Of(cmd.ProcessState)}
	if result.Code < 0 {
		return result, fmt.Errorf("TLC was ended: %v", cmd.ProcessState)
	}
	return result, nil
}

// command builds the command line. The temporary folder is the run's own as well: TLC unpacks the standard modules
// there under fixed names, and two runs at once would read each other's half-written files.
func command(ctx context.Context, java, jar, scratch string, job Job) (*exec.Cmd, error) {
	spec, err := filepath.Abs(job.Spec)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(spec); err != nil {
		return nil, err
	}
	jar, err = filepath.Abs(jar)
	if err != nil {
		return nil, err
	}
	workers := "auto"
	if job.Workers > 0 {
		workers = strconv.Itoa(job.Workers)
	}
	args := append(machine(job), "-Djava.io.tmpdir="+scratch)
	if job.Library != "" {
		library, err := filepath.Abs(job.Library)
		if err != nil {
			return nil, err
		}
		args = append(args, "-DTLA-Library="+library)
	}
	args = append(args, "-cp", jar, "tlc2.TLC", "-metadir", filepath.Join(scratch, "states"), "-workers", workers)
	if job.Config != "" {
		config, err := filepath.Abs(job.Config)
		if err != nil {
			return nil, err
		}
		args = append(args, "-config", config)
	}
	if job.NoDeadlock {
		args = append(args, "-deadlock")
	}
	cmd := exec.CommandContext(ctx, java, append(args, filepath.Base(spec))...)
	cmd.Dir = filepath.Dir(spec)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second // then it is killed
	return cmd, nil
}

// machine gives the options of the Java machine. With one worker, other runs may want the other cores, and the garbage
// is collected by one thread too.
func machine(job Job) []string {
	collector := job.Collector
	switch {
	case collector != "":
	case job.Workers == 1:
		collector = "Serial"
	default:
		collector = "Parallel"
	}
	options := []string{"-XX:+Use" + collector + "GC"}
	if job.Brief {
		options = append(options, "-XX:TieredStopAtLevel=1")
	}
	return options
}

// findJava returns the Java that the user chose, else the one on the path.
func findJava() (string, error) {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		path := filepath.Join(home, "bin", "java")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath("java")
	if err != nil {
		return "", errors.New("TLC needs Java 11 or newer, which is not installed: install a JDK " +
			"(Debian: apt install default-jdk-headless; macOS: brew install openjdk)")
	}
	return path, nil
}
