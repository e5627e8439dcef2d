// Productions that serve every type: choices, definitions, parts of larger values.

package main

// anyType are the productions that give an expression of any type. They and the others are set up in init because they
// refer to each other through the generator.
var anyType []production

// productions are those of one kind of type.
var productions [function + 1][]production

func init() {
	anyType = []production{
		{6, (*generator).conditional},
		{3, (*generator).cases},
		{5, (*generator).letValue},
		{4, (*generator).letOperator},
		{2, (*generator).recursion},
		{2, (*generator).letFunction},
		{4, (*generator).choose},
		{4, (*generator).applied},
		{3, (*generator).itemOf},
		{3, (*generator).fieldOf},
		{3, (*generator).elementOf},
		{3, (*generator).called},
		{3, (*generator).higherOrder},
		{3, (*generator).inInstance},
		{1, (*generator).wrapped},
	}
	productions = [function + 1][]production{
		boolean: booleanProductions, integer: integerProductions, text: textProductions, model: modelProductions,
		set: setProductions, sequence: sequenceProductions, tuple: tupleProductions, record: recordProductions,
		function: functionProductions,
	}
}

func (g *generator) conditional(t *typ, fuel int) *node {
	return &node{form: conditional, kids: []*node{g.expression(booleans, fuel), g.expression(t, fuel), g.expression(t, fuel)}}
}

func (g *generator) cases(t *typ, fuel int) *node {
	n := &node{form: cases}
	for range 1 + g.rng.IntN(2) {
		n.kids = append(n.kids, g.expression(booleans, fuel), g.expression(t, fuel))
	}
	if !g.risky() {
		n.kids = append(n.kids, g.expression(t, fuel))
	}
	return n
}

func (g *generator) letValue(t *typ, fuel int) *node {
	defined := binding{name: g.fresh("d"), typ: g.someType(2)}
	n := &node{form: let, names: []string{defined.name}, kids: []*node{g.expression(defined.typ, fuel)}}
	n.kids = append(n.kids, g.with([]binding{defined}, func() *node { return g.expression(t, fuel) }))
	return n
}

func (g *generator) letOperator(t *typ, fuel int) *node {
	defined := binding{name: g.fresh("f"), typ: g.someType(1)}
	if g.rng.IntN(2) == 0 {
		defined.typ = t
	}
	n := &node{form: let, names: []string{defined.name}}
	var params []binding
	for i := range 1 + g.rng.IntN(2) {
		p := binding{name: g.nameAfter("p", i+1), typ: g.someType(1)}
		params = append(params, p)
		defined.params = append(defined.params, p.typ)
		n.names = append(n.names, p.name)
	}
	n.kids = []*node{g.with(params, func() *node { return g.expression(defined.typ, fuel) })}
	n.kids = append(n.kids, g.with([]binding{defined}, func() *node { return g.expression(t, fuel) }))
	return n
}

// recursion defines F(i) by F(i - 1) and calls it with a small number.
func (g *generator) recursion(t *typ, fuel int) *node {
	name, param := g.fresh("r"), binding{name: g.nameAfter("i", 1), typ: integers}
	again := binding{name: g.nameAfter("q", 2), typ: t}
	n := &node{form: let, text: "rec", names: []string{name, param.name}}
	n.kids = []*node{g.with([]binding{param}, func() *node {
		base := g.expression(t, fuel-1)
		step := &node{form: let, names: []string{again.name}, kids: []*node{apply(name, op("-", word(param.name), word("1")))}}
		step.kids = append(step.kids, g.with([]binding{again}, func() *node { return g.expression(t, fuel) }))
		return &node{form: conditional, kids: []*node{op("<=", word(param.name), word("0")), base, step}}
	})}
	n.kids = append(n.kids, apply(name, g.digit(0, 3)))
	return n
}

// letFunction defines f[i \in 0..3] by f[i - 1].
func (g *generator) letFunction(t *typ, fuel int) *node {
	name, param := g.fresh("h"), binding{name: g.nameAfter("i", 1), typ: integers}
	n := &node{form: letFunction, names: []string{name, param.name}, kids: []*node{op("..", word("0"), word("3"))}}
	n.kids = append(n.kids, g.with([]binding{param}, func() *node {
		before := &node{form: index, kids: []*node{word(name), op("-", word(param.name), word("1"))}}
		again := binding{name: g.nameAfter("q", 1), typ: t}
		step := &node{form: let, names: []string{again.name}, kids: []*node{before}}
		step.kids = append(step.kids, g.with([]binding{again}, func() *node { return g.expression(t, fuel) }))
		return &node{form: conditional, kids: []*node{op("=", word(param.name), word("0")), g.expression(t, fuel-1), step}}
	}))
	n.kids = append(n.kids, g.with([]binding{{name: name, typ: functionFrom(integers, t, 4)}}, func() *node {
		return &node{form: index, kids: []*node{word(name), g.digit(0, 3)}}
	}))
	return n
}

// choose is CHOOSE, mostly from a set that holds something that satisfies the predicate.
func (g *generator) choose(t *typ, fuel int) *node {
	n := g.binder(choose, "", t, 1, 6, fuel, booleans)
	if g.risky() {
		return n
	}
	set, body := n.kids[0], n.kids[1]
	n.kids[0] = op("\\cup", set, &node{form: enumeration, kids: []*node{g.literal(t)}})
	if g.rng.IntN(2) == 0 {
		n.kids[1] = word("TRUE")
	} else if n.sizes[0] > 0 {
		none := &node{form: quantifier, text: "\\A", sizes: n.sizes, names: n.names, kids: []*node{n.kids[0], {form: prefix, text: "~", kids: []*node{body}}}}
		name := g.unique()
		n.kids[1] = &node{form: junction, text: "\\/", kids: []*node{body, apply(name)}}
		return &node{form: let, names: []string{name}, kids: []*node{none, n}}
	}
	return n
}

