// Violations: an event that is no step of the specification, and everything that can be said about why.

package conformance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"synod/conformance/tla"
	"synod/conformance/tla/value"
	"synod/trace"
)

// Violation is an event from which no state that was possible before it leads on.
type Violation struct {
	Event      *trace.Event
	Number, Of int // the event's number, from 1, among those of its instance
	Candidates int // states that were possible before the event

	// The details, of the first violation of a report only. Every one is computed from the specification.
	Before  tla.State         // the possible state in which most of the action's conjuncts hold
	Nearest tla.Explanation   // the action that the event claims to be, in that state
	State   []Part            // what the event logged, beside what was there and what the action gives
	Since   []Since           // since when the parts that a false conjunct read have had their values
	Tested  []Tested          // what replays without one event have shown
	Others  []tla.Explanation // the other actions that come nearest

	// Restarted is the last restart of the event's node in this behaviour before the event; nil is none.
	Restarted *trace.Event

	// OtherOrder tells that in another order, which sequence numbers and causes allow too, the event is a legal step: a cause
	// may be missing in the trace rather than a step be wrong.
	OtherOrder bool

	// Blocked are, with Options.Reorder, the events that come next at other nodes: they are no steps there either, so that the
	// one that is wrong may be any of them.
	Blocked []Blocked

	// From is the first event that is known of the instance, where its beginning is not: a Monitor keeps the last ones only.
	From *trace.Event

	index int // of the behaviour
}

// Part is a variable, or a part of one, around the event.
type Part struct {
	Path   string `json:"path"`
	Before string `json:"before"`
	Given  string `json:"given,omitempty"` // by the action, "" where that is not known
	Logged string `json:"logged"`
}

// Since tells which event gave a part of the state its value; Event is nil where it is the initial one.
type Since struct {
	Path  string
	Value string
	Event *trace.Event
}

// Tested tells what a replay without one event has shown: the first event that is no legal step then. Nil is the
// answer that points at the event left out: without it the violating event is legal.
type Tested struct {
	Without *trace.Event
	Broken  *trace.Event
}

// Blocked is an event that could come next, and is no step either.
type Blocked struct {
	Event   *trace.Event
	Nearest tla.Explanation
}

// maxOthers bounds how many other actions a report shows.
const maxOthers = 3

// investigate finds the details of a violation: the last of the steps, from any of the candidate states.
func (r *replay) investigate(v *Violation, steps []step, candidates []tla.State) error {
	m := r.spec.Model.NewMachine()
	last := len(steps) - 1
	s := &steps[last]
	for i, state := range candidates {
		e, err := m.Explain(state, *s.action, s.args, s.want)
		if err != nil {
			return atEvent(s.event, err)
		}
		if i == 0 || score(e) > score(v.Nearest) {
			v.Nearest, v.Before = e, state
		}
		if i == 100 {
			break // the report shows one of them; a hundred are choice enough
		}
	}
	if err := wrongType(s, &v.Nearest); err != nil {
		return err
	}
	v.State = parts(s, v)
	for i := range steps[:last] {
		if e := steps[i].event; e.Restart && e.Node == s.event.Node {
			v.Restarted = e
		}
	}
	trail, err := r.trail(m, steps[:last], v.Before)
	if err != nil {
		return err
	}
	v.Since = since(v.Nearest, steps, trail)
	if err := r.test(m, v, steps); err != nil {
		return err
	}
	v.Others = r.others(m, v.Before, s)
	return nil
}

// otherOrder reports whether the i-th of the steps is legal in another order that sequence numbers and causes allow.
func (r *replay) otherOrder(steps []step, i int) bool {
	if r.opts.Reorder || !slices.ContainsFunc(steps, func(x step) bool { return x.event.Node != steps[i].event.Node }) {
		return false
	}
	other := r.from(r.initial)
	other.opts.MaxSearched = maxReordered
	out := other.search(context.Background(), r.spec.Model.NewMachine(), steps)
	return out.err == nil && (out.taken == len(steps) || slices.Contains(out.order, i))
}

