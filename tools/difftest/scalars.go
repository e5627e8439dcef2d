// Productions for booleans, integers, strings and model values.

package main

var booleanProductions = []production{
	{8, (*generator).junction},
	{3, (*generator).negation},
	{3, (*generator).implication},
	{6, (*generator).equation},
	{6, (*generator).membership},
	{3, (*generator).inclusion},
	{6, (*generator).comparison},
	{3, (*generator).otherForm},
	{7, (*generator).quantified},
	{1, (*generator).finite},
	{1, (*generator).infinite},
	{1, (*generator).sameText},
}

func (g *generator) junction(_ *typ, fuel int) *node {
	n := &node{form: junction, text: []string{"/\\", "\\/"}[g.rng.IntN(2)]}
	for range 2 + g.rng.IntN(2) {
		n.kids = append(n.kids, g.expression(booleans, fuel))
	}
	return n
}

func (g *generator) negation(_ *typ, fuel int) *node {
	return &node{form: prefix, text: "~", kids: []*node{g.expression(booleans, fuel)}}
}

func (g *generator) implication(_ *typ, fuel int) *node {
	return op([]string{"=>", "<=>"}[g.rng.IntN(2)], g.expression(booleans, fuel), g.expression(booleans, fuel))
}

func (g *generator) equation(_ *typ, fuel int) *node {
	t := g.someType(2)
	return op([]string{"=", "=", "#", "/="}[g.rng.IntN(4)], g.expression(t, fuel), g.expression(t, fuel))
}

// otherForm compares a function with one that is built another way: a record, a tuple or a sequence.
func (g *generator) otherForm(_ *typ, fuel int) *node {
	elem := g.someType(1)
	var other *typ
	plain := functionFrom(integers, elem, 3)
	switch g.rng.IntN(3) {
	case 0:
		other = sequenceOf(elem, 3)
	case 1:
		other = tupleOf(elem, elem)
	default:
		other = &typ{kind: record, names: fieldNames[:2], items: []*typ{elem, elem}}
		plain = functionFrom(texts, elem, 3)
	}
	a, b := g.expression(plain, fuel), g.expression(other, fuel)
	switch g.rng.IntN(4) {
	case 0:
		return op("\\in", a, &node{form: enumeration, kids: []*node{b, g.expression(other, fuel)}})
	case 1:
		return op("=", b, a)
	default:
		return op([]string{"=", "#"}[g.rng.IntN(2)], a, b)
	}
}

func (g *generator) membership(_ *typ, fuel int) *node {
	t := g.someType(2)
	return op([]string{"\\in", "\\notin"}[g.rng.IntN(2)], g.expression(t, fuel), g.expression(setOf(t, 6), fuel))
}

func (g *generator) inclusion(_ *typ, fuel int) *node {
	t := g.someType(1)
	return op("\\subseteq", g.expression(setOf(t, 4), fuel), g.expression(setOf(t, 6), fuel))
}

func (g *generator) comparison(_ *typ, fuel int) *node {
	symbols := []string{"<", ">", "<=", ">=", "\\leq", "\\prec"}
	return op(symbols[g.rng.IntN(len(symbols))], g.expression(integers, fuel), g.expression(integers, fuel))
}

func (g *generator) quantified(_ *typ, fuel int) *node {
	return g.binder(quantifier, []string{"\\A", "\\E"}[g.rng.IntN(2)], nil, 1+g.rng.IntN(2), 4, fuel, booleans)
}

func (g *generator) finite(_ *typ, fuel int) *node {
	return apply("IsFiniteSet", g.expression(setOf(g.someType(1), 4), fuel))
}

