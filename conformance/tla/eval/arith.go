// Naturals and Integers.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func init() {
	register("Naturals", map[string]*builtin{
		"Nat":  constant(value.Nat),
		"+":    arithmetic("+", func(a, b int64) (int64, bool) { return a + b, true }),
		"-":    arithmetic("-", func(a, b int64) (int64, bool) { return a - b, true }),
		"*":    arithmetic("*", multiply),
		"^":    {fn: power},
		"%":    {fn: modulo},
		`\div`: {fn: quotient},
		"<":    comparison("<", false, false),
		">":    comparison(">", true, false),
		`\leq`: comparison(`\leq`, true, true),
		`\geq`: comparison(`\geq`, false, true),
		"..":   {compile: compileInterval, member: memberOfInterval},
	})
	register("Integers", map[string]*builtin{
		"Int": constant(value.Integers),
		"-.":  {fn: negate},
	})
	register("Reals", map[string]*builtin{"Real": constant(value.Reals)})
}

// operands gives two integers, or fails.
func (w *Worker) operands(s *site, op string, a, b value.Value) (int64, int64) {
	if a.IsInt() && b.IsInt() {
		return a.Num(), b.Num()
	}
	bad, side := a, "left"
	if a.IsInt() {
		bad, side = b, "right"
	}
	w.fail(s, "the %s side of %s must be an integer, but it is %s %s", side, op, bad.KindName(), value.Brief(bad))
	return 0, 0
}

// integer makes a result; beyond the bounds of integers it is an error, as in TLC.
func (w *Worker) integer(s *site, op string, a, b, n int64, ok bool) value.Value {
	if !ok || n > w.program.maxInt || n < w.program.minInt {
		w.fail(s, "%d %s %d is out of range: integers lie between %d and %d", a, op, b, w.program.minInt, w.program.maxInt)
	}
	return value.Int(n)
}

// arithmetic compiles a binary operation on integers.
func arithmetic(op string, f func(a, b int64) (int64, bool)) *builtin {
	return &builtin{compile: func(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
		vals, r, cost := c.exprs([]resolve.Expr{args[0].(resolve.Expr), args[1].(resolve.Expr)}, env)
		x, y, s := vals[0], vals[1], ofModule(e, env)
		return &code{reads: r, cost: cost, val: func(w *Worker) value.Value {
			a, b := w.operands(s, op, x(w), y(w))
			n, ok := f(a, b)
			return w.integer(s, op, a, b, n, ok)
		}}
	}}
}

// comparison compiles a comparison of integers, as a < b, b < a for swapped, or the opposite of one of these for negated.
func comparison(op string, swapped, negated bool) *builtin {
	return &builtin{compile: func(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
		vals, r, cost := c.exprs([]resolve.Expr{args[0].(resolve.Expr), args[1].(resolve.Expr)}, env)
		x, y, s := vals[0], vals[1], ofModule(e, env)
		return &code{reads: r, cost: cost, test: func(w *Worker) bool {
			a, b := w.operands(s, op, x(w), y(w))
			if swapped {
				a, b = b, a
			}
			return a < b != negated
		}}
	}}
}

func multiply(a, b int64) (int64, bool) {
	const limit = 1 << 31
	if a < limit && a > -limit && b < limit && b > -limit {
		return a * b, true
	}
	n := a * b
	return n, a == 0 || n/a == b && !(a == -1 && b == n)
}

func power(w *Worker, s *site, args []value.Value) value.Value {
	a, b := w.operands(s, "^", args[0], args[1])
	if b < 0 {
		w.fail(s, "the exponent of ^ must not be negative, but it is %d", b)
	}
	if a == 0 && b == 0 {
		w.fail(s, "0 ^ 0 is undefined")
	}
	n, ok := int64(1), true
	switch a {
	case 0, 1:
		return value.Int(a)
	case -1:
		return value.Int(1 - 2*(b%2))
	}
	for i := int64(0); i < b && ok; i++ {
		n, ok = multiply(n, a)
		ok = ok && n <= w.program.maxInt && n >= w.program.minInt
	}
	return w.integer(s, "^", a, b, n, ok)
}

func quotient(w *Worker, s *site, args []value.Value) value.Value {
	a, b := w.operands(s, `\div`, args[0], args[1])
	if b == 0 {
		w.fail(s, `the right side of \div is 0`)
	}
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return w.integer(s, `\div`, a, b, q, true)
}

func modulo(w *Worker, s *site, args []value.Value) value.Value {
	a, b := w.operands(s, "%", args[0], args[1])
	if b <= 0 {
		w.fail(s, "the right side of %% must be positive, but it is %d", b)
	}
	if a %= b; a < 0 {
		a += b
	}
	return value.Int(a)
}

func negate(w *Worker, s *site, args []value.Value) value.Value {
	a := args[0]
	if !a.IsInt() {
		w.fail(s, "the operand of - must be an integer, but it is %s %s", a.KindName(), value.Brief(a))
	}
	return w.integer(s, "-", 0, a.Num(), -a.Num(), true)
}

func compileInterval(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
	vals, r, cost := c.exprs([]resolve.Expr{args[0].(resolve.Expr), args[1].(resolve.Expr)}, env)
	x, y, s := vals[0], vals[1], ofModule(e, env)
	return &code{reads: r, cost: cost, val: func(w *Worker) value.Value {
		lo, hi := w.operands(s, "..", x(w), y(w))
		if hi == w.program.maxInt && lo <= hi {
			w.fail(s, "the set %d..%d goes up to the largest integer: its elements can be tested, but not gone through", lo, hi)
		}
		return value.Interval(lo, hi)
	}}
}

func memberOfInterval(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) (memberFn, reads, int) {
	vals, r, cost := c.exprs([]resolve.Expr{args[0].(resolve.Expr), args[1].(resolve.Expr)}, env)
	x, y, s := vals[0], vals[1], ofModule(e, env)
	return func(w *Worker, v value.Value) bool {
		lo, hi := w.operands(s, "..", x(w), y(w))
		if !v.IsInt() {
			if lo <= hi {
				w.strange(s, v, "an interval of integers")
			}
			return false
		}
		return v.Num() >= lo && v.Num() <= hi
	}, r, cost
}
