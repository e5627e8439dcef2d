// Printing resolved trees, so that test files can say what names have become.

package resolve_test

import (
	"fmt"
	"sort"
	"strings"

	. "synod/conformance/tla/resolve"
)

// opSigns are the operators of the language as they are printed.
var opSigns = map[Op]string{
	OpNot: "~", OpImplies: "=>", OpEquiv: "<=>", OpEq: "=", OpNeq: "#", OpIn: `\in`, OpNotin: `\notin`, OpCup: `\cup`,
	OpCap: `\cap`, OpSetminus: `\`, OpSubseteq: `\subseteq`, OpSubset: "SUBSET", OpUnion: "UNION", OpDomain: "DOMAIN",
	OpPrime: "'", OpEnabled: "ENABLED", OpUnchanged: "UNCHANGED", OpCdot: `\cdot`, OpAlways: "[]", OpEventually: "<>",
	OpLeadsTo: "~>", OpWhilePlus: "-+->", OpBoxAction: "[]_", OpDiaAction: "<>_", OpWF: "WF", OpSF: "SF", OpAnd: `/\`,
	OpOr: `\/`,
}

// printer prints a module's definitions. Every name says what it is bound to: module definitions by their module.
type printer struct{ module *Module }

// printModule gives the definitions, instances and statements of a module, one a line, with their levels.
func printModule(m *Module) string {
	p := &printer{m}
	var lines []string
	for _, inst := range m.Insts {
		lines = append(lines, p.instance(inst))
	}
	for _, d := range m.Defs {
		lines = append(lines, p.def(d)+"  -- "+d.Level.String())
	}
	for _, a := range m.Assumes {
		lines = append(lines, "ASSUME "+p.expr(a.Body))
	}
	for _, n := range m.Nested {
		lines = append(lines, "MODULE "+n.Name+" {\n"+printModule(n)+"\n}")
	}
	return strings.Join(lines, "\n")
}

func (p *printer) def(d *Def) string {
	var flags string
	if d.IsLocal {
		flags = "LOCAL "
	}
	if d.Recursive {
		flags += "RECURSIVE "
	}
	return flags + d.Name + p.params(d.Params) + " == " + p.expr(d.Body)
}

func (p *printer) params(list []*Local) string {
	if len(list) == 0 {
		return ""
	}
	var names []string
	for _, l := range list {
		name := l.Name
		if l.Arity > 0 {
			name += fmt.Sprintf("/%d", l.Arity)
		}
		names = append(names, name)
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// instance prints what every constant and variable of the instantiated module becomes.
func (p *printer) instance(inst *Instance) string {
	var substs []string
	for c, a := range inst.Consts {
		substs = append(substs, c.Module.Name+"."+c.Name+" <- "+p.arg(a))
	}
	for v, e := range inst.Vars {
		substs = append(substs, v.Module.Name+"."+v.Name+" <- "+p.expr(e))
	}
	sort.Strings(substs)
	return inst.Name + p.params(inst.Params) + " == INSTANCE " + inst.Module.Name + " WITH {" + strings.Join(substs, ", ") + "}"
}

func (p *printer) path(path []InstUse) string {
	var b strings.Builder
	for _, use := range path {
		name := use.Inst.Name
		if name == "" {
			name = "<" + use.Inst.Module.Name + ">"
		}
		b.WriteString(name + p.args(use.Args) + "!")
	}
	return b.String()
}

func (p *printer) args(list []Arg) string {
	if len(list) == 0 {
		return ""
	}
	var texts []string
	for _, a := range list {
		texts = append(texts, p.arg(a))
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

// name says where a definition stands, unless in this module.
func (p *printer) name(d *Def) string {
	if d.Module == nil || d.Module == p.module {
		return d.Name
	}
	return d.Module.Name + "." + d.Name
}

func (p *printer) arg(a Arg) string {
	op, ok := a.(*OpArg)
	if !ok {
		return p.expr(a.(Expr))
	}
	switch {
	case op.Def != nil && op.Def.Name == "LAMBDA":
		return "LAMBDA" + p.params(op.Def.Params) + " : " + p.expr(op.Def.Body)
	case op.Def != nil && len(op.Def.Params) > 0 && strings.Contains(op.Def.Name, "!"):
		return p.path(op.Path) + "<" + p.def(op.Def) + ">"
	case op.Def != nil:
		return p.path(op.Path) + p.name(op.Def) + "/op"
	case op.Local != nil:
		return op.Local.Name + "/param"
	case op.Const != nil:
		return op.Const.Name + "/const"
	}
	return opSigns[op.Op] + "/op"
}

func (p *printer) exprs(list []Expr) string {
	var texts []string
	for _, e := range list {
		texts = append(texts, p.expr(e))
	}
	return strings.Join(texts, ", ")
}

func (p *printer) bounds(list []Bound) string {
	var texts []string
	for _, b := range list {
		var names []string
		for _, l := range b.Locals {
			names = append(names, l.Name)
		}
		text := strings.Join(names, ", ")
		if b.Tuple {
			text = "<<" + text + ">>"
		}
		if b.Set != nil {
			text += ` \in ` + p.expr(b.Set)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "; ")
}

func (p *printer) expr(e Expr) string {
	switch e := e.(type) {
	case *Bool:
		return strings.ToUpper(fmt.Sprint(e.Value))
	case *BoolSet:
		return "BOOLEAN"
	case *StringSet:
		return "STRING"
	case *Number:
		return e.Text
	case *String:
		return fmt.Sprintf("%q", e.Value)
	case *ConstRef:
		return "CONST " + e.Const.Name + p.args(e.Args)
	case *VarRef:
		return "VAR " + e.Var.Name
	case *LocalRef:
		return e.Local.Name + p.args(e.Args)
	case *Call:
		if e.Def.Module == nil && strings.Contains(e.Def.Name, "!") {
			return p.path(e.Path) + "<" + p.def(e.Def) + ">" + p.args(e.Args)
		}
		return p.path(e.Path) + p.name(e.Def) + p.args(e.Args)
	case *Apply:
		return "(" + opSigns[e.Op] + " " + p.exprs(e.Args) + ")"
	case *And:
		return `/\[` + p.exprs(e.Items) + "]"
	case *Or:
		return `\/[` + p.exprs(e.Items) + "]"
	case *Quant:
		return map[bool]string{true: `(\A `, false: `(\E `}[e.Forall] + p.bounds(e.Bounds) + " : " + p.expr(e.Body) + ")"
	case *UnboundedQuant:
		sign := map[bool]string{true: `\A`, false: `\E`}[e.Forall]
		if e.Temporal {
			sign += sign[1:]
		}
		return "(" + sign + " " + p.params(e.Locals) + " : " + p.expr(e.Body) + ")"
	case *If:
		return "(IF " + p.expr(e.Cond) + " THEN " + p.expr(e.Then) + " ELSE " + p.expr(e.Else) + ")"
	case *Case:
		return p.caseExpr(e)
	case *Let:
		return p.let(e)
	}
	return p.structure(e)
}

func (p *printer) caseExpr(e *Case) string {
	var arms []string
	for _, a := range e.Arms {
		arms = append(arms, p.expr(a.Cond)+" -> "+p.expr(a.Value))
	}
	if e.Other != nil {
		arms = append(arms, "OTHER -> "+p.expr(e.Other))
	}
	return "(CASE " + strings.Join(arms, " [] ") + ")"
}

func (p *printer) let(e *Let) string {
	var defs []string
	for _, inst := range e.Insts {
		defs = append(defs, p.instance(inst))
	}
	for _, d := range e.Defs {
		defs = append(defs, p.def(d))
	}
	return "(LET " + strings.Join(defs, "; ") + " IN " + p.expr(e.Body) + ")"
}

// structure prints sets, functions, records and tuples.
func (p *printer) structure(e Expr) string {
	switch e := e.(type) {
	case *Choose:
		return "(CHOOSE " + p.bounds([]Bound{e.Bound}) + " : " + p.expr(e.Body) + ")"
	case *Filter:
		return "{" + p.bounds([]Bound{e.Bound}) + " : " + p.expr(e.Body) + "}"
	case *MapSet:
		return "{" + p.expr(e.Body) + " : " + p.bounds(e.Bounds) + "}"
	case *Func:
		return "[" + p.bounds(e.Bounds) + " |-> " + p.expr(e.Body) + "]"
	case *FuncDef:
		return "self " + e.Self.Name + " " + p.expr(e.Func)
	case *FuncSet:
		return "[" + p.expr(e.Dom) + " -> " + p.expr(e.Rng) + "]"
	case *FuncApply:
		return p.expr(e.Func) + "[" + p.exprs(e.Args) + "]"
	case *Field:
		return p.expr(e.Rec) + "." + e.Name
	case *Record:
		return "[" + p.fields(e.Names, " |-> ", e.Values) + "]"
	case *RecordSet:
		return "[" + p.fields(e.Names, " : ", e.Sets) + "]"
	case *Tuple:
		return "<<" + p.exprs(e.Items) + ">>"
	case *Product:
		return `\X[` + p.exprs(e.Sets) + "]"
	case *SetEnum:
		return "{" + p.exprs(e.Items) + "}"
	case *Except:
		return p.except(e)
	}
	return fmt.Sprintf("?%T", e)
}

func (p *printer) fields(names []string, sign string, values []Expr) string {
	var texts []string
	for i, name := range names {
		texts = append(texts, name+sign+p.expr(values[i]))
	}
	return strings.Join(texts, ", ")
}

func (p *printer) except(e *Except) string {
	text := "[" + p.expr(e.Func) + " EXCEPT"
	for _, u := range e.Updates {
		text += " !"
		for _, s := range u.Path {
			if s.Args == nil {
				text += "." + s.Name
				continue
			}
			text += "[" + p.exprs(s.Args) + "]"
		}
		text += map[bool]string{true: " (no @)", false: ""}[u.At == nil] + " = " + p.expr(u.Value)
	}
	return text + "]"
}
