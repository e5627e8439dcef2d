// The manifest: every model, what it must show, and the figures that every checker must find.

// Package models reads the manifest of the specifications' models and has judges check them.
package models

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Manifest lists models.
type Manifest struct {
	Models []Model `json:"models"`
}

// Model is one configuration of one module, and what checking it must give.
type Model struct {
	Name      string `json:"name"`
	Spec      string `json:"spec"`      // the module's file, below the manifest's folder; Read makes it a path
	Config    string `json:"config"`    // the configuration's file, likewise
	Result    string `json:"result"`    // ok, or what ends the check: one of the results
	Violates  string `json:"violates"`  // the name of the invariant or property that is violated; "" for none
	Generated *int64 `json:"generated"` // states generated; left out where it is not compared
	Distinct  *int64 `json:"distinct"`  // distinct states found, likewise
	Depth     *int64 `json:"depth"`     // of the complete state graph, likewise
	Length    *int64 `json:"length"`    // how many states the shortest counterexample has, likewise
	Time      string `json:"time"`      // quick: checked at every change; nightly
	Shows     string `json:"shows"`     // what the model is for, in a sentence
}

// results are the ways in which a check can end. What is violated is an INVARIANT or a PROPERTY of the configuration.
var results = []string{"ok", "assumption", "deadlock", "invariant", "property", "error"}

// resultOf names the end of a check by TLC's exit code and message. Whatever has no name of its own means that the
// model could not be checked.
func resultOf(code int, message string) string {
	switch code {
	case 0:
		return "ok"
	case 10:
		return "assumption"
	case 11:
		return "deadlock"
	case 12, 13:
		if strings.HasPrefix(message, "Invariant ") {
			return "invariant"
		}
		return "property"
	default:
		return "error"
	}
}

// Compare says in which respects a finding differs from what the manifest says, one phrase each.
func (m Model) Compare(f Finding) []string {
	var wrong []string
	if f.Result != m.Result {
		text := fmt.Sprintf("result %s, expected %s", f.Result, m.Result)
		if f.Message != "" {
			first, _, _ := strings.Cut(f.Message, "\n")
			text += " (" + first + ")"
		}
		return append(wrong, text) // the figures of a search that ended otherwise say nothing
	}
	if m.Violates != "" && f.Violated != "" && f.Violated != m.Violates {
		wrong = append(wrong, fmt.Sprintf("%s is violated, expected %s", f.Violated, m.Violates))
	}
	figure := func(what string, found int64, expected *int64) {
		if expected != nil && found != *expected {
			wrong = append(wrong, fmt.Sprintf("%s %d, expected %d", what, found, *expected))
		}
	}
	figure("generated", f.Generated, m.Generated)
	figure("distinct", f.Distinct, m.Distinct)
	figure("depth", f.Depth, m.Depth)
	figure("length", f.Length, m.Length)
	return wrong
}

// Read reads a manifest. Every mistake in it is an error that names the file: an unknown field, a model twice, a file
// that is not there, a result that is none, a model without a purpose.
func Read(path string) (*Manifest, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	manifest := &Manifest{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(manifest); err != nil {
		offset := decoder.InputOffset()
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			offset = syntax.Offset
		}
		return nil, fmt.Errorf("%s:%d: %w", path, lineAt(text, offset), err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s:%d: more after the manifest's end", path, lineAt(text, decoder.InputOffset()))
	}
	folder := filepath.Dir(path)
	seen := make(map[string]bool)
	for i := range manifest.Models {
		m := &manifest.Models[i]
		if err := m.validate(folder); err != nil {
			return nil, fmt.Errorf("%s: model %d (%s): %w", path, i+1, m.Name, err)
		}
		if seen[m.Name] || seen[m.Config] {
			return nil, fmt.Errorf("%s: model %d (%s) is listed twice", path, i+1, m.Name)
		}
		seen[m.Name], seen[m.Config] = true, true
		m.Spec, m.Config = filepath.Join(folder, m.Spec), filepath.Join(folder, m.Config)
	}
	return manifest, nil
}

func (m *Model) validate(folder string) error {
	if m.Name == "" || m.Spec == "" || m.Config == "" {
		return errors.New("name, spec and config are needed")
	}
	for _, name := range []string{m.Spec, m.Config} {
		if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	if !slices.Contains(results, m.Result) {
		return fmt.Errorf("result %q is none of %s", m.Result, strings.Join(results, ", "))
	}
	if m.Result == "ok" && (m.Violates != "" || m.Generated == nil || m.Distinct == nil || m.Depth == nil) {
		return errors.New("a model that holds violates nothing and has all three figures")
	}
	if m.Result != "ok" && m.Length == nil && m.Generated == nil {
		return errors.New("a model that fails has the length of its counterexample")
	}
	if m.Time != "quick" && m.Time != "nightly" {
		return fmt.Errorf("time %q is neither quick nor nightly", m.Time)
	}
	if m.Shows == "" {
		return errors.New("what it shows is not said")
	}
	return nil
}

// lineAt is the line, from 1, of a byte offset.
func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(offset, int64(len(text)))], []byte("\n"))
}

// Choose picks models: those whose name or configuration's path contains only, if it is not empty, else the quick ones
// or all.
func (m *Manifest) Choose(all bool, only string) []Model {
	var chosen []Model
	for _, model := range m.Models {
		fits := all || model.Time == "quick"
		if only != "" {
			fits = strings.Contains(model.Name, only) || strings.Contains(filepath.ToSlash(model.Config), only)
		}
		if fits {
			chosen = append(chosen, model)
		}
	}
	return chosen
}
