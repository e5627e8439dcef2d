// What synod replay takes: traces that leave things out, each with a twin that it must refuse.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const accountSpec = "../../conformance/testdata/Account.tla"

// accountLines makes a trace's lines: a header for each node, and for "ann deposits" style entries an event each.
type accountTrace struct {
	lines []string
	seq   map[string]int
	clock int
}

func newAccountTrace(nodes ...string) *accountTrace {
	t := &accountTrace{seq: map[string]int{}}
	for _, node := range nodes {
		t.lines = append(t.lines, fmt.Sprintf(
			`{"synod":1,"spec":"Account.tla","node":%q,"run":1,"constants":{"Owner":{"#set":["ann","bob"]}},"hidden":["Deposit"]}`, node))
	}
	return t
}

// add appends an event of a node; rest is everything behind the clock.
func (t *accountTrace) add(node, rest string) *accountTrace {
	t.seq[node]++
	t.clock++
	t.lines = append(t.lines, fmt.Sprintf(`{"node":%q,"run":1,"seq":%d,"clock":%d,%s}`, node, t.seq[node], t.clock, rest))
	return t
}

func (t *accountTrace) text() string { return strings.Join(t.lines, "\n") + "\n" }

func (t *accountTrace) save(tb testing.TB) string {
	path := filepath.Join(tb.TempDir(), "trace.ndjson")
	require.NoError(tb, os.WriteFile(path, []byte(t.text()), 0o644))
	return path
}

const (
	deposit5    = `"action":"Deposit","args":{"o":"ann","n":5},"vars":{"balance[ann]":5}`
	send3       = `"action":"Send","args":{"o":"ann","n":3,"to":"bob"},"vars":{"balance[ann]":2}`
	receive     = `"action":"Receive","args":{"o":"bob","from":"ann"},"vars":{"balance[bob]":%d}`
	sendTooMuch = `"action":"Send","args":{"o":"ann","n":7,"to":"bob"},"vars":{"balance[ann]":0}`
)

func TestReplayOfPartialKnowledge(t *testing.T) {
	cases := []struct {
		name  string
		flags []string
		trace *accountTrace
		code  int
		says  string
	}{
		{"missing arguments", nil, newAccountTrace("ann", "bob").add("ann", deposit5).
			add("ann", `"action":"Send","args":{"o":"ann"},"vars":{"balance[ann]":2}`).
			add("bob", `"action":"Receive","args":{"o":"bob"},"vars":{"balance[bob]":3}`), 2, "n"},
		{"a missing sender", nil, newAccountTrace("ann", "bob").add("ann", deposit5).add("ann", send3).
			add("bob", `"action":"Receive","args":{"o":"bob"},"vars":{"balance[bob]":3}`), 0, "conforms"},
		{"a missing sender who sent less", nil, newAccountTrace("ann", "bob").add("ann", deposit5).add("ann", send3).
			add("bob", `"action":"Receive","args":{"o":"bob"},"vars":{"balance[bob]":4}`), 1, "the action gives 3, logged is 4"},
		{"no variables at all", nil, newAccountTrace("ann").add("ann", `"action":"Deposit","args":{"o":"ann","n":5}`).
			add("ann", `"action":"Send","args":{"o":"ann","n":5,"to":"bob"}`), 0, "conforms"},
		{"no variables and too much sent", nil, newAccountTrace("ann").add("ann", `"action":"Deposit","args":{"o":"ann","n":5}`).
			add("ann", `"action":"Send","args":{"o":"ann","n":6,"to":"bob"}`), 1, "FALSE: 5 >= 6"},
		{"a whole variable", nil, newAccountTrace("ann").
			add("ann", `"action":"Deposit","args":{"o":"ann","n":5},"vars":{"balance":{"ann":5,"bob":0}}`), 0, "conforms"},
		{"a whole variable with another's part wrong", nil, newAccountTrace("ann").
			add("ann", `"action":"Deposit","args":{"o":"ann","n":5},"vars":{"balance":{"ann":5,"bob":1}}`), 1, "logged is"},
		{"a variable by index", nil, newAccountTrace("ann").
			add("ann", `"action":"Deposit","args":{"o":"ann","n":5},"vars":{"disk[ann]":5,"balance[bob]":0}`), 0, "conforms"},
		{"a variable by index that is wrong", nil, newAccountTrace("ann").
			add("ann", `"action":"Deposit","args":{"o":"ann","n":5},"vars":{"disk[ann]":5,"balance[bob]":2}`), 1, "balance[bob]"},
		{"unordered nodes", []string{"-reorder"}, newAccountTrace("ann", "bob").add("ann", deposit5).
			add("bob", fmt.Sprintf(receive, 3)).add("ann", send3), 0, "taken in another place"},
		{"unordered nodes without the flag", nil, newAccountTrace("ann", "bob").add("ann", deposit5).
			add("bob", fmt.Sprintf(receive, 3)).add("ann", send3), 1, "{} has no elements"},
		{"unordered nodes with the cause logged", []string{"-reorder"}, newAccountTrace("ann", "bob").add("ann", deposit5).
			add("bob", fmt.Sprintf(receive, 3)+`,"causes":["ann/1/1"]`).
			add("ann", `"action":"Send","args":{"o":"ann","n":3,"to":"bob"},"causes":["bob/1/1"]`), 1, "{} has no elements"},
		{"unlogged steps", []string{"-unlogged", "Interest"}, newAccountTrace("ann").add("ann", deposit5).add("ann", sendTooMuch),
			3, "more than 10000 states"},
		{"at most two unlogged steps", []string{"-unlogged", "Interest=2"}, newAccountTrace("ann").add("ann", deposit5).add("ann", sendTooMuch),
			0, "conforms"},
		{"one unlogged step too few", []string{"-unlogged", "Interest=1"}, newAccountTrace("ann").add("ann", deposit5).add("ann", sendTooMuch),
			1, "2 states were possible there"},
		{"a budget of states", []string{"-unlogged", "Interest=60", "-candidates", "20"},
			newAccountTrace("ann").add("ann", deposit5).add("ann", sendTooMuch), 3, "more than 20 states"},
		{"a budget of states that is enough", []string{"-unlogged", "Interest=2", "-candidates", "20"},
			newAccountTrace("ann").add("ann", deposit5).add("ann", sendTooMuch), 0, "conforms"},
		{"a budget of searched states", []string{"-reorder", "-searched", "1"}, newAccountTrace("ann", "bob").add("ann", deposit5).
			add("bob", fmt.Sprintf(receive, 3)).add("ann", send3), 3, "first 1 states of the search"},
		{"a budget of time", []string{"-timeout", "1ns"}, newAccountTrace("ann").add("ann", deposit5), 3, "the time allowed, 1ns, was over"},
		{"an unlogged action that is none", []string{"-unlogged", "Intrest"}, newAccountTrace("ann").add("ann", deposit5),
			2, "did you mean Interest?"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"replay", "-spec", accountSpec}, c.flags...)
			code, stdout, stderr := invoke(append(args, c.trace.save(t))...)
			require.Equal(t, c.code, code, stdout+stderr)
			require.Contains(t, stdout+stderr, c.says)
		})
	}
}

