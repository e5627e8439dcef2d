// Printing syntax trees, so that test files can say how a text is parsed.

package syntax_test

import (
	"fmt"
	"strings"

	. "synod/conformance/tla/syntax"
)

// printModule gives the units of a module, one a line, with every operation in parentheses.
func printModule(m *Module) string {
	var lines []string
	if len(m.Extends) > 0 {
		lines = append(lines, "EXTENDS "+idents(m.Extends))
	}
	for _, u := range m.Units {
		lines = append(lines, printUnit(u))
	}
	return strings.Join(lines, "\n")
}

func printUnit(u Unit) string {
	switch u := u.(type) {
	case *Constants:
		return "CONSTANT " + decls(u.Decls)
	case *Variables:
		return "VARIABLE " + idents(u.Names)
	case *Recursive:
		return "RECURSIVE " + decls(u.Decls)
	case *OperatorDef:
		return local(u.Local) + u.Name.Name + params(u.Params) + " == " + printExpr(u.Body)
	case *FunctionDef:
		return local(u.Local) + u.Name.Name + "[" + bounds(u.Bounds) + "] == " + printExpr(u.Body)
	case *Instance:
		return printInstance(u)
	case *Assume:
		return "ASSUME " + fact(u.Name) + printExpr(u.Body)
	case *Theorem:
		if u.Body == nil {
			return "THEOREM " + fact(u.Name) + "a sequent"
		}
		return "THEOREM " + fact(u.Name) + printExpr(u.Body)
	case *Use:
		return printUse(u)
	case *Submodule:
		return "MODULE " + u.Module.Name.Name + " {\n" + printModule(u.Module) + "\n}"
	}
	return fmt.Sprintf("?%T", u)
}

func printUse(u *Use) string {
	text := "USE"
	if u.Hide {
		text = "HIDE"
	}
	for i, x := range u.Facts.Facts {
		text += [2]string{" ", ", "}[min(i, 1)] + printExpr(x)
	}
	for i, n := range u.Facts.Defs {
		text += [2]string{" DEF ", ", "}[min(i, 1)] + printExpr(n)
	}
	return text
}

func printInstance(u *Instance) string {
	text := local(u.Local)
	if u.Name != nil {
		text += u.Name.Name + params(u.Params) + " == "
	}
	text += "INSTANCE " + u.Module.Name
	for i, s := range u.Substs {
		text += [2]string{" WITH ", ", "}[min(i, 1)] + s.Name.Name + " <- " + printExpr(s.Value)
	}
	return text
}

func local(is bool) string {
	if is {
		return "LOCAL "
	}
	return ""
}

func fact(name *Ident) string {
	if name == nil {
		return ""
	}
	return name.Name + " == "
}

func idents(list []Ident) string {
	var names []string
	for _, i := range list {
		names = append(names, i.Name)
	}
	return strings.Join(names, ", ")
}

