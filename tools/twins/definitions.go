// Definitions: what a module and those that it extends define, as it is written.

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"synod/conformance/tla/syntax"
)

// definitions are those of a module and of the modules that it extends. Standard modules are not in the folder.
type definitions struct {
	folder string
	of     map[string]definition // by name
	seen   map[string]bool       // by module
	acting map[string]bool       // by name, where it is known
}

// definition is an operator's, and where it stands.
type definition struct {
	name   string
	params []string
	body   syntax.Expr
	lines  []string // of the module
}

// definitionsOf reads the module at path.
func definitionsOf(path string) (definitions, error) {
	d := definitions{filepath.Dir(path), map[string]definition{}, map[string]bool{}, map[string]bool{}}
	return d, d.module(strings.TrimSuffix(filepath.Base(path), ".tla"))
}

func (d *definitions) module(name string) error {
	file := filepath.Join(d.folder, name+".tla")
	text, err := os.ReadFile(file)
	if d.seen[name] || os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	d.seen[name] = true
	m, err := syntax.ParseModule(file, text)
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	for _, u := range m.Units {
		if o, ok := u.(*syntax.OperatorDef); ok {
			of := definition{name: o.Name.Name, body: o.Body, lines: lines}
			for _, p := range o.Params {
				of.params = append(of.params, p.Name)
			}
			d.of[of.name] = of
		}
	}
	for _, e := range m.Extends {
		if err := d.module(e.Name); err != nil {
			return err
		}
	}
	return nil
}

// acts reports whether a definition is an action: whether it, or one that it uses, says something of the next state.
func (d *definitions) acts(name string) bool {
	if known, has := d.acting[name]; has {
		return known
	}
	d.acting[name] = false // for one that uses itself
	of, has := d.of[name]
	if !has {
		return false
	}
	text := comment.ReplaceAllString(of.source(of.body), "")
	d.acting[name] = strings.Contains(text, "'") || strings.Contains(text, "UNCHANGED") ||
		slices.ContainsFunc(names.FindAllString(text, -1), d.acts)
	return d.acting[name]
}

var (
	names   = regexp.MustCompile(`[A-Za-z]\w*`)
	comment = regexp.MustCompile(`\\\*.*|(?s:\(\*.*?\*\))`)
)

// source gives an expression of a definition as it is written. If it has several lines they keep their places below each
// other, which mean something in TLA+, and stand further to the right than any list around them.
func (d *definition) source(e syntax.Expr) string {
	s := e.Span()
	lines := slices.Clone(d.lines[s.Start.Line-1 : s.EndLine])
	last := len(lines) - 1
	lines[last] = string([]rune(lines[last])[:s.EndCol])
	first := string([]rune(lines[0])[s.Start.Col-1:])
	if last == 0 {
		return first
	}
	lines[0] = strings.Repeat(" ", s.Start.Col-1) + first
	return "\n" + furtherRight + strings.Join(lines, "\n"+furtherRight)
}

func (d *definition) sources(es []syntax.Expr) []string {
	var all []string
	for _, e := range es {
		all = append(all, d.source(e))
	}
	return all
}

const furtherRight = "                    "
