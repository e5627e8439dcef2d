// Liveness: a search for a behaviour that is fair and violates a temporal property.

package check

import (
	"context"

	"synod/conformance/tla/value"
)

// liveness checks the temporal properties, one after the other, on the graph of all reachable states. A behaviour that
// violates one is a path to a cycle that can be gone around for ever: a lasso.
func (s *search) liveness(ctx context.Context) error {
	g, err := s.newGraph(ctx)
	if err != nil {
		s.end(&finding{kind: Failed, message: "the graph of states cannot be computed", err: err, parent: -1})
		return ctx.Err()
	}
	for _, p := range s.unsettled {
		lasso, err := s.violation(ctx, g, p)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			s.end(&finding{kind: Failed, property: p.Name, message: "the property " + p.Name + " cannot be checked", err: err, parent: -1, temporal: true})
			return nil
		case lasso != nil:
			s.end(&finding{kind: Liveness, property: p.Name, message: "the temporal property " + p.Name + " is violated",
				parent: -1, lasso: lasso})
			return nil
		}
	}
	return nil
}

// lasso is a behaviour that ends in a cycle: after the last state comes the one at loop again.
type lasso struct {
	states [][]value.Value
	loop   int // -1: it stutters in the last state
}

// violation looks for a lasso that satisfies the fairness conditions and the negation of a property.
func (s *search) violation(ctx context.Context, g *graph, p Temporal) (*lasso, error) {
	t := newFormulas(s.Model)
	negation, err := t.build(p.Part, true)
	if err != nil {
		return nil, err
	}
	demands := []*formula{negation}
	for _, q := range s.Fairness {
		f, err := t.build(q, false)
		if err != nil {
			return nil, err
		}
		demands = append(demands, f)
	}
	if err := g.evaluate(ctx, t.atoms, s.opts.Workers); err != nil {
		return nil, err
	}
	whole := t.join(opAnd, demands...)
	conjuncts := []*formula{whole}
	if whole.op == opAnd {
		conjuncts = whole.args
	}
	product := &product{graph: g}
	var general []*formula
	for _, f := range conjuncts {
		if !product.condition(f) {
			general = append(general, f)
		}
	}
	product.tableau = newTableau(t, t.join(opAnd, general...))
	if err := product.explore(ctx); err != nil {
		return nil, err
	}
	return product.search(), nil
}

// product is the graph of pairs of a state and a state of the tableau, with what an infinite path through it must meet.
type product struct {
	*graph
	tableau *tableau

	often  []*formula // plain: each must hold at infinitely many steps
	strong []streett

	nodes  []node
	number map[node]int32
	arcs   [][]arc
	parent []int32 // the node from which a node was found; itself for the first ones
}

// streett is a condition <>[]settles \/ []<>often of plain formulas. Strong fairness is one: the action is disabled for
// ever in the end, or taken again and again. often may be nil.
type streett struct{ settles, often *formula }

type node struct {
	state  int32
	demand int32
}

// arc is a step of the product: an edge of the graph under a move of the tableau.
type arc struct {
	to   int32
	edge int32
	move *move
}

// condition takes the forms []<>F, <>[]F and <>[]F \/ []<>G, which need no tableau; other formulas are left to it.
func (p *product) condition(f *formula) bool {
	often := func(f *formula) *formula {
		if f.op == opAlways && f.args[0].op == opEventually && f.args[0].args[0].plain() {
			return f.args[0].args[0]
		}
		return nil
	}
	finally := func(f *formula) *formula {
		if f.op == opEventually && f.args[0].op == opAlways && f.args[0].args[0].plain() {
			return f.args[0].args[0]
		}
		return nil
	}
	if g := often(f); g != nil {
		p.often = append(p.often, g)
		return true
	}
	if g := finally(f); g != nil {
		p.strong = append(p.strong, streett{settles: g})
		return true
	}
	if f.op == opOr && len(f.args) == 2 {
		for i := range 2 {
			if a, b := finally(f.args[i]), often(f.args[1-i]); a != nil && b != nil {
				p.strong = append(p.strong, streett{a, b})
				return true
			}
		}
	}
	return false
}

// explore finds the nodes that can be reached.
func (p *product) explore(ctx context.Context) error {
	p.number = map[node]int32{}
	add := func(n node, from int32) int32 {
		if i, known := p.number[n]; known {
			return i
		}
		i := int32(len(p.nodes))
		p.number[n] = i
		p.nodes = append(p.nodes, n)
		p.arcs = append(p.arcs, nil)
		if from < 0 {
			from = i
		}
		p.parent = append(p.parent, from)
		return i
	}
	for i := range p.initial {
		add(node{i, 0}, -1)
	}
	for i := int32(0); int(i) < len(p.nodes); i++ {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n := p.nodes[i]
		moves, err := p.tableau.from(ctx, int(n.demand))
		if err != nil {
			return err
		}
		first, last := p.out(n.state)
		for e := first; e < last; e++ {
			for k := range moves {
				if p.allows(&moves[k], n.state, e) {
					to := add(node{p.edges[e], int32(moves[k].next)}, i)
					p.arcs[i] = append(p.arcs[i], arc{to, e, &moves[k]})
				}
			}
		}
	}
	return nil
}

func (p *product) allows(m *move, state, edge int32) bool {
	for _, f := range m.now {
		if !p.holds(f, state, edge) {
			return false
		}
	}
	return true
}