// applied is f[x] with a function, mostly one whose domain holds x.
func (g *generator) applied(t *typ, fuel int) *node {
	dom := g.someType(0)
	f, x := g.expression(functionFrom(dom, t, 3), fuel), g.expression(dom, fuel-1)
	at := func(f *node) *node { return &node{form: index, kids: []*node{f, x}} }
	if g.risky() {
		return at(f)
	}
	return g.guarded(f, t, func(v *node) *node { return op("\\in", x, &node{form: prefix, text: "DOMAIN", kids: []*node{v}}) }, at)
}

func (g *generator) itemOf(t *typ, fuel int) *node {
	items := []*typ{g.someType(0), g.someType(0)}
	at := g.rng.IntN(3)
	items = append(items[:at:at], append([]*typ{t}, items[at:]...)...)
	return &node{form: index, kids: []*node{g.expression(tupleOf(items...), fuel), word([]string{"1", "2", "3"}[at])}}
}

func (g *generator) fieldOf(t *typ, fuel int) *node {
	r := &typ{kind: record, names: fieldNames, items: make([]*typ, len(fieldNames))}
	at := g.rng.IntN(len(fieldNames))
	for i := range r.items {
		r.items[i] = g.someType(0)
	}
	r.items[at] = t
	rec := g.expression(r, fuel)
	if g.rng.IntN(4) == 0 {
		return &node{form: index, kids: []*node{rec, word(`"` + fieldNames[at] + `"`)}}
	}
	return &node{form: dot, text: fieldNames[at], kids: []*node{rec}}
}

func (g *generator) elementOf(t *typ, fuel int) *node {
	s := g.expression(sequenceOf(t, 4), fuel)
	head := func(s *node) *node { return apply("Head", s) }
	if g.rng.IntN(2) == 0 {
		at := g.digit(1, 2)
		head = func(s *node) *node { return &node{form: index, kids: []*node{s, at}} }
	}
	if g.risky() {
		return head(s)
	}
	return g.guarded(s, t, func(v *node) *node { return op(">=", apply("Len", v), g.digit(2, 2)) }, head)
}

// called applies an operator in scope.
func (g *generator) called(t *typ, fuel int) *node {
	for _, b := range g.scope {
		if len(b.params) > 0 && b.typ.fits(t) && g.rng.IntN(2) == 0 {
			n := apply(b.name)
			for _, p := range b.params {
				n.kids = append(n.kids, g.expression(p, fuel))
			}
			return n
		}
	}
	return nil
}

// higherOrder passes an operator to one of the prelude's.
func (g *generator) higherOrder(t *typ, fuel int) *node {
	switch other := g.someType(1); g.rng.IntN(4) {
	case 0:
		return apply("Apply1", g.lambda([]*typ{other}, t, fuel), g.expression(other, fuel))
	case 1:
		return apply("Twice", g.lambda([]*typ{t}, t, fuel), g.expression(t, fuel))
	case 2:
		return apply("FoldSeq", g.lambda([]*typ{other, t}, t, fuel), g.expression(t, fuel), g.expression(sequenceOf(other, 3), fuel))
	default:
		return apply("FoldSet", g.lambda([]*typ{other, t}, t, fuel), g.expression(t, fuel), g.expression(setOf(other, 3), fuel))
	}
}

func (g *generator) wrapped(t *typ, fuel int) *node { return apply("TLCEval", g.expression(t, fuel)) }

// inInstance uses a definition of an instance: with parameters of which one is an operator, with operators put in the place of its
// constants, or with another instance in them.
func (g *generator) inInstance(t *typ, fuel int) *node {
	shaped := func(definition string, a, operator *node, arguments ...*node) *node {
		return &node{form: within, text: "Shaped!" + definition, sizes: []int{2}, kids: append([]*node{a, operator}, arguments...)}
	}
	at := func(sequence *node, last int) *node {
		return &node{form: index, kids: []*node{sequence, g.digit(0, last)}}
	}
	a, other := g.someType(1), g.someType(1)
	switch g.rng.IntN(6) {
	case 0:
		return at(shaped("Chain", g.expression(t, fuel), g.lambda([]*typ{t}, t, fuel)), 2)
	case 1:
		return shaped("After", g.expression(a, fuel), g.lambda([]*typ{a}, other, fuel), g.lambda([]*typ{other}, t, fuel), g.expression(a, fuel))
	case 2:
		if t.kind == set {
			return shaped("Image", g.expression(a, fuel), g.lambda([]*typ{a}, t.elem, fuel), g.expression(setOf(a, t.max), fuel))
		}
	case 3:
		if t.kind == sequence && t.max >= 3 {
			return shaped("Pair", g.expression(t.elem, fuel), g.lambda([]*typ{t.elem}, t.elem, fuel))
		}
	case 4:
		if t.kind == integer {
			return at(word("Fixed!Chain"), 2)
		}
	default:
		if t.kind == integer {
			return at(&node{form: within, text: "Again!Chain", sizes: []int{1}, kids: []*node{g.digit(0, 2)}}, 2)
		}
	}
	return nil
}
