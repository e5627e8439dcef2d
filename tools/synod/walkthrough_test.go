// The walk-through of docs/operate.md works as it is written.

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block is a fenced block of a page and the paragraph before it.
type block struct {
	before string
	lines  []string
}

// blocks cuts the fenced blocks out of a section.
func blocks(section string) (all []block) {
	parts := strings.Split(section, "```\n")
	for i := 1; i < len(parts); i += 2 {
		paragraphs := strings.Split(strings.TrimSpace(parts[i-1]), "\n\n")
		all = append(all, block{paragraphs[len(paragraphs)-1], strings.Split(strings.TrimSpace(parts[i]), "\n")})
	}
	return all
}

// walk does what the blocks say, in a folder where bin/synod is the command.
type walk struct {
	*service
	setting []string // cd and export commands so far
}

func (w *walk) command(line string) *exec.Cmd {
	cmd := exec.Command("bash", "-c", strings.Join(append(slices.Clone(w.setting), line), "\n"))
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), commandVariable+"=1")
	return cmd
}

// ask runs a client's command and compares what it says; ... stands for any rest of a line.
func (w *walk) ask(line string, want []string) {
	t := w.t
	if regexp.MustCompile(`^(cd|export) `).MatchString(line) {
		require.Empty(t, want)
		w.setting = append(w.setting, line)
		return
	}
	if _, err := exec.LookPath(strings.Fields(line)[0]); err != nil && !strings.HasPrefix(line, "bin/") {
		t.Logf("left out, because the program is not on this machine: %s", line)
		return
	}
	out, _ := w.command(line).CombinedOutput() // the exit code is seen in what it says
	got := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	for i, pattern := range want {
		want[i] = strings.ReplaceAll(regexp.QuoteMeta(pattern), regexp.QuoteMeta("..."), ".*")
	}
	require.Len(t, got, len(want), "%s\n%s", line, out)
	for i := range got {
		require.Regexp(t, "^"+want[i]+"$", got[i], line)
	}
}

func TestTheWalkThroughWorksAsWritten(t *testing.T) {
	for _, port := range []string{"7001", "7101", "6381", "9101"} {
		for i := range 3 {
			address := "127.0.0.1:" + port[:3] + fmt.Sprint(int(port[3]-'0')+i)
			l, err := net.Listen("tcp", address)
			if err != nil {
				t.Skipf("the walk-through's port %s is in use on this machine", address)
			}
			l.Close()
		}
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "operate.md"))
	require.NoError(t, err)
	_, section, found := strings.Cut(string(page), "## A cluster in three terminals\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	w := &walk{service: &service{t: t, dir: t.TempDir(), addresses: map[string]string{}, processes: map[string]*exec.Cmd{}}}
	t.Cleanup(func() {
		for name := range w.processes {
			w.kill(name)
		}
	})
	require.NoError(t, os.Mkdir(filepath.Join(w.dir, "bin"), 0o755))
	program, err := filepath.Abs(os.Args[0])
	require.NoError(t, err)
	require.NoError(t, os.Symlink(program, filepath.Join(w.dir, "bin", "synod")))
	served, asked := 0, 0
	for _, b := range blocks(section) {
		if strings.HasPrefix(b.before, "End the third") {
			w.kill("terminal 3")
		}
		for i := 0; i < len(b.lines); i++ {
			line, client := strings.CutPrefix(b.lines[i], "$ ")
			switch {
			case client:
				var want []string
				for i+1 < len(b.lines) && !strings.HasPrefix(b.lines[i+1], "$ ") {
					i++
					want = append(want, b.lines[i])
				}
				w.ask(line, want)
				asked++
			case strings.HasPrefix(line, "bin/synod serve "):
				served++
				w.terminal(fmt.Sprint("terminal ", served), line)
			case line != "make build":
				out, err := w.command(line).CombinedOutput()
				require.NoError(t, err, "%s", out)
			}
		}
	}
	require.Equal(t, 3, served)
	require.Greater(t, asked, 8)
}

// terminal starts what a terminal runs, and waits until it listens.
func (w *walk) terminal(name, line string) {
	w.t.Chdir(w.dir)
	w.run(name, 4, strings.Fields(line)[1:]...)
}
