// Calls: in which places of Next an action is called, and what its arguments are bound to.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"synod/conformance/tla/syntax"
)

// call is one place in Next where an action is called.
type call struct {
	action string
	bounds []bound  // the quantifiers around it, outermost first
	args   []string // the source of each argument
}

// bound is \E name \in set.
type bound struct{ name, set string }

// nextOf reads the definition of the next-state relation that the module at path has or extends, and the parameters of the
// actions in it. TLC has no way to ask for a step by one action with given arguments, so what the relation demands of the
// arguments is taken from its source.
func nextOf(path, relation string) (calls []call, params map[string][]string, err error) {
	r := nextReader{folder: filepath.Dir(path), relation: relation, seen: map[string]bool{}, params: map[string][]string{}}
	if err := r.module(strings.TrimSuffix(filepath.Base(path), ".tla")); err != nil {
		return nil, nil, err
	}
	if r.next == nil {
		return nil, nil, fmt.Errorf("%s has no definition of %s", path, relation)
	}
	if err := r.walk(r.next, nil); err != nil {
		return nil, nil, err
	}
	for _, c := range r.calls {
		if len(r.params[c.action]) != len(c.args) {
			return nil, nil, fmt.Errorf("%s: %s calls %s, which is no action with as many parameters", path, relation, c.action)
		}
	}
	return r.calls, r.params, nil
}

type nextReader struct {
	folder   string
	relation string // the name of the next-state relation
	seen     map[string]bool
	params   map[string][]string // by operator
	next     syntax.Expr
	lines    []string // of the module with the relation
	calls    []call
}

// module reads a module and those it extends. Standard modules are not in the folder and define no Next.
func (r *nextReader) module(name string) error {
	file := filepath.Join(r.folder, name+".tla")
	text, err := os.ReadFile(file)
	if r.seen[name] || os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	r.seen[name] = true
	m, err := syntax.ParseModule(file, text)
	if err != nil {
		return err
	}
	for _, u := range m.Units {
		d, ok := u.(*syntax.OperatorDef)
		if !ok {
			continue
		}
		var names []string
		for _, p := range d.Params {
			names = append(names, p.Name)
		}
		r.params[d.Name.Name] = names
		if d.Name.Name == r.relation {
			r.next, r.lines = d.Body, strings.Split(string(text), "\n")
		}
	}
	for _, e := range m.Extends {
		if err := r.module(e.Name); err != nil {
			return err
		}
	}
	return nil
}

// walk goes through disjunctions and quantifiers to the calls.
func (r *nextReader) walk(e syntax.Expr, bounds []bound) error {
	switch e := e.(type) {
	case *syntax.Paren:
		return r.walk(e.X, bounds)
	case *syntax.Junction:
		if e.Op == `\/` {
			return r.all(e.Items, bounds)
		}
	case *syntax.InfixExpr:
		if e.Op == `\/` || e.Op == `\lor` {
			return r.all([]syntax.Expr{e.X, e.Y}, bounds)
		}
	case *syntax.Quant:
		return r.quantifier(e, bounds)
	case *syntax.Name:
		if len(e.Parts) == 1 && strings.HasSuffix(e.Parts[0].Text, "Next") {
			return fmt.Errorf("%s: a part of the relation is no action", e.Span().Start)
		}
		if len(e.Parts) == 1 && e.Parts[0].Kind == syntax.PartIdent {
			c := call{action: e.Parts[0].Text, bounds: bounds}
			for _, a := range e.Parts[0].Args {
				c.args = append(c.args, r.source(a))
			}
			r.calls = append(r.calls, c)
			return nil
		}
	}
	return fmt.Errorf("%s: Next has more than calls of actions under \\/ and \\E here", e.Span().Start)
}

func (r *nextReader) all(items []syntax.Expr, bounds []bound) error {
	for _, x := range items {
		if err := r.walk(x, bounds); err != nil {
			return err
		}
	}
	return nil
}

func (r *nextReader) quantifier(e *syntax.Quant, bounds []bound) error {
	bounds = bounds[:len(bounds):len(bounds)]
	for _, b := range e.Bounds {
		if e.Op != `\E` || b.Tuple || b.Set == nil {
			return fmt.Errorf("%s: Next has another quantifier than \\E x \\in S", e.Span().Start)
		}
		for _, n := range b.Names {
			bounds = append(bounds, bound{n.Name, r.source(b.Set)})
		}
	}
	return r.walk(e.Body, bounds)
}

// source gives an expression as it is written, on one line.
func (r *nextReader) source(e syntax.Expr) string {
	s := e.Span()
	var parts []string
	for n := s.Start.Line; n <= s.EndLine; n++ {
		line := []rune(r.lines[n-1])
		if n == s.EndLine {
			line = line[:s.EndCol]
		}
		if n == s.Start.Line {
			line = line[s.Start.Col-1:]
		}
		parts = append(parts, strings.TrimSpace(string(line)))
	}
	return strings.Join(parts, " ")
}
