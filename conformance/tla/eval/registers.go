// Registers: memory that outlives a state, and figures of the run.

package eval

import (
	"maps"
	"strings"
	"sync"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// Registers are what TLCSet stored: by a number, or by a name that begins with "s:". They belong to one worker, but others may
// ask for them while it sets them. The zero value has none.
type Registers struct {
	mu     sync.Mutex
	values map[value.Value]value.Value
}

// Set gives a register a value.
func (r *Registers) Set(key, v value.Value) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.values == nil {
		r.values = map[value.Value]value.Value{}
	}
	r.values[key] = v
}

func (r *Registers) get(key value.Value) (value.Value, bool) {
	if r == nil {
		return 0, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.values[key]
	return v, ok
}

// Clone copies registers with their values.
func (r *Registers) Clone() *Registers {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Registers{values: maps.Clone(r.values)}
}

// Share sets what other registers have.
func (r *Registers) Share(from *Registers) {
	for key, v := range from.Clone().values {
		r.Set(key, v)
	}
}

// Info gives a figure of the run by its name, "level" say. With next it is the one that the next state will have, because
// the application of TLCGet stands under a prime.
type Info func(name string, next bool) (value.Value, bool)

func init() {
	register("TLC", map[string]*builtin{
		"TLCGet": {fn: tlcGet, impure: true},
		"TLCSet": {fn: tlcSet, impure: true},
	})
	register("TLCExt", map[string]*builtin{
		"TLCGetOrDefault": {fn: tlcGetOrDefault, impure: true},
		"TLCGetAndSet":    {compile: compileGetAndSet},
	})
}

// isRegister reports whether a value is the name of a register.
func isRegister(v value.Value) bool {
	if n, ok := v.AsInt(); ok {
		return n >= 0
	}
	name, _ := v.AsStr()
	return v.Kind() == value.KindString && strings.HasPrefix(name, "s:")
}

func tlcGet(w *Worker, s *site, args []value.Value) value.Value {
	if isRegister(args[0]) {
		v, ok := w.Registers.get(args[0])
		if !ok {
			w.fail(s, "TLCGet(%s) has no value: TLCSet has not given it one", args[0])
		}
		return v
	}
	if args[0].Kind() != value.KindString {
		w.fail(s, "TLCGet takes a number or a name, not %s %s", args[0].KindName(), value.Brief(args[0]))
	}
	name, _ := args[0].AsStr()
	if w.Info != nil {
		if v, ok := w.Info(name, s.env.mode == next); ok {
			return v
		}
	}
	if all, ok := AllRegisters(name, []*Registers{w.Registers}); ok {
		return all
	}
	w.fail(s, "TLCGet knows nothing of %q", name)
	return 0
}

// AllRegisters is what TLCGet gives for "all" and "all:named": a function from the registers' numbers, or from their names, to
// sequences of the values that the workers have for them. A worker that has none is left out of the sequence. ok is false for other names.
func AllRegisters(name string, workers []*Registers) (all value.Value, ok bool) {
	if name != "all" && name != "all:named" {
		return 0, false
	}
	lists := map[value.Value][]value.Value{}
	for _, r := range workers {
		if r == nil {
			continue
		}
		for key, v := range r.Clone().values {
			if key.IsInt() == (name == "all") {
				lists[key] = append(lists[key], v)
			}
		}
	}
	var keys, values []value.Value
	for key, list := range lists {
		keys, values = append(keys, key), append(values, value.Tuple(list))
	}
	f, _ := value.FuncOf(keys, values) // integers can be compared, and so can strings; each is there once
	return f, true
}

func tlcSet(w *Worker, s *site, args []value.Value) value.Value {
	if isRegister(args[0]) {
		w.set(args[0], w.canon(s, args[1]))
		return value.True
	}
	if args[0].Kind() != value.KindString {
		w.fail(s, "TLCSet takes a number, not %s %s", args[0].KindName(), value.Brief(args[0]))
	}
	name, _ := args[0].AsStr()
	if name != "exit" {
		w.fail(s, "TLCSet cannot set %q", name)
	}
	if w.Request != nil && args[1] == value.True {
		w.Request(name)
	}
	return value.True
}

func (w *Worker) set(key, v value.Value) {
	if w.Registers == nil {
		w.Registers = &Registers{}
	}
	w.Registers.Set(key, v)
}

func tlcGetOrDefault(w *Worker, s *site, args []value.Value) value.Value {
	if !isRegister(args[0]) {
		w.fail(s, "TLCGetOrDefault takes a number, not %s %s", args[0].KindName(), value.Brief(args[0]))
	}
	if v, ok := w.Registers.get(args[0]); ok {
		return v
	}
	return args[1]
}

// compileGetAndSet gives a register's old value and has Op of it and another value replace it.
func compileGetAndSet(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
	parts, r, cost := c.exprs([]resolve.Expr{args[0].(resolve.Expr), args[2].(resolve.Expr), args[3].(resolve.Expr)}, env)
	slots, op := c.callable(e, args[1], 2, env)
	s, apply := at(e, env), op.value()
	r.add(op.reads)
	r.impure, r.figures = true, true
	return &code{reads: r, cost: cost + op.cost, val: func(w *Worker) value.Value {
		key, v := parts[0](w), parts[1](w)
		if !isRegister(key) {
			w.fail(s, "TLCGetAndSet takes a number, not %s %s", key.KindName(), value.Brief(key))
		}
		old, known := w.Registers.get(key)
		if !known {
			old = parts[2](w)
		}
		w.slots[slots[0]], w.slots[slots[1]] = old, v
		w.set(key, w.canon(s, apply(w)))
		return old
	}}
}
