// Elements that a sieve leaves out of a small set change no result and hide no error.

package tla_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSieves(t *testing.T) {
	m := aheadModel(t, `Next == UNCHANGED <<v, w>>
All == {[f |-> i, g |-> j] : i, j \in 1..5}
Lacks == All \cup {[g |-> 1]}
Mixed == {[f |-> i] : i \in 1..5} \cup {[f |-> "a", g |-> 1]}`)
	machine := m.NewMachine()
	states, err := machine.Init()
	require.NoError(t, err)
	for _, c := range []struct{ expression, result string }{
		{`{m.g : m \in {x \in All : x.f = 2}}`, "{1, 2, 3, 4, 5}"},
		{`{m \in All : m.f = v /\ m.g = 5}`, "{[f |-> 1, g |-> 5]}"},
		{`{m \in All : m.f = 7}`, "{}"},
		{`\E m \in All : m.f = 3 /\ m.g = 6`, "FALSE"},
		{`\E m \in All : m.f = 3 /\ m.g = 5`, "TRUE"},
		{`\A m \in All : m.f = 3 => m.g < 5`, "FALSE"},
		{`\A m \in All : m.f = 3 => m.g < 6`, "TRUE"},
		{`\A x \in 1..5 : \A y \in 1..5 : \E m \in All : m.f = x /\ m.g = y`, "TRUE"},
		{`\E x \in 4..6 : \A y \in 1..5 : ~\E m \in All : m.f = x /\ m.g = y`, "TRUE"},
		{`\E m \in All : m.f = 9 /\ m.f = w`, "FALSE"},
		{`\E m \in All : m.f = 1 /\ m.g = w`, failure},
		{`\E m \in All : m.f = w`, failure},
		{`\E m \in All : m.h = 1`, failure},
		{`\E m \in Lacks : m.g = 9 /\ m.f = 1`, "FALSE"},
		{`\E m \in Lacks : m.f = 9`, failure},
		{`\E m \in Lacks : m.g = 1 /\ m.f = 9`, failure},
		{`\E m \in Mixed : m.f = 9`, failure},
		{`\E m \in Mixed : m.f = 1`, "TRUE"},
		{`\E m \in {1, 2, 3, 4, 5} : m.f = 1`, failure},
	} {
		v, err := machine.Eval(c.expression, states[0])
		if c.result == failure {
			require.Error(t, err, c.expression)
			continue
		}
		require.NoError(t, err, c.expression)
		require.Equal(t, c.result, v.String(), c.expression)
	}
}