func TestCoverageOfManyReplaysAddsUp(t *testing.T) {
	folder := t.TempDir()
	all, other := filepath.Join(folder, "all.json"), filepath.Join(folder, "other.json")
	conforming := newAccountTrace("ann", "bob").add("ann", deposit5).add("ann", send3).add("bob", fmt.Sprintf(receive, 3)).save(t)
	violating := newAccountTrace("ann").add("ann", deposit5).add("ann", sendTooMuch).save(t)
	for _, run := range []struct {
		file, trace string
		code        int
	}{{all, conforming, 0}, {all, conforming, 0}, {other, violating, 1}} {
		code, _, stderr := invoke("replay", "-spec", accountSpec, "-coverage", run.file, run.trace)
		require.Equal(t, run.code, code, stderr)
	}
	code, stdout, stderr := invoke("trace", "coverage", "-o", all, all, other)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "7 events of "+accountSpec+", in 3 replays")
	require.Regexp(t, `\n +3  Deposit  \S+Account.tla:19:1\n`, stdout)
	require.Contains(t, stdout, "balance[o] >= n  refused 1 step\n")
	require.Contains(t, stdout, "never fired: Restart, Interest\n")

	code, _, _ = invoke("trace", "coverage", "-complete", all)
	require.Equal(t, 1, code)
	text, err := os.ReadFile(all)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(other, []byte(strings.Replace(string(text), "balance[o] >= n", "balance[o] > n", 1)), 0o644))
	code, _, stderr = invoke("trace", "coverage", all, other)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "another version of "+accountSpec)
	require.NoError(t, os.WriteFile(other, []byte("{}"), 0o644))
	code, _, stderr = invoke("replay", "-spec", accountSpec, "-coverage", other, conforming)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "no coverage")
}

func TestTracesOfSeveralSpecificationsAreToldApart(t *testing.T) {
	account := newAccountTrace("n1").add("n1", deposit5).save(t)
	other := newAccountTrace("n2")
	other.lines[0] = strings.Replace(other.lines[0], "Account.tla", "Other.tla", 1)
	path := other.save(t)
	cmd, _, stderr := synod(t, "replay", account, path)
	require.Error(t, cmd.Run())
	require.Equal(t, exitUsage, cmd.ProcessState.ExitCode())
	require.Contains(t, stderr.String(), "\n  Account.tla: "+account+"\n  Other.tla: "+path)
}
