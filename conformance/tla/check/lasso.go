// Lassos: fair cycles among the strongly connected components of the product.

package check

import "slices"

// requirement is something that a cycle must do at least once.
type requirement func(from int32, a arc) bool

// search looks for a fair component and makes a lasso of it.
func (p *product) search() *lasso {
	all := make([]int32, len(p.nodes))
	for i := range all {
		all[i] = int32(i)
	}
	usable := func(int32, arc) bool { return true }
	for _, component := range p.components(all, usable) {
		if nodes, use, needs := p.fair(component, usable); nodes != nil {
			return p.lasso(nodes, use, needs)
		}
	}
	return nil
}

// fair looks for a fair part of a component: where a condition <>[]F \/ []<>G has no step with G, the steps without F are
// taken away, and what then still hangs together is looked at again.
func (p *product) fair(component []int32, use requirement) ([]int32, requirement, []requirement) {
	inside := make(map[int32]bool, len(component))
	for _, n := range component {
		inside[n] = true
	}
	within := func(from int32, a arc) bool { return inside[from] && inside[a.to] && use(from, a) }
	any := func(need requirement) bool {
		for _, n := range component {
			for _, a := range p.arcs[n] {
				if within(n, a) && need(n, a) {
					return true
				}
			}
		}
		return false
	}
	var needs []requirement
	for _, f := range p.often {
		needs = append(needs, p.at(f))
	}
	for k := range p.tableau.promises {
		needs = append(needs, func(_ int32, a arc) bool { return !a.move.putOff[k] })
	}
	for _, need := range needs {
		if !any(need) {
			return nil, nil, nil
		}
	}
	for _, c := range p.strong {
		if c.often != nil && any(p.at(c.often)) {
			needs = append(needs, p.at(c.often))
			continue
		}
		settles := p.at(c.settles)
		if !any(func(n int32, a arc) bool { return !settles(n, a) }) {
			continue
		}
		fewer := func(from int32, a arc) bool { return within(from, a) && settles(from, a) }
		for _, part := range p.components(component, fewer) {
			if nodes, use, needs := p.fair(part, fewer); nodes != nil {
				return nodes, use, needs
			}
		}
		return nil, nil, nil
	}
	return component, within, needs
}

// at is the requirement that a plain formula holds at the step.
func (p *product) at(f *formula) requirement {
	return func(from int32, a arc) bool { return p.holds(f, p.nodes[from].state, a.edge) }
}

// components lists the strongly connected components among some nodes, by Tarjan's algorithm with a stack of its own;
// a single node counts only if it has a usable step to itself.
func (p *product) components(among []int32, use requirement) [][]int32 {
	t := tarjan{product: p, use: use, index: make([]int32, len(p.nodes)), low: make([]int32, len(p.nodes))}
	for i := range t.index {
		t.index[i] = outside
	}
	for _, n := range among {
		t.index[n] = unseen
	}
	for _, n := range among {
		if t.index[n] == unseen {
			t.visit(n)
		}
	}
	return t.found
}

// The marks of nodes that have no index.
const (
	unseen  = -1
	outside = -2 // not among those asked for
	done    = -3 // in a component already
)

type tarjan struct {
	*product
	use   requirement
	index []int32
	low   []int32
	count int32
	stack []int32
	found [][]int32
}

func (t *tarjan) visit(root int32) {
	type frame struct {
		node int32
		next int
	}
	open := func(n int32) frame {
		t.index[n], t.low[n] = t.count, t.count
		t.count++
		t.stack = append(t.stack, n)
		return frame{n, 0}
	}
	work := []frame{open(root)}
	for len(work) > 0 {
		top := &work[len(work)-1]
		n := top.node
		if top.next < len(t.arcs[n]) {
			a := t.arcs[n][top.next]
			top.next++
			switch {
			case t.index[a.to] == outside || t.index[a.to] == done || !t.use(n, a):
			case t.index[a.to] == unseen:
				work = append(work, open(a.to))
			default:
				t.low[n] = min(t.low[n], t.index[a.to])
			}
			continue
		}
		work = work[:len(work)-1]
		if len(work) > 0 {
			up := work[len(work)-1].node
			t.low[up] = min(t.low[up], t.low[n])
		}
		if t.low[n] == t.index[n] {
			t.close(n)
		}
	}
}

// close takes a finished component off the stack.
func (t *tarjan) close(root int32) {
	at := len(t.stack) - 1
	for t.stack[at] != root {
		at--
	}
	component := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, n := range component {
		t.index[n] = done
	}
	if len(component) == 1 && !slices.ContainsFunc(t.arcs[root], func(a arc) bool { return a.to == root && t.use(root, a) }) {
		return
	}
	t.found = append(t.found, component)
}

// lasso makes a behaviour: the way to the component, and a cycle in it that meets every requirement.
func (p *product) lasso(component []int32, use requirement, needs []requirement) *lasso {
	start := slices.Min(component) // nodes are numbered in the order in which they were found: the nearest one
	var path []int32
	for n := start; ; n = p.parent[n] {
		path = append([]int32{n}, path...)
		if p.parent[n] == n {
			break
		}
	}
	cycle := []int32{start}
	at := start
	for _, need := range needs {
		if slices.ContainsFunc(steps(p, cycle, use), func(s step) bool { return need(s.from, s.arc) }) {
			continue
		}
		way := p.way(at, use, need)
		cycle = append(cycle, way...)
		at = cycle[len(cycle)-1]
	}
	cycle = append(cycle, p.way(at, use, func(_ int32, a arc) bool { return a.to == start })...)
	return p.states(path, cycle[1:])
}

type step struct {
	from int32
	arc  arc
}

// steps lists the usable arcs along a path.
func steps(p *product, path []int32, use requirement) []step {
	var out []step
	for i := 1; i < len(path); i++ {
		for _, a := range p.arcs[path[i-1]] {
			if a.to == path[i] && use(path[i-1], a) {
				out = append(out, step{path[i-1], a})
				break
			}
		}
	}
	return out
}

// way is a shortest path of usable arcs from a node whose last arc meets the need, without its first node.
func (p *product) way(from int32, use, need requirement) []int32 {
	before := map[int32]int32{from: from}
	queue := []int32{from}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, a := range p.arcs[n] {
			if !use(n, a) {
				continue
			}
			if need(n, a) {
				way := []int32{a.to}
				for ; n != from; n = before[n] {
					way = append([]int32{n}, way...)
				}
				return way
			}
			if _, seen := before[a.to]; !seen {
				before[a.to] = n
				queue = append(queue, a.to)
			}
		}
	}
	return nil
}

// states is the behaviour along the path and once around the cycle, which ends where the path ends. Steps that change
// nothing are left out, unless the cycle consists of one.
func (p *product) states(path, cycle []int32) *lasso {
	out := &lasso{loop: -1}
	var last int32 = -1
	add := func(n int32) {
		if s := p.nodes[n].state; s != last {
			out.states = append(out.states, slices.Clone(p.state(s)))
			last = s
		}
	}
	for _, n := range path {
		add(n)
	}
	start := len(out.states) - 1
	for _, n := range cycle {
		add(n)
	}
	if len(out.states)-1 > start {
		out.loop = start
		out.states = out.states[:len(out.states)-1] // the last one is the first of the cycle again
	}
	return out
}
