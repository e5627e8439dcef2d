// The two judges of a model: the Go engine and TLC.

package models

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"synod/conformance/tla"
	"synod/tools/synod/console"
	"synod/tools/synod/tlc"
)

// Judge checks models. Progress is told of now and then. An error means that the judge could not do its work; what it
// found wrong with the model is in the Finding.
type Judge interface {
	Check(ctx context.Context, m Model, progress func(string)) (Finding, error)
}

// Finding is what a judge found.
type Finding struct {
	Result    string // one of the results in results
	Violated  string // the name of what is violated; "" for nothing, or where the judge does not say
	Generated int64
	Distinct  int64
	Depth     int64
	Length    int64  // states in the counterexample
	Message   string // the judge's first line about what is wrong
}

// Engine is the Go engine.
type Engine struct{ Workers int }

// Check implements Judge.
func (e Engine) Check(ctx context.Context, m Model, progress func(string)) (Finding, error) {
	model, err := tla.Load(m.Spec, tla.Options{Config: m.Config})
	if err != nil {
		return Finding{Result: resultOf(tla.ExitCode(err), ""), Message: err.Error()}, nil
	}
	workers := e.Workers
	if m.Result != "ok" {
		workers = 1 // which counterexample is found depends on the order of the search
	}
	result, err := model.Check(ctx, tla.CheckOptions{
		Workers: workers,
		Progress: func(p tla.Progress) {
			progress(fmt.Sprintf("%s states generated, %s distinct, depth %d", console.Grouped(p.Generated), console.Grouped(p.Distinct), p.Depth))
		},
	})
	if err != nil {
		return Finding{}, err
	}
	kind := ""
	if slices.Contains(model.Invariants(), result.Property) {
		kind = "Invariant "
	}
	found := Finding{
		Result: resultOf(result.Code, kind), Violated: result.Property, Message: result.Message,
		Generated: result.Generated, Distinct: result.Distinct, Depth: int64(result.Depth), Length: int64(len(result.Behavior)),
	}
	if result.Err != nil {
		found.Message = result.Err.Error()
	}
	return found, nil
}

// brief is the number of generated states below which a run of TLC is over before the optimising compiler of Java pays.
// Models that fail, for which the manifest has no number, fail soon.
const brief = 50_000

// TLC is TLC, with one worker: with several it may reach a state on a longer way first and then tells too large a depth.
type TLC struct{ Jar string }

// Check implements Judge.
func (t TLC) Check(ctx context.Context, m Model, _ func(string)) (Finding, error) {
	job := tlc.Job{Spec: m.Spec, Config: m.Config, Workers: 1, Brief: m.Generated == nil || *m.Generated < brief}
	result, err := tlc.Run(ctx, t.Jar, job, io.Discard)
	if err != nil {
		return Finding{}, err
	}
	return Finding{
		Result: resultOf(result.Code, result.Error), Violated: violatedName(result.Error), Message: result.Error,
		Generated: result.Generated, Distinct: result.Distinct, Depth: result.Depth, Length: result.Length,
	}, nil
}

// violatedName takes the name out of TLC's message, "Invariant Inv is violated." Of a property that is a conjunction
// TLC tells the place instead ("Action property line 5, ..."), and of a temporal one nothing.
func violatedName(message string) string {
	for _, kind := range []string{"Invariant ", "Action property "} {
		if rest, ok := strings.CutPrefix(message, kind); ok {
			if name, _, _ := strings.Cut(rest, " "); name != "line" {
				return name
			}
		}
	}
	return ""
}
