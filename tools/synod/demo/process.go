// One server process: started in a group of its own, killed with it, and never outliving the demo.

package demo

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"
)

// process is one running server and the file with what it printed.
type process struct {
	name   string
	log    string
	cmd    *exec.Cmd
	ready  chan string   // the addresses on which the process says that it listens
	exited chan struct{} // closed when the process has been waited for

	mu       sync.Mutex
	expected bool // we ended it: its exit is no failure
}

// nursery starts processes from one thread that lives as long as the demo. On Linux a child asks to be killed
// when its parent thread dies, and Go ends threads that a goroutine leaves locked; any other goroutine's thread
// would do by luck alone.
type nursery struct {
	requests chan func()
	stopped  chan struct{}

	mu       sync.Mutex
	children []*process
}

func newNursery() *nursery {
	n := &nursery{requests: make(chan func()), stopped: make(chan struct{})}
	go func() {
		runtime.LockOSThread()
		defer close(n.stopped)
		for request := range n.requests {
			request()
		}
	}()
	return n
}

// start runs the program with args; what it prints is appended to log.
func (n *nursery) start(name, log, program string, args ...string) (*process, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	p := &process{
		name: name, log: log, cmd: exec.Command(program, args...),
		ready: make(chan string, mostAddresses), exited: make(chan struct{}),
	}
	output := &announcement{log: file, ready: p.ready}
	p.cmd.Stdout, p.cmd.Stderr = output, output // one pipe for both, so that the log keeps their order
	p.cmd.SysProcAttr = childAttributes()
	started := make(chan error)
	n.requests <- func() { started <- p.cmd.Start() }
	if err := <-started; err != nil {
		file.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	n.mu.Lock()
	n.children = append(n.children, p)
	n.mu.Unlock()
	go func() {
		p.cmd.Wait() // how it ended stands in cmd.ProcessState
		file.Close()
		close(p.exited)
	}()
	return p, nil
}

// mostAddresses is on how many addresses a server listens: for other servers, and for Redis clients.
const mostAddresses = 2

// announcement copies what a server prints to its log and picks the addresses from the lines that say where it listens.
type announcement struct {
	log   *os.File
	ready chan<- string
	text  []byte // up to the end of the last such line, at least
	found int
}

func (a *announcement) Write(b []byte) (int, error) {
	if a.found < mostAddresses {
		a.text = append(a.text, b...)
		for _, m := range listens.FindAllSubmatch(a.text, mostAddresses)[a.found:] {
			a.found++
			a.ready <- string(m[1])
		}
	}
	return a.log.Write(b)
}

var listens = regexp.MustCompile(`(?m) listens on (\S+)\n`)

// startGrace is how long a server may take until it listens.
const startGrace = 20 * time.Second

// address waits until the server listens, on its first address, and the next time on its second.
func (p *process) address(ctx context.Context) (string, error) {
	select {
	case address := <-p.ready:
		return address, nil
	case <-ctx.Done():
		return "", ctx.Err()
	case <-p.exited:
		return "", fmt.Errorf("%s ended before it listened: %s", p.name, p.lastWords())
	case <-time.After(startGrace):
		return "", fmt.Errorf("%s does not listen after %v; its log is %s", p.name, startGrace, p.log)
	}
}

// lastWords is the last line of a process's log.
func (p *process) lastWords() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

// crashed names a process that ended though nobody ended it.
func (n *nursery) crashed() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range n.children {
		if p.crashed() {
			return fmt.Errorf("%s ended by itself: %s", p.name, p.lastWords())
		}
	}
	return nil
}

// close kills every process that still runs, waits for all, and ends the thread.
func (n *nursery) close() {
	n.mu.Lock()
	children := n.children
	n.mu.Unlock()
	for _, p := range children {
		p.kill()
	}
	close(n.requests)
	<-n.stopped
}

// pid is the process's id.
func (p *process) pid() int { return p.cmd.Process.Pid }

// running reports whether the process has not ended.
func (p *process) running() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// kill ends the process and its group with SIGKILL, as a power switch would, and waits until it is gone.
func (p *process) kill() {
	p.expect()
	if p.running() {
		killGroup(p.pid())
	}
	<-p.exited
}

// stopGrace is how long a server may take to end after it was asked to.
const stopGrace = 5 * time.Second

// stop asks the process to end, and kills it when it does not within stopGrace.
func (p *process) stop() error {
	p.expect()
	if !p.running() {
		return nil
	}
	p.cmd.Process.Signal(os.Interrupt) // it may just have ended; then this fails and the wait below returns at once
	select {
	case <-p.exited:
	case <-time.After(stopGrace):
		p.kill()
		return fmt.Errorf("%s did not stop within %v and was killed; its log is %s", p.name, stopGrace, p.log)
	}
	if state := p.cmd.ProcessState; !state.Success() {
		return fmt.Errorf("%s stopped with %v; its log is %s", p.name, state, p.log)
	}
	return nil
}

func (p *process) expect() {
	p.mu.Lock()
	p.expected = true
	p.mu.Unlock()
}

// crashed reports that the process ended though nobody asked it to.
func (p *process) crashed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.expected && !p.running()
}