// infinite tests membership in a set that cannot be enumerated.
func (g *generator) infinite(_ *typ, fuel int) *node {
	function := func(a, b *node) *node { return &node{form: functionSet, kids: []*node{a, b}} }
	switch g.rng.IntN(9) {
	case 0:
		return op("\\in", g.expression(integers, fuel), word([]string{"Nat", "Int"}[g.rng.IntN(2)]))
	case 1:
		return op("\\in", g.expression(texts, fuel), word("STRING"))
	case 2:
		return op("\\in", g.expression(sequenceOf(integers, 4), fuel), apply("Seq", word([]string{"Nat", "Int", "(0..2)"}[g.rng.IntN(3)])))
	case 3:
		return op("\\subseteq", g.expression(setOf(integers, 4), fuel), word("Nat"))
	case 4:
		return op("\\in", g.expression(setOf(integers, 4), fuel), &node{form: prefix, text: "SUBSET", kids: []*node{word("Nat")}})
	case 5:
		f := g.expression(functionFrom(integers, integers, 3), fuel)
		return op("\\in", f, function(g.expression(setOf(integers, 3), fuel), word("Nat")))
	case 6:
		r := &node{form: recordSet, names: []string{"fb", "fa"}, kids: []*node{word("Nat"), word("BOOLEAN")}}
		return op("\\in", g.expression(&typ{kind: record, names: r.names, items: []*typ{integers, booleans}}, fuel), r)
	case 7:
		return op("\\in", g.expression(tupleOf(integers, texts), fuel), &node{form: product, kids: []*node{word("Nat"), word("STRING")}})
	default:
		return op("=", op("\\cap", g.expression(setOf(integers, 3), fuel), word("Nat")), g.expression(setOf(integers, 3), fuel))
	}
}

var integerProductions = []production{
	{8, (*generator).arithmetic},
	{2, (*generator).division},
	{1, (*generator).power},
	{2, (*generator).minus},
	{3, (*generator).cardinality},
	{3, (*generator).length},
	{2, (*generator).factorial},
	{1, (*generator).minimum},
}

func (g *generator) arithmetic(_ *typ, fuel int) *node {
	return op([]string{"+", "-", "*", "+", "-", "++"}[g.rng.IntN(6)], g.expression(integers, fuel), g.expression(integers, fuel))
}

func (g *generator) division(_ *typ, fuel int) *node {
	by := g.digit(1, 3)
	if g.risky() {
		by = g.expression(integers, fuel)
	}
	return op([]string{"\\div", "%"}[g.rng.IntN(2)], g.expression(integers, fuel), by)
}

func (g *generator) power(_ *typ, fuel int) *node {
	return op("^", g.expression(integers, fuel), g.digit(0, 3))
}

func (g *generator) minus(_ *typ, fuel int) *node {
	return &node{form: prefix, text: "-", kids: []*node{g.expression(integers, fuel)}}
}

func (g *generator) cardinality(_ *typ, fuel int) *node {
	return apply("Cardinality", g.expression(setOf(g.someType(2), 8), fuel))
}

func (g *generator) length(_ *typ, fuel int) *node {
	if g.rng.IntN(6) == 0 {
		return apply("Len", g.made(fuel))
	}
	return apply("Len", g.expression(sequenceOf(g.someType(1), 4), fuel))
}

func (g *generator) factorial(_ *typ, fuel int) *node {
	return &node{form: index, kids: []*node{word("fact"), g.digit(0, 5)}}
}

func (g *generator) minimum(_ *typ, fuel int) *node {
	s := g.expression(setOf(integers, 4), fuel)
	if !g.risky() {
		s = op("\\cup", s, &node{form: enumeration, kids: []*node{g.digit(0, 4)}})
	}
	return apply("Min", s)
}

var textProductions = []production{{1, (*generator).literalOnly}}

// made is a string that no module mentions. It is only compared and measured, never put into a set: strings are ordered
// by who came first, and with which of two new ones evaluation comes first is nobody's promise.
func (g *generator) made(fuel int) *node {
	if g.rng.IntN(3) == 0 {
		return apply("ToString", g.expression(g.someType(0), fuel))
	}
	return op("\\o", g.expression(texts, fuel), g.expression(texts, fuel))
}

func (g *generator) sameText(_ *typ, fuel int) *node { return op("=", g.made(fuel), g.made(fuel)) }

func (g *generator) literalOnly(t *typ, _ int) *node { return g.literal(t) }

var modelProductions = []production{{1, (*generator).literalOnly}}
