// The largest and the smallest of a set, chosen without trying each element, are the ones that trying finds.

package tla_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestChoosingTheLargest(t *testing.T) {
	m := aheadModel(t, `Next == UNCHANGED <<v, w>>
Largest(S) == CHOOSE m \in S : \A n \in S : n <= m
Most(S) == CHOOSE m \in S : \A n \in S : m >= n
Smallest(S) == CHOOSE m \in S : \A n \in S : n >= m
Least(S) == CHOOSE m \in S : \A n \in S : m <= n
Strict(S) == CHOOSE m \in S : \A n \in S : n < m
Other(S, T) == CHOOSE m \in S : \A n \in T : n <= m
Numbers == {3, v, 2, -4}
Many == {(i * 7) % 101 : i \in 1..200}`)
	machine := m.NewMachine()
	states, err := machine.Init()
	require.NoError(t, err)
	for _, c := range []struct{ expression, result string }{
		{`<<Largest(Numbers), Most(Numbers), Smallest(Numbers), Least(Numbers)>>`, "<<3, 3, -4, -4>>"},
		{`<<Largest(Many), Most(Many), Smallest(Many), Least(Many)>>`, "<<100, 100, 0, 0>>"},
		{`<<Largest(2..9), Smallest(2..9), Largest({5}), Smallest({5})>>`, "<<9, 2, 5, 5>>"},
		{`<<Largest({0} \cup {x + 1 : x \in {}}), Largest({} \cup {v} \cup (4..5)), Smallest(Many \cup {-1, v})>>`, "<<0, 5, -1>>"},
		{`LET S == Many \cup {v, 300} IN <<Largest(S), Smallest(S)>>`, "<<300, 0>>"},
		{`Other({1, 4, 9}, {3, 4})`, "4"},
		{`CHOOSE m \in {1, 2} : \A n \in {1, 2} : n <= m`, "2"},
		{`Largest({"a"})`, failure},
		{`Largest({})`, failure},
		{`Largest({} \cup {})`, failure},
		{`Largest({1, w})`, failure},
		{`Largest({1} \cup {w})`, failure},
		{`Largest({1} \cup v)`, failure},
		{`Largest({1} \cup {x : x \in w})`, failure},
		{`Largest(w)`, failure},
		{`Largest(Nat)`, failure},
		{`Largest(Nat \cup {1})`, failure},
		{`Strict(Numbers)`, failure},
		{`Largest({{1}, {2}})`, failure},
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
