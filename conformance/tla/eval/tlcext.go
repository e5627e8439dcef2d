// The module TLCExt.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func init() {
	register("TLCExt", map[string]*builtin{
		"AssertError":    {compile: compileAssertError},
		"Trace":          {fn: traceSoFar, impure: true},
		"CounterExample": {fn: counterExample, impure: true},
		"ToTrace":        {fn: toTrace},
		"PickSuccessor":  {fn: pickSuccessor, impure: true},
		"TLCModelValue": {fn: func(w *Worker, s *site, a []value.Value) value.Value {
			return value.ModelValue(w.str(s, "TLCModelValue", a[0]))
		}},
		"TLCFP":             {fn: fingerprint},
		"TLCCache":          {compile: compileCache},
		"TLCEvalDefinition": {fn: evalDefinition, impure: true},
	})
}

// compileAssertError is TRUE where the expression cannot be evaluated. The message is not compared: it would have to be TLC's.
func compileAssertError(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
	message, k := c.expr(args[0].(resolve.Expr), env), c.expr(args[1].(resolve.Expr), env)
	val, s := k.value(), at(e, env)
	out := &code{reads: message.reads, cost: message.cost + k.cost + 1}
	out.reads.add(k.reads)
	msg := message.value()
	out.test = func(w *Worker) bool {
		w.str(s, "AssertError", msg(w))
		_, err := w.try(val)
		if err != nil && err.Reason == Internal {
			panic(err)
		}
		return err != nil
	}
	return out
}

// cacheKey is an expression that TLCCache is applied to, and the closure that its value was computed for.
type cacheKey struct {
	exp     resolve.Expr
	closure value.Value
}

// compileCache evaluates a constant expression once for each closure, in all of the run, as TLC does it; other expressions each time.
func compileCache(c *compiler, _ resolve.Expr, args []resolve.Arg, env *env) *code {
	exp, closure := args[0].(resolve.Expr), args[1].(resolve.Expr)
	k := c.expr(exp, env)
	if exp.Level() != resolve.LevelConstant {
		return k
	}
	key := c.expr(closure, env)
	val, keyed, s := k.value(), key.value(), at(closure, env)
	out := &code{reads: k.reads, cost: k.cost + key.cost}
	out.reads.add(key.reads)
	out.val = func(w *Worker) value.Value {
		key := cacheKey{exp, w.canon(s, keyed(w))}
		if v, ok := w.program.cache.Load(key); ok {
			return v.(value.Value)
		}
		v := val(w)
		if !isClosure(v) {
			w.program.cache.Store(key, v)
		}
		return v
	}
	return out
}

// told is a value that only whoever runs the search can give.
func (w *Worker) told(s *site, name, what string) value.Value {
	if w.Info != nil {
		if v, ok := w.Info(name, s.env.mode == next); ok {
			return v
		}
	}
	w.fail(s, "%s", what)
	return 0
}

func traceSoFar(w *Worker, s *site, _ []value.Value) value.Value {
	return w.told(s, "trace", "Trace has no value here: there is no behaviour that leads to the state at hand")
}

// counterExample is a graph: its field state is the set of the pairs of a number and a state, its field action the steps.
func counterExample(w *Worker, s *site, _ []value.Value) value.Value {
	return w.told(s, "counterexample", "CounterExample has a value in a POSTCONDITION only")
}

// toTrace is the sequence of the states of a counterexample.
func toTrace(w *Worker, s *site, args []value.Value) value.Value {
	states, ok := args[0].Field("state")
	if !ok || !states.IsSet() {
		w.fail(s, "ToTrace needs a CounterExample, but is given %s %s", args[0].KindName(), value.Brief(args[0]))
	}
	list := w.elements(s, states)
	trace := make([]value.Value, len(list))
	for _, pair := range list {
		parts, ok := pair.Items()
		if !ok || len(parts) != 2 || !parts[0].IsInt() || parts[0].Num() < 1 || int(parts[0].Num()) > len(list) {
			w.fail(s, "ToTrace: %s is no state of a CounterExample", value.Brief(pair))
		}
		trace[parts[0].Num()-1] = parts[1]
	}
	return value.Tuple(trace)
}

// pickSuccessor has nobody to ask.
func pickSuccessor(w *Worker, s *site, args []value.Value) value.Value {
	if args[0] != value.True {
		w.fail(s, "PickSuccessor asks the user for each successor, which this engine does not do")
	}
	return value.True
}

// fingerprint is 32 bits that stand for the value; they are not TLC's.
func fingerprint(w *Worker, s *site, args []value.Value) value.Value {
	return value.Int(int64(int32(w.canon(s, args[0]).Hash())))
}

func evalDefinition(w *Worker, s *site, args []value.Value) value.Value {
	w.fail(s, "TLCEvalDefinition(%s) cannot be evaluated: use the definition's name", args[0])
	return 0
}
