// One model, checked by the engine in a process of its own.

package crosscheck

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"synod/conformance/tla"
	"synod/tools/usage"
)

// childFlag is the first argument of a child process; the job follows as JSON.
const childFlag = "-child"

// job is what a child process is told.
type job struct {
	Spec, Config string
	Folders      []string
	Workers      int
}

// runChild is the child's side: it prints its finding as JSON. It never fails: what goes wrong is in the finding.
func runChild(ctx context.Context, text string) []byte {
	var j job
	f := Finding{Result: "error"}
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		f.Message = err.Error()
	} else {
		f = j.check(ctx)
	}
	line, err := json.Marshal(f)
	if err != nil {
		return fmt.Appendf(nil, `{"result":"error","message":%q}`, err.Error())
	}
	return append(line, '\n')
}

func (j job) check(ctx context.Context) Finding {
	start := time.Now()
	m, err := tla.Load(j.Spec, tla.Options{Config: j.Config, SearchDirs: j.Folders})
	if err != nil {
		return Finding{Result: "error", Message: err.Error()}
	}
	result, err := m.Check(ctx, tla.CheckOptions{Workers: j.Workers})
	if err != nil {
		return Finding{Result: "error", Message: err.Error(), Seconds: time.Since(start).Seconds()}
	}
	return engineFinding(result, time.Since(start))
}

// inChild has a child check a model; the child is this program again, called as self says. It runs in the collection's root: what
// specifications read is named from there.
func inChild(ctx context.Context, self []string, root string, j job, limit time.Duration) (Finding, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return Finding{}, err
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	args := append(append([]string(nil), self[1:]...), childFlag, string(text))
	cmd := exec.CommandContext(timed, self[0], args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Dir = root
	cmd.WaitDelay = 5 * time.Second
	start := time.Now()
	err = cmd.Run()
	elapsed := time.Since(start).Seconds()
	if ctx.Err() != nil {
		return Finding{}, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && timed.Err() == nil {
		return Finding{}, fmt.Errorf("start the engine: %w", err)
	}
	f := Finding{Result: "error", Seconds: elapsed}
	switch {
	case timed.Err() != nil:
		f.TimedOut = true
	case err != nil:
		f.Message = "the engine's process ended: " + lastWords(stderr.String(), err)
	default:
		if err := json.Unmarshal(stdout.Bytes(), &f); err != nil {
			f.Message = "the engine's process printed " + strings.TrimSpace(stdout.String())
		}
	}
	took := usage.Of(cmd.ProcessState)
	f.CPU, f.Memory = took.CPU.Seconds(), took.Memory
	return f, nil
}

// lastWords is the line of a crash that says most.
func lastWords(stderr string, err error) string {
	for line := range strings.Lines(stderr) {
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") || strings.HasPrefix(line, "runtime:") {
			return strings.TrimSpace(line)
		}
	}
	return err.Error()
}
