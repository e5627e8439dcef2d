// SARIF: a report as code scanners read it.

package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"synod/conformance/tla"
)

// WriteSARIF writes the violations in the Static Analysis Results Interchange Format, version 2.1.0.
func (r *Report) WriteSARIF(w io.Writer) error {
	results := []sarifResult{}
	for i := range r.Violations {
		v := &r.Violations[i]
		file, line := placeOf(v.Event)
		result := sarifResult{RuleID: "no-step", Level: "error", Message: sarifMessage{v.message(r)}, Locations: sarifAt(file, line, 0, "")}
		if file != v.Event.Place.File {
			result.Related = append(result.Related, sarifAt(v.Event.Place.File, v.Event.Place.Line, 0, "the event in the trace")...)
		}
		for k := range v.Nearest.Conjuncts {
			if c := &v.Nearest.Conjuncts[k]; c.Verdict != tla.Holds {
				at := c.Span.Start
				result.Related = append(result.Related, sarifAt(at.File, at.Line, at.Col, "the specification: "+fate(c))...)
			}
		}
		for _, s := range v.Since {
			if s.Event != nil {
				result.Related = append(result.Related, sarifAt(s.Event.Place.File, s.Event.Place.Line, 0,
					fmt.Sprintf("%s = %s since here", s.Path, shorten(s.Value, 60)))...)
			}
		}
		results = append(results, result)
	}
	for i := range r.Unfinished {
		u := &r.Unfinished[i]
		file, line := placeOf(u.Event)
		results = append(results, sarifResult{RuleID: "inconclusive", Level: "error", Message: sarifMessage{u.message()},
			Locations: sarifAt(file, line, 0, "")})
	}
	driver := sarifDriver{Name: "synod", Rules: []sarifRule{
		{"no-step", sarifMessage{"An event of the trace is no step of the specification"}},
		{"inconclusive", sarifMessage{"A bound ended the search before it found an answer"}},
	}}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{Tool: sarifTool{driver}, Results: results}}})
}

// The parts of SARIF 2.1.0 that a report needs (sections 3.13, 3.14, 3.18, 3.19, 3.27, 3.28, 3.29, 3.30, 3.49).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string       `json:"id"`
		Short sarifMessage `json:"shortDescription"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifMessage `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line int `json:"startLine"`
		Col  int `json:"startColumn,omitempty"`
	}
)

// sarifAt is a place with what is to be said of it; none where there is no file.
func sarifAt(file string, line, col int, text string) []sarifLocation {
	if file == "" {
		return nil
	}
	uri := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		uri.Scheme = "file"
	}
	at := sarifLocation{Physical: sarifPhysical{sarifArtifact{uri.String()}, sarifRegion{max(line, 1), col}}}
	if text != "" {
		at.Message = &sarifMessage{text}
	}
	return []sarifLocation{at}
}
