// What is drawn: the same for the same seed, closed, and small enough.

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheSameSeedGivesTheSameExpressions(t *testing.T) {
	different := 0
	for i := range 200 {
		once := random(7, i, 3).String()
		require.Equal(t, once, random(7, i, 3).String())
		if once != random(8, i, 3).String() {
			different++
		}
	}
	require.Greater(t, different, 150, "another seed gives others")
}

func TestExpressionsAreClosed(t *testing.T) {
	for i := range 2000 {
		n := random(3, i, 4)
		require.True(t, n.closed(nil), n)
	}
}

func TestNamesOutsideOfTheirFormAreNotClosed(t *testing.T) {
	x := word("x1")
	bound := &node{form: quantifier, text: "\\E", sizes: []int{1}, names: []string{"x1"}, kids: []*node{word("BOOLEAN"), x}}
	require.True(t, bound.closed(nil))
	require.False(t, x.closed(nil))
	require.False(t, (&node{form: enumeration, kids: []*node{bound, x}}).closed(nil))
	inItsOwnSet := &node{form: quantifier, text: "\\E", sizes: []int{1}, names: []string{"x1"}, kids: []*node{x, x}}
	require.False(t, inItsOwnSet.closed(nil))
	update := &node{form: except, names: []string{""}, kids: []*node{word("f"), word("1"), word("@")}}
	require.True(t, update.closed(nil))
	update = &node{form: except, names: []string{""}, kids: []*node{word("f"), word("@"), word("1")}}
	require.False(t, update.closed(nil))
}

func TestEveryFormIsDrawn(t *testing.T) {
	seen := map[form]int{}
	for i := range 3000 {
		random(5, i, 3).each(func(part *node, _ func(*node) *node) { seen[part.form]++ })
	}
	for f := atom; f <= within; f++ {
		require.Positive(t, seen[f], "form %d", f)
	}
}

func TestTypesFit(t *testing.T) {
	small, large := setOf(integers, 2), setOf(integers, 4)
	require.True(t, small.fits(large))
	require.False(t, large.fits(small))
	require.False(t, setOf(texts, 2).fits(large))
	require.False(t, small.fits(sequenceOf(integers, 4)))
	a := &typ{kind: record, names: []string{"fa"}, items: []*typ{integers}}
	b := &typ{kind: record, names: []string{"fb"}, items: []*typ{integers}}
	require.True(t, a.fits(a))
	require.False(t, a.fits(b))
	require.False(t, functionFrom(texts, integers, 2).fits(functionFrom(integers, integers, 2)))
}

func TestSpecificationsAssignEveryVariable(t *testing.T) {
	for i := range 100 {
		s := randomSpec(1, i)
		require.NotEmpty(t, s.variables)
		for _, v := range s.variables {
			require.Contains(t, s.module(), v.name)
		}
		require.Equal(t, s.module(), randomSpec(1, i).module())
		require.True(t, strings.HasPrefix(s.config(), "SPECIFICATION Spec\nCONSTANTS\n"))
	}
}
