// Orders: a search for one that the trace allows and the specification accepts.

package conformance

import (
	"context"
	"errors"
	"fmt"

	"synod/conformance/tla"
	"synod/trace"
)

// search looks for an order of the steps that keeps each node's sequence and puts causes first, and that is a
// behaviour of the specification. It goes depth first and prefers the order of the trace, so that a trace whose order
// is good costs no more than following it; a pair of taken steps and state that was seen before is not tried again.
func (r *replay) search(ctx context.Context, m *tla.Machine, steps []step) outcome {
	s := &search{tracker: tracker{replay: r, machine: m}, steps: steps, seen: map[visit]bool{}}
	s.link()
	out := outcome{largest: 1, tally: newTally()}
	found := false
	for _, init := range r.initial {
		var err error
		if found, err = s.from(ctx, init); err != nil || found {
			out.inconclusive, out.err = limitOrError(err)
			break
		}
	}
	if out.err != nil {
		return out
	}
	out.hidden = s.hiddenSteps
	if found {
		out.taken = len(steps)
		out.err = s.countPath(&out.tally)
		for i, k := range s.path {
			if k != i {
				out.reordered++
			}
		}
		return out
	}
	for _, k := range s.deepestPath { // the states on the way are gone
		out.fired[steps[k].action.Name]++
	}
	out.taken, out.stuck = s.deepest, s.stuck
	out.candidates, out.order = s.stuckAt, s.deepestPath
	out.failed = out.inconclusive == ""
	return out
}

func limitOrError(err error) (limited string, other error) {
	var limit *limitError
	if errors.As(err, &limit) {
		return limit.Error(), nil
	}
	return "", err
}

// search is the state of a depth-first search over orders.
type search struct {
	tracker
	steps []step
	nodes []int   // by step, its node's place in queue
	queue [][]int // by node, its steps in sequence
	needs [][]int // by step, the steps that must have been taken before
	seen  map[visit]bool

	taken []bool
	at    []int // by node, how many of its steps were taken
	path  []int // the steps taken, in order

	passed      []tla.State // the states before the steps of path, once all steps were taken
	deepest     int         // the most steps ever taken
	deepestPath []int       // those steps
	stuck       int         // there, the first step that was left
	stuckAt     []tla.State
}

// visit is a set of taken steps and a state, both as hashes.
type visit struct{ taken, state uint64 }

func (s *search) link() {
	at := map[trace.ID]int{}
	index := map[string]int{}
	s.needs = make([][]int, len(s.steps))
	for i := range s.steps {
		at[s.steps[i].event.ID] = i
	}
	for i := range s.steps {
		e := s.steps[i].event
		node, known := index[e.Node]
		if !known {
			node = len(s.queue)
			index[e.Node] = node
			s.queue = append(s.queue, nil)
		}
		s.nodes = append(s.nodes, node)
		s.queue[node] = append(s.queue[node], i)
		for _, id := range e.Causes {
			if cause, inside := at[id]; inside {
				s.needs[i] = append(s.needs[i], cause)
			}
		}
	}
}

// frame is one state on the way and the choices that are left there.
type frame struct {
	state   tla.State
	choices []int // steps that may come next, the last first
	next    []tla.State
	step    int // the step whose successors are in next
}

// from searches from one initial state. An explicit stack, because traces are long.
func (s *search) from(ctx context.Context, init tla.State) (bool, error) {
	s.taken, s.at, s.path = make([]bool, len(s.steps)), make([]int, len(s.queue)), nil
	stack := []frame{{state: init, choices: s.choices(), step: -1}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		switch {
		case len(s.path) == len(s.steps):
			s.passed = passed(stack)
			return true, nil
		case len(top.next) > 0:
			state := top.next[len(top.next)-1]
			top.next = top.next[:len(top.next)-1]
			s.push(top.step)
			if s.visited(state) {
				s.pop(top.step)
				continue
			}
			if len(s.seen) > s.opts.MaxSearched {
				return false, &limitError{fmt.Sprintf("no order was found among the first %d states of the search", s.opts.MaxSearched)}
			}
			stack = append(stack, frame{state: state, choices: s.choices(), step: -1})
		case len(top.choices) > 0:
			top.step = top.choices[len(top.choices)-1]
			top.choices = top.choices[:len(top.choices)-1]
			if len(s.seen)%1024 == 0 && ctx.Err() != nil {
				return false, context.Cause(ctx)
			}
			s.candidates = []tla.State{top.state}
			if err := s.take(&s.steps[top.step], s.past(s.steps[:top.step+1])); err != nil {
				return false, atEvent(s.steps[top.step].event, err)
			}
			top.next = s.candidates
			if len(top.next) == 0 {
				s.remember(top.step)
			}
		default:
			stack = stack[:len(stack)-1]
			if len(stack) > 0 {
				s.pop(stack[len(stack)-1].step)
			}
		}
	}
	return false, nil
}

// choices lists the steps that may come next, in the reverse of the trace's order.
func (s *search) choices() []int {
	var out []int
	for node, queue := range s.queue {
		if s.at[node] == len(queue) {
			continue
		}
		i := queue[s.at[node]]
		ready := true
		for _, need := range s.needs[i] {
			ready = ready && s.taken[need]
		}
		if !ready {
			continue
		}
		at := len(out)
		for at > 0 && out[at-1] < i {
			at--
		}
		out = append(out[:at], append([]int{i}, out[at:]...)...)
	}
	return out
}

func (s *search) push(i int) {
	s.taken[i] = true
	s.at[s.nodes[i]]++
	s.path = append(s.path, i)
}

func (s *search) pop(i int) {
	s.taken[i] = false
	s.at[s.nodes[i]]--
	s.path = s.path[:len(s.path)-1]
}

// passed are the states on the way to the last one.
func passed(stack []frame) []tla.State {
	var out []tla.State
	for _, f := range stack[:len(stack)-1] {
		out = append(out, f.state)
	}
	return out
}

// countPath takes note of the steps of the order that was found.
func (s *search) countPath(into *tally) error {
	for i, k := range s.path {
		if err := s.count(into, s.passed[i:i+1], &s.steps[k]); err != nil {
			return atEvent(s.steps[k].event, err)
		}
	}
	return nil
}

// visited reports whether the search was in this state with these steps taken before, and takes note of it.
func (s *search) visited(state tla.State) bool {
	v := visit{taken: hashCounts(s.at), state: state.Fingerprint()}
	if s.seen[v] {
		return true
	}
	s.seen[v] = true
	return false
}

// hashCounts hashes how many steps each node has taken. It begins with a constant: begun with a number that goes along with
// the counts, it would be the same for counts that are near each other.
func hashCounts(at []int) uint64 {
	h := uint64(0x2545f4914f6cdd1d)
	for _, n := range at {
		h = (h ^ uint64(n)) * 0x9fb21c651e98df25
		h ^= h >> 32
	}
	return h
}

// remember keeps the place to which the search came furthest: a report speaks of it.
func (s *search) remember(step int) {
	if len(s.path) < s.deepest || s.stuckAt != nil && len(s.path) == s.deepest {
		return
	}
	s.deepest, s.stuck, s.stuckAt = len(s.path), step, s.before
	s.deepestPath = append(s.deepestPath[:0], s.path...)
}
