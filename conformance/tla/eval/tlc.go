// The module TLC.

package eval

import (
	"slices"
	"time"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func init() {
	register("TLC", map[string]*builtin{
		"Print":         {fn: printValue, impure: true, settles: true},
		"PrintT":        {fn: printT, impure: true, settles: true},
		"Assert":        {compile: compileAssert},
		"JavaTime":      {fn: func(*Worker, *site, []value.Value) value.Value { return value.Int(time.Now().Unix() & (1<<31 - 1)) }, impure: true, settles: true},
		":>":            {fn: single},
		"@@":            {fn: override},
		"Permutations":  {fn: permutations},
		"SortSeq":       {compile: compileSortSeq},
		"RandomElement": {fn: randomElement, impure: true, settles: true},
		"Any":           constant(value.Anything),
		"ToString":      {fn: toString},
		"TLCEval":       {fn: func(w *Worker, s *site, a []value.Value) value.Value { return w.canon(s, a[0]) }},
	})
}

func (w *Worker) print(text string) {
	if w.Print != nil {
		w.Print(text)
	}
}

// printable is a value that stands for itself in a text.
func (w *Worker) printable(s *site, v value.Value) value.Value {
	v = w.solid(s, v)
	if f := value.Unprintable(v); f != nil {
		w.fault(s, f)
	}
	return v
}

func printValue(w *Worker, s *site, args []value.Value) value.Value {
	w.print(w.printable(s, args[0]).String() + "  " + w.printable(s, args[1]).String())
	return args[1]
}

func printT(w *Worker, s *site, args []value.Value) value.Value {
	w.print(w.printable(s, args[0]).String())
	return value.True
}

// compileAssert evaluates the message only where the condition is false.
func compileAssert(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
	cond, k := c.test(args[0].(resolve.Expr), env)
	message := c.expr(args[1].(resolve.Expr), env)
	msg, s := message.value(), ofModule(e, env)
	out := &code{reads: k.reads, cost: k.cost + 1}
	out.reads.add(message.reads)
	out.test = func(w *Worker) bool {
		if !cond(w) {
			v := w.solid(s, msg(w))
			text, ok := v.AsStr()
			if !ok {
				text = v.String()
			}
			panic(w.errorf(s, Assertion, "the assertion failed: %s", text))
		}
		return true
	}
	return out
}

func single(w *Worker, s *site, args []value.Value) value.Value {
	x, v := w.canon(s, args[0]), w.settle(s, args[1])
	return w.function(value.SortedSet([]value.Value{x}), []value.Value{v})
}

// override is f @@ g: f where it is defined, elsewhere g.
func override(w *Worker, s *site, args []value.Value) value.Value {
	for i, v := range args {
		if !v.IsFunction() {
			w.fail(s, "the %s side of @@ must be a function, but it is %s %s", []string{"left", "right"}[i], v.KindName(), value.Brief(v))
		}
	}
	f := w.settle(s, args[0])
	mine, values := w.mapping(s, f)
	keys, values := slices.Clone(mine), slices.Clone(values)
	others, theirs := w.mapping(s, args[1])
	for i, x := range others {
		if isClosure(f) && !slices.Contains(mine, x) || !isClosure(f) && f.Index(x) < 0 {
			keys, values = append(keys, x), append(values, theirs[i])
		}
	}
	if slices.ContainsFunc(values, isClosure) {
		domain, fault := value.Set(slices.Clone(keys))
		if fault != nil {
			w.fault(s, fault)
		}
		return w.composite(domain, keys, values)
	}
	v, fault := value.FuncOf(keys, values)
	if fault != nil {
		w.fault(s, fault)
	}
	return v
}

// permutations is the set of the one-to-one functions from S onto S.
func permutations(w *Worker, s *site, args []value.Value) value.Value {
	domain := w.canon(s, args[0])
	if !domain.IsSet() {
		w.fail(s, "Permutations needs a set, but is given %s %s", domain.KindName(), value.Brief(domain))
	}
	elems := slices.Clone(w.elements(s, domain))
	if len(elems) > 10 {
		w.fail(s, "a set with %d elements has too many permutations", len(elems))
	}
	var all []value.Value
	permute(elems, 0, func(p []value.Value) { all = append(all, value.Func(domain, p)) })
	v, f := value.Set(all)
	if f != nil {
		w.fault(s, f)
	}
	return v
}

func permute(p []value.Value, from int, visit func([]value.Value)) {
	if from >= len(p)-1 {
		visit(p)
		return
	}
	for i := from; i < len(p); i++ {
		p[from], p[i] = p[i], p[from]
		permute(p, from+1, visit)
		p[from], p[i] = p[i], p[from]
	}
}

// compileSortSeq sorts by insertion, as TLC does, so that equal elements keep their order.
func compileSortSeq(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
	seq := c.expr(args[0].(resolve.Expr), env)
	slots, test := c.callable(e, args[1], 2, env)
	s := ofModule(e, env)
	val, less := seq.value(), test.bool(s)
	k := &code{reads: seq.reads, cost: seq.cost + 20*test.cost}
	k.reads.add(test.reads)
	k.val = func(w *Worker) value.Value {
		elems := slices.Clone(w.parts(s, "SortSeq", val(w)))
		slices.SortStableFunc(elems, func(a, b value.Value) int {
			w.slots[slots[0]], w.slots[slots[1]] = a, b
			if less(w) {
				return -1
			}
			w.slots[slots[0]], w.slots[slots[1]] = b, a
			if less(w) {
				return 1
			}
			return 0
		})
		return value.Tuple(elems)
	}
	return k
}

func randomElement(w *Worker, s *site, args []value.Value) value.Value {
	if args[0].IsSymbolic() && value.Drawable(args[0]) {
		return value.Draw(args[0], w.random())
	}
	list := w.elements(s, args[0])
	if len(list) == 0 {
		w.fail(s, "RandomElement is applied to the empty set")
	}
	return list[w.random().IntN(len(list))]
}

// maxText bounds the strings that values are made to.
const maxText = 1 << 24

func toString(w *Worker, s *site, args []value.Value) value.Value {
	text, whole := value.Text(w.printable(s, args[0]), maxText)
	if !whole {
		w.fail(s, "the value is too long to be a string: %s", value.Brief(args[0]))
	}
	return value.Str(text)
}
