// Which definitions are the actions of a next-state relation.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// Actions are the definitions that a next-state relation is made of, in the order of their first use: those called in it,
// through disjunctions, \E, IF, CASE and LET, and in turn those called in them in the same way. Of conjunctions only
// those of the relation's own definition count, as in (A \/ B) /\ UNCHANGED x, and of the definitions that group actions
// under conditions: what an action calls is a part of the action.
func (p *Program) Actions(next Part) []*resolve.Def {
	f := &actionFinder{p: p, seen: map[*resolve.Def]bool{}}
	f.visit(next, 0)
	return f.list
}

type actionFinder struct {
	p    *Program
	seen map[*resolve.Def]bool
	list []*resolve.Def
}

func (f *actionFinder) visit(q Part, depth int) {
	if q.Expr.Level() < resolve.LevelAction {
		if _, isCall := q.Expr.(*resolve.Call); !isCall {
			return
		}
	}
	switch e := q.Expr.(type) {
	case *resolve.Or:
		for _, item := range e.Items {
			f.visit(q.Of(item), depth)
		}
	case *resolve.And:
		if i := naming(e); depth <= 1 && i >= 0 {
			f.visit(q.Of(e.Items[i]), depth)
		}
	case *resolve.Quant:
		if !e.Forall {
			f.visit(q.Of(e.Body), depth)
		}
	case *resolve.If:
		f.visit(q.Of(e.Then), depth)
		f.visit(q.Of(e.Else), depth)
	case *resolve.Case:
		for _, a := range e.Arms {
			f.visit(q.Of(a.Value), depth)
		}
		if e.Other != nil {
			f.visit(q.Of(e.Other), depth)
		}
	case *resolve.Let:
		if body, ok := f.p.Unfold(q); ok {
			f.visit(body, depth)
		}
	case *resolve.Call:
		f.call(q, e, depth)
	}
}

func (f *actionFinder) call(q Part, e *resolve.Call, depth int) {
	d, _ := f.p.compiler().meant(e, e.Def, q.env, nil)
	if f.seen[d] || d.Level < resolve.LevelAction {
		return
	}
	f.seen[d] = true
	if depth > 0 {
		f.list = append(f.list, d)
	}
	if depth == 0 || !groups(d) {
		depth++
	}
	if body, ok := f.p.Unfold(q); ok {
		f.visit(body, depth)
	}
}

// Constants are the values that the root module's constants were given.
func (p *Program) Constants() map[string]value.Value {
	out := map[string]value.Value{}
	for name, s := range p.root.Scope {
		if c, ok := s.(*resolve.Const); ok {
			if v := p.values[c]; v != 0 {
				out[name] = v
			}
		}
	}
	return out
}
