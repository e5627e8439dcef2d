// Explanations: arguments are evaluated anew for each step that is explained.

package tla_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// An operator's argument keeps its value while one step is evaluated, and not from one step to the next.
func TestTheNextStepHasItsOwnArguments(t *testing.T) {
	const module = `---- MODULE Sends ----
EXTENDS Integers
VARIABLE messages
Send(m) == messages' = messages \cup {m} \cup {m}
Init == messages = {}
Ask(n) == (n > 5 \/ n > 0) /\ Send([what |-> "asks", serial |-> n])
AskOneOf(ns) == (ns = {} \/ ns # {}) /\ \E n \in ns : Send([what |-> "asks", serial |-> n])
Next == \E n \in 0..99 : Ask(n) \/ AskOneOf({n, n + 1, n + 2})
====
`
	files := fstest.MapFS{"Sends.tla": {Data: []byte(module)}, "Sends.cfg": {Data: []byte("INIT Init\nNEXT Next\n")}}
	m, err := tla.Load("Sends.tla", tla.Options{FS: files, Config: "Sends.cfg"})
	require.NoError(t, err)
	machine := m.NewMachine()
	states, err := machine.Init()
	require.NoError(t, err)
	after := func(text string) []tla.Expect {
		v, err := machine.Eval(text, states[0])
		require.NoError(t, err)
		return []tla.Expect{{Var: "messages", Value: v}}
	}
	value := func(text string) tla.Value {
		v, err := machine.Eval(text, states[0])
		require.NoError(t, err)
		return v
	}
	for _, c := range []struct{ action, arg, after string }{
		{"Ask", `1`, `{[what |-> "asks", serial |-> 1]}`},
		{"Ask", `7`, `{[what |-> "asks", serial |-> 7]}`},
		{"AskOneOf", `{4, 5, 6}`, `{[what |-> "asks", serial |-> 6]}`},
		{"AskOneOf", `{8, 9, 10}`, `{[what |-> "asks", serial |-> 9]}`},
	} {
		a, known := m.Action(c.action)
		require.True(t, known)
		ok, err := machine.Cover(states[0], a, []tla.Value{value(c.arg)}, after(c.after), func(int) {})
		require.NoError(t, err)
		require.True(t, ok, "%s(%s) leads there", c.action, c.arg)
		why, err := machine.Explain(states[0], a, []tla.Value{value(c.arg)}, after(c.after))
		require.NoError(t, err)
		for _, x := range why.Conjuncts {
			require.Equal(t, tla.Holds, x.Verdict, "%s(%s): %+v", c.action, c.arg, x)
		}
	}
}
