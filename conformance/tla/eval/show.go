// Showing a conjunct with the values of its operands: "2 >= 3".

package eval

import (
	"strings"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// shower compiles an expression to a function that writes it with its operands' values.
func (o *outliner) shower(e resolve.Expr, env *env) func(*Worker) string { return o.showAt(e, env, 0) }

const maxShowDepth = 6

func (o *outliner) showAt(e resolve.Expr, env *env, depth int) func(*Worker) string {
	if depth > maxShowDepth {
		return o.showValue(e, env)
	}
	switch e := e.(type) {
	case *resolve.And:
		return o.showList(e.Items, env, ` /\ `, depth)
	case *resolve.Or:
		return o.showList(e.Items, env, ` \/ `, depth)
	case *resolve.Quant:
		return o.showQuant(e, env, depth)
	case *resolve.Apply:
		return o.showApply(e, env, depth)
	case *resolve.Call:
		return o.showCall(e, env, depth)
	}
	return o.showValue(e, env)
}

func (o *outliner) showValue(e resolve.Expr, env *env) func(*Worker) string {
	val := o.expr(e, env).value()
	s := at(e, env)
	return func(w *Worker) string { return value.Brief(w.solid(s, val(w))) }
}

// showList writes the parts of a conjunction or disjunction; a part that cannot be evaluated is "?".
func (o *outliner) showList(items []resolve.Expr, env *env, between string, depth int) func(*Worker) string {
	var shows []func(*Worker) string
	for _, item := range items {
		shows = append(shows, o.showAt(item, env, depth+1))
	}
	return func(w *Worker) string {
		var parts []string
		for _, show := range shows {
			parts = append(parts, "("+orUnknown(w, show)+")")
		}
		return strings.Join(parts, between)
	}
}

func orUnknown(w *Worker, show func(*Worker) string) (text string) {
	if _, err := w.try(func(w *Worker) value.Value { text = show(w); return value.True }); err != nil {
		return "?"
	}
	return text
}

// infix are the operators of the language that are shown between their operands' values.
var infix = map[resolve.Op]string{resolve.OpEq: "=", resolve.OpNeq: "#", resolve.OpIn: `\in`, resolve.OpNotin: `\notin`,
	resolve.OpSubseteq: `\subseteq`}

// comparisons are those of the modules.
var comparisons = map[string]string{"Naturals!<": "<", "Naturals!>": ">", `Naturals!\leq`: "<=", `Naturals!\geq`: ">="}

func (o *outliner) showApply(e *resolve.Apply, env *env, depth int) func(*Worker) string {
	if op, ok := infix[e.Op]; ok {
		return o.showInfix(e.Args[0], op, e.Args[1], env)
	}
	switch e.Op {
	case resolve.OpNot:
		inner := o.showAt(e.Args[0], env, depth+1)
		return func(w *Worker) string { return "~(" + inner(w) + ")" }
	case resolve.OpImplies:
		return o.showList(e.Args, env, " => ", depth)
	case resolve.OpEquiv:
		return o.showList(e.Args, env, " <=> ", depth)
	}
	return o.showValue(e, env)
}

func (o *outliner) showInfix(a resolve.Expr, op string, b resolve.Expr, env *env) func(*Worker) string {
	x, y := o.showValue(a, env), o.showValue(b, env)
	return func(w *Worker) string { return orUnknown(w, x) + " " + op + " " + orUnknown(w, y) }
}

// showQuant names the element for which \A is false.
func (o *outliner) showQuant(e *resolve.Quant, env *env, depth int) func(*Worker) string {
	bs, inner, _, _ := o.bounds(e.Bounds, env)
	body, _ := o.compiler.test(e.Body, inner)
	show := o.showAt(e.Body, inner, depth+1)
	whole := o.showValue(e, env)
	if !e.Forall {
		return whole
	}
	find := loops(bs, body, false)
	return func(w *Worker) string {
		if !find(w) {
			return ""
		}
		var names []string
		for i, b := range e.Bounds {
			for j, l := range b.Locals {
				names = append(names, l.Name+" = "+value.Brief(w.slots[bs[i].slots[j]]))
			}
		}
		return "for " + strings.Join(names, ", ") + ": " + orUnknown(w, show)
	}
}

func (o *outliner) showCall(e *resolve.Call, env *env, depth int) func(*Worker) string {
	d := e.Def
	if d.Module != nil && d.Module.Standard && len(e.Args) == 2 {
		if op, ok := comparisons[d.Module.Name+"!"+d.Name]; ok {
			list, _ := expressions(e.Args)
			return o.showInfix(list[0], op, list[1], env)
		}
	}
	if o.values[d] != 0 || o.replace[d] != nil || o.isBuiltin(d) || d.Recursive || len(e.Args) != len(d.Params) || d.Body == nil {
		return o.showValue(e, env)
	}
	lexical := o.lexical(e, env)
	if b := lexical.findDef(d); b != nil && b.kind == boundLazy {
		return o.showAt(b.expr, b.env.inMode(env.mode), depth+1)
	}
	inner, lazy := o.bindParams(e, d, e.Args, env, lexical)
	show := o.showAt(d.Body, inner, depth+1)
	slots := resetSlots(lazy)
	return func(w *Worker) string {
		for _, s := range slots {
			w.slots[s] = 0
		}
		return show(w)
	}
}

// readsOf lists the parts of the state before the step that an expression reads, through the definitions in it.
func (o *outliner) readsOf(e resolve.Expr, env *env) []readPath {
	r := &readFinder{o: o, seen: map[seenRead]bool{}}
	r.visit(e, env, 0)
	return r.list
}

type readFinder struct {
	o    *outliner
	list []readPath
	seen map[seenRead]bool
}

type seenRead struct {
	e   resolve.Expr
	env *env
}

// visit goes through an expression. The bound names inside of it have no values when the parts are evaluated later: free is what
// the environment of the conjunct itself binds.
func (r *readFinder) visit(e resolve.Expr, env *env, depth int) {
	if e == nil || depth > 40 || env.mode != current || len(r.list) > 40 {
		return
	}
	if root, path, rootEnv := r.chain(e, env); root != nil {
		r.add(root, path, rootEnv)
		for _, step := range path {
			r.visit(step.expr, step.env, depth+1)
		}
		return
	}
	switch e := e.(type) {
	case *resolve.Apply:
		if e.Op == resolve.OpPrime {
			return
		}
	case *resolve.Except:
		r.visitExcept(e, env, depth)
		return
	case *resolve.Call:
		if body, inner, ok := r.unfold(e, env); ok {
			if key := (seenRead{e, env}); !r.seen[key] {
				r.seen[key] = true
				r.visit(body, inner, depth+1)
			}
			return
		}
		for _, a := range e.Args {
			if x, ok := a.(resolve.Expr); ok {
				r.visit(x, env, depth+1)
			}
		}
		return
	case *resolve.LocalRef:
		if b := env.findLocal(e.Local); b != nil && b.kind == boundLazy {
			r.visit(b.expr, b.env, depth+1)
		}
		return
	case *resolve.Let:
		inner, lazy := r.o.letScope(e, env)
		for _, b := range lazy {
			b.plain = true
		}
		r.visit(e.Body, inner, depth+1)
		return
	}
	for _, x := range childrenOf(e) {
		r.visit(x, env, depth+1)
	}
}

// visitExcept takes [f EXCEPT ![a] = e] for a read of f[a]: the rest of f is only carried along.
func (r *readFinder) visitExcept(e *resolve.Except, env *env, depth int) {
	root, path, at := r.chain(e.Func, env)
	if root == nil {
		r.visit(e.Func, env, depth+1)
	}
	for _, u := range e.Updates {
		place := path
		for _, step := range u.Path {
			if len(step.Args) > 1 {
				break
			}
			next := pathStep{name: step.Name, env: env}
			if len(step.Args) == 1 {
				next.expr = step.Args[0]
				r.visit(next.expr, env, depth+1)
			}
			place = append(place[:len(place):len(place)], next)
		}
		if root != nil {
			r.add(root, place, at)
		}
		r.visit(u.Value, env, depth+1)
	}
}

type pathStep struct {
	expr resolve.Expr
	name string
	env  *env
}

// chain takes f[a].b apart into the variable at its root and the path; root is nil for anything else.
func (r *readFinder) chain(e resolve.Expr, env *env) (root *resolve.VarRef, path []pathStep, at *env) {
	switch e := e.(type) {
	case *resolve.VarRef:
		return e, nil, env
	case *resolve.FuncApply:
		if root, path, at = r.chain(e.Func, env); root != nil {
			if len(e.Args) != 1 {
				return root, path, at
			}
			return root, append(path, pathStep{expr: e.Args[0], env: env}), at
		}
	case *resolve.Field:
		if root, path, at = r.chain(e.Rec, env); root != nil {
			return root, append(path, pathStep{name: e.Name, env: env}), at
		}
	case *resolve.LocalRef:
		if b := env.findLocal(e.Local); b != nil && b.kind == boundLazy && len(e.Args) == 0 {
			return r.chain(b.expr, b.env)
		}
	}
	return nil, nil, nil
}

// add notes a read, as deep as its path can be evaluated where the conjunct stands.
func (r *readFinder) add(root *resolve.VarRef, path []pathStep, env *env) {
	if y, inner, ok := substitution(root.Var, env); ok {
		r.visit(y, inner, 1)
		return
	}
	i, ok := r.o.at[root.Var]
	if !ok {
		return
	}
	read := readPath{variable: i}
	for _, step := range path {
		if step.expr == nil {
			name := value.Str(step.name)
			read.path = append(read.path, func(*Worker) value.Value { return name })
			continue
		}
		if r.bindsInside(step.expr, step.env) {
			break
		}
		read.path = append(read.path, r.o.expr(step.expr, step.env).value())
	}
	r.list = append(r.list, read)
}

// bindsInside reports whether an expression uses a name that is not bound in its environment: one that a quantifier
// between the conjunct and the expression binds.
func (r *readFinder) bindsInside(e resolve.Expr, env *env) bool {
	found := false
	Walk(e, func(x resolve.Expr) {
		if l, ok := x.(*resolve.LocalRef); ok && env.findLocal(l.Local) == nil {
			found = true
		} else if ok {
			if b := env.findLocal(l.Local); b.kind == boundLazy && b.expr != nil && b.expr != e {
				found = found || r.bindsInside(b.expr, b.env)
			}
		}
	})
	return found
}

func (r *readFinder) unfold(e *resolve.Call, env *env) (resolve.Expr, *env, bool) {
	return unfoldForReading(r.o, e, env)
}

func unfoldForReading(o *outliner, e *resolve.Call, use *env) (resolve.Expr, *env, bool) {
	d, lexical := o.meant(e, e.Def, use, o.lexical(e, use))
	if o.values[d] != 0 || o.isBuiltin(d) || len(e.Args) != len(d.Params) || d.Body == nil || d.Recursive {
		return nil, nil, false
	}
	if b := lexical.findDef(d); b != nil && b.kind == boundLazy {
		return b.expr, b.env, true
	}
	inner, lazy := o.bindParams(e, d, e.Args, use, lexical)
	for _, b := range lazy {
		b.plain = true
	}
	return d.Body, inner, true
}

// childrenOf are the direct parts of any expression.
func childrenOf(e resolve.Expr) []resolve.Expr {
	sets := func(list []resolve.Bound, more ...resolve.Expr) []resolve.Expr {
		var out []resolve.Expr
		for _, b := range list {
			if b.Set != nil {
				out = append(out, b.Set)
			}
		}
		return append(out, more...)
	}
	switch e := e.(type) {
	case *resolve.Quant:
		return sets(e.Bounds, e.Body)
	case *resolve.Choose:
		return sets([]resolve.Bound{e.Bound}, e.Body)
	case *resolve.Filter:
		return sets([]resolve.Bound{e.Bound}, e.Body)
	case *resolve.MapSet:
		return sets(e.Bounds, e.Body)
	case *resolve.Func:
		return sets(e.Bounds, e.Body)
	}
	return parts(e)
}
