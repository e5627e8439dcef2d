// Scenarios: the stories in testdata, played command by command.

package paxos_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
)

var rewrite = flag.Bool("rewrite", false, "write what the scenarios print into testdata, for review")

// TestScenarios plays each file of testdata. A file has text, which starts with #, and blocks: commands, a line
// ----, and what they print up to an empty line. The commands are
//
//	cluster ACCEPTORS PROPOSERS [BUG]   begins anew
//	change P N                          P is to add N; it starts a round, or goes on with the promises it has
//	ahead P                             from now on P asks for its next ballot with each accept
//	read P                              P starts a quorum read
//	again P                             P tries again what it does not know the outcome of
//	deliver KIND BALLOT to A...         a question that was sent reaches acceptors, however often it did before
//	deliver KIND BALLOT from A...       answers reach the ballot's owner
//	abandon P                           P runs out of patience
//	restart NODE                        with what is on its disk
//	forget P                            P restarts and has lost its counter: what a shell must never do
//	check                               prints what was acknowledged, and which property is broken
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			got := play(t, string(text))
			if *rewrite {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
				return
			}
			require.Equal(t, string(text), got)
		})
	}
}

// play gives the text with each block's output as it really is.
func play(t *testing.T, text string) string {
	var out strings.Builder
	var n *network
	var commands []string
	inOutput := false
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		switch {
		case inOutput && line != "":
			continue
		case line == "----":
			out.WriteString(line + "\n")
			for _, c := range commands {
				n = command(t, n, c, &out)
			}
			commands, inOutput = nil, true
			continue
		case line != "" && !strings.HasPrefix(line, "#"):
			commands = append(commands, line)
		}
		inOutput = false
		out.WriteString(line + "\n")
	}
	require.Empty(t, commands, "commands without ----")
	return out.String()
}

// command runs one command and prints the steps it led to.
func command(t *testing.T, n *network, line string, out *strings.Builder) *network {
	w := strings.Fields(line)
	if w[0] == "cluster" {
		bugs, err := paxos.ParseMutants(strings.Join(w[3:], ","))
		require.NoError(t, err, line)
		return newNetwork(number(t, w[1]), number(t, w[2]), bugs)
	}
	n.steps = nil
	switch w[0] {
	case "change":
		n.change(w[1], add(number(t, w[2])))
	case "ahead":
		n.ahead[w[1]] = true
		return n
	case "read":
		n.ask(w[1])
	case "again":
		n.advance(w[1])
	case "deliver":
		deliver(t, n, line, w[1:])
	case "abandon":
		n.abandon(w[1])
	case "restart":
		n.restart(w[1])
	case "forget":
		n.counter[w[1]] = 0
		n.restart(w[1])
	case "check":
		for _, x := range n.told {
			if x.read {
				fmt.Fprintf(out, "read at ballot %d: %s\n", x.ballot, show(x.after))
				continue
			}
			fmt.Fprintf(out, "acknowledged at ballot %d: %s became %s\n", x.ballot, show(x.before), show(x.after))
		}
		for _, v := range n.violations() {
			fmt.Fprintln(out, "BROKEN", v)
		}
		return n
	default:
		t.Fatalf("unknown command: %s", line)
	}
	if len(n.steps) == 0 {
		fmt.Fprintln(out, "(no step)")
	}
	for _, s := range n.steps {
		fmt.Fprintln(out, describe(s))
	}
	return n
}

// deliver finds the messages that the words name, of several the latest, and hands them over.
func deliver(t *testing.T, n *network, line string, w []string) {
	i := 0
	for w[i] != "to" && w[i] != "from" {
		i++
	}
	kind, ballot := strings.Join(w[:i-1], " "), paxos.Ballot(number(t, w[i-1]))
	for _, a := range w[i+1:] {
		latest := -1
		for j, m := range n.messages {
			if m.Kind.String() == kind && m.Ballot == ballot && (question(m) || m.Acceptor == a) {
				latest = j
			}
		}
		if latest < 0 {
			var sent []string
			for _, m := range n.messages {
				sent = append(sent, strings.TrimSpace(fmt.Sprintf("%s %d %s", m.Kind, m.Ballot, m.Acceptor)))
			}
			t.Fatalf("%q: no %s of ballot %d was sent %s %s; there were: %s", line, kind, ballot, w[i], a, strings.Join(sent, ", "))
		}
		if m := n.messages[latest]; question(m) {
			n.question(a, m)
		} else {
			n.tell(n.owner(m), m)
		}
	}
}

func number(t *testing.T, s string) int {
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}
