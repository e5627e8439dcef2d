// Known differences are recognised, and near ones are not.

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

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
		{"DOMAIN [x1 \\in {1} |-> 1 \\div 0]", failure("by zero"), value("{1}"), false},
		{"1 + 1", value("2"), value("3"), false},
	} {
		d := difference{word(c.expression), c.tlc, c.engine}
		require.Equal(t, c.known, d.known() != "", c.expression)
	}
}
