// Shrinking: the smallest expression about which the evaluators still differ.

package main

import (
	"context"
	"slices"
	"strings"
)

// size is the number of nodes.
func (n *node) size() int {
	total := 1
	for _, k := range n.kids {
		total += k.size()
	}
	return total
}

// smaller gives expressions that are n with one part replaced by less: by a part of that part, by a plain value, or
// by itself without one item. All are closed: no name is used outside of the form that binds it.
func smaller(n *node) []*node {
	var all []*node
	seen := map[string]bool{n.String(): true}
	n.each(func(part *node, replace func(*node) *node) {
		for _, less := range reductions(part) {
			candidate := replace(less)
			text := candidate.String()
			if !seen[text] && candidate.closed(nil) {
				seen[text] = true
				all = append(all, candidate)
			}
		}
	})
	slices.SortStableFunc(all, func(a, b *node) int { return a.size() - b.size() })
	return all
}

// each visits every part of n with a function that gives n with another expression in the part's place.
func (n *node) each(visit func(part *node, replace func(*node) *node)) {
	visit(n, func(with *node) *node { return with })
	n.inside(visit)
}

// inside is each for the parts of n without n itself. The test that ends a recursion is left alone: without it the
// evaluators would not come back.
func (n *node) inside(visit func(part *node, replace func(*node) *node)) {
	for i, k := range n.kids {
		descend := k.each
		if n.recursive() == i {
			descend = func(visit func(part *node, replace func(*node) *node)) { k.branches(visit) }
		}
		descend(func(part *node, replace func(*node) *node) {
			visit(part, func(with *node) *node {
				whole := *n
				whole.kids = slices.Clone(n.kids)
				whole.kids[i] = replace(with)
				return &whole
			})
		})
	}
}

// recursive is the place of the body in a definition that refers to itself, -1 for other expressions.
func (n *node) recursive() int {
	switch {
	case n.form == let && n.text == "rec":
		return 0
	case n.form == letFunction:
		return 1
	default:
		return -1
	}
}

// branches visits what the generator put into IF i = 0 THEN base ELSE LET again == f(i - 1) IN step: base and step.
func (n *node) branches(visit func(part *node, replace func(*node) *node)) {
	if n.form != conditional || n.kids[2].form != let {
		return
	}
	at := func(change func(whole *node, with *node)) func(*node, func(*node) *node) {
		return func(part *node, replace func(*node) *node) {
			visit(part, func(with *node) *node {
				whole := *n
				whole.kids = slices.Clone(n.kids)
				change(&whole, replace(with))
				return &whole
			})
		}
	}
	n.kids[1].each(at(func(whole, with *node) { whole.kids[1] = with }))
	n.kids[2].kids[1].each(at(func(whole, with *node) {
		again := *n.kids[2]
		again.kids = []*node{n.kids[2].kids[0], with}
		whole.kids[2] = &again
	}))
}

var plain = map[kind][]string{
	boolean: {"TRUE", "FALSE"}, integer: {"0", "1"}, text: {`"sb"`}, model: {"m1"}, set: {"{}"}, sequence: {"<<>>"},
	function: {"<<>>"},
}

// reductions are what may stand in the place of an expression.
func reductions(n *node) []*node {
	var less []*node
	if n.ofType != nil {
		for _, s := range plain[n.ofType.kind] {
			if n.form != atom || n.text != s && len(s) <= len(n.text) {
				less = append(less, word(s))
			}
		}
	}
	less = append(less, n.kids...)
	if at := n.recursive(); at >= 0 {
		n.kids[at].branches(func(part *node, _ func(*node) *node) { less = append(less, part) })
	}
	for _, k := range n.kids {
		if k.form == junction || k.form == enumeration || k.form == sequenceOfE {
			less = append(less, k.kids...)
		}
	}
	if items := n.form == enumeration || n.form == sequenceOfE; items || n.form == junction && len(n.kids) > 2 {
		for i := range n.kids {
			without := *n
			without.kids = slices.Delete(slices.Clone(n.kids), i, i+1)
			less = append(less, &without)
		}
	}
	if n.form == cases && len(n.kids) > 3 {
		without := *n
		without.kids = n.kids[2:]
		less = append(less, &without)
	}
	less = append(less, n.withoutUpdates()...)
	if n.layout != 0 {
		flat := *n
		flat.layout = 0
		less = append(less, &flat)
	}
	return less
}

