// Scopes: the name space of a module, and the names that are bound inside an expression.

package resolve

import "synod/conformance/tla/syntax"

// entry is a name in a module's name space.
type entry struct {
	sym   Symbol
	local bool // LOCAL: not seen by modules that extend or instantiate this one
	span  syntax.Span
}

// table is a module's name space while it is being filled. The names of the module around a nested one are seen too.
type table struct {
	entries map[string]entry
	modules map[string]*Module // nested modules that may be instantiated here
	outer   *table
}

func newTable(outer *table) *table {
	return &table{map[string]entry{}, map[string]*Module{}, outer}
}

// lookup finds a name here or in the modules around.
func (t *table) lookup(name string) (entry, bool) {
	for ; t != nil; t = t.outer {
		if e, ok := t.entries[name]; ok {
			return e, true
		}
	}
	return entry{}, false
}

// module finds a nested module by its name.
func (t *table) module(name string) *Module {
	for ; t != nil; t = t.outer {
		if m, ok := t.modules[name]; ok {
			return m
		}
	}
	return nil
}

// env is what an expression sees: names bound inside it, innermost first, and then the module's name space.
type env struct {
	name  string
	bound any // *Local, or a *Def or *Instance of a LET
	span  syntax.Span
	used  *bool // set when the name is used, where that is asked for
	up    *env
	table *table // only in the outermost env
}

func (t *table) env() *env { return &env{table: t} }

// with gives the scope that has one more name.
func (e *env) with(name string, bound any, span syntax.Span) *env {
	return &env{name: name, bound: bound, span: span, up: e}
}

// withLocal gives the scope that has one more bound name.
func (e *env) withLocal(l *Local) *env { return e.with(l.Name, l, l.Span) }

// withLocals gives the scope that has more bound names.
func (e *env) withLocals(locals []*Local) *env {
	for _, l := range locals {
		e = e.withLocal(l)
	}
	return e
}

// lookup finds what a name stands for, and where it was declared; nil where it is unknown.
func (e *env) lookup(name string) (any, syntax.Span) {
	for ; e.up != nil; e = e.up {
		if e.name == name {
			if e.used != nil {
				*e.used = true
			}
			return e.bound, e.span
		}
	}
	if found, ok := e.table.lookup(name); ok {
		return found.sym, found.span
	}
	return nil, syntax.Span{}
}

// module is the name space of the module that the expression stands in.
func (e *env) moduleTable() *table {
	for e.up != nil {
		e = e.up
	}
	return e.table
}

// names gives all names that are seen, for suggestions.
func (e *env) names() []string {
	var names []string
	for ; e.up != nil; e = e.up {
		names = append(names, e.name)
	}
	for t := e.table; t != nil; t = t.outer {
		for name := range t.entries {
			names = append(names, name)
		}
	}
	return append(names, "TRUE", "FALSE", "BOOLEAN", "STRING")
}
