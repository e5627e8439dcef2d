// Productions for sets, sequences, tuples, records and functions.

package main

var setProductions = []production{
	{6, (*generator).enumerated},
	{4, (*generator).interval},
	{7, (*generator).union},
	{6, (*generator).filtered},
	{6, (*generator).mapped},
	{6, (*generator).constructed},
	{3, (*generator).bigUnion},
	{3, (*generator).domainOf},
	{3, (*generator).rangeOf},
	{1, (*generator).namedSet},
}

func (g *generator) some(t *typ, most, fuel int) []*node {
	kids := make([]*node, g.rng.IntN(min(most, 4)+1))
	for i := range kids {
		kids[i] = g.expression(t, fuel)
	}
	return kids
}

func (g *generator) enumerated(t *typ, fuel int) *node {
	return &node{form: enumeration, kids: g.some(t.elem, t.max, fuel)}
}

func (g *generator) interval(t *typ, fuel int) *node {
	if t.elem.kind != integer || t.max < 2 {
		return nil
	}
	low := g.rng.IntN(4) - 1
	n := op("..", word([]string{"-1", "0", "1", "2"}[low+1]), word([]string{"0", "1", "2"}[g.rng.IntN(2)]))
	if t.max >= 3 && low >= 0 {
		n.kids[1] = word([]string{"0", "1", "2", "3"}[min(g.rng.IntN(4), low+t.max-1)])
	}
	return n
}

func (g *generator) union(t *typ, fuel int) *node {
	small := setOf(t.elem, (t.max+1)/2)
	switch g.rng.IntN(3) {
	case 0:
		return op("\\cup", g.expression(small, fuel), g.expression(setOf(t.elem, t.max-small.max), fuel))
	case 1:
		return op("\\cap", g.expression(t, fuel), g.expression(setOf(t.elem, 6), fuel))
	default:
		return op("\\", g.expression(t, fuel), g.expression(setOf(t.elem, 6), fuel))
	}
}

func (g *generator) filtered(t *typ, fuel int) *node {
	return g.binder(filter, "", t.elem, 1, t.max, fuel, booleans)
}

func (g *generator) mapped(t *typ, fuel int) *node {
	if t.max >= 4 && g.rng.IntN(3) == 0 {
		return g.binder(mapping, "", nil, 2, 2, fuel, t.elem)
	}
	return g.binder(mapping, "", g.someType(1), 1, t.max, fuel, t.elem)
}

// constructed uses the constructor of sets that the elements' type has: SUBSET, [S -> T], [a : S], S \X T.
func (g *generator) constructed(t *typ, fuel int) *node {
	if t.max < 2 {
		return nil
	}
	side := 1
	switch e := t.elem; e.kind {
	case boolean:
		return word("BOOLEAN")
	case set:
		for 1<<(side+1) <= t.max {
			side++
		}
		side = min(side, e.max)
		return &node{form: prefix, text: "SUBSET", kids: []*node{g.expression(setOf(e.elem, side), fuel)}}
	case function:
		dom, rng := setOf(e.dom, min(2, e.max)), setOf(e.elem, 2)
		if t.max < 4 {
			dom.max, rng.max = 1, t.max
		}
		return &node{form: functionSet, kids: []*node{g.expression(dom, fuel), g.expression(rng, fuel)}}
	case tuple, record:
		n := &node{form: product, names: e.names}
		if e.kind == record {
			n.form = recordSet
		} else if len(e.items) == 1 {
			return nil
		}
		left := t.max
		for _, item := range e.items {
			n.kids = append(n.kids, g.expression(setOf(item, min(left, 2)), fuel))
			left = max(1, left/2)
		}
		return n
	default:
		return nil
	}
}

func (g *generator) bigUnion(t *typ, fuel int) *node {
	if t.max < 2 {
		return nil
	}
	return &node{form: prefix, text: "UNION", kids: []*node{g.expression(setOf(setOf(t.elem, t.max/2), 2), fuel)}}
}

func (g *generator) domainOf(t *typ, fuel int) *node {
	if t.max < 1 {
		return nil // a function that is written out has an argument at least
	}
	f := functionFrom(t.elem, g.someType(1), min(3, t.max))
	if t.elem.kind == integer && g.rng.IntN(2) == 0 {
		f = sequenceOf(g.someType(1), t.max)
	} else if t.elem.kind == text && g.rng.IntN(2) == 0 {
		f = randomRecord(g.rng, 1)
	}
	return &node{form: prefix, text: "DOMAIN", kids: []*node{g.expression(f, fuel)}}
}

func (g *generator) rangeOf(t *typ, fuel int) *node {
	if g.rng.IntN(2) == 0 {
		return apply("Range", g.expression(sequenceOf(t.elem, t.max), fuel))
	}
	return apply("Range", g.expression(functionFrom(g.someType(0), t.elem, min(t.max, 3)), fuel))
}

func (g *generator) namedSet(t *typ, fuel int) *node {
	switch {
	case t.elem.kind == model && t.max >= 3:
		return word("Models")
	case t.elem.kind == function && t.max >= 6 && t.elem.dom.kind == t.elem.elem.kind && t.elem.max >= 3:
		return apply("Permutations", g.expression(setOf(t.elem.dom, 3), fuel))
	default:
		return nil
	}
}

var sequenceProductions = []production{
	{5, (*generator).listed},
	{4, (*generator).appended},
	{5, (*generator).joined},
	{2, (*generator).tail},
	{3, (*generator).subsequence},
	{3, (*generator).selected},
	{2, (*generator).sorted},
	{4, (*generator).tabulated},
	{3, (*generator).replacedItem},
}

