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

func header(node string, run uint64) trace.Header {
	return trace.Header{
		Spec: "register/Register.tla", Node: node, Run: run,
		Constants: trace.Fields{{Name: "Acceptor", JSON: trace.Set(`"a1"`, `"a2"`)}, {Name: "Stride", JSON: "16"}},
		Hidden:    []string{"Promise"},
	}
}

func write(t *testing.T, path string, h trace.Header, actions ...string) {
	t.Helper()
	w, last, err := trace.Create(path, h)
	require.NoError(t, err)
	clock := trace.NewClock(h.Node, h.Run, last)
	events := make([]trace.Event, len(actions))
	for i, a := range actions {
		events[i] = trace.Event{Action: a, Instance: "k\n1", Args: trace.Fields{{Name: "b", JSON: "5"}},
			Vars: trace.Fields{{Name: "promised[a1]", JSON: "5"}}, Restart: i == 0 && h.Run > 1, Source: "x.go:1"}
		clock.Stamp(&events[i])
	}
	require.NoError(t, w.Write(events))
	require.NoError(t, w.Close())
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	write(t, path, header("a1", 1), "Promise", "Accept")
	write(t, path, header("a1", 2), "RestartAcceptor", "Promise")
	f, err := trace.ReadFile(path)
	require.NoError(t, err)
	require.False(t, f.Torn)
	require.Len(t, f.Headers, 2)
	require.Len(t, f.Events, 4)
	require.Equal(t, uint64(3), f.Events[2].Clock, "the second run goes on from the first one's time")
	require.Equal(t, "a1/2/1", f.Events[2].ID.String())
	require.True(t, f.Events[2].Restart)
	require.Equal(t, "k\n1", f.Events[0].Instance)
	h := header("a1", 2)
	h.Place = f.Headers[1].Place
	require.Equal(t, h, f.Headers[1])
}

func TestTornTailIsReportedAndCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	write(t, path, header("a1", 1), "Promise", "Accept")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for cut := 1; cut <= len(whole); cut++ {
		require.NoError(t, os.WriteFile(path, whole[:cut], 0o644))
		f, err := trace.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, whole[cut-1] != '\n', f.Torn, "cut at %d", cut)
		write(t, path, header("a1", 2), "RestartAcceptor")
		g, err := trace.ReadFile(path)
		require.NoError(t, err, "cut at %d", cut)
		require.False(t, g.Torn)
		require.Len(t, g.Events, len(f.Events)+1)
	}
}

func TestWriterRefusesAnotherNodesFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	write(t, path, header("a1", 2), "Promise")
	_, _, err := trace.Create(path, header("a2", 3))
	require.ErrorContains(t, err, "run 3 of node a2 cannot follow run 2 of node a1")
	_, _, err = trace.Create(path, header("a1", 2))
	require.ErrorContains(t, err, "cannot follow")
}

func TestBadLines(t *testing.T) {
	const head = `{"synod":1,"spec":"S.tla","node":"a1","run":1}` + "\n"
	const start = `{"node":"a1","run":1,"seq":1,"clock":1,"action":"A"`
	for _, c := range []struct{ name, text, want string }{
		{"no JSON", "hello\n", `t:1:1: "{" was expected`},
		{"null", head + start + `,"args":{"x":null}}` + "\n", `t:2:65: null is no value of TLA+`},
		{"fraction", head + start + `,"args":{"é":1,"x":1.5}}` + "\n", `t:2:71: only integers are values here`},
		{"unknown field", head + start + `,"arg":{}}` + "\n", `t:2:53: unknown field "arg"`},
		{"missing field", head + `{"node":"a1","run":1,"seq":1,"clock":1}` + "\n", `t:2:1: an event needs the field "action"`},
		{"field of the other kind", head + start + `,"spec":"S"}` + "\n", `t:2:1: an event has no field "spec"`},
		{"twice", head + start + `,"action":"B"}` + "\n", `t:2:53: field "action" stands twice`},
		{"version", `{"synod":9,"spec":"S","node":"a","run":1}` + "\n", `t:1:1: this is version 9 of the trace format; versions 1 and 2 are understood`},
		{"no header", start + "}\n", `t:1: an event of node a1 stands before the node's header`},
		{"gap", head + strings.Replace(start, `"seq":1`, `"seq":2`, 1) + "}\n", `t:2: event a1/1/2 does not follow event a1/1/0: events are missing`},
		{"wrong run", head + strings.Replace(start, `"run":1`, `"run":3`, 1) + "}\n", `t:2: event a1/3/1 stands in run 1`},
		{"old run", head + head, `t:2: node a1 starts run 1 after run 1`},
		{"bad cause", head + start + `,"causes":["a1-7"]}` + "\n", `t:2:63: "a1-7" is not an event's id (node/run/sequence number)`},
		{"trailing text", head + start + "} x\n", `t:2:54: text after the end of the event`},
		{"not UTF-8", "{\"\xff\"\n", `t:1: the line is not UTF-8`},
		{"unfinished", head + start + "\n", `t:2:52: the line ends where "}" was expected`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := trace.Read("t", strings.NewReader(c.text))
			require.EqualError(t, err, c.want)
		})
	}
}

