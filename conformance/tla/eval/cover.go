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
	if x.cover == nil || !x.note || s.failed > 0 {
		return s
	}
	for _, item := range d.items {
		holds := false
		err := x.try(func(w *Worker) { holds = item.test(w) })
		if err == nil && holds && item.point > 0 {
			x.cover(item.point - 1)
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
	var hit []int
	x := &explainer{w: w, want: want, note: true, out: &Explanation{Args: make([]Binding, len(o.def.Params))},
		cover: func(point int) { hit = append(hit, point) }}
	s := o.root.run(x)
	w.args = nil
	if s.failed > 0 {
		return false, nil
	}
	for _, point := range hit {
		visit(point)
	}
	return true, nil
}

// pointsOf numbers what is to be counted below a node.
func pointsOf(root node) points {
	var p points
	var leaves []*leaf
	p.collect(root, false, &leaves)
	slices.SortStableFunc(leaves, func(a, b *leaf) int { return comparePlaces(a.site.span, b.site.span) })
	for i, l := range leaves {
		if i == 0 || comparePlaces(leaves[i-1].site.span, l.site.span) != 0 {
			p.list = append(p.list, Point{l.site.span, l.Operator})
		}
		l.point = len(p.list)
	}
	return p
}

func comparePlaces(a, b syntax.Span) int {
	return cmp.Or(strings.Compare(a.Start.File, b.Start.File), cmp.Compare(a.Start.Line, b.Start.Line),
		cmp.Compare(a.Start.Col, b.Start.Col), cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(a.EndCol, b.EndCol))
}

// collect lists the leaves of the action; inside tells that its call has been gone through.
func (p *points) collect(n node, inside bool, leaves *[]*leaf) {
	add := func(l *leaf) {
		if inside && !l.fallback {
			*leaves = append(*leaves, l)
		}
	}
	several := func(nodes ...node) {
		p.branches = p.branches || inside
		for _, n := range nodes {
			p.collect(n, inside, leaves)
		}
	}
	switch n := n.(type) {
	case sequence:
		for _, item := range n {
			p.collect(item, inside, leaves)
		}
	case choice:
		several(n...)
	case *branch:
		several(n.yes, n.no)
	case *every:
		several(n.body)
	case *reset:
		p.collect(n.body, inside, leaves)
	case *entry:
		p.collect(n.body, true, leaves)
	case *gate:
		p.collect(n.before, inside, leaves)
		p.collect(n.body, inside, leaves)
	case *witness:
		p.collect(n.body, inside, leaves)
	case *disjunction:
		p.branches = p.branches || inside
		for _, item := range n.items {
			add(item)
		}
	case *assignment:
		add(n.leaf)
	case *kept:
		add(n.leaf)
	case *leaf:
		add(n)
	}
}