func decls(list []Decl) string {
	var names []string
	for _, d := range list {
		name := d.Name
		if d.Arity > 0 {
			name += fmt.Sprintf("/%d", d.Arity)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func params(list []Decl) string {
	if len(list) == 0 {
		return ""
	}
	return "(" + decls(list) + ")"
}

func bounds(list []Bound) string {
	var texts []string
	for _, b := range list {
		text := idents(b.Names)
		if b.Tuple {
			text = "<<" + text + ">>"
		}
		if b.Set != nil {
			text += ` \in ` + printExpr(b.Set)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

func exprs(list []Expr) string {
	var texts []string
	for _, e := range list {
		texts = append(texts, printExpr(e))
	}
	return strings.Join(texts, ", ")
}

func printExpr(e Expr) string {
	switch e := e.(type) {
	case *Name:
		return printName(e)
	case *Number:
		return e.Text
	case *String:
		return fmt.Sprintf("%q", e.Value)
	case *At:
		return "@"
	case *Paren:
		return printExpr(e.X)
	case *PrefixExpr:
		return "(" + strings.TrimSuffix(e.Op, ".") + " " + printExpr(e.X) + ")"
	case *InfixExpr:
		return "(" + printExpr(e.X) + " " + e.Op + " " + printExpr(e.Y) + ")"
	case *PostfixExpr:
		return "(" + printExpr(e.X) + e.Op + ")"
	case *Junction:
		return e.Op + "[" + exprs(e.Items) + "]"
	case *If:
		return "(IF " + printExpr(e.Cond) + " THEN " + printExpr(e.Then) + " ELSE " + printExpr(e.Else) + ")"
	case *Case:
		return printCase(e)
	case *Let:
		var defs []string
		for _, u := range e.Defs {
			defs = append(defs, printUnit(u))
		}
		return "(LET " + strings.Join(defs, " ") + " IN " + printExpr(e.Body) + ")"
	case *Lambda:
		return "(LAMBDA " + decls(e.Params) + " : " + printExpr(e.Body) + ")"
	case *Label:
		return e.Name.Name + "(" + idents(e.Params) + "):: (" + printExpr(e.Body) + ")"
	case *Quant:
		return "(" + e.Op + " " + bounds(e.Bounds) + " : " + printExpr(e.Body) + ")"
	case *Choose:
		return "(CHOOSE " + bounds([]Bound{e.Bound}) + " : " + printExpr(e.Body) + ")"
	}
	return printBracket(e)
}

// printBracket prints what stands in brackets of some kind.
func printBracket(e Expr) string {
	switch e := e.(type) {
	case *SetEnum:
		return "{" + exprs(e.Items) + "}"
	case *Filter:
		return "{" + bounds([]Bound{e.Bound}) + " : " + printExpr(e.Body) + "}"
	case *MapSet:
		return "{" + printExpr(e.Body) + " : " + bounds(e.Bounds) + "}"
	case *Func:
		return "[" + bounds(e.Bounds) + " |-> " + printExpr(e.Body) + "]"
	case *FuncSet:
		return "[" + printExpr(e.Dom) + " -> " + printExpr(e.Rng) + "]"
	case *FuncApply:
		return printExpr(e.Func) + "[" + exprs(e.Args) + "]"
	case *Field:
		return printExpr(e.Rec) + "." + e.Name.Name
	case *Record:
		return "[" + fields(e.Fields, " |-> ") + "]"
	case *RecordSet:
		return "[" + fields(e.Fields, " : ") + "]"
	case *Except:
		return printExcept(e)
	case *Tuple:
		return "<<" + exprs(e.Items) + ">>"
	case *ActionExpr:
		if e.Angle {
			return "<<" + printExpr(e.Action) + ">>_" + printExpr(e.Subscript)
		}
		return "[" + printExpr(e.Action) + "]_" + printExpr(e.Subscript)
	case *Fairness:
		return map[bool]string{false: "WF_", true: "SF_"}[e.Strong] + printExpr(e.Subscript) + "(" + printExpr(e.Action) + ")"
	}
	return fmt.Sprintf("?%T", e)
}

func printName(n *Name) string {
	var parts []string
	for _, p := range n.Parts {
		text := p.Text
		if p.Args != nil {
			text += "(" + exprs(p.Args) + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "!")
}

func printCase(c *Case) string {
	var arms []string
	for _, a := range c.Arms {
		arms = append(arms, printExpr(a.Cond)+" -> "+printExpr(a.Value))
	}
	if c.Other != nil {
		arms = append(arms, "OTHER -> "+printExpr(c.Other))
	}
	return "(CASE " + strings.Join(arms, " [] ") + ")"
}

func fields(list []FieldExpr, sign string) string {
	var texts []string
	for _, f := range list {
		texts = append(texts, f.Name.Name+sign+printExpr(f.Value))
	}
	return strings.Join(texts, ", ")
}

func printExcept(e *Except) string {
	text := "[" + printExpr(e.Func) + " EXCEPT"
	for i, u := range e.Updates {
		text += [2]string{" !", ", !"}[min(i, 1)]
		for _, s := range u.Path {
			if s.Args == nil {
				text += "." + s.Name.Name
				continue
			}
			text += "[" + exprs(s.Args) + "]"
		}
		text += " = " + printExpr(u.Value)
	}
	return text + "]"
}
