// TLC as the judge: one Java process that evaluates batch after batch and checks model after model.

package main

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed Judge.java
var judgeSource []byte

// judge is a running Judge.java. Use it from one goroutine.
type judge struct {
	jar     string
	folder  string // scratch: the source, the batches, and what TLC unpacks
	limit   time.Duration
	process *exec.Cmd
	input   io.WriteCloser
	answers chan string // closed when the process ends
}

// errHang is a request that TLC does not finish in time.
var errHang = errors.New("TLC did not answer in time")

func newJudge(jar string, limit time.Duration) (*judge, error) {
	folder, err := os.MkdirTemp("", "difftest-")
	if err != nil {
		return nil, err
	}
	j := &judge{jar: jar, folder: folder, limit: limit}
	source := filepath.Join(folder, "Judge.java")
	if err := os.WriteFile(source, judgeSource, 0o644); err != nil {
		return nil, err
	}
	output, err := exec.Command("javac", "-d", folder, "-cp", jar, source).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("compile Judge.java, which takes a JDK: %w\n%s", err, output)
	}
	return j, os.WriteFile(filepath.Join(folder, moduleName+".cfg"), []byte(configuration), 0o644)
}

// start runs Java.
func (j *judge) start(ctx context.Context) error {
	j.process = exec.CommandContext(ctx, "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx2g", "-Djava.io.tmpdir="+j.folder,
		"-cp", j.jar+string(os.PathListSeparator)+j.folder, "Judge")
	j.process.Stderr = os.Stderr
	var err error
	if j.input, err = j.process.StdinPipe(); err != nil {
		return err
	}
	output, err := j.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := j.process.Start(); err != nil {
		return fmt.Errorf("start Java: %w", err)
	}
	j.answers = make(chan string, 64)
	go func(lines chan<- string) {
		defer close(lines)
		scanner := bufio.NewScanner(output)
		scanner.Buffer(nil, 64<<20)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
	}(j.answers)
	return nil
}

// stop ends the process; the next request starts another.
func (j *judge) stop() {
	if j.process == nil {
		return
	}
	j.input.Close()
	j.process.Process.Kill()
	for range j.answers { // the reader ends before Wait closes its pipe
	}
	j.process.Wait() // it was killed: how it ended says nothing
	j.process = nil
}

// close stops the process and removes the scratch folder.
func (j *judge) close() {
	j.stop()
	os.RemoveAll(j.folder)
}

// answer is one line that the process answers with.
type answer struct{ kind, text string }

// ask sends a request and hands on the answers up to the dot. Where one does not come in time the process is stopped
// and the error is errHang; where the process ended by itself, the next request starts another.
func (j *judge) ask(ctx context.Context, take func(answer), request ...string) error {
	limit := j.limit + 20*time.Second // the process may have to start, and to read the module
	if j.process == nil {
		if err := j.start(ctx); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(j.input, strings.Join(request, "\t")); err != nil {
		j.stop()
		return fmt.Errorf("TLC's process has ended: %w", err)
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case line, ok := <-j.answers:
			if !ok {
				j.stop()
				return errors.New("TLC's process has ended")
			}
			if line == "." {
				return nil
			}
			kind, text, _ := strings.Cut(line, "\t")
			take(answer{kind, strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(text)})
			timer.Reset(j.limit)
		case <-timer.C:
			j.stop()
			return errHang
		case <-ctx.Done():
			j.stop()
			return ctx.Err()
		}
	}
}

// evaluate gives TLC's outcome for each expression. One that TLC does not finish fails with errHang's text, and those
// after it go to a new process.
func (j *judge) evaluate(ctx context.Context, expressions []string) ([]outcome, error) {
	var all []outcome
	for len(all) < len(expressions) {
		part, err := j.batch(ctx, expressions[len(all):])
		all = append(all, part...)
		if errors.Is(err, errHang) {
			all = append(all, outcome{failed: true, err: err.Error()})
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (j *judge) batch(ctx context.Context, expressions []string) ([]outcome, error) {
	file := filepath.Join(j.folder, moduleName+".tla")
	if err := os.WriteFile(file, []byte(batch(expressions)), 0o644); err != nil {
		return nil, err
	}
	var got []outcome
	var unread *unreadableError
	err := j.ask(ctx, func(a answer) {
		switch a.kind {
		case "V":
			got = append(got, outcome{value: a.text})
		case "E":
			got = append(got, outcome{failed: true, err: a.text})
		default:
			unread = &unreadableError{a.text}
		}
	}, "evaluate", j.folder, moduleName, fmt.Sprint(len(expressions)))
	if err == nil && unread != nil {
		err = unread
	}
	return got, err
}