// blocked explains what else could come next where a search for an order came furthest, as far as nothing that it waits for
// is left.
func (r *replay) blocked(v *Violation, steps []step, o *outcome) error {
	s := &search{tracker: tracker{replay: r}, steps: steps}
	s.link()
	s.taken, s.at = make([]bool, len(steps)), make([]int, len(s.queue))
	for _, i := range o.order {
		s.push(i)
	}
	m := r.spec.Model.NewMachine()
	next := s.choices()
	slices.Reverse(next)
	for _, i := range next {
		if i == o.stuck {
			continue
		}
		e, err := m.Explain(v.Before, *steps[i].action, steps[i].args, steps[i].want)
		if err != nil {
			return atEvent(steps[i].event, err)
		}
		v.Blocked = append(v.Blocked, Blocked{steps[i].event, e})
	}
	return nil
}

// maxReordered bounds the search for another order, of which a report speaks by the way.
const maxReordered = 10_000

// from is a replay of the same kind that begins elsewhere and knows no end of its time.
func (r *replay) from(initial []tla.State) *replay {
	return &replay{spec: r.spec, opts: r.opts, hidden: r.hidden, nodes: r.nodes, silent: r.silent, points: r.points,
		initial: initial, earlier: r.earlier}
}

// wrongType finds a logged value of another type than the action's: that is a mistake in the trace, not in what it tells.
func wrongType(s *step, e *tla.Explanation) error {
	for _, c := range e.Conjuncts {
		for _, d := range c.Diffs {
			if d.Given != 0 && !comparable(d.Given, d.Observed) {
				return &trace.Error{Place: s.event.Place, Msg: fmt.Sprintf("event %s: variable %s: %s cannot be compared with %s, which the action gives",
					s.event.ID, pathText(d.Var, d.Path), shorten(d.Observed.String(), 60), shorten(d.Given.String(), 60))}
			}
		}
	}
	return nil
}

// comparable reports whether TLA+ lets the two be compared: functions of every form with each other, model values
// with everything, and otherwise like with like.
func comparable(a, b tla.Value) bool {
	class := func(v tla.Value) value.Kind {
		if k := v.Kind(); k != value.KindTuple && k != value.KindRecord {
			return k
		}
		return value.KindFunc
	}
	return class(a) == class(b) || a.Kind() == value.KindModel || b.Kind() == value.KindModel
}

// score orders explanations: fewer conjuncts that do not hold first.
func score(e tla.Explanation) int { return e.Held - len(e.Conjuncts) }

// parts sets what was logged beside what was there.
func parts(s *step, v *Violation) []Part {
	var out []Part
	for _, w := range s.want {
		p := Part{Path: pathText(w.Var, w.Path), Logged: w.Value.String()}
		if before, ok := v.Before.Lookup(w.Var, w.Path...); ok {
			p.Before = before.String()
		}
		if len(v.Nearest.Successors) > 0 {
			if given, ok := v.Nearest.Successors[0].Lookup(w.Var, w.Path...); ok {
				p.Given = given.String()
			}
		}
		out = append(out, p)
	}
	return out
}

// pathText writes a path as traces do.
func pathText(variable string, path []tla.Value) string {
	var b strings.Builder
	b.WriteString(variable)
	for _, v := range path {
		b.WriteByte('[')
		if s := v.String(); strings.HasPrefix(s, `"`) {
			name := strings.Trim(s, `"`)
			if w, rest := word(name); rest == "" && w != "" {
				s = name
			}
			b.WriteString(s)
		} else {
			b.WriteString(s)
		}
		b.WriteByte(']')
	}
	return b.String()
}

