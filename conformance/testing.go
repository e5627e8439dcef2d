// Testing: a trace checked by go test.

package conformance

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
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
// program that took the wrong step. A trace that violates is shrunk and, with go test -artifacts, written to the test's
// artifact directory beside a page with the report: CheckFile replays it. Tests may call Check in parallel, and fuzz tests
// may call it.
//
// It returns the report; nil where the trace or the specification could not be used, which fails the test too.
func Check(t TB, spec *Spec, headers []trace.Header, events []trace.Event) *Report {
	t.Helper()
	return CheckWith(t, spec, headers, events, Options{})
}

// CheckFile is CheckWith for the trace in a file: a trace that was shrunk and kept violates with the options that it had
// violated with, and perhaps with no others.
func CheckFile(t TB, spec *Spec, path string, opts Options) *Report {
	t.Helper()
	f, err := trace.ReadFile(path)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	return CheckWith(t, spec, f.Headers, f.Events, opts)
}

// CheckRecorder is CheckWith for what the nodes of a test have recorded: it puts their steps in one order first.
func CheckRecorder(t TB, spec *Spec, r *trace.Recorder, opts Options) *Report {
	t.Helper()
	files, err := r.Files()
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	events, err := trace.Merge(files)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	return CheckWith(t, spec, trace.Headers(files), events, opts)
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
	write := report.WriteText
	if report.Verdict == Violates {
		write = report.writeFailure
	}
	if err := write(&text); err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	if report.Verdict == Conforms {
		t.Logf("%s", text.String())
		return report
	}
	if report.Verdict == Violates {
		shrunk, err := keep(t, spec, headers, events, opts, report)
		if err != nil {
			shrunk = fmt.Sprintf("no: %v", err)
		}
		text.WriteString("shrunk   " + shrunk + "\n")
	}
	t.Errorf("%srerun    %s", text.String(), rerun(t.Name()))
	return report
}

// rerun is the command that runs a test alone.
func rerun(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return fmt.Sprintf("go test %s -run '%s'", folder(), strings.Join(parts, "/"))
}

// folder is the package under test, seen from the folder of go.mod: tests run in their package's folder.
func folder() string {
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	for top := here; ; top = filepath.Dir(top) {
		if _, err := os.Stat(filepath.Join(top, "go.mod")); err == nil {
			if rel, err := filepath.Rel(top, here); err == nil {
				return strings.TrimSuffix("./"+filepath.ToSlash(rel), "/.")
			}
		}
		if top == filepath.Dir(top) {
			return "."
		}
	}
}

// keep shrinks the trace and writes it, and the report as a page, to the test's artifact directory. The directory is only
// kept where go test is asked to.
func keep(t TB, spec *Spec, headers []trace.Header, events []trace.Event, opts Options, report *Report) (string, error) {
	shrunk, err := Shrink(t.Context(), spec, headers, events, opts)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%d -> %s", report.Violations[0].Number, plural(len(shrunk), "event", "events"))
	dir, ok := t.(interface{ ArtifactDir() string })
	if f := flag.Lookup("test.artifacts"); !ok || f != nil && f.Value.String() != "true" && isTest(t) {
		return text + "; go test -artifacts keeps them", nil
	}
	path := filepath.Join(dir.ArtifactDir(), "violation.ndjson")
	err = writeFile(path, func(w io.Writer) error { return trace.Copy(w, headers, shrunk) })
	if err == nil {
		err = writeFile(filepath.Join(dir.ArtifactDir(), "violation.html"), report.WriteHTML)
	}
	return text + ": " + path, err
}

// isTest reports whether t is one of package testing's, whose artifact directory goes with the test unless it is asked for.
func isTest(t TB) bool {
	kind := reflect.TypeOf(t)
	return kind.Kind() == reflect.Pointer && kind.Elem().PkgPath() == "testing"
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
