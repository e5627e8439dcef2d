// Compilation: one function for each kind of expression, and what they share.

package eval

import (
	"hash/fnv"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// compiler compiles for one program; it is used with the program's lock held.
type compiler struct {
	*Program
	step  *stepTarget // set while the restriction of Next to one action is compiled
	once  bool        // a successor that is generated in several ways counts once
	outer *frame      // the application around the relation that is being compiled

	demand bool // what steps must satisfy is compiled

	routines []*routine   // those whose bodies are being compiled
	open     []*procedure // those compiled that call one that is being compiled

	selves []*resolve.Local // the recursive functions whose bodies are being compiled

	recursing int // how many bodies of recursive operators are being compiled

	passing map[*resolve.Def]int // for operators that take operators: how many of their procedures are being compiled

	depth, deepest int // of the nesting of expressions, for measured
}

// at is the site of an expression in an environment.
func at(e resolve.Expr, env *env) *site { return &site{span: e.Span(), env: env} }

// ofModule is the site of the application of a standard module's operator.
func ofModule(e resolve.Expr, env *env) *site { return &site{e.Span(), env, true} }

// expr compiles an expression to a value or a boolean.
func (c *compiler) expr(e resolve.Expr, env *env) *code {
	c.depth++
	c.deepest = max(c.deepest, c.depth)
	k := c.finish(c.kind(e, env.inside()))
	if worthRemembering(e) {
		k = c.remember(k)
	}
	c.depth--
	return k
}

// measured compiles an expression and tells how many closures deep its evaluation goes, roughly.
func (c *compiler) measured(e resolve.Expr, env *env) (*code, int) {
	outer := c.deepest
	c.deepest = c.depth
	k := c.expr(e, env)
	weight := c.deepest - c.depth + 10
	c.deepest = max(outer, c.deepest)
	return k, weight
}

// finish makes code that depends on nothing keep its value.
func (c *compiler) finish(k *code) *code {
	if k.cached || k.lit != 0 || k.cheap || !k.reads.constant() {
		return k
	}
	return c.kept(k, k.value())
}

// settled makes the code of a constant definition keep its value though it is random or prints, or may do so: TLC evaluates such
// a definition once, before it begins. Every worker draws the same random numbers for it.
func (c *compiler) settled(d *resolve.Def, k *code) *code {
	r := k.reads
	r.impure = false
	if k.cached || k.lit != 0 || k.cheap || r.figures || !r.constant() {
		return k
	}
	val := k.value()
	name := fnv.New64a()
	name.Write([]byte(d.Name))
	number := name.Sum64()
	k = c.kept(k, func(w *Worker) value.Value {
		random, seeds := w.rng, w.seeds
		defer func() { w.rng, w.seeds = random, seeds }()
		w.Seed(w.program.seed.Load(), number)
		return val(w)
	})
	k.reads = r
	return k
}

// kept is code whose value a worker computes once.
func (c *compiler) kept(k *code, val valueFn) *code {
	id := c.newConst()
	get := func(w *Worker) value.Value {
		v := w.consts[id]
		if v == 0 {
			v = val(w)
			if v.IsSymbolic() {
				if _, isClosure := v.ClosureID(); isClosure {
					v = w.keepClosure(v)
				}
			}
			w.consts[id] = v
		}
		return v
	}
	out := &code{val: get, reads: k.reads, cached: true, cost: 1}
	if k.test != nil {
		out.test = func(w *Worker) bool { return get(w) == value.True }
	}
	return out
}

func (c *compiler) kind(e resolve.Expr, env *env) *code {
	switch e := e.(type) {
	case *resolve.Bool:
		k := literal(value.Bool(e.Value))
		k.test = func(*Worker) bool { return e.Value }
		return k
	case *resolve.BoolSet:
		return literal(value.BooleanSet)
	case *resolve.StringSet:
		return literal(value.StringSet)
	case *resolve.Number:
		return c.number(e, env)
	case *resolve.String:
		return literal(value.Str(e.Value))
	case *resolve.ConstRef:
		return c.constRef(e, env)
	case *resolve.VarRef:
		return c.varRef(e, env)
	case *resolve.LocalRef:
		return c.localRef(e, env)
	case *resolve.Call:
		return c.call(e, env)
	case *resolve.Apply:
		return c.apply(e, env)
	case *resolve.And:
		return c.and(e, env)
	case *resolve.Or:
		return c.or(e, env)
	case *resolve.Quant:
		return c.quant(e, env)
	case *resolve.UnboundedQuant:
		return c.unsupported(e, env, "a quantifier without a set cannot be evaluated: give the set over which it ranges")
	case *resolve.Choose:
		return c.choose(e, env)
	case *resolve.If:
		return c.cond(e, env)
	case *resolve.Case:
		return c.cases(e, env)
	case *resolve.Let:
		return c.let(e, env)
	}
	return c.structure(e, env)
}

// structure compiles expressions that make or take apart sets and functions.
func (c *compiler) structure(e resolve.Expr, env *env) *code {
	switch e := e.(type) {
	case *resolve.Filter:
		return c.filter(e, env)
	case *resolve.MapSet:
		return c.mapSet(e, env)
	case *resolve.Func:
		return c.function(e, env)
	case *resolve.FuncDef:
		return c.recursiveFunction(e, env)
	case *resolve.FuncSet:
		return c.sets(e, env, []resolve.Expr{e.Dom, e.Rng}, func(v []value.Value) (value.Value, *value.Fault) {
			return value.FuncSet(v[0], v[1])
		})
	case *resolve.FuncApply:
		return c.funcApply(e, env)
	case *resolve.Field:
		return c.field(e, env)
	case *resolve.Except:
		return c.except(e, env)
	case *resolve.Record:
		return c.record(e, env)
	case *resolve.RecordSet:
		return c.recordSet(e, env)
	case *resolve.Tuple:
		return c.tuple(e, env)
	case *resolve.Product:
		return c.sets(e, env, e.Sets, value.Product)
	case *resolve.SetEnum:
		return c.setEnum(e, env)
	}
	return c.unsupported(e, env, "this kind of expression cannot be evaluated")
}

// unsupported is code that fails when it is reached, so that a specification may contain what is never evaluated.
func (c *compiler) unsupported(e resolve.Expr, env *env, why string) *code {
	s := at(e, env)
	return &code{
		val:   func(w *Worker) value.Value { panic(w.errorf(s, Unsupported, "%s", why)) },
		reads: reads{impure: true},
	}
}

func (c *compiler) number(e *resolve.Number, env *env) *code {
	n, ok := parseInt(e.Text)
	switch {
	case !ok:
		return c.unsupported(e, env, "the number "+e.Text+" is no integer: only integers can be evaluated")
	case n > c.maxInt:
		return c.unsupported(e, env, "the number "+e.Text+" is too large: integers have 32 bits here, as in TLC")
	}
	return literal(value.Int(n))
}

func parseInt(text string) (int64, bool) {
	var n int64
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0, false
		}
		if n > value.MaxInt/10-1 {
			return value.MaxInt, true
		}
		n = n*10 + int64(r-'0')
	}
	return n, text != ""
}

