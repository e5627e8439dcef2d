// Explanations: judging an action's conjuncts one by one.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Want is what was observed after a step: the value of a variable, or of a part of it.
type Want struct {
	Var   int
	Path  []value.Value
	Value value.Value
}

// Verdict says how a conjunct fared.
type Verdict uint8

// The ways in which a conjunct can fare.
const (
	Holds   Verdict = iota
	Fails           // false
	Differs         // an assignment whose value is not the one observed
	Errs            // could not be evaluated
)

// Conjunct is one conjunct of the action as it fared.
type Conjunct struct {
	Span     syntax.Span
	Values   string // the operands' values
	Verdict  Verdict
	Err      error
	Reads    []Want // what it read of the state before the step
	Var      string // the variable that it assigns
	Operator string // the definition that it stands in, if that is not the action
	Diffs    []Diff
}

// Diff is a part of a variable for which another value was observed than the action gives.
type Diff struct {
	Var             int
	Path            []value.Value
	Given, Observed value.Value
}

// Explanation is an action's conjuncts as they fared.
type Explanation struct {
	Args      []Binding
	Witnesses []Binding
	Conjuncts []Conjunct
	Held      int
}

// score compares ways through an action: few failures first, then many conjuncts that hold, then a late first failure.
type score struct{ failed, held, first int }

func (s score) better(t score) bool {
	if s.failed != t.failed {
		return s.failed < t.failed
	}
	if s.held != t.held {
		return s.held > t.held
	}
	return s.first > t.first
}

func (s score) plus(t score) score {
	if s.failed == 0 {
		s.first = s.held + t.first
	}
	return score{s.failed + t.failed, s.held + t.held, s.first}
}

// explainer runs an outline. It goes through alternatives by their scores alone, and then once more through the best one
// to note what it consists of.
type explainer struct {
	w    *Worker
	want []Want
	note bool
	out  *Explanation

	covering bool  // the first way without a failure is enough, and nothing is explained
	hits     []int // the points on that way
}

// Explain judges the conjuncts of an action in a state, with the values that are known of its arguments. It finds the way
// through disjunctions and quantifiers on which the fewest conjuncts fail.
func (w *Worker) Explain(o *Outline, state []value.Value, args []value.Value, want []Want) (out *Explanation, err error) {
	defer w.guard(&err)
	w.prepare()
	w.cur, w.args = state, args
	clear(w.nxt)
	w.unassigned = len(w.nxt)
	x := &explainer{w: w, want: want, note: true, out: &Explanation{}}
	for i, l := range o.def.Params {
		b := Binding{Name: l.Name, Span: l.Span}
		if i < len(args) {
			b.Value = args[i]
		}
		x.out.Args = append(x.out.Args, b)
	}
	x.out.Held = o.root.run(x).held
	w.args = nil
	return x.out, nil
}

// succeeds runs a node for coverage. Where it fails, what it has noted and assigned is taken back.
func (x *explainer) succeeds(n node) bool {
	w := x.w
	base, hits := len(w.stack), len(x.hits)
	w.stack = append(w.stack, w.nxt...)
	s := n.run(x)
	if s.failed > 0 {
		copy(w.nxt, w.stack[base:base+len(w.nxt)])
		x.hits = x.hits[:hits]
	}
	w.stack = w.stack[:base]
	return s.failed == 0
}

// attempt runs a node for its score and takes its assignments back.
func (x *explainer) attempt(n node) score {
	w := x.w
	base := len(w.stack)
	w.stack = append(w.stack, w.nxt...)
	noting := x.note
	x.note = false
	s := n.run(x)
	x.note = noting
	copy(w.nxt, w.stack[base:base+len(w.nxt)])
	w.stack = w.stack[:base]
	return s
}

// try runs f and gives the error with which it fails.
func (x *explainer) try(f func(w *Worker)) *Error {
	_, err := x.w.try(func(w *Worker) value.Value { f(w); return value.True })
	return err
}

type (
	sequence []node // conjuncts
	choice   []node // branches of a disjunction
	branch   struct {
		cond     boolFn
		yes, no  node
		condLeaf *leaf
		fixed    bool // the condition is made of constants alone: one of the two is never taken
	}
	reset struct { // LET and definitions: lazily bound names are emptied
		slots []int
		body  node
	}
	entry struct { // the call of the action
		def  *resolve.Def
		args []valueFn
		at   *site
		body *reset
	}
	every struct { // \A over actions
		bs   []*bound
		body node
		site *site
	}
	gate struct { // an element and what is said of it, only if it is one
		before sequence
		body   node
	}
	witness struct { // \E
		*leaf
		bound  *bound // of the set whose elements are explained
		sought *bound // of the set as it stands, whose elements may be looked up: for coverage
		locals []*resolve.Local
		body   node
		arg    int // the action's parameter that the name is passed on as; -1 for none
		in     memberFn
		set    resolve.Expr
		env    *env
	}
)

func (s sequence) run(x *explainer) (total score) {
	for _, n := range s {
		total = total.plus(n.run(x))
		if x.covering && total.failed > 0 {
			break
		}
	}
	return total
}

