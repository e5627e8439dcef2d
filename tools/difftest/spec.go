// Random small specifications.

package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// spec is a specification of a few variables with few values, so that its states are few.
type spec struct {
	variables   []variable
	actions     []definition // called by next and by each other, earlier ones by later ones
	init, next  *node
	invariants  []*node
	constraints []*node
	steps       []*node // action constraints
	properties  []property
	fairness    []string // WF_vars(Next), SF_vars(Act1), ..
	view        *node    // nil is none
	symmetric   bool
	noDeadlock  bool
}

// definition is an operator of a specification.
type definition struct {
	name   string
	params []binding
	body   *node
}

// property is a temporal formula: a pattern with P and Q for the predicates.
type property struct {
	pattern string
	parts   []*node
}

// variable is a state variable. Its values are those of the set written in values.
type variable struct {
	name   string
	typ    *typ
	values string
	// limit turns an expression of the variable's type into one that has the variable's values.
	limit func(n *node) *node
}

func remainder(by string) func(*node) *node {
	return func(n *node) *node { return op("%", n, word(by)) }
}

func asIs(n *node) *node { return n }

var catalog = []variable{
	{"n", integers, "0..2", remainder("3")},
	{"k", integers, "0..1", remainder("2")},
	{"b", booleans, "BOOLEAN", asIs},
	{"mv", models, "Models", asIs},
	{"s", setOf(integers, 3), "SUBSET (0..2)", func(n *node) *node { return op("\\cap", n, op("..", word("0"), word("2"))) }},
	{"q", sequenceOf(booleans, 2), "{<<>>, <<TRUE>>, <<FALSE>>} \\cup (BOOLEAN \\X BOOLEAN)", asIs},
	{"f", functionFrom(models, booleans, 3), "[Models -> BOOLEAN]", asIs},
	{"r", &typ{kind: record, names: []string{"fb", "fa"}, items: []*typ{booleans, models}}, "[fb : BOOLEAN, fa : Models]", asIs},
}

// randomSpec draws the i-th specification of a seed.
func randomSpec(seed uint64, i int) *spec {
	rng := rand.New(rand.NewPCG(seed, 1<<40+uint64(i)))
	g := &generator{rng: rng, risk: []float64{0, 0, 0, 0.03}[rng.IntN(4)], wrong: []float64{0, 0, 0, 0, 0.002}[rng.IntN(5)]}
	s := &spec{noDeadlock: rng.IntN(2) == 0}
	for _, at := range rng.Perm(len(catalog))[:1+rng.IntN(3)] {
		s.variables = append(s.variables, catalog[at])
	}
	s.init = g.initial(s.variables)
	for _, v := range s.variables {
		g.scope = append(g.scope, binding{name: v.name, typ: v.typ})
	}
	for i := range rng.IntN(3) {
		s.actions = append(s.actions, g.action(s, fmt.Sprintf("Act%d", i+1)))
	}
	s.next = g.nextState(s, s.variables, 3)
	s.addChecks(g)
	return s
}

// addChecks draws what is to be checked of a specification.
func (s *spec) addChecks(g *generator) {
	for range g.rng.IntN(3) {
		s.invariants = append(s.invariants, g.invariant(s))
	}
	if g.rng.IntN(4) == 0 {
		s.constraints = append(s.constraints, g.about(s))
	}
	if g.rng.IntN(5) == 0 {
		s.steps = append(s.steps, g.aboutStep(s))
	}
	switch g.rng.IntN(12) {
	case 0:
		s.view = &node{form: sequenceOfE, kids: []*node{word(s.variables[0].name), g.expression(s.variables[g.rng.IntN(len(s.variables))].typ, 1)}}
		return // which of the states that look the same is met first decides on temporal properties
	case 1:
		s.symmetric = true
		return
	}
	if g.rng.IntN(3) == 0 && s.reads(s.next) {
		s.addTemporal(g)
	}
}

// patterns are those of temporal properties. P and Q are predicates, N the next-state relation, Q' is Q in the next state.
var patterns = []string{"[](P)", "<>(P)", "[]<>(P)", "<>[](P)", "(P) ~> (Q)", "[][P]_vars", "<>(P) => <>(Q)", "[]<>(P) \\/ <>[](Q)",
	"[][(P) => (Q)']_vars", "[](ENABLED N => (P))", "[]<>(<<N>>_vars)", "<>[](~ENABLED <<N>>_vars)", "[]((P) => <>(Q))", "[]<>(P) => []<>(Q)",
	"WF_vars(N)", "SF_vars(N /\\ (P))", "~<>(P)", "<>[][(P)']_vars", "(P) ~> []((P) \\/ (Q))"}