// exprs compiles several expressions and adds up what they depend on.
func (c *compiler) exprs(list []resolve.Expr, env *env) (vals []valueFn, r reads, cost int) {
	for _, e := range list {
		k := c.expr(e, env)
		r.add(k.reads)
		vals = append(vals, k.value())
		cost += k.cost + 1
	}
	return vals, r, cost
}

// sets compiles a constructor of a symbolic set.
func (c *compiler) sets(e resolve.Expr, env *env, parts []resolve.Expr, make func([]value.Value) (value.Value, *value.Fault)) *code {
	vals, r, cost := c.exprs(parts, env)
	return &code{reads: r, cost: cost + costOfMaking, val: combined(at(e, env), vals, make)}
}

// combined makes a set of values.
func combined(s *site, vals []valueFn, make func([]value.Value) (value.Value, *value.Fault)) valueFn {
	return func(w *Worker) value.Value {
		base := len(w.stack)
		for _, f := range vals {
			w.stack = append(w.stack, f(w))
		}
		v, f := make(w.stack[base:])
		w.stack = w.stack[:base]
		if f != nil {
			w.fault(s, f)
		}
		return v
	}
}

// varRef reads a variable, or what an INSTANCE puts in its place.
func (c *compiler) varRef(e *resolve.VarRef, env *env) *code {
	i, ok := c.ownPrime(e.Var, env)
	if !ok {
		if k := c.substituted(e.Var, env); k != nil {
			return k
		}
		i, ok = c.at[e.Var]
	}
	if !ok {
		return c.unsupported(e, env, "the variable "+e.Var.Name+" has no value: its module is not instantiated here")
	}
	if env.mode == current {
		return &code{reads: reads{cur: ints{int32(i)}}, cheap: true, from: source{fromState, i},
			val: func(w *Worker) value.Value { return w.cur[i] }}
	}
	s, name := at(e, env), e.Var.Name
	if env.mode == next {
		name += "'"
	}
	return &code{reads: reads{nxt: ints{int32(i)}}, cheap: true, val: func(w *Worker) value.Value {
		v := w.nxt[i]
		if v == 0 {
			w.fail(s, "%s has no value yet: it is used before the conjunct that gives it one", name)
		}
		return v
	}}
}

