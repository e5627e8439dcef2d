// [f EXCEPT ![a].b = e]: a function changed in places.

package eval

import (
	"slices"
	"strings"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// update is one compiled ![a].b = e.
type update struct {
	path  []valueFn
	sites []*site
	at    int // the slot of @, or -1
	value valueFn
	site  *site
}

func (c *compiler) except(e *resolve.Except, env *env) *code {
	fn := c.expr(e.Func, env)
	k := &code{reads: fn.reads, cost: fn.cost + costOfMaking}
	updates := make([]*update, len(e.Updates))
	for i, u := range e.Updates {
		up := &update{at: -1, site: at(u.Value, env)}
		for _, step := range u.Path {
			up.sites = append(up.sites, &site{span: u.Span, env: env})
			if step.Args == nil {
				name := value.Str(step.Name)
				up.path = append(up.path, func(*Worker) value.Value { return name })
				continue
			}
			arg, ak := c.argument(step.Args, env, up.site)
			up.path = append(up.path, arg)
			k.reads.add(ak.reads)
		}
		inner := env
		if u.At != nil {
			up.at = c.newSlots(1)
			inner = env.bindSlot(u.At, up.at)
		}
		v := c.expr(u.Value, inner)
		v.reads.unbind(up.at)
		up.value = v.value()
		k.reads.add(v.reads)
		k.reads.unbind(up.at)
		k.cost += v.cost + 2
		updates[i] = up
	}
	f, s := fn.value(), at(e, env)
	k.val = func(w *Worker) value.Value {
		v := w.settle(s, f(w))
		for _, u := range updates {
			v = w.update(u, v, 0)
		}
		return v
	}
	return k
}

// odd notes, once for each place of the specification, what is allowed there but was hardly meant.
func (p *Program) odd(s *site, message string) {
	if _, known := p.oddities.Load(s.span.Start); !known && !strings.HasPrefix(s.span.Start.File, resolve.StandardPrefix) {
		p.oddities.LoadOrStore(s.span.Start, message)
	}
}

// Oddities are what evaluations met so far that is allowed but was hardly meant, with its place, in the order of places.
func (p *Program) Oddities() []string {
	var list syntax.ErrorList
	p.oddities.Range(func(at, message any) bool {
		list.Add(syntax.Span{Start: at.(syntax.Pos)}, "%s", message)
		return true
	})
	var notes []string
	if sorted, ok := list.Err().(syntax.ErrorList); ok {
		for _, e := range sorted {
			notes = append(notes, e.Error())
		}
	}
	return notes
}

// update changes f at the place that the path leads to from its i-th step on. As in TLC, a place that f does not have
// is left out without complaint.
func (w *Worker) update(u *update, f value.Value, i int) value.Value {
	if i == len(u.path) {
		if u.at >= 0 {
			w.slots[u.at] = f
		}
		return w.settle(u.site, u.value(w))
	}
	if f = w.settle(u.sites[i], f); isClosure(f) {
		return w.updateClosure(u, f, i)
	}
	if !f.IsFunction() {
		w.fail(u.sites[i], "EXCEPT changes a place in what is no function: %s %s", f.KindName(), value.Brief(f))
	}
	x := w.canon(u.sites[i], u.path[i](w))
	place := f.Index(x)
	if place < 0 {
		if f.Kind() == value.KindTuple && !x.IsInt() && f.Len() > 0 { // <<>> is every function without a domain
			w.fail(u.sites[i], "EXCEPT changes the place %s of the sequence %s, whose indexes are numbers", value.Brief(x), value.Brief(f))
		}
		if f.Kind() != value.KindTuple {
			for _, d := range f.Domain() {
				w.same(u.sites[i], d, x) // a place of another type than the domain's is an error
			}
		}
		w.program.odd(u.sites[i], "EXCEPT leaves a value as it is where it has no such place: "+value.Brief(x))
		return f
	}
	v := w.update(u, f.Values()[place], i+1)
	if isClosure(v) {
		values := slices.Clone(f.Values())
		values[place] = v
		domain, _ := value.DomainOf(f)
		return w.composite(domain, f.Domain(), values)
	}
	return f.With(place, v, w.scratch)
}
