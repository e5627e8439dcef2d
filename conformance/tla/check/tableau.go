// The tableau: a temporal formula as an automaton that reads the steps of a behaviour.

package check

import (
	"context"
	"fmt"
	"slices"
)

// tableau is an automaton whose states are sets of formulas that the rest of a behaviour must satisfy. It is unfolded as
// far as a search asks for. A behaviour is accepted by a run in which no <>F is put off for ever.
type tableau struct {
	*formulas
	states   [][]*formula // what each state demands
	moves    [][]move     // nil: not unfolded yet
	numbers  map[string]int
	promises []*formula // the <>F that can be put off
	place    map[*formula]int
}

// move is one way to meet the demands of a state: what must be true of the step at hand, what is left to the next state,
// and which promises it puts off.
type move struct {
	now    []*formula // plain formulas
	next   int
	putOff []bool // by promise
}

func newTableau(t *formulas, f *formula) *tableau {
	a := &tableau{formulas: t, numbers: map[string]int{}, place: map[*formula]int{}}
	a.collect(f, map[*formula]bool{})
	a.number([]*formula{f})
	return a
}

// collect lists the promises inside of a formula.
func (a *tableau) collect(f *formula, seen map[*formula]bool) {
	if seen[f] {
		return
	}
	seen[f] = true
	if f.op == opEventually {
		a.place[f] = len(a.promises)
		a.promises = append(a.promises, f)
	}
	for _, g := range f.args {
		a.collect(g, seen)
	}
}

func (a *tableau) number(demands []*formula) int {
	slices.SortFunc(demands, func(f, g *formula) int { return f.id - g.id })
	demands = slices.Compact(demands)
	key := ""
	for _, f := range demands {
		key += fmt.Sprintf("%d,", f.id)
	}
	if n, known := a.numbers[key]; known {
		return n
	}
	n := len(a.states)
	a.numbers[key] = n
	a.states = append(a.states, demands)
	a.moves = append(a.moves, nil)
	return n
}

// from lists the moves of a state. There may be very many, so that who no longer wants to know them may say so.
func (a *tableau) from(ctx context.Context, state int) ([]move, error) {
	if a.moves[state] == nil {
		a.moves[state] = []move{}
		a.expand(ctx, slices.Clone(a.states[state]), branch{}, state)
	}
	return a.moves[state], ctx.Err()
}

// branch is a move that is being put together.
type branch struct {
	now, next, putOff []*formula
}

// expand meets the demands that are left, one after the other, in every way.
func (a *tableau) expand(ctx context.Context, left []*formula, b branch, state int) {
	if ctx.Err() != nil {
		return
	}
	if len(left) == 0 {
		m := move{now: b.now, next: a.number(slices.Clone(b.next)), putOff: make([]bool, len(a.promises))}
		for _, f := range b.putOff {
			m.putOff[a.place[f]] = true
		}
		a.moves[state] = append(a.moves[state], m)
		return
	}
	f, rest := left[0], left[1:]
	with := func(list []*formula, f *formula) []*formula { return append(slices.Clip(list), f) }
	switch {
	case f.op == opTrue:
		a.expand(ctx, rest, b, state)
	case f.op == opFalse:
	case f.plain():
		a.expand(ctx, rest, branch{with(b.now, f), b.next, b.putOff}, state)
	case f.op == opAnd:
		a.expand(ctx, slices.Concat(f.args, rest), b, state)
	case f.op == opOr:
		for _, g := range f.args {
			a.expand(ctx, slices.Concat([]*formula{g}, rest), b, state)
		}
	case f.op == opAlways:
		a.expand(ctx, slices.Concat(f.args, rest), branch{b.now, with(b.next, f), b.putOff}, state)
	case f.op == opEventually:
		a.expand(ctx, slices.Concat(f.args, rest), b, state)
		a.expand(ctx, rest, branch{b.now, with(b.next, f), with(b.putOff, f)}, state)
	}
}
