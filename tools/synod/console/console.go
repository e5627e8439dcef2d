// The console: where output goes, in which colours, and a progress line that leaves no trace behind.

// Package console is the terminal as the subcommands see it, or what stands in for one.
package console

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// Console is a command's output. Results go to Stdout, complaints and progress to Stderr.
type Console struct {
	Stdout, Stderr io.Writer
	Colour         bool // Stdout is a terminal and the user did not set NO_COLOR
	Live           bool // Stderr is a terminal, so that a progress line can be redrawn

	mu       sync.Mutex
	drawn    int // width of the progress line on the screen
	reported time.Time
}

// New inspects the two files once.
func New(stdout, stderr *os.File) *Console {
	plain := os.Getenv("NO_COLOR") != ""
	dumb := os.Getenv("TERM") == "dumb"
	return &Console{
		Stdout: stdout, Stderr: stderr,
		Colour: !plain && !dumb && isTerminal(stdout),
		Live:   !dumb && isTerminal(stderr),
	}
}

// isTerminal reports whether f is a character device other than the null device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// quietInterval is how often progress is told where no line can be redrawn: in a log it is noise otherwise.
const quietInterval = 5 * time.Second

// Progress shows one line about work under way: redrawn in place on a terminal, a line now and then elsewhere.
func (c *Console) Progress(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.Live {
		if now := time.Now(); now.Sub(c.reported) >= quietInterval {
			c.reported = now
			fmt.Fprintln(c.Stderr, line)
		}
		return
	}
	pad := strings.Repeat(" ", max(0, c.drawn-len(line)))
	fmt.Fprintf(c.Stderr, "\r%s%s", line, pad)
	c.drawn = len(line)
}

// Settle wipes the progress line, so that what is printed next starts on a clean one.
func (c *Console) Settle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.drawn > 0 {
		fmt.Fprintf(c.Stderr, "\r%s\r", strings.Repeat(" ", c.drawn))
		c.drawn = 0
	}
}

// The colours in use, as SGR parameters.
const (
	Bold  = "1"
	Faint = "2"
	Red   = "31"
	Green = "32"
)

// Paint wraps text in a colour where the terminal has any.
func (c *Console) Paint(sgr, text string) string {
	if !c.Colour {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}

// Grouped writes a number with a comma between thousands.
func Grouped[N ~int | ~int64 | ~uint64](n N) string {
	digits := fmt.Sprint(n)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
