// The package's purpose and first call.

// Package conformance replays the trace of a running system on its TLA+ specification and says whether the system
// did what the specification allows.
//
//	spec, err := conformance.LoadSpec("spec/register/Register.tla", conformance.SpecOptions{Headers: headers})
//	report, err := conformance.Replay(ctx, spec, headers, events, conformance.Options{})
//	report.WriteText(os.Stdout)
//
// Each event of a trace claims to be one action of the specification. The replay keeps the set of states that the
// system can be in, given what was logged, and lets every event lead from it by the action of its name, with the
// arguments and variables that the event shows. Where no state is left the system did something that the
// specification forbids, and the report says which conjunct of which action was false, with its values.
//
// In a test, CheckRecorder does all of that with what a trace.Recorder has, and fails the test (docs/testing.md). A Monitor
// takes events as they come, in bounded memory. The Coverage of many reports adds up to what traces have shown of the specification.
//
// The checker shares no code with what it checks, and the specification is read as it is.
package conformance
