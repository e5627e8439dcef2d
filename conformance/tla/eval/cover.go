// Coverage: which parts of an action a step went through.

package eval

import (
	"cmp"
	"slices"
	"strings"

	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Point is a part of an action that coverage counts: a conjunct, or a disjunct of a conjunct.
type Point struct {
	Span     syntax.Span
	Operator string // the definition it stands in, if that is not the action itself
	Excluded bool   // the values of the constants exclude it: it stands in a branch that is never taken
}

// points are an outline's, in the order of the source. Places that the specification calls several times are one point.
type points struct {
	list     []Point
	branches bool // a step need not go through all of them
}

// Points are the parts of the action that coverage counts. Where branches is false, every step goes through all of them.
func (o *Outline) Points() (list []Point, branches bool) { return o.points.list, o.points.branches }

// disjunction is a guard that is a disjunction: one conjunct, whose parts are counted apart.
type disjunction struct {
	*leaf
	items []*leaf
}

func (d *disjunction) run(x *explainer) score {
	s := d.leaf.run(x)
	if !x.covering || s.failed > 0 {
		return s
	}
	for _, item := range d.items {
		holds := false
		err := x.try(func(w *Worker) { holds = item.test(w) })
		if err == nil && holds && item.point > 0 {
			x.hits = append(x.hits, item.point-1)
		}
	}
	return s
}

// Cover tells which points the step goes through that leads from the state, by the action with these arguments, to what was
// observed. ok is false where no way through the action does: then no point is told.
func (w *Worker) Cover(o *Outline, state []value.Value, args []value.Value, want []Want, visit func(point int)) (ok bool, err error) {
	defer w.guard(&err)
	w.prepare()
	w.cur, w.args = state, args
	clear(w.nxt)
	w.unassigned = len(w.nxt)
	x := &explainer{w: w, want: want, covering: true, hits: w.hits[:0]}
	s := o.root.run(x)
	w.args, w.hits = nil, x.hits
	if s.failed > 0 {
		return false, nil
	}
	for _, point := range x.hits {
		visit(point)
	}
	return true, nil
}

// pointsOf numbers what is to be counted below a node. The worker tells which branches the constants exclude.
func pointsOf(root node, w *Worker) points {
	c := collector{worker: w}
	c.collect(root)
	slices.SortStableFunc(c.found, func(a, b found) int { return comparePlaces(a.site.span, b.site.span) })
	p := points{branches: c.branches}
	for i, l := range c.found {
		if i == 0 || comparePlaces(c.found[i-1].site.span, l.site.span) != 0 {
			p.list = append(p.list, Point{l.site.span, l.Operator, true})
		}
		l.point = len(p.list)
		point := &p.list[l.point-1]
		point.Excluded = point.Excluded && l.excluded
	}
	return p
}

// collector goes through an outline for what is to be counted.
type collector struct {
	worker   *Worker
	found    []found
	branches bool
	inside   bool // the call of the action has been gone through
	excluded bool // a branch that is never taken has been gone into
}

// found is a leaf, as one way through the outline meets it.
type found struct {
	*leaf
	excluded bool
}

func comparePlaces(a, b syntax.Span) int {
	return cmp.Or(strings.Compare(a.Start.File, b.Start.File), cmp.Compare(a.Start.Line, b.Start.Line),
		cmp.Compare(a.Start.Col, b.Start.Col), cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(a.EndCol, b.EndCol))
}

// collect lists the leaves of the action below a node.
func (c *collector) collect(nodes ...node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case sequence:
			c.collect(n...)
		case choice:
			c.several(n...)
		case *branch:
			c.branch(n)
		case *every:
			c.several(n.body)
		case *reset:
			c.collect(n.body)
		case *entry:
			was := c.inside
			c.inside = true
			c.collect(n.body)
			c.inside = was
		case *gate:
			c.collect(n.before, n.body)
		case *witness:
			c.collect(n.body)
		case *disjunction:
			c.branches = c.branches || c.inside
			for _, item := range n.items {
				c.add(item)
			}
		case *assignment:
			c.add(n.leaf)
		case *kept:
			c.add(n.leaf)
		case *leaf:
			c.add(n)
		}
	}
}

func (c *collector) add(l *leaf) {
	if c.inside && !l.fallback {
		c.found = append(c.found, found{l, c.excluded})
	}
}

// several collects where a step need not go through all.
func (c *collector) several(nodes ...node) {
	c.branches = c.branches || c.inside
	c.collect(nodes...)
}

// branch collects both sides of a branch. If its condition is fixed, one of them is excluded.
func (c *collector) branch(b *branch) {
	was := c.excluded
	taken, err := false, error(nil)
	if b.fixed {
		taken, err = c.worker.decide(b.cond)
	}
	fixed := b.fixed && err == nil
	c.excluded = was || fixed && !taken
	c.several(b.yes)
	c.excluded = was || fixed && taken
	c.several(b.no)
	c.excluded = was
}

// decide evaluates a condition that depends on no state.
func (w *Worker) decide(cond boolFn) (holds bool, err error) {
	defer w.guard(&err)
	w.prepare()
	return cond(w), nil
}
