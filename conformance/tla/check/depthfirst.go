// Depth-first search: the state found last is explored first.

package check

import (
	"context"

	"synod/conformance/tla/value"
)

// waiting are the states that are found and not yet explored, the newest on top. All successors of a state are found
// before one of them is explored: that is how TLC goes with a stack in the place of its queue, and what a specification
// of traces can count on when it asks for the length of the queue.
type waiting struct {
	n      int
	values []value.Value // n for each state
	state  []value.Value // memory for one
	places []place
}

// place is a state's number and level.
type place struct {
	number int
	level  int
}

func (w *waiting) push(l *level, height int) {
	for _, b := range l.blocks {
		for i := range b.count() {
			w.values = append(w.values, b.state(i, w.state)...)
			w.places = append(w.places, place{b.first + i, height})
		}
	}
}

// pop takes the newest state, whose values it puts into state.
func (w *waiting) pop(state []value.Value) place {
	top := len(w.places) - 1
	p := w.places[top]
	copy(state, w.values[top*w.n:])
	w.values, w.places = w.values[:top*w.n], w.places[:top]
	return p
}

// descend explores depth first. There is one worker: with several the newest state would be anybody's.
func (s *search) descend(ctx context.Context) error {
	x := s.newExplorer()
	s.workers, x.monitors = []*explorer{x}, s.monitors
	open := &waiting{n: s.n, state: make([]value.Value, s.n)}
	enter := func(l *level, height int) {
		open.push(l, height)
		l.recycle(s.workers)
	}
	enter(s.initialLevel(ctx, s.workers), 1)
	state := make([]value.Value, s.n)
	for len(open.places) > 0 && s.found == nil && !s.exit.Load() && s.Next.Expr != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		p := open.pop(state)
		s.queue.Add(-1)
		x.parent, x.level = p.number, p.level
		x.order++
		x.state(state)
		x.publish()
		enter(s.merge(s.workers), p.level+1)
	}
	return ctx.Err()
}