// trail gives a behaviour through the steps that ends in the state given: the state after each step.
func (r *replay) trail(m *tla.Machine, steps []step, end tla.State) ([]tla.State, error) {
	type origin struct {
		state  tla.State
		parent int
	}
	level := make([]origin, len(r.initial))
	for i, s := range r.initial {
		level[i] = origin{s, -1}
	}
	levels := [][]origin{level}
	for i := range steps {
		var next []origin
		var seen stateSet
		for parent, o := range level {
			t := tracker{replay: r, machine: m, candidates: []tla.State{o.state}}
			if err := t.take(&steps[i], r.past(steps[:i+1])); err != nil {
				return nil, err
			}
			for _, s := range t.candidates {
				if _, added := seen.add(s); added {
					next = append(next, origin{s, parent})
				}
			}
		}
		level = next
		levels = append(levels, level)
	}
	at := slices.IndexFunc(level, func(o origin) bool { return o.state.Equal(end) })
	out := make([]tla.State, len(levels))
	for i := len(levels) - 1; i >= 0 && at >= 0; i-- {
		out[i] = levels[i][at].state
		at = levels[i][at].parent
	}
	return out, nil
}

// since finds, for what the false conjuncts read, the last step that changed it. trail[i] is the state before step i.
func since(e tla.Explanation, steps []step, trail []tla.State) []Since {
	var out []Since
	for _, read := range falseReads(e) {
		entry := Since{Path: pathText(read.Var, read.Path), Value: read.Value.String()}
		for i := len(trail) - 1; i > 0; i-- {
			if before, ok := trail[i-1].Lookup(read.Var, read.Path...); !ok || before != read.Value {
				entry.Event = steps[i-1].event
				break
			}
		}
		out = append(out, entry)
	}
	return out
}

// falseReads lists what the conjuncts that do not hold read. A part of something that was read as a whole too is left
// out, and so are whole variables that are too large to show where there is anything else.
func falseReads(e tla.Explanation) []tla.Expect {
	var all, out, large []tla.Expect
	for _, c := range e.Conjuncts {
		if c.Verdict != tla.Holds {
			all = append(all, c.Reads...)
		}
	}
	covers := func(a, b tla.Expect) bool {
		return a.Var == b.Var && len(a.Path) <= len(b.Path) && slices.Equal(a.Path, b.Path[:len(a.Path)])
	}
	for i, r := range all {
		covered := false
		for k, other := range all {
			covered = covered || k != i && covers(other, r) && (!covers(r, other) || k < i)
		}
		switch {
		case covered:
		case len(r.Value.String()) > maxShown:
			large = append(large, r)
		default:
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return large
	}
	return out
}

// maxShown is the length from which on a value is too large to tell anything at a glance.
const maxShown = 200

// test replays the behaviour without each of the events that set what the false conjuncts read.
func (r *replay) test(m *tla.Machine, v *Violation, steps []step) error {
	for _, s := range v.Since {
		if s.Event == nil || slices.ContainsFunc(v.Tested, func(t Tested) bool { return t.Without == s.Event }) {
			continue
		}
		t := tracker{replay: r, machine: m, candidates: r.initial}
		var without []step
		for _, x := range steps {
			if x.event != s.Event {
				without = append(without, x)
			}
		}
		result := Tested{Without: s.Event}
		for i := range without {
			if err := t.take(&without[i], r.past(without[:i+1])); err != nil || len(t.candidates) == 0 {
				result.Broken = without[i].event
				break
			}
		}
		v.Tested = append(v.Tested, result)
	}
	return nil
}

// others explains the event as each of the other actions that take the same arguments, and keeps the nearest.
func (r *replay) others(m *tla.Machine, before tla.State, s *step) []tla.Explanation {
	var out []tla.Explanation
	for _, a := range r.spec.Model.Actions() {
		if a.Name == s.action.Name || len(a.Params) == 0 || len(s.args) == 0 || a.Params[0] != s.action.Params[0] {
			continue
		}
		args := make([]tla.Value, len(a.Params))
		for i, p := range a.Params {
			if k := slices.Index(s.action.Params, p); k >= 0 {
				args[i] = s.args[k]
			}
		}
		e, err := m.Explain(before, a, args, s.want)
		if err == nil && !slices.ContainsFunc(e.Conjuncts, func(c tla.Conjunct) bool { return c.Verdict == tla.Errs }) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b tla.Explanation) int { return score(b) - score(a) })
	return out[:min(len(out), maxOthers)]
}
