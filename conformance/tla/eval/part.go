// Parts: expressions with what their names mean, for taking a specification apart before it is compiled.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Part is an expression in its environment: a piece of a specification, perhaps from inside of definitions and instances.
type Part struct {
	Expr resolve.Expr
	env  *env
	name string // of the innermost definition that was unfolded
	at   syntax.Span
}

// Part makes a part of an expression of the root module.
func (p *Program) Part(e resolve.Expr) Part { return Part{Expr: e, env: &env{}} }

// PartOf is the part that an operator without parameters stands for.
func (p *Program) PartOf(a *resolve.OpArg) Part {
	switch {
	case a.Def != nil:
		call := &resolve.Call{Path: a.Path, Def: a.Def}
		call.Sp, call.Lvl = a.Sp, a.Def.Level
		return p.Part(call)
	default:
		ref := &resolve.ConstRef{Const: a.Const}
		ref.Sp = a.Sp
		return p.Part(ref)
	}
}

// Of is another expression in the same environment.
func (q Part) Of(e resolve.Expr) Part { q.Expr = e; return q }

// Definition is the name of the innermost definition that was unfolded to get to the part, "" for none.
func (q Part) Definition() string { return q.name }

// Level is the level of a part, which what its parameters stand for may raise above that of the expression.
func (p *Program) Level(q Part) resolve.Level {
	level := q.Expr.Level()
	Walk(q.Expr, func(e resolve.Expr) {
		ref, ok := e.(*resolve.LocalRef)
		if !ok {
			return
		}
		b := q.env.findLocal(ref.Local)
		switch {
		case b == nil:
		case b.kind == boundLazy:
			level = max(level, p.Level(Part{Expr: b.expr, env: b.env}))
		case b.kind == boundOperator && b.op.arg.Def != nil:
			level = max(level, b.op.arg.Def.Level)
		}
	})
	return level
}

// Unfold replaces the application of a definition by its body, and a LET by its body; ok is false for other expressions.
func (p *Program) Unfold(q Part) (body Part, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.compiler()
	switch e := q.Expr.(type) {
	case *resolve.Let:
		inner, lazy := c.letScope(e, q.env)
		for _, b := range lazy {
			b.plain = true
		}
		return Part{e.Body, inner, q.name, q.at}, true
	case *resolve.ConstRef:
		if d := c.replace[e.Const]; d != nil && len(e.Args) == len(d.Params) {
			return c.unfold(e, d, e.Args, q.env, c.rootEnv(q.env)), true
		}
	case *resolve.LocalRef:
		if b := q.env.findLocal(e.Local); b != nil && b.kind == boundLazy && len(e.Args) == 0 {
			return Part{b.expr, b.env, q.name, q.at}, true
		} else if b != nil && b.kind == boundOperator && b.op.arg.Def != nil && len(e.Args) == len(b.op.arg.Def.Params) {
			return c.unfold(e, b.op.arg.Def, e.Args, q.env, c.operatorEnv(b.op, q.env)), true
		}
	case *resolve.Call:
		d, lexical := c.meant(e, e.Def, q.env, c.lexical(e, q.env))
		if c.values[d] != 0 || c.isBuiltin(d) || len(e.Args) != len(d.Params) || d.Body == nil {
			return q, false
		}
		if b := lexical.findDef(d); b != nil && b.kind == boundLazy {
			return Part{b.expr, b.env, d.Name, d.Span}, true
		}
		return c.unfold(e, d, e.Args, q.env, lexical), true
	}
	return q, false
}

func (c *compiler) unfold(e resolve.Expr, d *resolve.Def, args []resolve.Arg, use, lexical *env) Part {
	inner, lazy := c.bindParams(e, d, args, use, lexical)
	for _, b := range lazy {
		b.plain = true
	}
	return Part{d.Body, inner, d.Name, d.Span}
}

// Instances gives the body of a quantifier once for each choice of elements, for sets that depend on no state.
func (w *Worker) Instances(q Part) (bodies []Part, err error) {
	defer w.guard(&err)
	e := q.Expr.(*resolve.Quant)
	list := []Part{q.Of(e.Body)}
	for _, b := range e.Bounds {
		f := w.program.FormulaOf(q.Of(b.Set))
		set, err := w.Eval(f, nil, nil)
		if err != nil {
			return nil, err
		}
		elems, fault := value.Elements(set)
		if fault != nil {
			return nil, &Error{Span: b.Set.Span(), Msg: fault.Msg}
		}
		var more []Part
		for _, part := range list {
			for _, v := range elems {
				more = append(more, part.bind(b, v))
			}
		}
		list = more
	}
	return list, nil
}

// bind gives the names of a bound an element.
func (q Part) bind(b resolve.Bound, v value.Value) Part {
	if !b.Tuple {
		q.env = q.env.with(scope{local: b.Locals[0], bind: &binding{slot: -1, kind: boundLiteral, lit: v}})
		return q
	}
	elems, _ := v.Items()
	for i, l := range b.Locals {
		if i < len(elems) {
			q.env = q.env.with(scope{local: l, bind: &binding{slot: -1, kind: boundLiteral, lit: elems[i]}})
		}
	}
	return q
}

// Join is the conjunction of parts, each in its own environment.
func (p *Program) Join(parts []Part) (Part, error) {
	and := &resolve.And{}
	and.Sp, and.Lvl = parts[0].Expr.Span(), parts[0].Expr.Level()
	env := &env{}
	for _, q := range parts {
		l := &resolve.Local{Name: "conjunct", Span: q.Expr.Span()}
		env = env.with(scope{local: l, bind: &binding{slot: -1, kind: boundLazy, expr: q.Expr, env: q.env, plain: true}})
		ref := &resolve.LocalRef{Local: l}
		ref.Sp, ref.Lvl = q.Expr.Span(), q.Expr.Level()
		and.Items = append(and.Items, ref)
	}
	return Part{Expr: and, env: env}, nil
}
