// The package's calls, as a caller writes them.

package tla_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// clock is a specification in memory; an embed.FS or os.DirFS serves as well.
var clock = fstest.MapFS{
	"Clock.tla": {Data: []byte(`---- MODULE Clock ----
EXTENDS Integers
CONSTANT Hours
VARIABLES hour, alarm
Init == hour = 1 /\ alarm \in {3, 5}
Tick == hour' = (hour % Hours) + 1 /\ UNCHANGED alarm
Set(h) == /\ h # alarm
          /\ hour < 3
          /\ alarm' = h
          /\ UNCHANGED hour
Next == Tick \/ \E h \in 1..Hours : Set(h)
Rings == hour = alarm
Early == hour < 4
====
`)},
	"Clock.cfg": {Data: []byte("CONSTANT Hours = 5\nINIT Init\nNEXT Next\nINVARIANT Early\n")},
}

func load() *tla.Model {
	m, err := tla.Load("Clock.tla", tla.Options{FS: clock, Config: "Clock.cfg"})
	if err != nil {
		panic(tla.Render(err))
	}
	return m
}

func ExampleLoad() {
	m := load()
	fmt.Println(m.Variables(), m.Invariants())
	for _, a := range m.Actions() {
		fmt.Println(a.Name, a.Params)
	}

	_, err := tla.Load("Clock.tla", tla.Options{FS: clock}) // Hours gets no value
	fmt.Println(tla.Render(err))
	// Output:
	// [hour alarm] [Early]
	// Tick []
	// Set [h]
	// Clock.tla:3:10: the constant Hours has no value; in the configuration: CONSTANT Hours = ..
	//     3 | CONSTANT Hours
	//       |          ^^^^^
}

func ExampleMachine_Successors() {
	machine := load().NewMachine()
	initial, err := machine.Init()
	if err != nil {
		panic(err)
	}
	fmt.Println(len(initial), "initial states, the first:")
	fmt.Println(initial[0])
	next, err := machine.Successors(initial[0])
	if err != nil {
		panic(err)
	}
	for _, s := range next {
		fmt.Println(s.Action, s.Args, "changes", s.State.Changed(initial[0]))
	}
	// Output:
	// 2 initial states, the first:
	// /\ hour = 1
	// /\ alarm = 3
	// Tick [] changes [hour]
	// Set [1] changes [alarm]
	// Set [2] changes [alarm]
	// Set [4] changes [alarm]
	// Set [5] changes [alarm]
}

func ExampleMachine_Step() {
	m := load()
	machine := m.NewMachine()
	state, _ := m.NewState(map[string]tla.Value{"hour": tla.Int(2), "alarm": tla.Int(3)})
	set, _ := m.Action("Set")
	next, err := machine.Step(state, set, []tla.Value{tla.Int(4)})
	fmt.Println(next, err)
	// Output:
	// [/\ hour = 2
	// /\ alarm = 4] <nil>
}

func ExampleMachine_Eval() {
	m := load()
	machine := m.NewMachine()
	state, _ := m.NewState(map[string]tla.Value{"hour": tla.Int(2), "alarm": tla.Int(3)})
	v, err := machine.Eval("[at |-> hour, until |-> {h \\in 1..Hours : h < alarm}, rings |-> Rings]", state)
	fmt.Println(v, err)
	_, err = machine.Eval("hour + {}", state)
	fmt.Println(tla.Render(err))
	// Output:
	// [at |-> 2, until |-> {1, 2}, rings |-> FALSE] <nil>
	// expression:1:1: the right side of + must be an integer, but it is the set {}
	//     1 | hour + {}
	//       | ^^^^^^^^^
}

