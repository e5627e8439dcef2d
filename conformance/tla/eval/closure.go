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

// closure is a rule with the values that the names around it had where it was made.
type closure struct {
	rule   *rule
	domain value.Value
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
	w.closures = append(w.closures, cl)
	cl.id = value.Closure(uint64(len(w.closures))<<1 | 1)
	return cl.id
}

// keepClosure moves a closure to those that stay.
func (w *Worker) keepClosure(v value.Value) value.Value {
	cl := w.closureOf(v)
	if id, _ := v.ClosureID(); id&1 == 0 {
		return v
	}
	w.kept = append(w.kept, cl)
	cl.id = value.Closure(uint64(len(w.kept)) << 1)
	return cl.id
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
	if r.self >= 0 {
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
	cl := w.closureOf(v)
	if cl == nil {
		return v
	}
	if cl.whole == 0 {
		if !value.Finite(cl.domain) {
			w.fail(s, "a function with the infinite domain %s is needed as a value", value.Brief(cl.domain))
		}
		w.enter(cl.rule.at, 0, 0, solidWeight) // a function may be one of its own values
		domain := w.canon(cl.rule.at, cl.domain)
		base := len(w.stack)
		for _, x := range w.elements(cl.rule.at, domain) {
			v := w.applyClosure(s, cl, x)
			w.stack = append(w.stack, w.canon(s, v))
		}
		cl.whole = value.Func(domain, w.stack[base:])
		w.stack = w.stack[:base]
		w.leave()
	}
	return cl.whole
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