// withoutUpdates gives an EXCEPT of two updates with one of them.
func (n *node) withoutUpdates() []*node {
	if n.form != except || len(n.names) != 3 || n.names[1] != "," {
		return nil
	}
	split := 3 // [f EXCEPT ![a] = x, ![b] = y]
	if n.names[0] != "" {
		split = 2 // [f EXCEPT !.a = x, !.b = y]
	}
	first, second := *n, *n
	first.names, second.names = n.names[:1], n.names[2:]
	first.kids = n.kids[:split]
	second.kids = append([]*node{n.kids[0]}, n.kids[split:]...)
	return []*node{&first, &second}
}

// closed reports whether every name that an expression binds is used only where it is bound.
func (n *node) closed(bound []string) bool {
	if n.form == atom || n.form == call {
		if isBound(n.text) && !slices.Contains(bound, n.text) {
			return false
		}
	}
	for i, k := range n.kids {
		inside := bound
		if n.binds(i) {
			inside = append(bound[:len(bound):len(bound)], n.boundIn(i)...)
		}
		if !k.closed(inside) {
			return false
		}
	}
	return true
}

// isBound reports whether a name is one that expressions bind: a small letter and a number, or @.
func isBound(name string) bool {
	if name == "@" {
		return true
	}
	return len(name) > 1 && name[0] >= 'a' && name[0] <= 'z' && name[0] != 'm' && strings.Trim(name[1:], "0123456789") == ""
}

// binds reports whether the names of n may be used in its i-th part.
func (n *node) binds(i int) bool {
	last := i == len(n.kids)-1
	switch n.form {
	case quantifier, choose, filter, mapping, abstraction:
		return last
	case lambda, let:
		return true
	case letFunction:
		return i > 0
	case except:
		return n.isUpdate(i)
	default:
		return false
	}
}

// boundIn lists the names that n binds in its i-th part.
func (n *node) boundIn(i int) []string {
	switch n.form {
	case except:
		return []string{"@"}
	case let:
		if i > 0 {
			return n.names[:1]
		}
		if n.text == "rec" {
			return n.names
		}
		return n.names[1:]
	case letFunction:
		if i == 2 {
			return n.names[:1]
		}
		return n.names
	default:
		return n.names
	}
}

// isUpdate reports whether the i-th part of an EXCEPT is a new value, not the function or an index.
func (n *node) isUpdate(i int) bool {
	at := 1
	for _, name := range n.names {
		switch name {
		case "":
			at++
		case ",":
			if at == i {
				return true
			}
			at++
		}
	}
	return i == len(n.kids)-1
}

// differ compares what two evaluators make of expressions.
type differ struct{ judge, engine evaluator }

// difference is an expression about which they do not agree.
type difference struct {
	expression   *node
	judge, other outcome
}

// class is how two outcomes differ: shrinking must not turn one way into another.
func (d difference) class() string {
	name := func(o outcome) string {
		switch {
		case strings.HasPrefix(o.value, "panic"):
			return "panic"
		case o.failed && strings.HasPrefix(o.err, unreadable):
			return "unreadable"
		case o.failed:
			return "error"
		default:
			return "value"
		}
	}
	return "TLC " + name(d.judge) + ", engine " + name(d.other)
}

// compare evaluates expressions with both and gives the differences.
func (d differ) compare(ctx context.Context, expressions []*node) ([]difference, error) {
	texts := make([]string, len(expressions))
	for i, e := range expressions {
		texts[i] = e.String()
	}
	ours, err := isolated(ctx, d.engine, texts)
	if err != nil {
		return nil, err
	}
	theirs, err := isolated(ctx, d.judge, texts)
	if err != nil {
		return nil, err
	}
	var found []difference
	for i, e := range expressions {
		if !theirs[i].agrees(ours[i]) {
			found = append(found, difference{e, theirs[i], ours[i]})
		}
	}
	return found, nil
}

// shrink makes a difference as small as it can; it tries the smallest candidates first.
func (d differ) shrink(ctx context.Context, from difference) (difference, error) {
	const chunk = 60
	for range 200 {
		next, err := d.step(ctx, from, chunk)
		if err != nil || next == nil {
			return from, err
		}
		from = *next
	}
	return from, nil
}

func (d differ) step(ctx context.Context, from difference, chunk int) (*difference, error) {
	for part := range slices.Chunk(smaller(from.expression), chunk) {
		found, err := d.compare(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if f.class() == from.class() {
				return &f, nil
			}
		}
	}
	return nil, nil
}
