// Functions kept as rules: those with infinite domains, and recursive ones.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// rule is the compiled form of [x \in S |-> e], or of f[x \in S] == e.
type rule struct {
	bounds      []*bound
	body        valueFn
	self        int // the slot of f, or -1
	at, bodyAt  *site
	first, last int  // the slots that the rule's own code uses
	weight      int  // what one application takes of the Go stack, roughly
	captured    ints // the slots from outside that it reads
}

// bindArgument binds the names of the function to an argument.
func (r *rule) bindArgument(w *Worker, x value.Value) {
	if len(r.bounds) == 1 {
		w.bind(r.bounds[0], x)
		return
	}
	elems, ok := x.Items()
	if !ok || len(elems) != len(r.bounds) {
		w.fail(r.at, "the function takes %d arguments and is applied to %s", len(r.bounds), value.Brief(x))
	}
	for i, b := range r.bounds {
		w.bind(b, elems[i])
	}
}

// closure is a rule with the values that the names around it had where it was made. Without a rule it is a function that has
// functions with infinite domains among its values, or that is one but for some places: see parts.go.
type closure struct {
	rule   *rule
	domain value.Value
	parts  map[value.Value]value.Value // without a rule: the values that are known
	base   value.Value                 // without a rule: what has the others; 0 where parts has all
	env    []value.Value
	memo   map[value.Value]value.Value
	id     value.Value
	whole  value.Value // the function written out, once it was needed as a value
}

// A closure's handle is its place in a list of the worker's, of which those made for constants stay.
func (w *Worker) newClosure(r *rule, domain value.Value) value.Value {
	cl := &closure{rule: r, domain: domain}
	for _, s := range r.captured {
		cl.env = append(cl.env, w.slots[s])
	}
	return w.addClosure(cl)
}

// keepClosure moves a closure to those that stay.
func (w *Worker) keepClosure(v value.Value) value.Value {
	cl := w.closureOf(v)
	if id, _ := v.ClosureID(); id&1 == 0 {
		return v
	}
	w.kept = append(w.kept, cl)
	cl.id = value.Closure(uint64(len(w.kept)) << 1)
	stay := func(v value.Value) value.Value {
		if isClosure(v) {
			return w.keepClosure(v)
		}
		return v
	}
	cl.base, cl.memo = stay(cl.base), nil
	for x, v := range cl.parts {
		cl.parts[x] = stay(v)
	}
	for i, v := range cl.env {
		cl.env[i] = stay(v)
	}
	return cl.id
}

// stays reports whether a closure outlives the evaluation.
func (cl *closure) stays() bool {
	id, _ := cl.id.ClosureID()
	return id&1 == 0
}

// releaseClosures forgets the closures that do not stay.
func (w *Worker) releaseClosures() {
	clear(w.closures)
	w.closures = w.closures[:0]
}

func (w *Worker) closureOf(v value.Value) *closure {
	id, ok := v.ClosureID()
	switch {
	case !ok:
		return nil
	case id&1 == 1:
		return w.closures[id>>1-1]
	}
	return w.kept[id>>1-1]
}

// applyClosure is cl[x]. What recursion computes is remembered, so that it is computed once.
func (w *Worker) applyClosure(s *site, cl *closure, x value.Value) value.Value {
	x = w.canon(s, x)
	if v, ok := cl.memo[x]; ok {
		return v
	}
	in, f := value.In(x, cl.domain)
	if f != nil {
		w.fault(s, f)
	}
	if !in {
		w.fail(s, "%s is not in the domain of the function: the domain is %s", value.Brief(x), value.Brief(cl.domain))
	}
	if cl.rule == nil {
		return w.part(s, cl, x)
	}
	r := cl.rule
	w.enter(s, r.first, r.last, r.weight)
	w.swapIn(r.captured, cl.env)
	if r.self >= 0 {
		w.slots[r.self] = cl.id
	}
	r.bindArgument(w, x)
	v := r.body(w)
	v = w.canonUnlessRule(r.bodyAt, v)
	w.leave()
	w.leave()
	if r.self >= 0 && (!isClosure(v) || !cl.stays()) {
		if cl.memo == nil {
			cl.memo = map[value.Value]value.Value{}
		}
		cl.memo[x] = v
	}
	return v
}

// canonUnlessRule leaves a function that is itself kept as a rule alone: f[x][y] may need no more of it than one value.
func (w *Worker) canonUnlessRule(s *site, v value.Value) value.Value {
	if _, isRule := v.ClosureID(); isRule {
		return v
	}
	return w.canon(s, v)
}

// solid writes out a function that is kept as a rule, because its value as a whole is needed.
func (w *Worker) solid(s *site, v value.Value) value.Value {
	if !isClosure(v) {
		return v
	}
	v = w.settle(s, v)
	if cl := w.closureOf(v); cl != nil {
		for value.Finite(cl.domain) {
			cl = w.infinitePart(cl)
		}
		w.fail(s, "a function with the infinite domain %s is needed as a value", value.Brief(cl.domain))
	}
	return v
}

// settle writes out a function that is kept as a rule, as far as that can be: what has an infinite domain, or has that among its
// values, stays a closure. Other values are brought into the form in which they may stand inside of another one.
func (w *Worker) settle(s *site, v value.Value) value.Value {
	cl := w.closureOf(v)
	switch {
	case cl == nil:
		return w.canon(s, v)
	case cl.rule == nil || !value.Finite(cl.domain):
		return v
	case cl.whole != 0:
		return cl.whole
	}
	w.enter(cl.rule.at, 0, 0, solidWeight) // a function may be one of its own values
	domain := w.canon(cl.rule.at, cl.domain)
	base := len(w.stack)
	for _, x := range w.elements(cl.rule.at, domain) {
		v := w.applyClosure(s, cl, x)
		w.stack = append(w.stack, w.settle(s, v))
	}
	whole := w.function(domain, w.stack[base:])
	w.stack = w.stack[:base]
	w.leave()
	if !isClosure(whole) {
		cl.whole = whole
	}
	return whole
}

// solidWeight is what writing out a function inside of the writing out of another counts towards the bound on recursion.
const solidWeight = 300

// recursiveFunction compiles f[x \in S] == e.
func (c *compiler) recursiveFunction(e *resolve.FuncDef, env *env) *code {
	if e.Self == nil {
		return c.functionAs(e.Func, env, nil)
	}
	return c.functionAs(e.Func, env, e.Self)
}
