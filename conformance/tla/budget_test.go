// What would take for ever, or more memory than there is, ends with an error where a budget is set.

package tla_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// budgetModule has what takes long.
const budgetModule = `---- MODULE Long ----
EXTENDS Integers, Sequences, FiniteSets, FiniteSetsExt, Bags, BagsExt
VARIABLE x
RECURSIVE Fib(_), Deep(_)
Fib(n) == IF n < 2 THEN n ELSE Fib(n - 1) + Fib(n - 2)
Deep(n) == IF n = 0 THEN 0 ELSE 1 + Deep(n - 1)
Init == x \in {n \in 0..10000000 : n > 9999998}
Next == \E n \in 1..100000000 : n < 0 /\ x' = n
====
`

func budgeted(t *testing.T, b tla.Budget) (*tla.Machine, tla.State) {
	files := fstest.MapFS{"Long.tla": {Data: []byte(budgetModule)}, "Long.cfg": {Data: []byte("INIT Init\nNEXT Next\n")}}
	m, err := tla.Load("Long.tla", tla.Options{FS: files, Config: "Long.cfg", Budget: b})
	require.NoError(t, err)
	state, err := m.NewState(map[string]tla.Value{"x": tla.Int(1)})
	require.NoError(t, err)
	return m.NewMachine(), state
}

// TestADefinitionInsideOfARecursiveOperatorIsEvaluatedOnce would take 2^60 steps otherwise.
func TestADefinitionInsideOfARecursiveOperatorIsEvaluatedOnce(t *testing.T) {
	m, state := budgeted(t, tla.Budget{Steps: 10_000})
	for _, expression := range []string{
		`LET RECURSIVE f(_) f(n) == IF n = 0 THEN 0 ELSE LET p == f(n - 1) IN IF p = p THEN p ELSE 1 IN f(60)`,
		`LET RECURSIVE f(_) f(n) == IF n = 0 THEN [i \in {1, 2} |-> 0] ELSE LET p == f(n - 1) IN [i \in {1, 2} |-> p[1]] IN f(60)[1]`,
		`LET RECURSIVE f(_), g(_) f(n) == LET p == g(n) IN IF p = p THEN p ELSE 1
		     g(n) == IF n = 0 THEN 0 ELSE LET q == f(n - 1) IN IF q = q THEN q ELSE 1 IN f(60)`,
	} {
		v, err := m.Eval(expression, state)
		require.NoError(t, err, expression)
		require.Equal(t, tla.Int(0), v, expression)
	}
	_, err := m.Eval(`LET RECURSIVE f(_) f(n) == IF n = 0 THEN 0 ELSE f(n - 1) + f(n - 1) IN f(60)`, state)
	require.ErrorContains(t, err, "takes too long")
}

// TestARecursiveFunctionOfFunctionsIsEvaluatedWhereItIsApplied would take 20^20 steps if the inner functions were computed as a whole.
func TestARecursiveFunctionOfFunctionsIsEvaluatedWhereItIsApplied(t *testing.T) {
	m, state := budgeted(t, tla.Budget{Steps: 10_000})
	for expression, want := range map[string]int64{
		`LET f[i \in 0..20] == [j \in 0..20 |-> IF i = 0 THEN j ELSE f[i - 1][j] + 1] IN f[20][7]`:                                  27,
		`LET f[i \in 0..20] == [j \in 0..20 |-> IF j = 0 THEN (IF i = 0 THEN 0 ELSE f[i - 1][20]) ELSE f[i][j - 1] + 1] IN f[9][3]`: 183,
		`LET f[i, k \in 0..9] == [j \in 0..9 |-> IF i = 0 THEN j + k ELSE f[i - 1, k][j]] IN f[9, 4][5]`:                            9,
	} {
		v, err := m.Eval(expression, state)
		require.NoError(t, err, expression)
		require.Equal(t, tla.Int(want), v, expression)
	}
}

func TestABudgetEndsWhatTakesTooLong(t *testing.T) {
	m, state := budgeted(t, tla.Budget{Steps: 10_000})
	for _, expression := range []string{
		`\A n \in 1..100000000 : n > 0`,
		`\A n \in SUBSET (1..40) : n # {41}`,
		`\A n, k \in 1..10000 : n + k > 0`,
		`\A p \in {<<1, 2>>, <<3, 4>>} : \A n \in 1..1000000 : p[1] < n + 5`,
		`{n \in 1..1000000 : n % 2 = 0}`,
		`{n + 1 : n \in 1..1000000}`,
		`[n \in 1..1000000 |-> n] = <<>>`,
		`CHOOSE n \in 1..100000000 : n < 0`,
		`Fib(40)`,
		`LET fib[n \in Nat] == fib[n] IN fib[30]`,
		`FoldSet(LAMBDA a, b : a + b, 0, 1..100000)`,
		`FoldBag(LAMBDA a, b : a, 0, [n \in {1} |-> 2147483647])`,
		`1..1000000 \subseteq {n \in Nat : n < 5000000}`,
	} {
		_, err := m.Eval(expression, state)
		var told *tla.Error
		require.True(t, errors.As(err, &told), "%s: %v", expression, err)
		require.Contains(t, told.Msg, "takes too long", expression)
		require.True(t, told.Span.Start.IsValid(), expression)
	}
	_, err := m.Init()
	require.ErrorContains(t, err, "takes too long")
	_, err = m.Successors(state)
	require.ErrorContains(t, err, "takes too long")
}

