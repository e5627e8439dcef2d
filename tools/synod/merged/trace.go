// The traces of several nodes read as one.

// Package merged reads the trace files of a system's nodes and puts their events in one causal order.
package merged

import (
	"bufio"
	"context"
	"io"
	"os"
	"slices"

	"synod/conformance"
	"synod/trace"
)

// Trace is what the files hold together.
type Trace struct {
	Headers []trace.Header
	Events  []trace.Event
	Torn    []string // files whose last line had no end and was left out
	Specs   []Spec   // those that the headers name
}

// Spec is a specification, by the name that headers give it, and the files with such headers.
type Spec struct {
	Name  string
	Files []string
}

// named notes that a file names a specification.
func (t *Trace) named(spec, path string) {
	i := slices.IndexFunc(t.Specs, func(s Spec) bool { return s.Name == spec })
	if i < 0 {
		i, t.Specs = len(t.Specs), append(t.Specs, Spec{Name: spec})
	}
	if s := &t.Specs[i]; !slices.Contains(s.Files, path) {
		s.Files = append(s.Files, path)
	}
}

// Read reads and merges trace files. What is wrong with one is a *trace.Error with its place.
func Read(paths []string) (*Trace, error) {
	var files []*trace.File
	merged := &Trace{}
	for _, path := range paths {
		file, err := trace.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if file.Torn {
			merged.Torn = append(merged.Torn, path)
		}
		files = append(files, file)
		for _, h := range file.Headers {
			merged.named(h.Spec, path)
		}
	}
	merged.Headers = trace.Headers(files)
	var err error
	merged.Events, err = trace.Merge(files)
	return merged, err
}

// Write writes the merged trace, which can be read again.
func (t *Trace) Write(w io.Writer) error {
	buffered := bufio.NewWriter(w)
	if err := trace.Copy(buffered, t.Headers, t.Events); err != nil {
		return err
	}
	return buffered.Flush()
}

// Save writes the merged trace to a file.
func (t *Trace) Save(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := t.Write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// Shrink saves the part of a violating trace that shows the violation.
func Shrink(ctx context.Context, path string, spec *conformance.Spec, t *Trace, options conformance.Options) error {
	few, err := conformance.Shrink(ctx, spec, t.Headers, t.Events, options)
	if err != nil {
		return err
	}
	return (&Trace{Headers: t.Headers, Events: few}).Save(path)
}