func (s *spec) addTemporal(g *generator) {
	for range g.rng.IntN(3) {
		of := "Next"
		if d := g.rng.IntN(len(s.actions) + 1); d > 0 && len(s.actions[d-1].params) == 0 {
			of = s.actions[d-1].name
		}
		s.fairness = append(s.fairness, []string{"WF", "SF"}[g.rng.IntN(2)]+"_vars("+of+")")
	}
	p := property{pattern: patterns[g.rng.IntN(len(patterns))]}
	for range 2 {
		p.parts = append(p.parts, g.about(s))
	}
	s.properties = append(s.properties, p)
}

// aboutStep draws a predicate of a step that mentions a variable's next value.
func (g *generator) aboutStep(s *spec) *node {
	before := g.scope
	for _, v := range s.variables {
		g.scope = append(g.scope[:len(g.scope):len(g.scope)], binding{name: v.name + "'", typ: v.typ})
	}
	defer func() { g.scope = before }()
	v := s.variables[g.rng.IntN(len(s.variables))]
	changes := op("#", word(v.name+"'"), word(v.name))
	return &node{form: junction, text: []string{"/\\", "\\/"}[g.rng.IntN(2)], kids: []*node{changes, g.expression(booleans, 2)}}
}

// invariant draws one that may hold: one that only excludes a value or two, or that types are right.
func (g *generator) invariant(s *spec) *node {
	v := s.variables[g.rng.IntN(len(s.variables))]
	typed := op("\\in", word(v.name), word("("+v.values+")"))
	switch g.rng.IntN(3) {
	case 0:
		return typed
	case 1:
		return g.about(s)
	default:
		not := &node{form: prefix, text: "~", kids: []*node{op("=", word(v.name), g.expression(v.typ, 1))}}
		return &node{form: junction, text: "\\/", kids: []*node{not, g.expression(booleans, 1)}}
	}
}

// about draws a predicate that mentions a variable. TLC refuses invariants and constraints that are constantly false, and
// its liveness checker takes constants wrongly: it finds <>TRUE => <>TRUE violated.
func (g *generator) about(s *spec) *node {
	for {
		if n := g.expression(booleans, 2); s.reads(n) {
			return n
		}
	}
}

// reads reports whether an expression mentions a variable.
func (s *spec) reads(n *node) bool {
	found := false
	n.each(func(part *node, _ func(*node) *node) {
		for _, v := range s.variables {
			found = found || part.form == atom && strings.TrimSuffix(part.text, "'") == v.name
		}
	})
	return found
}

// initial draws an initial predicate.
func (g *generator) initial(variables []variable) *node {
	all := &node{form: junction, text: "/\\", layout: 1}
	for _, v := range variables {
		switch g.rng.IntN(4) {
		case 0:
			all.kids = append(all.kids, op("\\in", word(v.name), word("("+v.values+")")))
		case 1:
			either := &node{form: enumeration, kids: []*node{v.limit(g.expression(v.typ, 1)), v.limit(g.expression(v.typ, 1))}}
			all.kids = append(all.kids, op("\\in", word(v.name), either))
		case 2:
			a, b := op("=", word(v.name), v.limit(g.expression(v.typ, 1))), op("=", word(v.name), v.limit(g.expression(v.typ, 0)))
			all.kids = append(all.kids, &node{form: junction, text: "\\/", kids: []*node{a, b}})
		default:
			all.kids = append(all.kids, op("=", word(v.name), v.limit(g.expression(v.typ, 1))))
		}
	}
	if len(all.kids) == 1 {
		return all.kids[0]
	}
	return all
}

// action draws a definition that assigns every variable.
func (g *generator) action(s *spec, name string) definition {
	d := definition{name: name}
	for i := range g.rng.IntN(2) {
		d.params = append(d.params, binding{name: g.nameAfter("p", i), typ: g.someType(1)})
	}
	d.body = g.with(d.params, func() *node { return g.nextState(s, s.variables, 2) })
	return d
}

// nextState draws an action that assigns the given variables.
func (g *generator) nextState(s *spec, assign []variable, fuel int) *node {
	n := g.nextForm(s, assign, fuel)
	n.layout = uint8(g.rng.IntN(4))
	return n
}

