// Calls: in which places of Next an action is called, under which conditions, and what its arguments are bound to.

package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"

	"synod/conformance/tla/syntax"
	"synod/trace"
)

// call is one place in Next where an action is called.
type call struct {
	action string
	text   string   // what stands there for it: the configuration may put another operator in its place
	inside []around // outermost first
	args   []string // the source of each argument
}

// around is what a call stands inside of: \E name \in set or, where there is no name, a conjunction with conditions before
// and after it.
type around struct {
	name, set     string
	before, after []string
}

// relation is a next-state relation as its module, and those that it extends, spell it.
type relation struct {
	calls  []call
	params map[string][]string // by operator
}

// stranger is an action of an event that the relation does not call by itself, "" if there is none. TLC cannot be asked for
// its steps alone.
func (r *relation) stranger(events []trace.Event) string {
	for i := range events {
		if !slices.ContainsFunc(r.calls, func(c call) bool { return c.action == events[i].Action }) {
			return events[i].Action
		}
	}
	return ""
}

// nextOf reads the definition of the next-state relation that a specification's module has or extends. TLC has no way to
// ask for a step by one action with given arguments, so what the relation demands of them, and what else it demands of
// such a step, is taken from its source.
func nextOf(s *spec) (*relation, error) {
	all, err := definitionsOf(s.path)
	if err != nil {
		return nil, err
	}
	next, has := all.of[s.next]
	if !has {
		return nil, fmt.Errorf("%s has no definition of %s", s.path, s.next)
	}
	config, err := os.ReadFile(s.config)
	if err != nil {
		return nil, err
	}
	r := nextReader{definitions: all, relation: relation{params: map[string][]string{}}, instead: map[string]string{}}
	for _, m := range replacement.FindAllSubmatch(config, -1) {
		r.instead[string(m[1])] = string(m[2])
	}
	for name, d := range all.of {
		r.params[name] = d.params
	}
	r.walk(next, next.body, nil)
	for _, c := range r.calls {
		if len(r.params[c.action]) != len(c.args) {
			return nil, fmt.Errorf("%s: %s calls %s, which is no action with as many parameters", s.path, s.next, c.action)
		}
	}
	if len(r.calls) == 0 {
		return nil, fmt.Errorf("%s: %s calls no action", s.path, s.next)
	}
	return &r.relation, nil
}

// replacement is a line of a configuration that puts another operator in the place of one.
var replacement = regexp.MustCompile(`(?m)^\s*(\w+) <- (\w+)\s*$`)

type nextReader struct {
	definitions
	relation
	instead map[string]string
}

// walk goes through disjunctions, quantifiers and conjunctions to the calls, and on through definitions without
// parameters that are choices among others. A part that calls no action is a step that no event has a name for.
func (r *nextReader) walk(in definition, e syntax.Expr, inside []around) {
	inside = inside[:len(inside):len(inside)]
	for _, x := range joined(e, `\/`, `\lor`) {
		r.walk(in, x, inside)
	}
	if items := joined(e, `/\`, `\land`); items != nil {
		if named := r.naming(items); named >= 0 {
			r.walk(in, items[named], append(inside, around{before: in.sources(items[:named]), after: in.sources(items[named+1:])}))
		}
	}
	switch e := e.(type) {
	case *syntax.Paren:
		r.walk(in, e.X, inside)
	case *syntax.Quant:
		for _, b := range e.Bounds {
			if e.Op != `\E` || b.Tuple || b.Set == nil {
				return
			}
			for _, n := range b.Names {
				inside = append(inside, around{name: n.Name, set: in.source(b.Set)})
			}
		}
		r.walk(in, e.Body, inside)
	case *syntax.Name:
		if d := r.meant(e); d != nil {
			r.call(in, e.Parts[0], d, inside)
		}
	}
}

// call notes a call, and those that it is a choice of.
func (r *nextReader) call(in definition, part syntax.Part, d *definition, inside []around) {
	c := call{action: d.name, text: part.Text, inside: inside, args: in.sources(part.Args)}
	r.calls = append(r.calls, c)
	if len(d.params) == 0 && r.chooses(d.body) {
		r.walk(*d, d.body, inside)
	}
}

// joined are the parts of a disjunction or a conjunction, in either form; nil where the expression is none.
func joined(e syntax.Expr, list, infix string) []syntax.Expr {
	switch e := e.(type) {
	case *syntax.Junction:
		if e.Op == list {
			return e.Items
		}
	case *syntax.InfixExpr:
		if e.Op != list && e.Op != infix {
			return nil
		}
		left := joined(e.X, list, infix)
		if left == nil {
			left = []syntax.Expr{e.X}
		}
		return append(left[:len(left):len(left)], e.Y)
	}
	return nil
}

// naming is which part of a conjunction the steps are named for: the first that is a choice among actions, or else the
// first that calls one; -1 is none.
func (r *nextReader) naming(items []syntax.Expr) int {
	if i := slices.IndexFunc(items, r.chooses); i >= 0 {
		return i
	}
	return slices.IndexFunc(items, r.comes)
}

// chooses reports whether an expression is a choice among actions, perhaps under conditions.
func (r *nextReader) chooses(e syntax.Expr) bool {
	if joined(e, `\/`, `\lor`) != nil {
		return r.comes(e)
	}
	if items := joined(e, `/\`, `\land`); items != nil {
		return slices.ContainsFunc(items, r.chooses)
	}
	switch e := e.(type) {
	case *syntax.Paren:
		return r.chooses(e.X)
	case *syntax.Quant:
		return r.comes(e)
	case *syntax.Name:
		d := r.meant(e)
		return d != nil && len(d.params) == 0 && r.chooses(d.body)
	}
	return false
}

// comes reports whether an expression comes to the call of an action.
func (r *nextReader) comes(e syntax.Expr) bool {
	items := append(joined(e, `\/`, `\lor`), joined(e, `/\`, `\land`)...)
	switch e := e.(type) {
	case *syntax.Paren:
		return r.comes(e.X)
	case *syntax.Quant:
		return e.Op == `\E` && r.comes(e.Body)
	case *syntax.Name:
		return r.meant(e) != nil
	}
	return slices.ContainsFunc(items, r.comes)
}

// meant is the action that a name calls, nil where it is none.
func (r *nextReader) meant(e *syntax.Name) *definition {
	name := e.Parts[0].Text
	if other := r.instead[name]; other != "" {
		name = other
	}
	if d, has := r.of[name]; has && len(e.Parts) == 1 && r.acts(name) {
		return &d
	}
	return nil
}
