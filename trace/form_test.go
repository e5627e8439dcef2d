package trace_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/trace"
)

func formed(run uint64) trace.Header {
	h := header("a1", run)
	h.Forms = []trace.Form{
		{Action: "RestartAcceptor", Fixed: trace.Fields{{Name: "a", JSON: `"a1"`}}, Vars: []string{"promised[a1]"}, Restart: true},
		{Action: "Promise", Fixed: trace.Fields{{Name: "a", JSON: `"a1"`}}, Args: []string{"b"}, Vars: []string{"promised[a1]", "x[a1]"}, Source: "x.go:1"},
	}
	return h
}

// writeShort writes a run of a restart and a promise.
func writeShort(t *testing.T, path string, run uint64) {
	t.Helper()
	w, last, err := trace.Create(path, formed(run))
	require.NoError(t, err)
	clock := trace.NewClock("a1", run, last)
	w.Add(clock, &trace.Short{Form: 0, Instance: "k\n1", Vars: []byte("4")})
	seq, now := w.Add(clock, &trace.Short{Form: 1, Instance: "k", Args: []byte("5"), Vars: []byte(`5,{"#tup":[1,2]}`), Causes: []string{"p1/1/7", "p\t/2/9"}})
	require.Equal(t, uint64(2), seq)
	require.Equal(t, last+2, now)
	require.NoError(t, w.Flush())
	require.NoError(t, w.Close())
}

// What is written in the short form is read as if it stood there at length, and a merged trace has it at length.
func TestShortEventsAreReadAsLongOnes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	writeShort(t, path, 1)
	writeShort(t, path, 2)
	f, err := trace.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, f.Events, 4)
	want := trace.Event{
		ID: trace.ID{Node: "a1", Run: 2, Seq: 2}, Clock: 4, Instance: "k", Action: "Promise",
		Args:   trace.Fields{{Name: "a", JSON: `"a1"`}, {Name: "b", JSON: "5"}},
		Vars:   trace.Fields{{Name: "promised[a1]", JSON: "5"}, {Name: "x[a1]", JSON: `{"#tup":[1,2]}`}},
		Causes: []trace.ID{{Node: "p1", Run: 1, Seq: 7}, {Node: "p\t", Run: 2, Seq: 9}}, Source: "x.go:1",
	}
	want.Place = f.Events[3].Place
	require.Equal(t, want, f.Events[3])
	require.True(t, f.Events[2].Restart)
	require.Equal(t, "k\n1", f.Events[2].Instance)

	var long bytes.Buffer
	require.NoError(t, trace.Copy(&long, f.Headers, f.Events))
	require.NotContains(t, long.String(), "forms")
	require.Contains(t, long.String(), `{"synod":1,`)
	again, err := trace.Read("long", &long)
	require.NoError(t, err)
	require.Len(t, again.Events, 4)
	for i := range again.Events {
		again.Events[i].Place = f.Events[i].Place
		require.Equal(t, f.Events[i], again.Events[i])
	}
}

// A kill may leave any part of a line. The next run finds where the last one ended.
func TestTornShortLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	writeShort(t, path, 1)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for cut := 1; cut <= len(whole); cut++ {
		require.NoError(t, os.WriteFile(path, whole[:cut], 0o644))
		f, err := trace.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, whole[cut-1] != '\n', f.Torn, "cut at %d", cut)
		writeShort(t, path, 2)
		g, err := trace.ReadFile(path)
		require.NoError(t, err, "cut at %d", cut)
		require.Len(t, g.Events, len(f.Events)+2)
		if len(f.Headers) > 0 {
			last, clock, err := trace.LastRun(path)
			require.NoError(t, err)
			require.Equal(t, uint64(2), last)
			require.Equal(t, g.Events[len(g.Events)-1].Clock, clock)
			_, _, err = trace.Create(path, formed(2))
			require.ErrorContains(t, err, "run 2 of node a1 cannot follow run 2 of node a1")
		}
	}
}

func TestBadShortLines(t *testing.T) {
	const head = `{"synod":2,"spec":"S.tla","node":"a1","run":1,"forms":[{"action":"A","args":["x"],"vars":["v"]}]}` + "\n"
	for _, c := range []struct{ name, text, want string }{
		{"no header", "[1,1,1,0,\"\",[],[]]\n", `t:1: an event in its short form stands before the header`},
		{"no such form", head + `[1,1,1,1,"",[1],[2]]` + "\n", `t:2:8: the header before has no form 1`},
		{"too few arguments", head + `[1,1,1,0,"",[],[2]]` + "\n", `t:2:13: the form has 1 arguments, and here are 0`},
		{"too many variables", head + `[1,1,1,0,"",[1],[2,3]]` + "\n", `t:2:17: the form has 1 variables, and here are 2`},
		{"bad value", head + `[1,1,1,0,"",[null],[2]]` + "\n", `t:2:14: null is no value of TLA+`},
		{"bad cause", head + `[1,1,1,0,"",[1],[2],["x"]]` + "\n", `t:2:22: "x" is not an event's id (node/run/sequence number)`},
		{"gap", head + `[1,2,1,0,"",[1],[2]]` + "\n", `t:2: event a1/1/2 does not follow event a1/1/0: events are missing`},
		{"another run", head + `[2,1,1,0,"",[1],[2]]` + "\n", `t:2: event a1/2/1 stands in run 1`},
		{"unfinished", head + `[1,1,1,0,"",[1],[2]` + "\n", `t:2:20: the line ends where "]" was expected`},
		{"trailing", head + `[1,1,1,0,"",[1],[2]],3` + "\n", `t:2:21: text after the end of the event`},
		{"not UTF-8", head + "[\"\xff\"\n", `t:2: the line is not UTF-8`},
		{"forms in version 1", strings.Replace(head, `"synod":2`, `"synod":1`, 1), `t:1:1: a header has no field "forms"`},
		{"form without action", strings.Replace(head, `"action":"A",`, "", 1), `t:1:56: a form needs the field "action"`},
		{"argument twice", strings.Replace(head, `["x"]`, `["x","x"]`, 1), `t:1:56: the form of A has the argument "x" twice`},
		{"fixed twice", strings.Replace(head, `"args"`, `"fixed":{"x":1},"args"`, 1), `t:1:56: the form of A has the argument "x" twice`},
		{"variable twice", strings.Replace(head, `["v"]`, `["v","v"]`, 1), `t:1:56: the form of A has the variable "v" twice`},
		{"unknown field of a form", strings.Replace(head, `"args"`, `"arg"`, 1), `t:1:70: a form has no field "arg"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := trace.Read("t", strings.NewReader(c.text))
			require.EqualError(t, err, c.want)
		})
	}
}

// Whatever a line is, it is an error or an event; and what is read can be written at length and read again.
func FuzzShort(f *testing.F) {
	f.Add(`[1,1,1,0,"k",[1],[2],["p1/1/1"]]`)
	f.Add(`[1,1,1,0,"k",[{"#set":["a"]}],[-2]]`)
	const head = `{"synod":2,"spec":"S.tla","node":"a1","run":1,"forms":[{"action":"A","args":["x"],"vars":["v"]}]}` + "\n"
	f.Fuzz(func(t *testing.T, line string) {
		file, err := trace.Read("t", strings.NewReader(head+line+"\n"))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := trace.Copy(&out, file.Headers, file.Events); err != nil {
			t.Fatal(err)
		}
		if _, err := trace.Read("t", &out); err != nil {
			t.Fatal(err)
		}
	})
}
