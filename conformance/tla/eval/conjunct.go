// Conjuncts: guards and assignments, and how they are shown.

package eval

import (
	"fmt"
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// leaf is a conjunct.
type leaf struct {
	site     *site
	test     boolFn
	show     func(*Worker) string
	reads    []readPath
	onTheWay bool // it stands in Next, not in the action
	fallback bool // what a CASE without a true arm fails with
	Var      string
	Operator string
	point    int // its number, from 1, among those that coverage counts; 0 is none
}

// readPath is a part of a variable that an expression reads.
type readPath struct {
	variable int
	path     []valueFn
}

func (l *leaf) run(x *explainer) score {
	var holds bool
	err := x.try(func(w *Worker) { holds = l.test(w) })
	switch {
	case err != nil:
		return l.failed(x, err)
	case !holds:
		return l.noted(x, Conjunct{Verdict: Fails, Values: l.values(x)})
	}
	return l.noted(x, Conjunct{Verdict: Holds, Values: l.values(x)})
}

// failed is the score of a conjunct that could not be evaluated.
func (l *leaf) failed(x *explainer, err *Error) score {
	return l.noted(x, Conjunct{Verdict: Errs, Err: err, Values: l.values(x)})
}

func (l *leaf) fails(x *explainer, values string) score {
	return l.noted(x, Conjunct{Verdict: Fails, Values: values})
}

// noted gives a verdict's score, and keeps the conjunct if this is the way to be shown.
func (l *leaf) noted(x *explainer, c Conjunct) score {
	if x.covering {
		if c.Verdict == Holds && l.point > 0 {
			x.hits = append(x.hits, l.point-1)
		}
	} else if x.note && !(l.onTheWay && c.Verdict == Holds) {
		c.Span, c.Var, c.Operator = l.site.span, l.Var, l.Operator
		c.Reads = append(c.Reads, l.read(x)...)
		x.out.Conjuncts = append(x.out.Conjuncts, c)
	}
	if l.onTheWay && c.Verdict == Holds {
		return score{}
	}
	if c.Verdict == Holds {
		return score{held: 1, first: 1}
	}
	return score{failed: 1}
}

// values shows the operands' values.
func (l *leaf) values(x *explainer) string {
	if !x.note || l.show == nil {
		return ""
	}
	text := ""
	if err := x.try(func(w *Worker) { text = l.show(w) }); err != nil {
		return ""
	}
	return text
}

// read gives the parts of the state that the conjunct reads, with their values.
func (l *leaf) read(x *explainer) []Want {
	var out []Want
	for _, r := range l.reads {
		want := Want{Var: r.variable, Value: x.w.cur[r.variable]}
		for _, f := range r.path {
			var step, part value.Value
			ok := false
			err := x.try(func(w *Worker) {
				step = w.canon(l.site, f(w))
				part, ok = want.Value.Apply(step)
			})
			if err != nil || !ok {
				break
			}
			want.Path, want.Value = append(want.Path, step), part
		}
		if !slices.ContainsFunc(out, func(o Want) bool { return o.Var == want.Var && slices.Equal(o.Path, want.Path) }) {
			out = append(out, want)
		}
	}
	return out
}

// assignment is x' = e, x' \in S or x' \subseteq S.
type assignment struct {
	*leaf
	i   int
	op  resolve.Op
	val valueFn
}

func (a *assignment) run(x *explainer) score {
	w := x.w
	if w.nxt[a.i] != 0 {
		return a.leaf.run(x) // a second assignment is a test
	}
	var given value.Value
	var diffs []Diff
	err := x.try(func(w *Worker) {
		v := a.val(w)
		if a.op == resolve.OpEq {
			given = w.canon(a.site, v)
			diffs = x.diffs(a.i, given)
			return
		}
		given, diffs = x.pick(a, v)
	})
	switch {
	case err != nil:
		return a.noted(x, Conjunct{Verdict: Errs, Err: err})
	case given == 0:
		return a.fails(x, "there is no value to take")
	}
	w.nxt[a.i] = given
	w.unassigned--
	if diffs != nil {
		return a.noted(x, Conjunct{Verdict: Differs, Diffs: diffs})
	}
	return a.noted(x, Conjunct{Verdict: Holds})
}

// pick takes the element that fits best what was observed.
func (x *explainer) pick(a *assignment, set value.Value) (best value.Value, fewest []Diff) {
	w := x.w
	if a.op == resolve.OpSubseteq {
		sub, f := value.Subset(set)
		if f != nil {
			w.fault(a.site, f)
		}
		set = sub
	}
	n := 0
	w.each(a.site, set, func(v value.Value) bool {
		v = w.canon(a.site, v)
		d := x.diffs(a.i, v)
		if best == 0 || len(d) < len(fewest) {
			best, fewest = v, d
		}
		n++
		return len(fewest) > 0 && n < maxWitnesses
	})
	return best, fewest
}

// diffs compares a variable's new value with what was observed of it.
func (x *explainer) diffs(i int, given value.Value) []Diff {
	var out []Diff
	for _, want := range x.want {
		if want.Var != i {
			continue
		}
		part, ok := given, true
		for _, step := range want.Path {
			if part, ok = part.Apply(step); !ok {
				part = 0
				break
			}
		}
		if part != want.Value {
			out = append(out, Diff{Var: i, Path: want.Path, Given: part, Observed: want.Value})
		}
	}
	return out
}

// kept is UNCHANGED of variables.
type kept struct {
	*leaf
	vars []int
}

func (k *kept) run(x *explainer) score {
	w := x.w
	var diffs []Diff
	changed := ""
	for _, i := range k.vars {
		old := w.cur[i]
		if v := w.nxt[i]; v != 0 {
			if v != old {
				changed += fmt.Sprintf("%s changes; ", w.program.vars[i].Name)
			}
			continue
		}
		diffs = append(diffs, x.diffs(i, old)...)
		w.nxt[i] = old
		w.unassigned--
	}
	switch {
	case changed != "":
		return k.fails(x, changed[:len(changed)-2])
	case diffs != nil:
		c := Conjunct{Verdict: Differs, Diffs: diffs}
		for _, d := range diffs {
			c.Reads = append(c.Reads, Want{d.Var, d.Path, d.Given})
		}
		return k.noted(x, c)
	}
	return k.noted(x, Conjunct{Verdict: Holds})
}
