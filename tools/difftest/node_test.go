// How expressions are written: parentheses where they are needed, lists with bullets in columns.

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParenthesesStandWhereTheyAreNeeded(t *testing.T) {
	one, two := word("1"), word("2")
	minus := &node{form: prefix, text: "-", kids: []*node{one}}
	exists := &node{form: quantifier, text: "\\E", sizes: []int{2, -2}, names: []string{"x1", "x2", "t3", "t4"},
		kids: []*node{word("S"), word("T"), op("=", word("x1"), word("t4"))}}
	member := op("\\in", one, word("S"))
	table := []struct {
		n    *node
		want string
	}{
		{op("*", op("+", one, two), two), "(1 + 2) * 2"},
		{op("+", op("*", one, two), two), "1 * 2 + 2"},
		{op("-", op("-", one, two), two), "1 - 2 - 2"},
		{op("-", one, op("-", one, two)), "1 - (1 - 2)"},
		{op("=", op("=", one, two), two), "(1 = 2) = 2"},
		{op("-", one, minus), "1 - -1"},
		{op("*", one, minus), "1 * (-1)"},
		{&node{form: prefix, text: "-", kids: []*node{minus}}, "-(-1)"},
		{op("\\cup", &node{form: prefix, text: "SUBSET", kids: []*node{word("S")}}, word("T")), "SUBSET S \\cup T"},
		{op("/\\", member, exists), "1 \\in S /\\ (\\E x1, x2 \\in S, <<t3, t4>> \\in T : x1 = t4)"},
		{&node{form: filter, sizes: []int{1}, names: []string{"x1"}, kids: []*node{word("S"), exists}},
			"{x1 \\in S : \\E x1, x2 \\in S, <<t3, t4>> \\in T : x1 = t4}"},
		{&node{form: mapping, sizes: []int{1}, names: []string{"x1"}, kids: []*node{word("S"), member}}, "{(1 \\in S) : x1 \\in S}"},
		{&node{form: except, names: []string{"", "fa", ",", "fb"}, kids: []*node{word("f"), one, two, one}},
			"[f EXCEPT ![1].fa = 2, !.fb = 1]"},
		{&node{form: except, names: []string{"fa"}, kids: []*node{word("f"), one}}, "[f EXCEPT !.fa = 1]"},
		{&node{form: cases, kids: []*node{member, exists, two}},
			"CASE 1 \\in S -> (\\E x1, x2 \\in S, <<t3, t4>> \\in T : x1 = t4) [] OTHER -> 2"},
		{&node{form: let, text: "rec", names: []string{"r1", "i2"}, kids: []*node{one, apply("r1", two)}},
			"LET RECURSIVE r1(_) r1(i2) == 1 IN r1(2)"},
	}
	for _, c := range table {
		require.Equal(t, c.want, c.n.String())
	}
}

func TestBulletsStandInOneColumn(t *testing.T) {
	inner := &node{form: junction, text: "\\/", layout: 1, kids: []*node{word("c"), word("d")}}
	outer := &node{form: junction, text: "/\\", layout: 1, kids: []*node{word("a"), inner}}
	n := op("=", outer, word("b"))
	require.Equal(t, "(/\\ a\n /\\ \\/ c\n    \\/ d) = b", n.String())
}
