// Walking over the syntax tree: the parts of an expression, and how deep they nest.

package syntax

// Children gives the expressions that an expression is made of, in the order of the text: the sets of bounds, the
// arguments of names and the bodies of definitions in a LET too.
func Children(e Expr) []Expr {
	switch e := e.(type) {
	case *Name:
		var list []Expr
		for _, p := range e.Parts {
			list = append(list, p.Args...)
		}
		return list
	case *PrefixExpr:
		return []Expr{e.X}
	case *PostfixExpr:
		return []Expr{e.X}
	case *InfixExpr:
		return []Expr{e.X, e.Y}
	case *Junction:
		return e.Items
	case *Paren:
		return []Expr{e.X}
	case *Quant:
		return append(boundSets(e.Bounds), e.Body)
	case *Choose:
		return append(boundSets([]Bound{e.Bound}), e.Body)
	case *Filter:
		return append(boundSets([]Bound{e.Bound}), e.Body)
	case *MapSet:
		return append([]Expr{e.Body}, boundSets(e.Bounds)...)
	case *Func:
		return append(boundSets(e.Bounds), e.Body)
	case *If:
		return []Expr{e.Cond, e.Then, e.Else}
	case *Case:
		return caseParts(e)
	case *Let:
		var list []Expr
		for _, u := range e.Defs {
			list = append(list, Bodies(u)...)
		}
		return append(list, e.Body)
	case *Lambda:
		return []Expr{e.Body}
	case *Label:
		return []Expr{e.Body}
	}
	return structureParts(e)
}

// structureParts gives the parts of sets, functions, records, tuples and actions.
func structureParts(e Expr) []Expr {
	switch e := e.(type) {
	case *SetEnum:
		return e.Items
	case *Tuple:
		return e.Items
	case *FuncSet:
		return []Expr{e.Dom, e.Rng}
	case *FuncApply:
		return append([]Expr{e.Func}, e.Args...)
	case *Field:
		return []Expr{e.Rec}
	case *Record:
		return fieldValues(e.Fields)
	case *RecordSet:
		return fieldValues(e.Fields)
	case *Except:
		list := []Expr{e.Func}
		for _, u := range e.Updates {
			for _, s := range u.Path {
				list = append(list, s.Args...)
			}
			list = append(list, u.Value)
		}
		return list
	case *ActionExpr:
		return []Expr{e.Action, e.Subscript}
	case *Fairness:
		return []Expr{e.Subscript, e.Action}
	}
	return nil
}

func boundSets(bounds []Bound) []Expr {
	var list []Expr
	for _, b := range bounds {
		if b.Set != nil {
			list = append(list, b.Set)
		}
	}
	return list
}

func caseParts(c *Case) []Expr {
	var list []Expr
	for _, arm := range c.Arms {
		list = append(list, arm.Cond, arm.Value)
	}
	if c.Other != nil {
		list = append(list, c.Other)
	}
	return list
}

func fieldValues(fields []FieldExpr) []Expr {
	var list []Expr
	for _, f := range fields {
		list = append(list, f.Value)
	}
	return list
}

// Bodies gives the expressions of a unit: a definition's body and bounds, what an INSTANCE substitutes, a statement.
func Bodies(u Unit) []Expr {
	switch u := u.(type) {
	case *OperatorDef:
		return []Expr{u.Body}
	case *FunctionDef:
		return append(boundSets(u.Bounds), u.Body)
	case *Instance:
		var list []Expr
		for _, s := range u.Substs {
			list = append(list, s.Value)
		}
		return list
	case *Assume:
		return []Expr{u.Body}
	case *Theorem:
		return statementParts(nil, u.Body, u.Sequent, u.Proof)
	case *Use:
		return factParts(nil, u.Facts)
	}
	return nil
}

// statementParts adds the expressions of a theorem or a step to a list, those of its proof too.
func statementParts(list []Expr, body Expr, s *Sequent, proof *Proof) []Expr {
	if body != nil {
		list = append(list, body)
	}
	if s != nil {
		list = sequentParts(list, s)
	}
	if proof == nil {
		return list
	}
	list = factParts(list, proof.Facts)
	for _, step := range proof.Steps {
		list = append(append(list, step.Exprs...), boundSets(step.Bounds)...)
		for _, u := range step.Units {
			list = append(list, Bodies(u)...)
		}
		list = statementParts(list, step.Body, step.Sequent, step.Proof)
	}
	return list
}

func sequentParts(list []Expr, s *Sequent) []Expr {
	for _, a := range s.Assumptions {
		switch {
		case a.Sequent != nil:
			list = sequentParts(list, a.Sequent)
		case a.Expr != nil:
			list = append(list, a.Expr)
		case a.New.Set != nil:
			list = append(list, a.New.Set)
		}
	}
	return append(list, s.Goal)
}

func factParts(list []Expr, f Facts) []Expr {
	list = append(list, f.Facts...)
	for _, name := range f.Defs {
		list = append(list, name)
	}
	return list
}

// maxTree bounds the depth of a unit's tree. A chain of infix operators is as deep as it is long, though the parser
// does not nest for it.
const maxTree = 10000

// checkTree fails where the tree of an expression is too deep for those who walk over it by recursion.
func (p *parser) checkTree(roots []Expr) {
	for depth := 0; len(roots) > 0; depth++ {
		if depth > maxTree {
			p.fail(roots[0].Span(), "expressions nest more than %d deep", maxTree)
		}
		var next []Expr
		for _, e := range roots {
			next = append(next, Children(e)...)
		}
		roots = next
	}
}