func ExampleMachine_Explain() {
	m := load()
	machine := m.NewMachine()
	state, _ := m.NewState(map[string]tla.Value{"hour": tla.Int(4), "alarm": tla.Int(3)})
	set, _ := m.Action("Set")
	why, err := machine.Explain(state, set, []tla.Value{tla.Int(5)}, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(why)
	for _, c := range why.Conjuncts {
		fmt.Printf("%v: %s [%s]\n", c.Verdict == tla.Holds, c.Source, c.Values)
	}
	// Output:
	// Set with h = 5
	//   Clock.tla:8:14: hour < 3 is false: 4 < 3
	// true: h # alarm [5 # 3]
	// false: hour < 3 [4 < 3]
	// true: alarm' = h []
	// true: UNCHANGED hour []
}

func ExampleMachine_ExplainInvariant() {
	m := load()
	state, _ := m.NewState(map[string]tla.Value{"hour": tla.Int(4), "alarm": tla.Int(3)})
	why, err := m.NewMachine().ExplainInvariant(state, "Early")
	fmt.Println(why, err)
	_, err = m.NewMachine().ExplainInvariant(state, "Tick")
	fmt.Println(err)
	// Output:
	// Early
	//   Clock.tla:13:10: hour < 4 is false: 4 < 4 <nil>
	// "Tick" is no definition without parameters that speaks of a state
}

func ExampleModel_Check() {
	result, err := load().Check(context.Background(), tla.CheckOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Println(result.Verdict, result.Message, result.Code)
	for _, step := range result.Behavior {
		hour, _ := step.State.Get("hour")
		fmt.Println(step.Action, hour)
	}
	// Output:
	// safety the invariant Early is violated 12
	// Init 1
	// Tick 2
	// Tick 3
	// Tick 4
}

func ExampleRecord() {
	ballots, err := tla.Set(tla.Int(2), tla.Int(1))
	fmt.Println(tla.Record(map[string]tla.Value{"log": tla.Tuple(ballots, tla.Str("a"), tla.ModelValue("n1"))}), err)
	votes, err := tla.Function([]tla.Value{tla.Int(3), tla.Int(2)}, []tla.Value{tla.Bool(true), tla.Bool(false)})
	fmt.Println(votes, err)
	_, err = tla.Set(tla.Int(1), tla.Str("a"))
	fmt.Println(err)
	// Output:
	// [log |-> <<{1, 2}, "a", n1>>] <nil>
	// (2 :> FALSE @@ 3 :> TRUE) <nil>
	// cannot compare the integer 1 with the string "a"
}

func ExampleValue() {
	set, _ := tla.ParseValue([]byte(`{"#set": [3, 1, 2, 1]}`))
	record, _ := tla.ParseValue([]byte(`{"name": "a", "votes": {"#set": [1]}}`))
	votes, _ := record.Field("votes")
	fmt.Println(set, set.Len(), record)
	has, _ := set.Contains(tla.Int(2))
	one, _ := tla.ParseValue([]byte("1"))
	fmt.Println(votes == set, has, one == tla.Int(1), one.Compare(tla.Int(2)) < 0)
	itf, _ := record.MarshalJSON()
	fmt.Println(string(itf))
	// Output:
	// {1, 2, 3} 3 [name |-> "a", votes |-> {1}]
	// false true true true
	// {"name":"a","votes":{"#set":[1]}}
}

// A check leaves no goroutine behind, however it ends.
func TestNoGoroutineIsLeftBehind(t *testing.T) {
	m := load()
	before := runtime.NumGoroutine()
	for _, opts := range []tla.CheckOptions{{Workers: 4}, {Workers: 4, Progress: func(tla.Progress) {}}, {DepthFirst: true},
		{Workers: 2, Simulation: &tla.Simulation{Behaviors: 20, Depth: 10}}} {
		_, err := m.Check(t.Context(), opts)
		require.NoError(t, err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := m.Check(canceled, tla.CheckOptions{Workers: 4})
	require.ErrorIs(t, err, context.Canceled)
	for range 5000 { // one that has nothing left to do may still be about to end
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, and %d before", runtime.NumGoroutine(), before)
}
