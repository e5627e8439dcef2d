// Environments: what a name means at a place, known at compile time.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// mode says which state an unprimed variable is read from.
type mode uint8

const (
	current mode = iota // x is the state before the step, x' the one after
	next                // under a prime: x is the state after the step
	initial             // in the initial predicate: x is the state that is being made
)

// env is everything that the meaning of an expression depends on.
type env struct {
	locals *scope
	inst   *instance
	mode   mode
	frame  *frame
	top    bool      // inside of Next, not yet inside of an action: where calls are actions
	free   *instance // the INSTANCE around an ENABLED, inside of which the module's primed variables stand for themselves
}

// use makes e the environment of a definition that is used in another one.
func (e *env) use(at *env) { e.mode, e.frame, e.top, e.free = at.mode, at.frame, false, at.free }

// scope is a list of names, innermost first. A name is known by the declaration that it resolved to: exactly one of
// local, def (a LET's definition) and inst (a LET's INSTANCE) is set.
type scope struct {
	local *resolve.Local
	def   *resolve.Def
	inst  *resolve.Instance
	bind  *binding
	next  *scope
}

// binding is what a name stands for.
type binding struct {
	slot int // where its value is kept; -1 for none
	kind bindKind
	lit  value.Value // a value known at compile time

	expr  resolve.Expr // bound lazily to an expression in env
	env   *env         // also: the environment of a LET's definition or INSTANCE, and of an operator
	code  *code        // expr compiled, when it was first needed
	plain bool         // its value must not be kept

	op *operator // an operator parameter's

	element kind // a quantified name's: what is known of the elements of its set

	procs map[sharedKey]*procedure // a LET's definition: its procedures
}

type bindKind uint8

const (
	boundSlot     bindKind = iota // a value in slot
	boundArgument                 // a procedure's argument in slot, which may be an error that was put off
	boundLazy                     // expr, whose value is kept in slot once it is known
	boundLiteral                  // lit
	boundOperator
	boundLexical // a definition or INSTANCE of a LET: env is where it stands
)

// operator is what an operator parameter stands for: a definition in its environment, a constant operator, or one of
// the language's own.
type operator struct {
	arg *resolve.OpArg
	env *env
}

// instance is an INSTANCE statement with the environment in which its substitutions are written.
type instance struct {
	stmt *resolve.Instance
	env  *env
	vars map[varKey]*code // the substituted expressions, compiled
}

type varKey struct {
	v    *resolve.Var
	mode mode
	free *instance
}

func (e *env) with(s scope) *env {
	s.next = e.locals
	c := *e
	c.locals = &s
	return &c
}

// bindSlot is e with a name bound to a slot.
func (e *env) bindSlot(l *resolve.Local, slot int) *env {
	return e.with(scope{local: l, bind: &binding{slot: slot, kind: boundSlot}})
}

func (e *env) inMode(m mode) *env {
	if e.mode == m {
		return e
	}
	c := *e
	c.mode = m
	return &c
}

// like is e for what stands in the environment at: read from the same state, inside of the same ENABLED.
func (e *env) like(at *env) *env {
	if e.mode == at.mode && e.free == at.free {
		return e
	}
	c := *e
	c.mode, c.free = at.mode, at.free
	return &c
}

// primed is e under a prime.
func (e *env) primed() *env { return e.inMode(next) }

// inside is e for what stands inside an expression that is no action of its own.
func (e *env) inside() *env {
	if !e.top {
		return e
	}
	c := *e
	c.top = false
	return &c
}

func (e *env) findLocal(l *resolve.Local) *binding {
	for s := e.locals; s != nil; s = s.next {
		if s.local == l {
			return s.bind
		}
	}
	return nil
}

func (e *env) findDef(d *resolve.Def) *binding {
	for s := e.locals; s != nil; s = s.next {
		if s.def == d {
			return s.bind
		}
	}
	return nil
}

func (e *env) findInst(i *resolve.Instance) *binding {
	for s := e.locals; s != nil; s = s.next {
		if s.inst == i {
			return s.bind
		}
	}
	return nil
}

// module is the environment of a module-level definition that is used in e: no local names, the same substitutions.
func (e *env) module() *env {
	return &env{inst: e.inst, mode: e.mode, frame: e.frame, top: e.top, free: e.free}
}