// ownPrime is the place among the next state's values of a primed variable of an instantiated module inside of ENABLED.
// There x' is bound: "some next value of x" does not become one of the expression that the INSTANCE puts in the place of x.
func (c *compiler) ownPrime(v *resolve.Var, env *env) (i int, ok bool) {
	if env.free == nil || env.mode != next {
		return 0, false
	}
	for inst := env.inst; inst != nil; inst = inst.env.inst {
		if _, ok := inst.stmt.Vars[v]; ok {
			if !inst.around(env.free) {
				return 0, false
			}
			key := primeKey{inst, v}
			i, known := c.primes[key]
			if !known {
				i = len(c.vars) + len(c.primes)
				c.primes[key] = i
				c.reserve(&c.primeCount, 1)
			}
			return i, true
		}
	}
	return 0, false
}

// around reports whether an INSTANCE is the inner one or one that the inner one stands in.
func (i *instance) around(inner *instance) bool {
	for ; inner != nil; inner = inner.env.inst {
		if inner == i {
			return true
		}
	}
	return false
}

type primeKey struct {
	inst *instance
	v    *resolve.Var
}

// substituted is the code of the expression that an INSTANCE puts in a variable's place; nil where there is none.
func (c *compiler) substituted(v *resolve.Var, env *env) *code {
	for inst := env.inst; inst != nil; inst = inst.env.inst {
		e, ok := inst.stmt.Vars[v]
		if !ok {
			continue
		}
		key := varKey{v, env.mode, env.free}
		k := inst.vars[key]
		if k == nil {
			k = c.remember(c.expr(e, inst.env.like(env)))
			if inst.vars == nil {
				inst.vars = map[varKey]*code{}
			}
			inst.vars[key] = k
		}
		return k
	}
	return nil
}

// constRef reads a constant, or what an INSTANCE or the configuration puts in its place.
func (c *compiler) constRef(e *resolve.ConstRef, env *env) *code { return c.constRefIn(e, env, env) }

// constRefIn is constRef for a constant that is named in one environment and applied to arguments of another.
func (c *compiler) constRefIn(e *resolve.ConstRef, env, use *env) *code {
	for inst := env.inst; inst != nil; inst = inst.env.inst {
		if a, ok := inst.stmt.Consts[e.Const]; ok {
			if op, isOp := a.(*resolve.OpArg); isOp {
				return c.applyOperator(e, &operator{op, inst.env}, e.Args, use)
			}
			return c.expr(a.(resolve.Expr), inst.env.inMode(use.mode))
		}
	}
	if v := c.values[e.Const]; v != 0 {
		return literal(v)
	}
	if d := c.replace[e.Const]; d != nil {
		return c.callDef(e, d, e.Args, use, c.rootEnv(use))
	}
	if rows := c.tables[e.Const]; rows != nil {
		return c.tabled(e, rows, use)
	}
	return c.unsupported(e, use, "the constant "+e.Const.Name+" has no value")
}

// rootEnv is the root module's environment, for definitions that the configuration puts in a constant's place.
func (c *compiler) rootEnv(env1 *env) *env {
	return &env{mode: env1.mode, frame: env1.frame, top: env1.top, free: env1.free}
}
