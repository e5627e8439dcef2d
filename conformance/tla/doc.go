// The front door of the TLA+ engine.

// Package tla loads TLA+ specifications and evaluates them: the very files that TLC reads.
//
//	m, err := tla.Load("spec/register/Register.tla", tla.Options{Config: "spec/register/MCRegister.cfg"})
//	if err != nil { ... }                      // Errors: file:line:col: message
//
// A loaded Model is immutable and may be shared. There are two things to do with it.
//
// Check explores every reachable state, as TLC does, and reports the same three figures:
//
//	result, err := m.Check(ctx, tla.CheckOptions{})
//
// A Machine steps by hand, one action at a time, which is what a trace checker needs. Values that are known are
// bound instead of enumerated, so that `\E b \in Nat : Prepare(p, b, c)` costs nothing where b is known:
//
//	machine := m.NewMachine()                  // one for each goroutine
//	states, err := machine.Init()
//	prepare, _ := m.Action("Prepare")
//	next, err := machine.Step(states[0], prepare, []tla.Value{tla.Str("p1"), tla.Int(5), 0})
//
// and where no successor fits what was observed, Explain says which conjunct of the action was false and with
// which values. Eval evaluates any expression in a state.
//
// Errors are of type Errors or *Error: a place, a message, and for errors of evaluation the calls that were under way. Render
// shows them with the line of source. No input makes the package panic, and no goroutine outlives the call that started it.
//
// Values are shared by all models of a process and are never freed on their own; see Memory for what to do about it.
package tla
