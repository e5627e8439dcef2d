// What is kept of comprehensions over a set that grows is what they give.

package tla_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

const growingModule = `---- MODULE Growing ----
EXTENDS Integers, FiniteSets
VARIABLES sent, least
Init == sent = {} /\ least = 0
Send(x) == sent' = sent \cup {[kind |-> IF x % 3 = 0 THEN "a" ELSE "b", number |-> x]} /\ UNCHANGED least
Raise(x) == least' = x /\ UNCHANGED sent
Mix(x) == sent' = sent \cup {x} /\ UNCHANGED least
Next == \E x \in Nat : Send(x) \/ Raise(x) \/ Mix(x)
Numbers == {m.number : m \in sent}
Of(kind) == {m \in sent : m.kind = kind}
Above == {m \in sent : m.number > least}
Largest(S) == CHOOSE m \in S : \A n \in S : n <= m
Smallest(S) == CHOOSE m \in S : \A n \in S : m <= n
====
`

// figures asks for what comprehensions give in ways of which each keeps results of its own.
const figures = `<<Cardinality(Numbers), Largest(Numbers), Largest({-1} \cup Numbers), Smallest(Numbers), Cardinality(Of("a")),
Largest({m.number : m \in Of("b")}), Cardinality(Above), \E m \in Above : m.number = least>>`

func TestComprehensionsOverAGrowingSet(t *testing.T) {
	const n = 3000
	m, err := tla.Load("Growing.tla", tla.Options{FS: fstest.MapFS{
		"Growing.tla": {Data: []byte(growingModule)},
		"Growing.cfg": {Data: []byte("INIT Init\nNEXT Next\n")},
	}, Config: "Growing.cfg"})
	require.NoError(t, err)
	actions := map[string]tla.Action{}
	for _, a := range m.Actions() {
		actions[a.Name] = a
	}
	machine := m.NewMachine()
	step := func(s tla.State, action string, x int64) tla.State {
		next, err := machine.Step(s, actions[action], []tla.Value{tla.Int(x)})
		require.NoError(t, err)
		require.Len(t, next, 1)
		return next[0]
	}
	look := func(s tla.State, largest, least int) {
		b := largest
		if b%3 == 0 {
			b--
		}
		want := fmt.Sprintf("<<%d, %d, %d, 1, %d, %d, %d, FALSE>>", largest, largest, largest, largest/3, b, largest-least)
		v, err := machine.Eval(figures, s)
		require.NoError(t, err)
		require.Equal(t, want, v.String())
	}
	states, err := machine.Init()
	require.NoError(t, err)
	s := states[0]
	var half tla.State
	for x := 1; x <= n; x++ {
		s = step(s, "Send", int64(x))
		if x == n/2 {
			half = s
		}
		if x%7 == 0 || x < 200 && x > 1 {
			look(s, x, 0)
		}
		if x%500 == 0 {
			look(step(s, "Raise", int64(x-100)), x, x-100)
		}
	}
	look(half, n/2, 0) // an old version
	branch := half     // and one that others have not gone through
	for x := n/2 + 1; x < n/2+100; x++ {
		branch = step(branch, "Send", int64(x))
		look(branch, x, 0)
	}
	look(s, n, 0)

	_, err = machine.Eval("Numbers", step(s, "Mix", 1))
	require.ErrorContains(t, err, "number", "an element that came since fails as any other does")
	look(s, n, 0)
}
