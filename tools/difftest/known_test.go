// Known differences are recognised, and near ones are not.

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKnownDifferencesOfSpecifications(t *testing.T) {
	none, constant := "No next state actions defined to generate successor states from.", "The invariant of Inv1 is equal to FALSE"
	for _, c := range []struct {
		message string
		engine  int
		known   bool
	}{{none, 0, true}, {none, 11, true}, {none, 12, false}, {constant, 12, true}, {constant, 0, false}, {"another", 0, false}} {
		require.Equal(t, c.known, knownSpec(checked{code: 75, message: c.message}, checked{code: c.engine}) != "", c.message)
	}
}

func TestKnownDifferencesOfShrunkSpecifications(t *testing.T) {
	module := func(left, property string) string {
		return "P1 ==\n    " + left + "\nQ1 ==\n    mv = m1\nProp1 == " + property + "\n===="
	}
	for _, c := range []struct {
		module      string
		tlc, engine int
		known       bool
	}{
		{module("FALSE", "(P1) ~> (Q1)"), 13, 0, true},
		{module("LET d2 == mv IN FALSE", "(P1) ~> (Q1)"), 13, 0, true},
		{module("mv = m2", "(P1) ~> (Q1)"), 13, 0, false},
		{module("FALSE", "<>(P1)"), 13, 0, false},
		{module("FALSE", "(Q1) ~> (P1)"), 13, 0, false},
		{module("FALSE", "(P1) ~> (Q1)"), 0, 13, false},
	} {
		require.Equal(t, c.known, knownShrunk(c.module, checked{code: c.tlc}, checked{code: c.engine}) != "", c.module)
	}
}

func TestKnownDifferences(t *testing.T) {
	value := func(s string) outcome { return outcome{value: s} }
	failure := func(s string) outcome { return outcome{failed: true, err: s} }
	strict := "Attempted to apply tuple to a non-integer argument m1."
	for _, c := range []struct {
		expression  string
		tlc, engine outcome
		known       bool
	}{
		{"[TLCEval(<<1>>) EXCEPT ![1] = 0]", failure("Index 1 out of bounds for length 1"), value("<<0>>"), true},
		{"[<<1>> EXCEPT ![1] = 0]", failure("Index 1 out of bounds for length 1"), value("<<0>>"), false},
		{"\\A x1, x2 \\in SUBSET {}, x3 \\in {1} : FALSE", value("TRUE"), value("FALSE"), true},
		{"\\A x1 \\in SUBSET {}, x3 \\in {1} : FALSE", value("TRUE"), value("FALSE"), false},
		{"\\A x1, x2 \\in SUBSET {} : FALSE", value("TRUE"), failure("no"), false},
		{"[<<>> EXCEPT ![m1] = @]", failure(strict), value("<<>>"), true},
		{"[<<1>> EXCEPT ![m1] = @]", failure(strict), value("<<1>>"), false},
		{"0 \\cap {}", value("{}"), failure("the left side of \\cap must be a set, but it is the integer 0"), true},
		{"0 \\cap {1}", value("{}"), failure("the left side of \\cap must be a set, but it is the integer 0"), false},
		{"Cardinality(SUBSET <<1>>)", value("2"), failure("SUBSET must be a set, but it is the sequence <<1>>"), true},
		{"Cardinality(SUBSET {1})", value("2"), failure("something else"), false},
		{"<<>> = ToString(1)", value("FALSE"), failure("cannot compare the string \"1\" with the sequence <<>>"), true},
		{"<<>> = ToString(1)", value("FALSE"), value("TRUE"), false},
		{"LET v1 == [x1 \\in {1} |-> 1 \\div 0] IN DOMAIN v1", failure("by zero"), value("{1}"), true},
		{"DOMAIN [x1 \\in {1} |-> 1 \\div 0]", failure("by zero"), value("{1}"), true},
		{"{[x1 \\in {1} |-> 1 \\div 0]}", failure("by zero"), value("{1}"), false},
		{"[[fb |-> 4] EXCEPT ![m1] = @]", failure("Attempted to apply record to a non-string argument m1."), value("[fb |-> 4]"), true},
		{"[fb |-> 4][m1]", failure("Attempted to apply record to a non-string argument m1."), value("4"), false},
		{"1 + 1", value("2"), value("3"), false},
		{"[TLCEval(<<1, 3>>) EXCEPT ![2] = 0]", value("<<1, 3>>"), value("<<1, 0>>"), true},
		{"[<<1, 3>> EXCEPT ![2] = 0]", value("<<1, 3>>"), value("<<1, 0>>"), false},
		{"IsFiniteSet(<<>>)", value("TRUE"), failure("IsFiniteSet needs a set, but is given the sequence <<>>"), true},
		{"IsFiniteSet([fc |-> m1])", value("TRUE"), failure("IsFiniteSet needs a set, but is given the record [fc |-> m1]"), true},
		{"IsFiniteSet({})", value("TRUE"), failure("something else"), false},
		{"{1 :> 2, 2 :> 1}", value("{(1 :> 2), (2 :> 1)}"), value("{(2 :> 1), (1 :> 2)}"), true},
		{"{1 :> 2, 2 :> 1}", value("{(1 :> 2), (2 :> 1)}"), value("{(2 :> 1), (1 :> 1)}"), false},
		{"{2, 1}", value("{1, 2}"), value("{2, 1}"), false},
	} {
		d := difference{word(c.expression), c.tlc, c.engine}
		require.Equal(t, c.known, d.known() != "", c.expression)
	}
}
