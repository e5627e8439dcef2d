// Conjuncts that are tested ahead of a loop give no other result and hide no error.

package tla_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

func aheadModel(t *testing.T, next string) *tla.Model {
	t.Helper()
	files := fstest.MapFS{
		"Ahead.tla": {Data: []byte("---- MODULE Ahead ----\nEXTENDS Integers\nVARIABLES v, w\nInit == v = 1 /\\ w = \"a\"\n" +
			"Fails == w = 1\nPair(p, x) == p[1] <= p[2] /\\ v = x /\\ p[1] = 3\n" + next + "\n====\n")},
		"Ahead.cfg": {Data: []byte("INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\n")},
	}
	m, err := tla.Load("Ahead.tla", tla.Options{FS: files, Config: "Ahead.cfg"})
	require.NoError(t, err)
	return m
}

const failure = "an error"

func TestConjunctsAheadOfALoop(t *testing.T) {
	m := aheadModel(t, "Next == UNCHANGED <<v, w>>")
	machine := m.NewMachine()
	states, err := machine.Init()
	require.NoError(t, err)
	for _, c := range []struct{ expression, result string }{
		{`\E x \in {1, 2} : v = 2 /\ x = "a"`, "FALSE"},
		{`\E x \in {1, 2} : v = 1 /\ x = 2`, "TRUE"},
		{`\E x \in {1, 2} : x = "a" /\ v = 2`, failure},
		{`\E x \in {} : Fails /\ x = 1`, "FALSE"},
		{`\E x \in {1} : Fails /\ x = 1`, failure},
		{`\E x \in {1} : x = 2 /\ Fails`, "FALSE"},
		{`\E x \in Nat : v = 2 /\ x = 1`, failure},
		{`\E x \in v : v = 2 /\ x = 1`, failure},
		{`\E <<x, y>> \in {v} : v = 2 /\ x = y`, failure},
		{`\E x \in 1..2, y \in 3..4 : x < y /\ v = 2 /\ x = "a"`, "FALSE"},
		{`\E x \in 1..2, y \in {w} : x < y /\ v = 2 /\ x = "a"`, failure},
		{`\E x \in 1..2, y \in {} : Fails /\ x = y`, "FALSE"},
		{`\E x \in {}, y \in Nat : v = 2 /\ x = y`, failure},
		{`\E x \in 1..2, y \in 1..2 : y = 2 /\ x = 1 /\ y = 2`, "TRUE"},
		{`\E b, e \in 1..4 : Pair(<<b, e>>, 1)`, "TRUE"},
		{`\E b, e \in 1..4 : Pair(<<b, e>>, 2)`, "FALSE"},
		{`\E b, e \in {1, w} : Pair(<<b, e>>, 2)`, failure},
		{`\E b \in 1..4 : Pair(<<b, b + 1>>, 2)`, "FALSE"},
		{`\A x \in {} : Fails => x = 1`, "TRUE"},
		{`\A x \in {1} : Fails => x = 1`, failure},
		{`\A x \in {1} : v = 2 /\ x = "a" => FALSE`, "TRUE"},
		{`\A x \in {1} : v = 1 /\ x = 1 => FALSE`, "FALSE"},
		{`\A x \in {1} : LET y == x IN \E z \in {1, 2} : v = y /\ z = 2`, "TRUE"},
		{`\A x \in {1, 2} : LET y == x IN \E z \in {1, 2} : v = y /\ z = 2`, "FALSE"},
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

func TestGuardsAheadOfAnActionsLoop(t *testing.T) {
	for _, c := range []struct {
		next      string
		generated int64 // -1: an error
	}{
		{`Next == \E x \in 1..3, y \in 1..2 : v = 1 /\ y = 2 /\ v' = v + x /\ w' = w`, 4},
		{`Next == \E x \in 1..3 : v = 2 /\ v' = x /\ w' = w`, 1},
		{`Next == \E x \in 1..3 : (v = 1 \/ v = 1) /\ v' = 2 /\ w' = w`, 7},
		{`Next == \E x \in 1..3 : Fails /\ v' = x /\ w' = w`, -1},
		{`Next == \E x \in {} : Fails /\ v' = x /\ w' = w`, 1},
		{`Next == \E x \in {1, w} : x = 1 /\ v = 2 /\ v' = x /\ w' = w`, -1},
		{`Act(x) == v = 1 /\ w' = w /\ v' = x` + "\n" + `Next == \E x \in 2..3 : Act(x)`, 3},
	} {
		r, err := aheadModel(t, c.next).Check(context.Background(), tla.CheckOptions{})
		require.NoError(t, err)
		if c.generated < 0 {
			require.Equal(t, tla.Failed, r.Verdict, c.next)
			continue
		}
		require.Equal(t, tla.OK, r.Verdict, "%s: %v", c.next, r.Err)
		require.Equal(t, c.generated, r.Generated, c.next)
	}
}
