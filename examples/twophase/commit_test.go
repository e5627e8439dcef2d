package twophase

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"synod/conformance"
	"synod/trace"
)

var into = flag.String("into", "", "write the traces of TestBugIsFound into this folder, for synod replay")

// run takes a transaction to its end: who can commit, and in which order messages arrive, follows from the seed.
func run(seed uint64, bug bool) *trace.Recorder {
	recorder := trace.NewRecorder("TwoPhase.tla")
	random := rand.New(rand.NewPCG(seed, 1))
	names := []string{"p1", "p2", "p3"}
	c := &coordinator{trace: recorder.Node("coordinator"), participants: names, decision: "none", yes: map[string]message{}, majorityCommits: bug}
	participants := map[string]*participant{}
	var flight []message
	for _, name := range names {
		p := &participant{trace: recorder.Node(name), name: name, state: "working"}
		participants[name] = p
		flight = append(flight, p.vote(random.IntN(8) > 0))
	}
	for len(flight) > 0 {
		i := random.IntN(len(flight))
		m := flight[i]
		flight = append(flight[:i], flight[i+1:]...)
		if m.to == "coordinator" {
			flight = append(flight, c.receive(m)...)
		} else {
			participants[m.to].learn(m)
		}
	}
	return recorder
}

func load(t *testing.T) *conformance.Spec {
	t.Helper()
	spec, err := conformance.LoadSpec("TwoPhase.tla", conformance.SpecOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// Every run is one that the specification allows, and together they show all of it.
func TestConforms(t *testing.T) {
	spec := load(t)
	var seen *conformance.Coverage
	for seed := range uint64(100) {
		report := conformance.CheckRecorder(t, spec, run(seed, false), conformance.Options{})
		if report == nil {
			return
		}
		if seen == nil {
			seen = report.Coverage
		} else if err := seen.Merge(report.Coverage); err != nil {
			t.Fatal(err)
		}
	}
	if actions, points := seen.Never(); len(actions)+len(points) > 0 {
		t.Errorf("the runs have shown too little: never %v, %v", actions, points)
	}
}

// A checker that finds nothing has to be seen to find something.
func TestBugIsFound(t *testing.T) {
	spec := load(t)
	for seed := range uint64(100) {
		files, err := run(seed, true).Files()
		if err != nil {
			t.Fatal(err)
		}
		report := replay(t, spec, files)
		if report.Verdict != conformance.Violates {
			continue
		}
		if action := report.Violations[0].Event.Action; action != "Commit" {
			t.Errorf("seed %d: the wrong step is %s, not Commit", seed, action)
		}
		write(t, files)
		return
	}
	t.Error("no run has shown the bug")
}

// replay is what CheckRecorder does, for a test that wants the other verdict.
func replay(t *testing.T, spec *conformance.Spec, files []*trace.File) *conformance.Report {
	t.Helper()
	events, err := trace.Merge(files)
	if err != nil {
		t.Fatal(err)
	}
	headers := trace.Headers(files)
	report, err := conformance.Replay(t.Context(), spec, headers, events, conformance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// write writes a file for each node.
func write(t *testing.T, files []*trace.File) {
	t.Helper()
	for _, from := range files {
		if *into == "" {
			return
		}
		f, err := os.Create(filepath.Join(*into, from.Name+".ndjson"))
		if err != nil {
			t.Fatal(err)
		}
		if err := trace.Copy(f, from.Headers, from.Events); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