func (g *generator) listed(t *typ, fuel int) *node {
	return &node{form: sequenceOfE, kids: g.some(t.elem, t.max, fuel)}
}

func (g *generator) appended(t *typ, fuel int) *node {
	if t.max < 2 {
		return nil
	}
	return apply("Append", g.expression(sequenceOf(t.elem, t.max-1), fuel), g.expression(t.elem, fuel))
}

func (g *generator) joined(t *typ, fuel int) *node {
	half := sequenceOf(t.elem, (t.max+1)/2)
	return op("\\o", g.expression(half, fuel), g.expression(sequenceOf(t.elem, t.max-half.max), fuel))
}

func (g *generator) tail(t *typ, fuel int) *node {
	s := g.expression(t, fuel)
	if !g.risky() {
		s = apply("Append", s, g.expression(t.elem, fuel-1))
	}
	return apply("Tail", s)
}

func (g *generator) subsequence(t *typ, fuel int) *node {
	s := g.expression(t, fuel)
	if g.risky() {
		return apply("SubSeq", s, g.expression(integers, fuel-1), g.expression(integers, fuel-1))
	}
	low, less := g.digit(1, 3), g.digit(0, 2)
	name := g.unique()
	n := &node{form: let, names: []string{name}, kids: []*node{s}}
	n.kids = append(n.kids, apply("SubSeq", word(name), low, op("-", apply("Len", word(name)), less)))
	return n
}

func (g *generator) selected(t *typ, fuel int) *node {
	return apply("SelectSeq", g.expression(t, fuel), g.lambda([]*typ{t.elem}, booleans, fuel))
}

func (g *generator) sorted(t *typ, fuel int) *node {
	if t.elem.kind != integer {
		return nil
	}
	less := &node{form: lambda, names: []string{g.nameAfter("l", 0), g.nameAfter("l", 1)}}
	less.kids = []*node{op([]string{"<", ">"}[g.rng.IntN(2)], word(less.names[0]), word(less.names[1]))}
	return apply("SortSeq", g.expression(t, fuel), less)
}

func (g *generator) tabulated(t *typ, fuel int) *node {
	n := &node{form: abstraction, sizes: []int{1}, names: []string{g.fresh("x")}}
	n.kids = []*node{op("..", word("1"), word([]string{"0", "1", "2", "3"}[g.rng.IntN(min(t.max, 3)+1)]))}
	n.kids = append(n.kids, g.with([]binding{{name: n.names[0], typ: integers}}, func() *node { return g.expression(t.elem, fuel) }))
	return n
}

func (g *generator) replacedItem(t *typ, fuel int) *node {
	return g.except(t, integers, t.elem, "", fuel)
}

var tupleProductions = []production{
	{5, (*generator).assembled},
	{2, (*generator).replacedComponent},
}

// assembled is a tuple or record with each part written out.
func (g *generator) assembled(t *typ, fuel int) *node {
	n := &node{form: sequenceOfE, names: t.names}
	if t.kind == record {
		n.form = recordOf
	}
	for _, item := range t.items {
		n.kids = append(n.kids, g.expression(item, fuel))
	}
	return n
}

func (g *generator) replacedComponent(t *typ, fuel int) *node {
	at := g.rng.IntN(len(t.items))
	n := g.except(t, integers, t.items[at], "", fuel)
	n.kids[1] = word([]string{"1", "2", "3"}[at])
	return n
}

var recordProductions = []production{
	{5, (*generator).assembled},
	{4, (*generator).replacedField},
}

func (g *generator) replacedField(t *typ, fuel int) *node {
	at := g.rng.IntN(len(t.items))
	return g.except(t, nil, t.items[at], t.names[at], fuel)
}

var functionProductions = []production{
	{7, (*generator).abstracted},
	{5, (*generator).replacedValue},
	{3, (*generator).merged},
	{2, (*generator).functionOnly},
}

func (g *generator) abstracted(t *typ, fuel int) *node {
	return g.binder(abstraction, "", t.dom, 1, t.max, fuel, t.elem)
}

func (g *generator) replacedValue(t *typ, fuel int) *node {
	return g.except(t, t.dom, t.elem, "", fuel)
}

func (g *generator) merged(t *typ, fuel int) *node {
	if t.max < 2 {
		return nil
	}
	half := functionFrom(t.dom, t.elem, t.max/2)
	return op("@@", g.expression(half, fuel), g.expression(half, fuel))
}

func (g *generator) functionOnly(t *typ, fuel int) *node {
	return op(":>", g.expression(t.dom, fuel), g.expression(t.elem, fuel))
}

// except replaces one or two values of a structure; field is a record's, else an index of type at is drawn.
func (g *generator) except(t, at, value *typ, field string, fuel int) *node {
	n := &node{form: except, kids: []*node{g.expression(t, fuel)}}
	updates := 1
	if field == "" && t.kind != tuple {
		updates += g.rng.IntN(2)
	}
	for i := range updates {
		if i > 0 {
			n.names = append(n.names, ",")
		}
		n.names = append(n.names, field)
		if field == "" {
			n.kids = append(n.kids, g.expression(at, fuel))
		}
		n.kids = append(n.kids, g.underAt(value, func() *node { return g.expression(value, fuel) }))
	}
	return n
}

// underAt draws the value of an update, in which @ stands for the old one.
func (g *generator) underAt(t *typ, draw func() *node) *node {
	return g.with([]binding{{name: "@", typ: t}}, draw)
}