func event(id string, clock uint64, causes ...string) trace.Event {
	e := trace.Event{Clock: clock, Action: "A"}
	e.ID, _ = trace.ParseID(id)
	for _, c := range causes {
		cause, _ := trace.ParseID(c)
		e.Causes = append(e.Causes, cause)
	}
	return e
}

func ids(events []trace.Event) (out []string) {
	for _, e := range events {
		out = append(out, e.ID.String())
	}
	return out
}

func TestMergeFollowsCausesBeforeClocks(t *testing.T) {
	a := &trace.File{Events: []trace.Event{event("a/1/1", 9), event("a/1/2", 10, "b/1/2")}}
	b := &trace.File{Events: []trace.Event{event("b/1/1", 3), event("b/1/2", 20), event("b/2/1", 4)}}
	got, err := trace.Merge([]*trace.File{a, b})
	require.NoError(t, err)
	require.Equal(t, []string{"b/1/1", "a/1/1", "b/1/2", "b/2/1", "a/1/2"}, ids(got))
}

func TestMergeRefuses(t *testing.T) {
	_, err := trace.Merge([]*trace.File{{Events: []trace.Event{event("a/1/1", 1, "b/1/7")}}})
	require.ErrorContains(t, err, "event a/1/1 is caused by b/1/7, which no trace has")
	_, err = trace.Merge([]*trace.File{
		{Events: []trace.Event{event("a/1/1", 1, "b/1/1")}}, {Events: []trace.Event{event("b/1/1", 1, "a/1/1")}}})
	require.ErrorContains(t, err, "the order is circular")
	_, err = trace.Merge([]*trace.File{{Events: []trace.Event{event("a/1/1", 1), event("a/1/1", 1)}}})
	require.ErrorContains(t, err, "stands at")
}

func TestCopiedMergeIsReadable(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), header("a", 1), "X", "Y")
	write(t, filepath.Join(dir, "a"), header("a", 2), "Z")
	write(t, filepath.Join(dir, "b"), header("b", 1), "X")
	var files []*trace.File
	for _, n := range []string{"a", "b"} {
		f, err := trace.ReadFile(filepath.Join(dir, n))
		require.NoError(t, err)
		files = append(files, f)
	}
	merged, err := trace.Merge(files)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, trace.Copy(&out, trace.Headers(files), merged))
	back, err := trace.Read("merged", &out)
	require.NoError(t, err)
	require.Equal(t, ids(merged), ids(back.Events))
	require.Len(t, back.Headers, 3)
}

func FuzzParseLine(f *testing.F) {
	h := header("a1", 1)
	f.Add(string(h.AppendJSON(nil)))
	e := event("a/1/1", 9, "b/1/2")
	e.Args = trace.Fields{{Name: "x", JSON: `{"#map":[[1,-2],["a",true]]}`}}
	f.Add(string(e.AppendJSON(nil)))
	f.Add(`{"node":"\`)
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsRune(line, '\n') {
			line = strings.TrimSuffix(line, "\n")
		}
		_, got, err := trace.ParseLine(line)
		if err != nil || got == nil {
			return
		}
		_, again, err := trace.ParseLine(strings.TrimSuffix(string(got.AppendJSON(nil)), "\n"))
		if err != nil {
			t.Fatalf("%q was read, written and refused: %v", line, err)
		}
		require.Equal(t, got, again)
	})
}

func TestCallerIsAPlaceInTheModule(t *testing.T) {
	place := func() string { return trace.Caller(1) }()
	require.Regexp(t, `^trace/trace_test\.go:\d+$`, place)
}
