// Testing: a trace checked by go test.

package conformance

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"synod/trace"
)

// TB is the part of testing.TB that Check needs.
type TB interface {
	Helper()
	Name() string
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// Check fails the test where the trace does not conform to the specification. The message begins with the line of the
// program that took the wrong step. A trace that violates is shrunk and written to the test's artifact directory (go
// test -artifacts), from where it can be kept as a regression: CheckFile replays it.
//
// It returns the report; nil where the trace or the specification could not be used, which fails the test too.
func Check(t TB, spec *Spec, headers []trace.Header, events []trace.Event) *Report {
	t.Helper()
	return CheckWith(t, spec, headers, events, Options{})
}

// CheckFile is Check for the trace in a file, merged if need be.
func CheckFile(t TB, spec *Spec, path string) *Report {
	t.Helper()
	f, err := trace.ReadFile(path)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	return Check(t, spec, f.Headers, f.Events)
}

// CheckWith is Check with options.
func CheckWith(t TB, spec *Spec, headers []trace.Header, events []trace.Event, opts Options) *Report {
	t.Helper()
	report, err := Replay(t.Context(), spec, headers, events, opts)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	if a, ok := t.(interface{ Attr(key, value string) }); ok {
		a.Attr("conformance", string(report.Verdict))
	}
	var text strings.Builder
	if err := report.WriteText(&text); err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	if report.Verdict == Conforms {
		t.Logf("%s", text.String())
		return report
	}
	if report.Verdict == Violates {
		if path, err := keepShrunk(t, spec, headers, events, opts); err != nil {
			t.Logf("the trace was not shrunk: %v", err)
		} else if path != "" {
			text.WriteString("shrunk   " + path + "\n")
		}
	}
	t.Errorf("%s%s\nrerun    go test -run '^%s$'", report.line(), text.String(), t.Name())
	return report
}

// line gives the first line that editors and CI matchers read: where in the program the wrong step was taken.
func (r *Report) line() string {
	if len(r.Violations) == 0 {
		return ""
	}
	v := &r.Violations[0]
	if v.Event.Source == "" {
		return ""
	}
	return "\n./" + v.Event.Source + ":1: event " + v.Event.ID.String() + " (" + v.Event.Action + ") is no step of " + filepath.Base(r.Spec) + "\n"
}

// keepShrunk writes the shrunk trace to the test's artifact directory, if it has one.
func keepShrunk(t TB, spec *Spec, headers []trace.Header, events []trace.Event, opts Options) (string, error) {
	dir, ok := t.(interface{ ArtifactDir() string })
	if !ok {
		return "", nil
	}
	shrunk, err := Shrink(t.Context(), spec, headers, events, opts)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir.ArtifactDir(), "violation.ndjson")
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	if err := trace.Copy(f, headers, shrunk); err != nil {
		f.Close()
		return "", err
	}
	return path, f.Close()
}
