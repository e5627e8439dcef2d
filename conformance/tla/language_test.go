// The language against its test files: what each construct is worth, and what is said where it is used wrongly.

package tla_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/syntax/cases"
)

// TestLanguage takes the source of a case as the module T; a text T.cfg makes it a model. What is wanted is a line for
// each definition whose name begins with "is", name = value, and then what checking the model gives. An error of
// evaluation is marked beside its line like any other.
func TestLanguage(t *testing.T) {
	cases.Run(t, "testdata/language/*.txt", func(c *cases.Case) (string, error) {
		files := fstest.MapFS{}
		options := tla.Options{FS: files}
		src := c.Source
		if !strings.Contains(src, "MODULE T ") {
			src, c.Shift = "---- MODULE T ----\n"+src+"====\n", 1
		}
		files[cases.SourceName] = &fstest.MapFile{Data: []byte(src)}
		for _, text := range c.Texts {
			if text.Name != "want" {
				files[text.Name] = &fstest.MapFile{Data: []byte(text.Body)}
			}
			if text.Name == "T.cfg" {
				options.Config = text.Name
			}
		}
		m, err := tla.Load(cases.SourceName, options)
		if err != nil {
			return "", placed(t, err)
		}
		lines, err := worths(m)
		if err != nil {
			return "", placed(t, err)
		}
		if options.Config != "" {
			verdict, err := judged(t, m)
			if err != nil {
				return "", placed(t, err)
			}
			lines = append(lines, verdict)
		}
		return strings.Join(lines, "\n"), nil
	})
}

// worths evaluates the definitions whose names begin with "is".
func worths(m *tla.Model) ([]string, error) {
	var lines []string
	machine := m.NewMachine()
	for _, name := range m.Operators() {
		if !strings.HasPrefix(name, "is") {
			continue
		}
		v, err := machine.Eval(name, tla.State{})
		if err != nil {
			return nil, err
		}
		lines = append(lines, name+" = "+v.String())
	}
	return lines, nil
}

// judged checks a model and tells the verdict and the figures.
func judged(t *testing.T, m *tla.Model) (string, error) {
	var printed []string
	r, err := m.Check(context.Background(), tla.CheckOptions{Workers: 1, Print: func(s string) { printed = append(printed, s) }})
	if err != nil {
		return "", err
	}
	if r.Verdict == tla.Failed {
		require.Error(t, r.Err)
		return "", r.Err
	}
	line := fmt.Sprintf("%s: %d generated, %d distinct, depth %d", r.Verdict, r.Generated, r.Distinct, r.Depth)
	if r.Message != "" {
		line += "; " + r.Message
	}
	for _, s := range r.Behavior {
		line += "\n  " + s.Action + ": " + strings.ReplaceAll(s.State.String(), "\n", " ")
	}
	return strings.Join(append(printed, line), "\n"), nil
}

// placed gives an error the form that test files are compared with.
func placed(t *testing.T, err error) error {
	var list tla.Errors
	if one := (*tla.Error)(nil); errors.As(err, &one) && !errors.As(err, &list) {
		list = tla.Errors{one}
	}
	require.NotEmpty(t, list, "an error without a place: %v", err)
	var out syntax.ErrorList
	for _, e := range list {
		out = append(out, &syntax.Error{Span: e.Span, Msg: e.Msg})
	}
	return out
}
