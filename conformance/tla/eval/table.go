// Tables: constant operators whose values the configuration lists, as in CONSTANT Op(1, 2) = 3.

package eval

import (
	"fmt"
	"strings"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// Row is one line of a constant operator's table: its value for these arguments.
type Row struct {
	Args  []value.Value
	Value value.Value
}

// Table gives the constant operator of a module its values. Of two rows with the same arguments the first counts, as in TLC.
type Table struct {
	Module string // "" for the root module
	Name   string
	Rows   []Row
}

// bindTable gives a constant operator the rows of a table.
func (p *Program) bindTable(t Table) error {
	m := p.root
	if t.Module != "" {
		var err error
		if m, err = p.module(t.Module); err != nil {
			return err
		}
	}
	c, ok := m.Scope[t.Name].(*resolve.Const)
	if !ok {
		return &BindError{Name: t.Name, Msg: fmt.Sprintf("%s is no constant of module %s, so that its values cannot be listed", t.Name, m.Name)}
	}
	for _, row := range t.Rows {
		if len(row.Args) != c.Arity {
			return &BindError{t.Name, fmt.Sprintf("the constant %s takes %d arguments, not %d", t.Name, c.Arity, len(row.Args)), c.Span}
		}
	}
	p.tables[c] = t.Rows
	return nil
}

// tabled compiles the application of a constant operator that has a table.
func (c *compiler) tabled(e *resolve.ConstRef, rows []Row, use *env) *code {
	list := make([]resolve.Expr, len(e.Args))
	for i, a := range e.Args {
		list[i] = a.(resolve.Expr) // the arguments of a declared constant are values
	}
	vals, r, cost := c.exprs(list, use)
	s := at(e, use)
	return &code{reads: r, cost: cost + len(rows), val: func(w *Worker) value.Value {
		base := len(w.stack)
		for _, f := range vals {
			w.stack = append(w.stack, f(w))
		}
		for _, row := range rows {
			if w.matches(s, row.Args, base) {
				w.stack = w.stack[:base]
				return row.Value
			}
		}
		args := make([]string, len(vals))
		for i, v := range w.stack[base:] {
			args[i] = value.Brief(v)
		}
		w.fail(s, "the configuration lists no value of %s(%s)", e.Const.Name, strings.Join(args, ", "))
		return 0
	}}
}

// matches reports whether the values on the stack from base on are those of a row.
func (w *Worker) matches(s *site, args []value.Value, base int) bool {
	for i, a := range args {
		if !w.same(s, a, w.stack[base+i]) {
			return false
		}
	}
	return true
}
