// What evaluates expressions: TLC, the engine, and what keeps a bad expression from spoiling a batch.

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// evaluator gives an outcome for each expression. An unreadableError means that the batch could not be read as a
// whole, because of one expression at least.
type evaluator interface {
	evaluate(ctx context.Context, expressions []string) ([]outcome, error)
}

// unreadableError is a batch that does not parse: nothing of it was evaluated.
type unreadableError struct{ message string }

func (e *unreadableError) Error() string { return unreadable + ": " + e.message }

// unreadable is how the text of an unreadableError begins.
const unreadable = "cannot be read"

// outcome is what one evaluator makes of an expression: a value's text, or an error's.
type outcome struct {
	value  string
	err    string
	failed bool
}

func (o outcome) String() string {
	if o.failed {
		return "error: " + strings.ReplaceAll(o.err, "\n", " ")
	}
	return o.value
}

// agrees reports whether both are the same value, or both errors. Errors' texts are not compared.
func (o outcome) agrees(other outcome) bool {
	return o.failed == other.failed && (o.failed || o.value == other.value)
}

// isolated evaluates a batch; where it cannot be read, the halves are tried apart until the bad expressions are alone.
func isolated(ctx context.Context, e evaluator, expressions []string) ([]outcome, error) {
	if len(expressions) == 0 {
		return nil, nil
	}
	got, err := e.evaluate(ctx, expressions)
	var unread *unreadableError
	if !errors.As(err, &unread) {
		if err == nil && len(got) != len(expressions) {
			err = fmt.Errorf("%d outcomes for %d expressions", len(got), len(expressions))
		}
		return got, err
	}
	if len(expressions) == 1 {
		return []outcome{{failed: true, err: unread.Error()}}, nil
	}
	half := len(expressions) / 2
	first, err := isolated(ctx, e, expressions[:half])
	if err != nil {
		return nil, err
	}
	second, err := isolated(ctx, e, expressions[half:])
	return append(first, second...), err
}
