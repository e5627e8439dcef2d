// Processes: servers and clients that are measured, and what they took of the processors.

package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server under measurement.
type process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// start starts a server, which prints to a file below folder.
func start(folder, name, program string, args ...string) (*process, error) {
	path := filepath.Join(folder, name+".log")
	log, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &process{name: name, log: path, cmd: exec.Command(program, args...), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = attributes()
	p.cmd.Env = append(os.Environ(), "GOGC=400") // as synod init sets it for its nodes: the same for all
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// ended tells why a server runs no more, nil if it does.
func (p *process) ended() error {
	select {
	case <-p.done:
		text, _ := os.ReadFile(p.log)
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		return fmt.Errorf("%s ended: %v: %s", p.name, p.cmd.ProcessState, lines[len(lines)-1])
	default:
		return nil
	}
}

// kill ends the server and waits until it is gone.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.done
}

// signal sends SIGSTOP or SIGCONT.
func (p *process) signal(s syscall.Signal) error { return p.cmd.Process.Signal(s) }

// tick is the unit in which Linux tells processor time.
const tick = time.Second / 100

// cpu is the processor time that a running process has taken, the system's work for it included.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	// The name, in parentheses, may hold anything; utime and stime are the 12th and 13th fields behind it.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat is not as expected", p.cmd.Process.Pid)
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err1 != nil || err2 != nil {
		return 0, fmt.Errorf("/proc/%d/stat is not as expected", p.cmd.Process.Pid)
	}
	return time.Duration(user+system) * tick, nil
}

// scrape adds up the samples of a metric in a page of Prometheus's form.
func scrape(ctx context.Context, url, metric string) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	return sum(r.Body, metric)
}

// sum adds up the samples of a metric.
func sum(page io.Reader, metric string) (total float64, err error) {
	found := false
	lines := bufio.NewScanner(page)
	for lines.Scan() {
		rest, ours := strings.CutPrefix(lines.Text(), metric)
		if !ours || rest == "" || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		value, err := strconv.ParseFloat(rest[strings.LastIndexByte(rest, ' ')+1:], 64)
		if err != nil {
			return 0, fmt.Errorf("metric %s: %w", metric, err)
		}
		total += value
		found = true
	}
	if !found && lines.Err() == nil {
		return 0, fmt.Errorf("there is no metric %s", metric)
	}
	return total, lines.Err()
}