func TestABudgetIsOfEachEvaluation(t *testing.T) {
	m, state := budgeted(t, tla.Budget{Steps: 1_000})
	for range 10 {
		for _, expression := range []string{
			`\A n \in 1..900 : n > 0`,
			`\E n \in 1..100000000 : n > 900`,
			`(CHOOSE n \in 1..100000000 : n > 900) > 0`,
			`2 \in Nat /\ {1} \in SUBSET Nat /\ [n \in 1..20 |-> 0] \in [1..20 -> Nat]`,
		} {
			v, err := m.Eval(expression, state)
			require.NoError(t, err, expression)
			require.Equal(t, tla.Bool(true), v, expression)
		}
	}
}

func TestTheStackHasABound(t *testing.T) {
	m, state := budgeted(t, tla.Budget{Stack: 1 << 20})
	_, err := m.Eval(`Deep(100)`, state)
	require.NoError(t, err)
	_, err = m.Eval(`Deep(10000)`, state)
	require.ErrorContains(t, err, "recursion is too deep")
}

func TestSetsAndSequencesHaveABound(t *testing.T) {
	m, state := budgeted(t, tla.Budget{})
	_, err := m.Eval(`ToString(FoldSet(LAMBDA n, v : <<v, v>>, 1, 1..40))`, state)
	require.ErrorContains(t, err, "too long to be a string")
	defer tla.LimitSets(tla.LimitSets(100))
	for _, expression := range []string{`{SUBSET (1..7)}`, `{[a : 1..11, b : 1..11]}`, `1 \in UNION (SUBSET (1..7))`} {
		_, err = m.Eval(expression, state)
		require.ErrorContains(t, err, "too many elements", expression)
	}
	_, err = m.Eval(`Len(FoldSet(LAMBDA n, s : s \o s, <<1>>, 1..25))`, state)
	require.ErrorContains(t, err, "too long")
	_, err = m.Eval(`{SUBSET (1..6)}`, state)
	require.NoError(t, err)
}

// A canceled check ends in the middle of an evaluation.
func TestACancelledCheckEndsInTheMiddleOfAnEvaluation(t *testing.T) {
	files := fstest.MapFS{"T.tla": {Data: []byte("---- MODULE T ----\nEXTENDS Integers\nASSUME \\A a, b, c \\in 1..100000 : a + b > 0\n====\n")}}
	m, err := tla.Load("T.tla", tla.Options{FS: files})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = m.Check(ctx, tla.CheckOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestCoverageOfAStepLooksUpItsMessage would go through all messages otherwise, for each event of a trace.
func TestCoverageOfAStepLooksUpItsMessage(t *testing.T) {
	const module = `---- MODULE Many ----
EXTENDS Integers
VARIABLES messages, last
Of(n) == {m \in messages : m.n = n}
Init == messages = {} /\ last = 0
Direct(n) == \E m \in messages : m.n = n /\ (IF m.even THEN last' = n ELSE last' = -n) /\ UNCHANGED messages
Defined(n) == \E m \in Of(n) : (m.even \/ last = 0) /\ last' = n /\ UNCHANGED messages
Next == \E n \in 0..9999 : Direct(n) \/ Defined(n)
====
`
	files := fstest.MapFS{"Many.tla": {Data: []byte(module)}, "Many.cfg": {Data: []byte("INIT Init\nNEXT Next\n")}}
	m, err := tla.Load("Many.tla", tla.Options{FS: files, Config: "Many.cfg", Budget: tla.Budget{Steps: 1000}})
	require.NoError(t, err)
	unbounded, err := tla.Load("Many.tla", tla.Options{FS: files, Config: "Many.cfg"})
	require.NoError(t, err)
	messages, err := unbounded.NewMachine().Eval(`{[n |-> i, even |-> i % 2 = 0] : i \in 0..4999}`, tla.State{})
	require.NoError(t, err)
	state, err := m.NewState(map[string]tla.Value{"messages": messages, "last": tla.Int(1)})
	require.NoError(t, err)
	for action, never := range map[string]string{"Direct": "last' = -n", "Defined": "last = 0"} {
		a, known := m.Action(action)
		require.True(t, known)
		points, _, err := m.Points(a)
		require.NoError(t, err)
		var missed []string
		hit := map[int]bool{}
		ok, err := m.NewMachine().Cover(state, a, []tla.Value{tla.Int(4000)}, nil, func(point int) { hit[point] = true })
		require.NoError(t, err)
		require.True(t, ok, action)
		for i, p := range points {
			if !hit[i] {
				missed = append(missed, p.Source)
			}
		}
		require.Equal(t, []string{never}, missed, action)
	}
}
