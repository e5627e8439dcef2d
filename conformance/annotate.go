// Annotations: a report as code hosts and editors read it.

package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"synod/conformance/tla"
)

// WriteGitHub writes each violation as a GitHub workflow annotation on the line of the program that took the step, or of
// the trace where the trace does not name one.
func (r *Report) WriteGitHub(w io.Writer) error {
	for i := range r.Violations {
		v := &r.Violations[i]
		file, line := v.place()
		text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(v.message(r))
		if _, err := fmt.Fprintf(w, "::error file=%s,line=%d,title=%s is no step of %s::%s\n",
			file, line, v.Event.Action, filepath.Base(r.Spec), text); err != nil {
			return err
		}
	}
	for _, u := range r.Unfinished {
		if _, err := fmt.Fprintf(w, "::error file=%s,line=%d,title=Inconclusive::event %s is not decided: %s\n",
			u.Event.Place.File, u.Event.Place.Line, u.Event.ID, u.Reason); err != nil {
			return err
		}
	}
	return nil
}

// place gives the line of the program that took the step, else the line of the trace.
func (v *Violation) place() (file string, line int) {
	if at := strings.LastIndexByte(v.Event.Source, ':'); at > 0 {
		if n, err := strconv.Atoi(v.Event.Source[at+1:]); err == nil {
			return v.Event.Source[:at], n
		}
	}
	return v.Event.Place.File, v.Event.Place.Line
}

// message says in a few lines what is wrong.
func (v *Violation) message(r *Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "event %s (%s) is no step of %s", v.Event.ID, v.Event.Place, r.Spec)
	for i := range v.Nearest.Conjuncts {
		if c := &v.Nearest.Conjuncts[i]; c.Verdict != tla.Holds {
			fmt.Fprintf(&b, "\n%s: %s  %s", c.Span.Start, c.Source, fate(c))
		}
	}
	for _, s := range v.Since {
		fmt.Fprintf(&b, "\n%s = %s since %s", s.Path, shorten(s.Value, 60), v.origin(s.Event))
	}
	return b.String()
}

// WriteSARIF writes the violations in the Static Analysis Results Interchange Format, version 2.1.0.
func (r *Report) WriteSARIF(w io.Writer) error {
	type object = map[string]any
	location := func(file string, line int) object {
		return object{"physicalLocation": object{
			"artifactLocation": object{"uri": filepath.ToSlash(file)},
			"region":           object{"startLine": max(line, 1)},
		}}
	}
	results := []object{}
	for i := range r.Violations {
		v := &r.Violations[i]
		file, line := v.place()
		related := []object{location(v.Event.Place.File, v.Event.Place.Line)}
		for k := range v.Nearest.Conjuncts {
			if c := &v.Nearest.Conjuncts[k]; c.Verdict != tla.Holds {
				related = append(related, location(c.Span.Start.File, c.Span.Start.Line))
			}
		}
		results = append(results, object{"ruleId": "no-step", "level": "error",
			"message": object{"text": v.message(r)}, "locations": []object{location(file, line)}, "relatedLocations": related})
	}
	for _, u := range r.Unfinished {
		results = append(results, object{"ruleId": "inconclusive", "level": "error",
			"message":   object{"text": fmt.Sprintf("event %s is not decided: %s", u.Event.ID, u.Reason)},
			"locations": []object{location(u.Event.Place.File, u.Event.Place.Line)}})
	}
	rules := []object{
		{"id": "no-step", "shortDescription": object{"text": "An event of the trace is no step of the specification"}},
		{"id": "inconclusive", "shortDescription": object{"text": "A bound ended the search before it found an answer"}},
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{"tool": object{"driver": object{"name": "synod", "rules": rules}}, "results": results}},
	})
}
