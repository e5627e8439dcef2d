// What the evaluator is and how its parts fit.

// Package eval turns resolved TLA+ into code and runs it.
//
// An expression is compiled once to a Go closure; evaluating it then looks nothing up. Bound names have become numbered
// slots of one flat array that each Worker has, variables are indexes into the two states at hand, definitions are
// inlined where they are used (a recursive one becomes a procedure that saves its slots), and INSTANCE is a
// substitution that happens at compile time. Arguments and LET definitions are evaluated when they are first
// needed. What depends on no state is computed once for each worker.
//
// A next-state action is compiled to continuations: the code for a conjunct is given the code for what comes after it,
// and calls that once for each way of making the conjunct true. x' = e notes the value, goes on, and takes the note
// back. The branches taken, and so the number of states generated, are TLC's.
//
// The first calls to make:
//
//	p, err := eval.New(program, eval.Config{...})
//	w := p.NewWorker()                       // one for each goroutine
//	inv := p.Formula(expr)                   // compiled code is shared by all workers
//	ok, err := w.Holds(inv, state)
package eval
