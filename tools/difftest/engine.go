// The engine: what is tested.

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"synod/conformance/tla"
)

// engine evaluates batches with the engine of this repository.
type engine struct {
	folder string // scratch
	limit  time.Duration
}

func (e *engine) evaluate(ctx context.Context, expressions []string) (got []outcome, err error) {
	file := filepath.Join(e.folder, moduleName+".tla")
	config := filepath.Join(e.folder, moduleName+".cfg")
	if err := os.WriteFile(file, []byte(batch(expressions)), 0o644); err != nil {
		return nil, err
	}
	if err := os.WriteFile(config, []byte(configuration), 0o644); err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			err = &unreadableError{fmt.Sprintf("panic while loading: %v\n%s", p, debug.Stack())}
		}
	}()
	m, err := tla.Load(file, tla.Options{Config: config})
	if err != nil {
		return nil, &unreadableError{err.Error()}
	}
	state, err := m.NewState(map[string]tla.Value{"unused": tla.Int(0)})
	if err != nil {
		return nil, err
	}
	machine := m.NewMachine()
	for i := range expressions {
		done := make(chan outcome, 1)
		go func() { done <- evaluateOne(machine, fmt.Sprintf("E%d", i+1), state) }()
		select {
		case o := <-done:
			got = append(got, o)
		case <-time.After(e.limit):
			// The goroutine cannot be stopped; it goes on with the machine that nobody else uses any more.
			got = append(got, outcome{failed: true, err: "the engine did not answer in time"})
			machine = m.NewMachine()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return got, nil
}

// evaluateOne turns a panic into an outcome that agrees with nothing.
func evaluateOne(machine *tla.Machine, name string, state tla.State) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = outcome{value: fmt.Sprintf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	v, err := machine.Eval(name, state)
	if err != nil {
		return outcome{failed: true, err: err.Error()}
	}
	return outcome{value: v.String()}
}
