// Random expressions of a given type.

package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// generator draws expressions. The same seed gives the same ones.
type generator struct {
	rng   *rand.Rand
	wrong float64 // how likely an expression of another type is put in the place of a fitting one
	risk  float64 // how likely a partial operator is applied without a guard: s[i], Head(s), a \div b, CHOOSE
	scope []binding
	names int // how many names were made that are unique in the whole expression
}

// binding is a name in scope: a value of type typ, or an operator that takes params and gives typ.
type binding struct {
	name   string
	typ    *typ
	params []*typ
}

// production draws an expression of type t whose parts have the given fuel; nil where it does not apply.
type production struct {
	weight int
	draw   func(g *generator, t *typ, fuel int) *node
}

// expression draws an expression of type t. Fuel bounds its depth.
func (g *generator) expression(t *typ, fuel int) *node {
	if g.rng.Float64() < g.wrong {
		t = randomType(g.rng, 1)
	}
	n := g.draw(t, fuel)
	n.layout = uint8(g.rng.IntN(4))
	n.ofType = t
	return n
}

func (g *generator) draw(t *typ, fuel int) *node {
	if fuel <= 0 {
		return g.leaf(t)
	}
	own := productions[t.kind]
	for range 4 {
		list := own
		if g.rng.IntN(3) == 0 {
			list = anyType
		}
		if n := g.pick(list).draw(g, t, fuel-1); n != nil {
			return n
		}
	}
	return g.leaf(t)
}

func (g *generator) pick(list []production) production {
	total := 0
	for _, p := range list {
		total += p.weight
	}
	at := g.rng.IntN(total)
	for _, p := range list {
		if at -= p.weight; at < 0 {
			return p
		}
	}
	panic("the weights of productions add up")
}

// leaf draws a name in scope or a literal.
func (g *generator) leaf(t *typ) *node {
	if g.rng.IntN(4) > 0 {
		if n := g.variable(t); n != nil {
			return n
		}
	}
	return g.literal(t)
}

// variable draws a name in scope that has a fitting type; nil where there is none.
func (g *generator) variable(t *typ) *node {
	var fitting []string
	seenAt := false
	for i := len(g.scope) - 1; i >= 0; i-- {
		b := g.scope[i]
		hidden := b.name == "@" && seenAt // by the @ of an inner EXCEPT
		seenAt = seenAt || b.name == "@"
		if b.params == nil && b.typ.fits(t) && !hidden {
			fitting = append(fitting, b.name)
		}
	}
	if len(fitting) == 0 {
		return nil
	}
	return word(fitting[g.rng.IntN(len(fitting))])
}

// someType draws a type of at most the given depth, often one that a name in scope has.
func (g *generator) someType(depth int) *typ {
	if len(g.scope) > 0 && g.rng.IntN(2) == 0 {
		if b := g.scope[g.rng.IntN(len(g.scope))]; b.params == nil {
			return b.typ
		}
	}
	return randomType(g.rng, depth)
}

func word(s string) *node { return &node{form: atom, text: s} }

// literal draws a value that is written out.
func (g *generator) literal(t *typ) *node {
	switch t.kind {
	case boolean:
		return word([]string{"TRUE", "FALSE"}[g.rng.IntN(2)])
	case integer:
		return g.number()
	case text:
		return word([]string{`"sb"`, `"sa"`, `"sc"`, `"fa"`, `""`}[g.rng.IntN(5)])
	case model:
		return word([]string{"m1", "m2", "m3"}[g.rng.IntN(3)])
	case set:
		return &node{form: enumeration, kids: g.literals(t.elem, t.max)}
	case sequence:
		return &node{form: sequenceOfE, kids: g.literals(t.elem, t.max)}
	case tuple, record:
		n := &node{form: sequenceOfE, names: t.names}
		if t.kind == record {
			n.form = recordOf
		}
		for _, item := range t.items {
			n.kids = append(n.kids, g.leaf(item))
		}
		return n
	default:
		return g.functionLiteral(t)
	}
}

func (g *generator) literals(t *typ, max int) []*node {
	kids := make([]*node, g.rng.IntN(min(max, 3)+1))
	for i := range kids {
		kids[i] = g.leaf(t)
	}
	return kids
}

func (g *generator) number() *node {
	n := g.rng.IntN(5)
	switch g.rng.IntN(160) {
	case 0:
		n = 2147483647 - g.rng.IntN(2)
	case 1:
		n = 46341 // the least whose square is too large
	case 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13:
		return &node{form: prefix, text: "-", kids: []*node{word(strconv.Itoa(n + 1))}}
	}
	return word(strconv.Itoa(n))
}

