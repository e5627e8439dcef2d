// Model checking, seen from outside.

package tla

import (
	"context"
	"errors"
	"time"

	"synod/conformance/tla/syntax"
)

// CheckOptions say how to check. The zero value checks as TLC does with one worker.
type CheckOptions struct {
	Workers    int  // 0 is one; one worker explores in a fixed order
	NoDeadlock bool // do not report deadlocks (TLC's -deadlock); the configuration may say so too
	Progress   func(Progress)
	Interval   time.Duration // between two calls of Progress; 0 is one second
}

// Progress is how far a check has come.
type Progress struct {
	Generated int64
	Distinct  int64
	Queue     int64 // states found and not yet explored
	Depth     int
	Elapsed   time.Duration
}

// Result is what a check found.
type Result struct {
	Progress       // TLC's three figures: states generated, distinct states, depth
	Initial  int64 // distinct initial states
	Verdict  CheckVerdict
	Property string // the violated property's name
	Message  string // one line: "Invariant Agreement is violated."
	Behavior []Step // from an initial state to the offending one
	Loop     int    // for liveness: the index in Behavior to which the last state returns; -1 for stuttering
	Err      error  // the evaluation error, where Verdict is Failed
	Code     int    // TLC's exit code
}

// CheckVerdict is how a check ended.
type CheckVerdict uint8

// The ways in which a check can end.
const (
	OK         CheckVerdict = iota
	Assumption              // an ASSUME is false
	Deadlock                // a state without successor
	Safety                  // an invariant or an action property is violated
	Liveness                // a temporal property is violated
	Failed                  // an evaluation error
)

// Step is one state of a behaviour and how it was reached.
type Step struct {
	Action  string      // "Init" (the initial predicate's name) for the first
	Args    []Binding   // the action's parameters and quantified variables
	Span    syntax.Span // of the action
	State   State
	Changed []string // the variables that differ from the state before
}

// Check explores the reachable states and checks what the configuration lists. The error is non-nil where the check
// could not be carried out (a canceled ctx, no Init or Next); a violation, and an evaluation error, is a Result.
func (m *Model) Check(ctx context.Context, opts CheckOptions) (*Result, error) {
	return nil, errors.New("the engine is being built")
}
