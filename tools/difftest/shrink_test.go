// Comparing, isolating and shrinking, with evaluators that are not TLC.

package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fake evaluates by a function; an expression that holds "unreadable" spoils its batch.
type fake func(string) outcome

func (f fake) evaluate(_ context.Context, expressions []string) ([]outcome, error) {
	var got []outcome
	for _, e := range expressions {
		if strings.Contains(e, "unreadable") {
			return nil, &unreadableError{"it says so"}
		}
		got = append(got, f(e))
	}
	return got, nil
}

func TestOneBadExpressionDoesNotSpoilABatch(t *testing.T) {
	batch := []string{"a", "b", "unreadable", "c", "d"}
	got, err := isolated(context.Background(), fake(func(e string) outcome { return outcome{value: e} }), batch)
	require.NoError(t, err)
	require.Len(t, got, 5)
	for i, e := range batch {
		if e == "unreadable" {
			require.True(t, got[i].failed)
			continue
		}
		require.Equal(t, outcome{value: e}, got[i])
	}
}

type short struct{}

func (short) evaluate(context.Context, []string) ([]outcome, error) { return nil, nil }

func TestMissingOutcomesAreAnError(t *testing.T) {
	_, err := isolated(context.Background(), short{}, []string{"a"})
	require.Error(t, err)
}

func TestWhatAgrees(t *testing.T) {
	require.True(t, outcome{value: "1"}.agrees(outcome{value: "1"}))
	require.False(t, outcome{value: "1"}.agrees(outcome{value: "2"}))
	require.True(t, outcome{failed: true, err: "a"}.agrees(outcome{failed: true, err: "b"}))
	require.False(t, outcome{failed: true}.agrees(outcome{value: "1"}))
	require.False(t, outcome{value: "panic: x"}.agrees(outcome{failed: true}))
}

func TestADifferenceShrinksToItsCause(t *testing.T) {
	judge := fake(func(e string) outcome { return outcome{value: "0"} })
	engine := fake(func(e string) outcome { return outcome{value: fmt.Sprint(strings.Count(e, "Cardinality("))} })
	d := differ{judge, engine}
	found := 0
	for i := range 400 {
		n := random(1, i, 3)
		differences, err := d.compare(context.Background(), []*node{n})
		require.NoError(t, err)
		if len(differences) == 0 {
			continue
		}
		found++
		small, err := d.shrink(context.Background(), differences[0])
		require.NoError(t, err)
		require.Equal(t, "Cardinality({})", small.expression.String())
	}
	require.Positive(t, found)
}

func TestShrinkingLeavesTheEndOfARecursion(t *testing.T) {
	seen := 0
	for i := range 3000 {
		for _, c := range smaller(random(9, i, 3)) {
			c.each(func(part *node, _ func(*node) *node) {
				if at := part.recursive(); at >= 0 {
					seen++
					require.Equal(t, conditional, part.kids[at].form, c)
					require.Contains(t, []string{"<=", "="}, part.kids[at].kids[0].text, c)
				}
			})
		}
		if seen > 5000 {
			break
		}
	}
	require.Positive(t, seen)
}

func TestShrinkingKeepsTheKindOfDifference(t *testing.T) {
	// The engine fails on Len and gives another value for Cardinality: a difference of the first kind must not become
	// one of the second.
	judge := fake(func(string) outcome { return outcome{value: "0"} })
	engine := fake(func(e string) outcome {
		switch {
		case strings.Contains(e, "Len"):
			return outcome{failed: true, err: "no Len"}
		case strings.Contains(e, "Cardinality"):
			return outcome{value: "1"}
		}
		return outcome{value: "0"}
	})
	d := differ{judge, engine}
	n := op("+", apply("Cardinality", word("{}")), apply("Len", word("<<>>")))
	differences, err := d.compare(context.Background(), []*node{n})
	require.NoError(t, err)
	small, err := d.shrink(context.Background(), differences[0])
	require.NoError(t, err)
	require.Equal(t, "Len(<<>>)", small.expression.String())
}

func TestSmallerSpecificationsAreClosed(t *testing.T) {
	s := randomSpec(2, 4)
	require.NotEmpty(t, s.smaller())
	for _, c := range s.smaller() {
		require.True(t, c.next.closed(nil))
		require.True(t, c.init.closed(nil))
	}
}

func TestFiguresAreReadFromTLC(t *testing.T) {
	c := readChecked("12", "Error: Invariant Inv1 is violated.\nError: The behavior up to this point is:\nState 1\n\n"+
		"7 states generated, 3 distinct states found, 1 states left on queue.\nThe depth of the complete state graph search is 2.\n")
	require.Equal(t, checked{code: 12, generated: 7, distinct: 3, depth: 2, message: "Invariant Inv1 is violated."}, c)
	require.True(t, c.agrees(checked{code: 12}), "counts of a search that ended early are not compared")
	require.False(t, c.agrees(checked{code: 11}))
	require.True(t, checked{code: 75}.agrees(checked{code: 255}))
	require.False(t, checked{generated: 3}.agrees(checked{generated: 4}))
	require.False(t, checked{code: -1}.agrees(checked{}))
}
