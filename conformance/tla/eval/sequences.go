// Sequences and FiniteSets.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func init() {
	register("Sequences", map[string]*builtin{
		"Seq":       {fn: seqSet, member: memberOfSeq},
		"Len":       {fn: length},
		`\o`:        {fn: concat},
		"Append":    {fn: appendTo},
		"Head":      {fn: head},
		"Tail":      {fn: tail},
		"SubSeq":    {fn: subSeq},
		"SelectSeq": {compile: compileSelectSeq},
	})
	register("FiniteSets", map[string]*builtin{
		"IsFiniteSet": {fn: isFiniteSet},
		"Cardinality": {fn: cardinality},
	})
}

// items gives a sequence's elements, or fails.
func (w *Worker) items(s *site, op string, v value.Value) []value.Value {
	elems, ok := w.solid(s, v).Items()
	if !ok {
		w.fail(s, "%s needs a sequence, but is given %s %s", op, v.KindName(), value.Brief(v))
	}
	return elems
}

func seqSet(w *Worker, s *site, args []value.Value) value.Value {
	v, f := value.Seq(args[0])
	if f != nil {
		w.fault(s, f)
	}
	return v
}

func memberOfSeq(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) (memberFn, reads, int) {
	in, r, cost := c.member(args[0].(resolve.Expr), env)
	s := ofModule(e, env)
	return func(w *Worker, x value.Value) bool {
		x = w.solid(s, x)
		elems, ok := x.Items()
		if !ok {
			w.strange(s, x, "a set of sequences")
			return false
		}
		for _, v := range elems {
			if !in(w, v) {
				return false
			}
		}
		return true
	}, r, cost + 4
}

func length(w *Worker, s *site, args []value.Value) value.Value {
	if text, ok := args[0].AsStr(); ok && args[0].Kind() == value.KindString {
		return value.Int(int64(len([]rune(text))))
	}
	return value.Int(int64(len(w.items(s, "Len", args[0]))))
}

func concat(w *Worker, s *site, args []value.Value) value.Value {
	if args[0].Kind() == value.KindString && args[1].Kind() == value.KindString {
		a, _ := args[0].AsStr()
		b, _ := args[1].AsStr()
		if n := int64(len(a)) + int64(len(b)); n > value.Largest() {
			w.fail(s, "a string of %d bytes is too long", n)
		}
		return value.Str(a + b)
	}
	a, b := w.items(s, `\o`, args[0]), w.items(s, `\o`, args[1])
	if n := int64(len(a)) + int64(len(b)); n > value.Largest() {
		w.fail(s, "a sequence of %d elements is too long", n)
	}
	return value.Tuple(append(append(make([]value.Value, 0, len(a)+len(b)), a...), b...))
}

func appendTo(w *Worker, s *site, args []value.Value) value.Value {
	if args[0].Kind() == value.KindString {
		return concat(w, s, args)
	}
	elems := w.items(s, "Append", args[0])
	x := w.canon(s, args[1])
	base := len(w.stack)
	w.stack = append(append(w.stack, elems...), x)
	v := value.Tuple(w.stack[base:])
	w.stack = w.stack[:base]
	return v
}

// text gives a string's characters: to TLC a string is a sequence of them in a few operators.
func (w *Worker) text(s *site, op string, v value.Value) (runes []rune, ok bool) {
	if v.Kind() != value.KindString {
		return nil, false
	}
	text, _ := v.AsStr()
	if text == "" {
		w.fail(s, "%s is applied to the empty string", op)
	}
	return []rune(text), true
}

// parts are a sequence's elements, or a string's characters as strings.
func (w *Worker) parts(s *site, op string, v value.Value) []value.Value {
	text, ok := v.AsStr()
	if !ok || v.Kind() != value.KindString {
		return w.items(s, op, v)
	}
	var list []value.Value
	for _, r := range text {
		list = append(list, value.Str(string(r)))
	}
	return list
}

func head(w *Worker, s *site, args []value.Value) value.Value {
	if runes, ok := w.text(s, "Head", args[0]); ok {
		return value.Str(string(runes[:1]))
	}
	elems := w.items(s, "Head", args[0])
	if len(elems) == 0 {
		w.fail(s, "Head is applied to the empty sequence")
	}
	return elems[0]
}

func tail(w *Worker, s *site, args []value.Value) value.Value {
	if runes, ok := w.text(s, "Tail", args[0]); ok {
		return value.Str(string(runes[1:]))
	}
	elems := w.items(s, "Tail", args[0])
	if len(elems) == 0 {
		w.fail(s, "Tail is applied to the empty sequence")
	}
	return value.Tuple(elems[1:])
}

func subSeq(w *Worker, s *site, args []value.Value) value.Value {
	from, to := w.operands(s, "SubSeq", args[1], args[2])
	if args[0].Kind() == value.KindString {
		text, _ := args[0].AsStr()
		runes := []rune(text)
		if from > to {
			return value.Str("")
		}
		w.checkRange(s, from, to, len(runes), args[0])
		return value.Str(string(runes[from-1 : to]))
	}
	elems := w.items(s, "SubSeq", args[0])
	if from > to {
		return value.Tuple(nil)
	}
	w.checkRange(s, from, to, len(elems), args[0])
	return value.Tuple(elems[from-1 : to])
}

func (w *Worker) checkRange(s *site, from, to int64, n int, seq value.Value) {
	if from < 1 || to > int64(n) {
		w.fail(s, "SubSeq from %d to %d goes beyond the sequence, which has %d elements: %s", from, to, n, value.Brief(seq))
	}
}

func compileSelectSeq(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
	seq := c.expr(args[0].(resolve.Expr), env)
	slots, test := c.callable(e, args[1], 1, env)
	s := ofModule(e, env)
	val, pass := seq.value(), test.bool(s)
	k := &code{reads: seq.reads, cost: seq.cost + 8*test.cost}
	k.reads.add(test.reads)
	k.val = func(w *Worker) value.Value {
		elems := w.parts(s, "SelectSeq", val(w))
		base := len(w.stack)
		for _, x := range elems {
			w.slots[slots[0]] = x
			if pass(w) {
				w.stack = append(w.stack, x)
			}
		}
		v := value.Tuple(w.stack[base:])
		w.stack = w.stack[:base]
		return v
	}
	return k
}

func isFiniteSet(w *Worker, s *site, args []value.Value) value.Value {
	if !args[0].IsSet() {
		w.fail(s, "IsFiniteSet needs a set, but is given %s %s", args[0].KindName(), value.Brief(args[0]))
	}
	return value.Bool(value.Finite(args[0]))
}

func cardinality(w *Worker, s *site, args []value.Value) value.Value {
	n, f := value.Cardinality(args[0])
	if f != nil {
		w.fault(s, f)
	}
	return w.integer(s, "+", 0, n, n, true)
}