// functionLiteral writes a function as (x :> a @@ y :> b), never an empty one.
func (g *generator) functionLiteral(t *typ) *node {
	n := op(":>", g.leaf(t.dom), g.leaf(t.elem))
	for range g.rng.IntN(max(t.max, 1)) {
		n = op("@@", n, op(":>", g.leaf(t.dom), g.leaf(t.elem)))
	}
	return n
}

// digit is a small number written out.
func (g *generator) digit(low, high int) *node {
	return word(strconv.Itoa(low + g.rng.IntN(high-low+1)))
}

// risky reports whether a partial operator is to be applied without a guard.
func (g *generator) risky() bool { return g.rng.Float64() < g.risk }

// guarded is LET v == defined IN IF test(v) THEN use(v) ELSE a literal of type t.
func (g *generator) guarded(defined *node, t *typ, test, use func(v *node) *node) *node {
	name := g.unique()
	branch := &node{form: conditional, kids: []*node{test(word(name)), use(word(name)), g.literal(t)}}
	return &node{form: let, names: []string{name}, kids: []*node{defined, branch}}
}

func op(symbol string, a, b *node) *node {
	return &node{form: infix, text: symbol, kids: []*node{a, b}}
}

func apply(name string, args ...*node) *node { return &node{form: call, text: name, kids: args} }

// fresh is a name that nothing in scope has.
func (g *generator) fresh(prefix string) string { return fmt.Sprintf("%s%d", prefix, len(g.scope)+1) }

// unique is a name that stands nowhere else in the expression, for definitions around parts drawn before.
func (g *generator) unique() string {
	g.names++
	return fmt.Sprintf("v%d", g.names)
}

// with draws a part of an expression inside of which names are bound.
func (g *generator) with(names []binding, draw func() *node) *node {
	before := g.scope
	g.scope = append(before[:len(before):len(before)], names...)
	n := draw()
	g.scope = before
	return n
}

// bind draws up to count bounds and gives the names that they bind; n receives them. With dom, the only bound is over
// values of that type.
func (g *generator) bind(n *node, dom *typ, count, max, fuel int) []binding {
	var bound []binding
	for range count {
		elem := dom
		if elem == nil {
			elem = g.someType(1)
		}
		n.kids = append(n.kids, g.expression(setOf(elem, max), fuel))
		if elem.kind == tuple && g.rng.IntN(2) == 0 {
			n.sizes = append(n.sizes, -len(elem.items))
			for _, item := range elem.items {
				bound = append(bound, binding{name: g.nameAfter("t", len(bound)), typ: item})
			}
			continue
		}
		size := 1
		if dom == nil && g.rng.IntN(6) == 0 {
			size = 2
		}
		n.sizes = append(n.sizes, size)
		for range size {
			bound = append(bound, binding{name: g.nameAfter("x", len(bound)), typ: elem})
		}
	}
	for _, b := range bound {
		n.names = append(n.names, b.name)
	}
	return bound
}

func (g *generator) nameAfter(prefix string, more int) string {
	return fmt.Sprintf("%s%d", prefix, len(g.scope)+more+1)
}

// binder completes a form that binds names: bounds first, then the body under them.
func (g *generator) binder(f form, symbol string, dom *typ, count, max, fuel int, body *typ) *node {
	n := &node{form: f, text: symbol}
	bound := g.bind(n, dom, count, max, fuel)
	n.kids = append(n.kids, g.with(bound, func() *node { return g.expression(body, fuel) }))
	return n
}

// lambda draws an operator to be passed as an argument: a LAMBDA, or one in scope with the same parameters.
func (g *generator) lambda(params []*typ, result *typ, fuel int) *node {
	if g.rng.IntN(3) == 0 {
		for _, b := range g.scope {
			if sameParams(b.params, params) && b.typ.fits(result) {
				return word(b.name)
			}
		}
	}
	var bound []binding
	n := &node{form: lambda}
	for i, p := range params {
		bound = append(bound, binding{name: g.nameAfter("l", i), typ: p})
		n.names = append(n.names, bound[i].name)
	}
	n.kids = []*node{g.with(bound, func() *node { return g.expression(result, fuel) })}
	return n
}

func sameParams(a, b []*typ) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if !a[i].fits(b[i]) || !b[i].fits(a[i]) {
			return false
		}
	}
	return true
}