func (g *generator) nextForm(s *spec, assign []variable, fuel int) *node {
	if fuel <= 0 {
		return g.step(s, assign)
	}
	fuel--
	again := func() *node { return g.nextState(s, assign, fuel) }
	switch g.rng.IntN(18) {
	case 16:
		if len(assign) == len(s.variables) {
			return &node{form: subscripted, text: "vars", sizes: []int{g.rng.IntN(2)}, kids: []*node{again()}}
		}
	case 17:
		if len(assign) > 1 {
			return g.keeping(s, assign, fuel)
		}
	case 0, 1, 2, 3, 4:
		n := &node{form: junction, text: "\\/", kids: []*node{again(), again()}}
		if g.rng.IntN(2) == 0 {
			n.kids = append(n.kids, again())
		}
		return n
	case 5, 6:
		n := &node{form: quantifier, text: "\\E"}
		bound := g.bind(n, nil, 1+g.rng.IntN(2), 3, 1)
		n.kids = append(n.kids, g.with(bound, again))
		return n
	case 7:
		return &node{form: conditional, kids: []*node{g.expression(booleans, 2), again(), again()}}
	case 8:
		return &node{form: cases, kids: []*node{g.expression(booleans, 2), again(), g.expression(booleans, 1), again(), again()}}
	case 9:
		d := binding{name: g.fresh("d"), typ: g.someType(1)}
		n := &node{form: let, names: []string{d.name}, kids: []*node{g.expression(d.typ, 2)}}
		n.kids = append(n.kids, g.with([]binding{d}, again))
		return n
	case 10:
		return g.local(again)
	case 11:
		x := binding{name: g.fresh("x"), typ: integers}
		n := &node{form: quantifier, text: "\\A", sizes: []int{1}, names: []string{x.name}}
		n.kids = []*node{{form: enumeration, kids: []*node{g.expression(integers, 1)}}, g.with([]binding{x}, again)}
		return n
	case 12:
		if g.rng.IntN(4) == 0 { // where the left side is false no variable gets a value
			return op("=>", g.expression(booleans, 1), again())
		}
	case 13, 14:
		if len(assign) == len(s.variables) && len(s.actions) > 0 {
			return g.callOf(s.actions[g.rng.IntN(len(s.actions))])
		}
	}
	return g.step(s, assign)
}

// keeping leaves some of the variables as they are, by one UNCHANGED.
func (g *generator) keeping(s *spec, assign []variable, fuel int) *node {
	cut := 1 + g.rng.IntN(len(assign)-1)
	var names []string
	for _, v := range assign[cut:] {
		names = append(names, v.name)
	}
	keep := word("UNCHANGED <<" + strings.Join(names, ", ") + ">>")
	n := &node{form: junction, text: "/\\", kids: []*node{g.nextState(s, assign[:cut], fuel), keep}}
	if g.rng.IntN(3) == 0 {
		n.kids[0], n.kids[1] = n.kids[1], n.kids[0]
	}
	return n
}

// local defines the action in a LET, with a parameter, and calls it.
func (g *generator) local(again func() *node) *node {
	name, param := g.fresh("g"), binding{name: g.nameAfter("p", 1), typ: g.someType(1)}
	n := &node{form: let, names: []string{name, param.name}}
	n.kids = []*node{g.with([]binding{param}, again), apply(name, g.expression(param.typ, 1))}
	return n
}

func (g *generator) callOf(d definition) *node {
	n := apply(d.name)
	for _, p := range d.params {
		n.kids = append(n.kids, g.expression(p.typ, 1))
	}
	return n
}

// step is a conjunction: guards and an assignment for each variable, in any order that TLC takes.
func (g *generator) step(s *spec, assign []variable) *node {
	n := &node{form: junction, text: "/\\", layout: uint8(g.rng.IntN(4))}
	before := g.scope
	for range g.rng.IntN(2) {
		n.kids = append(n.kids, g.expression(booleans, 2))
	}
	order := slices.Clone(assign)
	g.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	if len(order) > 1 && g.rng.IntN(200) == 0 {
		order = order[1:] // a variable that gets no value is an error
	}
	for _, v := range order {
		n.kids = append(n.kids, g.assignment(v))
		g.scope = append(g.scope[:len(g.scope):len(g.scope)], binding{name: v.name + "'", typ: v.typ})
	}
	if g.rng.IntN(4) == 0 {
		n.kids = append(n.kids, g.expression(booleans, 2)) // may read the next state
	}
	g.scope = before
	if len(n.kids) == 1 {
		return n.kids[0]
	}
	return n
}