func (c choice) run(x *explainer) score {
	if x.covering {
		for _, n := range c {
			if x.succeeds(n) {
				return score{}
			}
		}
		return score{failed: 1}
	}
	best, bestScore := 0, score{failed: 1 << 30}
	for i, n := range c {
		if s := x.attempt(n); s.better(bestScore) {
			best, bestScore = i, s
		}
	}
	return c[best].run(x)
}

func (b *branch) run(x *explainer) score {
	var cond bool
	if err := x.try(func(w *Worker) { cond = b.cond(w) }); err != nil {
		return b.condLeaf.failed(x, err)
	}
	if cond {
		return b.yes.run(x)
	}
	return b.no.run(x)
}

func (r *reset) run(x *explainer) score {
	for _, s := range r.slots {
		x.w.slots[s] = 0
	}
	return r.body.run(x)
}

// run compares the arguments of the call with those that are known. A call with others is no call of this step: it scores worst.
func (e *entry) run(x *explainer) score {
	var actual []value.Value
	mismatch := 0
	err := x.try(func(w *Worker) {
		for i, f := range e.args {
			var v value.Value
			if f != nil {
				v = f(w)
			}
			actual = append(actual, v)
			if i < len(w.args) && w.args[i] != 0 && !w.same(e.at, v, w.args[i]) {
				mismatch++
			}
		}
	})
	if x.covering && mismatch > 0 {
		return score{failed: 1}
	}
	if err == nil && x.note {
		for i, v := range actual {
			if x.out.Args[i].Value == 0 {
				x.out.Args[i].Value = v
			}
		}
	}
	s := e.body.run(x)
	s.failed += 1000 * mismatch
	return s
}

// run leaves out what is said of an element where it is none: that would fail for reasons that mislead.
func (g *gate) run(x *explainer) score {
	s := g.before.run(x)
	if s.failed > 0 {
		s.failed += 1000
		return s
	}
	return s.plus(g.body.run(x))
}

func (e *every) run(x *explainer) (total score) {
	var rows [][]value.Value
	err := x.try(func(w *Worker) {
		loops(e.bs, func(w *Worker) bool {
			var row []value.Value
			for _, b := range e.bs {
				row = append(row, w.whole(b))
			}
			rows = append(rows, row)
			return false
		}, true)(w)
	})
	if err != nil {
		return (&leaf{site: e.site}).failed(x, err)
	}
	for _, row := range rows {
		for i, b := range e.bs {
			x.w.bind(b, row[i])
		}
		total = total.plus(e.body.run(x))
	}
	return total
}

// maxWitnesses bounds how many elements of a set are tried.
const maxWitnesses = 1 << 18

func (q *witness) run(x *explainer) score {
	w := x.w
	if q.arg >= 0 && q.arg < len(w.args) && w.args[q.arg] != 0 {
		return q.runKnown(x, w.args[q.arg])
	}
	if x.covering {
		return q.find(x)
	}
	best, bestScore := value.Value(0), score{failed: 1 << 30}
	var set value.Value
	err := x.try(func(w *Worker) {
		set = q.bound.set(w)
		n := 0
		w.search(set, q.bound, func(w *Worker) bool {
			v := w.whole(q.bound)
			if s := x.attempt(q.body); s.better(bestScore) {
				best, bestScore = v, s
			}
			n++
			return n >= maxWitnesses || bestScore.failed == 0
		}, true)
	})
	switch {
	case err != nil:
		return q.failed(x, err)
	case best == 0:
		return q.fails(x, value.Brief(set)+" has no elements")
	}
	w.bind(q.bound, best)
	if x.note && !q.onTheWay {
		for i, l := range q.locals {
			x.out.Witnesses = append(x.out.Witnesses, Binding{Name: l.Name, Value: w.slots[q.bound.slots[i]], Span: l.Span})
		}
	}
	return q.body.run(x)
}

// find takes the first element on which nothing fails.
func (q *witness) find(x *explainer) score {
	found := false
	err := x.try(func(w *Worker) {
		found = w.search(q.sought.set(w), q.sought, func(*Worker) bool { return x.succeeds(q.body) }, true)
	})
	if err != nil || !found {
		return score{failed: 1}
	}
	return score{}
}

// runKnown takes the value that is known for the name. That it is in the set is a conjunct only where it is false.
func (q *witness) runKnown(x *explainer, v value.Value) (s score) {
	var in bool
	err := x.try(func(w *Worker) { in = q.in(w, v) })
	switch {
	case x.covering && (err != nil || !in):
		return score{failed: 1}
	case err != nil:
		s = q.failed(x, err)
	case !in:
		set := ""
		if e := x.try(func(w *Worker) { set = value.Brief(q.bound.set(w)) }); e != nil {
			set = "..."
		}
		s = q.fails(x, value.Brief(v)+` \in `+set)
	}
	x.w.slots[q.bound.slots[0]] = v
	return s.plus(q.body.run(x))
}
