// What is recorded in memory is what files would hold, and values of every kind have their encoding.

package trace_test

import (
	"encoding/json"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/trace"
)

func TestValuesOfGo(t *testing.T) {
	type entry struct {
		Term    int    `json:"term"`
		Command string `json:"command,omitempty"`
		hidden  int
		Skipped int `json:"-"`
		Plain   bool
	}
	name := "x"
	for _, c := range []struct {
		value any
		want  string
	}{
		{true, `true`}, {-3, `-3`}, {uint16(7), `7`}, {"a\"b", `"a\"b"`}, {&name, `"x"`},
		{int64(1) << 60, `{"#bigint":"1152921504606846976"}`},
		{[]string{"a", "b"}, `{"#tup":["a","b"]}`}, {[2]int{1, 2}, `{"#tup":[1,2]}`}, {[]int(nil), `{"#tup":[]}`},
		{map[string]struct{}{"b": {}, "a": {}}, `{"#set":["a","b"]}`},
		{map[string]int{"b": 2, "a": 1}, `{"#map":[["a",1],["b",2]]}`},
		{map[string]any{"a": []any{1, "x"}}, `{"#map":[["a",{"#tup":[1,"x"]}]]}`},
		{entry{Term: 1, Command: "set", hidden: 9, Plain: true}, `{"term":1,"command":"set","Plain":true}`},
		{json.RawMessage(trace.Set(`1`)), `{"#set":[1]}`},
	} {
		got, err := trace.Value(c.value)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	type list struct{ Next any }
	circle := &list{}
	circle.Next = circle
	for _, bad := range []any{nil, circle, 1.5, (*int)(nil), func() {}, []any{1.5}, map[string]float32{"a": 1}, struct{ X chan int }{},
		uint64(math.MaxUint64)} {
		_, err := trace.Value(bad)
		require.Error(t, err, "%T", bad)
	}
}

func TestRecorder(t *testing.T) {
	r := trace.NewRecorder("S.tla")
	sent := r.Node("b").Record("Send", trace.Values{"v": 3, "a": "x"}, trace.Values{"out": []int{3}})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 100 {
				r.Node("a").Record("Receive", trace.Values{"v": 3}, nil, sent)
			}
		})
	}
	group.Wait()
	files, err := r.Files()
	require.NoError(t, err)
	require.Len(t, files, 2)
	require.Equal(t, "a", files[0].Name)
	require.Equal(t, []trace.Header{{Spec: "S.tla", Node: "b", Run: 1}}, files[1].Headers)
	send := files[1].Events[0]
	require.Equal(t, trace.Fields{{Name: "a", JSON: `"x"`}, {Name: "v", JSON: "3"}}, send.Args)
	require.Equal(t, trace.Fields{{Name: "out", JSON: `{"#tup":[3]}`}}, send.Vars)
	require.Regexp(t, `^trace/recorder_test\.go:\d+$`, send.Source)
	events, err := trace.Merge(files)
	require.NoError(t, err)
	require.Len(t, events, 401)
	require.Equal(t, "Send", events[0].Action, "the cause comes first")
	require.Equal(t, []trace.ID{send.ID}, events[400].Causes)

	r.Node("a").Record("Start", nil, nil, trace.Sent{})
	files, err = r.Files()
	require.NoError(t, err)
	require.Empty(t, files[0].Events[400].Causes, "what nobody has sent is no cause")

	r.Node("a").Record("Receive", trace.Values{"v": 1.5}, nil)
	_, err = r.Files()
	require.ErrorContains(t, err, "Receive of node a: v: a value of type float64 has no encoding")
}