// assignment gives a variable its next value.
func (g *generator) assignment(v variable) *node {
	primed := word(v.name + "'")
	switch g.rng.IntN(12) {
	case 0, 1:
		return word("UNCHANGED " + v.name)
	case 2, 3:
		either := &node{form: enumeration}
		for range 1 + g.rng.IntN(3) {
			either.kids = append(either.kids, v.limit(g.expression(v.typ, 1)))
		}
		return op("\\in", primed, either)
	case 4:
		return op("\\in", primed, word("("+v.values+")"))
	case 5:
		a, b := op("=", primed, v.limit(g.expression(v.typ, 1))), op("=", primed, v.limit(g.expression(v.typ, 1)))
		return &node{form: junction, text: "\\/", kids: []*node{a, b}, layout: uint8(g.rng.IntN(2))}
	default:
		return op("=", primed, v.limit(g.expression(v.typ, 2)))
	}
}

// module is the specification's text.
func (s *spec) module() string {
	var b strings.Builder
	var names []string
	for _, v := range s.variables {
		names = append(names, v.name)
	}
	head, _, _ := strings.Cut(prelude, "VARIABLE unused")
	_, rest, _ := strings.Cut(prelude, "Next == UNCHANGED unused\n")
	fmt.Fprintf(&b, "---- MODULE %s ----\n%s%sVARIABLES %s\nvars == <<%[4]s>>\n", moduleName, head, rest, strings.Join(names, ", "))
	define := func(name string, n *node) {
		fmt.Fprintf(&b, "%s ==\n    %s\n", name, strings.ReplaceAll(n.String(), "\n", "\n    "))
	}
	define("Init", s.init)
	for _, d := range s.actions {
		name := d.name
		if len(d.params) > 0 {
			var params []string
			for _, p := range d.params {
				params = append(params, p.name)
			}
			name += "(" + strings.Join(params, ", ") + ")"
		}
		define(name, d.body)
	}
	define("Next", s.next)
	b.WriteString("Spec == Init /\\ [][Next]_vars")
	for _, f := range s.fairness {
		b.WriteString(" /\\ " + f)
	}
	b.WriteString("\n")
	for i, inv := range s.invariants {
		define(fmt.Sprintf("Inv%d", i+1), inv)
	}
	for i, c := range s.constraints {
		define(fmt.Sprintf("Con%d", i+1), c)
	}
	for i, c := range s.steps {
		define(fmt.Sprintf("Step%d", i+1), c)
	}
	if s.view != nil {
		define("View", s.view)
	}
	if s.symmetric {
		b.WriteString("Symmetry == Permutations(Models)\n")
	}
	for i, p := range s.properties {
		define(fmt.Sprintf("P%d", i+1), p.parts[0])
		define(fmt.Sprintf("Q%d", i+1), p.parts[1])
		pattern := strings.NewReplacer("(P)", fmt.Sprintf("(P%d)", i+1), "(Q)", fmt.Sprintf("(Q%d)", i+1), "[P]", fmt.Sprintf("[P%d]", i+1),
			"ENABLED N", "ENABLED Next", "<<N>>", "<<Next>>", "(N", "(Next").Replace(p.pattern)
		fmt.Fprintf(&b, "Prop%d == %s\n", i+1, pattern)
	}
	b.WriteString("====\n")
	return b.String()
}

// config is the specification's configuration.
func (s *spec) config() string {
	var b strings.Builder
	_, constants, _ := strings.Cut(configuration, "CONSTANTS")
	fmt.Fprintf(&b, "SPECIFICATION Spec\nCONSTANTS%s", constants)
	list := func(word, prefix string, n int) {
		for i := range n {
			fmt.Fprintf(&b, "%s %s%d\n", word, prefix, i+1)
		}
	}
	list("INVARIANT", "Inv", len(s.invariants))
	list("CONSTRAINT", "Con", len(s.constraints))
	list("ACTION_CONSTRAINT", "Step", len(s.steps))
	list("PROPERTY", "Prop", len(s.properties))
	if s.view != nil {
		b.WriteString("VIEW View\n")
	}
	if s.symmetric {
		b.WriteString("SYMMETRY Symmetry\n")
	}
	if s.noDeadlock {
		b.WriteString("CHECK_DEADLOCK FALSE\n")
	}
	return b.String()
}
