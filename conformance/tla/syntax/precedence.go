// Expressions of prefix, infix and postfix operators: precedence climbing over ranges.

package syntax

// pending is an operator that still waits for its right operand.
type pending struct {
	op   *Operator
	span Span
	left Expr // nil for a prefix operator
}

// expr = { prefixOp } operand { postfixOp } [ infixOp expr ] .
//
// The operators that wait for an operand stand on a stack. Before an operator takes what is left of it, those that
// bind tighter are applied; where neither of two neighbours binds tighter, it is a mistake.
func (p *parser) expr() Expr {
	p.enter()
	defer p.leave()
	var stack []pending
	for {
		stack = p.prefixOperators(stack)
		x := p.postfixOperators(stack, p.operand())
		p.checkLabel(stack, x)
		t := p.tok()
		op := infixOperator(t)
		if op == nil {
			return p.reduceAll(stack, x)
		}
		p.next()
		stack, x = p.reduce(stack, x, op, t.Span)
		stack = append(stack, pending{op, t.Span, x})
		if len(stack) > maxDepth {
			p.tooDeep()
		}
	}
}

// prefixOperators puts the prefix operators that stand here on the stack. A minus sign is one of them.
func (p *parser) prefixOperators(stack []pending) []pending {
	for {
		t := p.tok()
		op := prefixOperator(t)
		if op == nil {
			return stack
		}
		p.checkMinus(stack, t)
		p.next()
		stack = append(stack, pending{op: op, span: t.Span})
		if len(stack) > maxDepth {
			p.tooDeep()
		}
	}
}

// checkMinus fails where a prefix minus follows an infix operator that binds tighter than the infix one: a * -b is read
// as a conflict of * and -, as SANY does.
func (p *parser) checkMinus(stack []pending, t *Token) {
	if t.Text != "-" || len(stack) == 0 {
		return
	}
	if top := stack[len(stack)-1]; top.left != nil && top.op.above(LookupOperator("-")) {
		p.fail(t.Span, "%s binds tighter than the minus sign behind it: parentheses are needed, as in a %s (-b)",
			top.op.Name, top.op.Name)
	}
}

// checkLabel fails where the expression that a label marks would be cut in two without the label.
func (p *parser) checkLabel(stack []pending, x Expr) {
	l, ok := x.(*Label)
	if !ok || len(stack) == 0 {
		return
	}
	var name string
	switch body := l.Body.(type) {
	case *InfixExpr:
		name = body.Op
	case *PostfixExpr:
		name = body.Op
	default:
		return
	}
	if !LookupOperator(name).above(stack[len(stack)-1].op) {
		p.fail(l.Sp, "without the label %s the expression would be parsed differently: parentheses are needed", l.Name.Name)
	}
}

// prefixOperator gives the prefix operator that a token is. The minus sign is one; its name -. is only a name.
func prefixOperator(t *Token) *Operator {
	if t.Kind != KindOperator {
		return nil
	}
	name := t.Text
	switch name {
	case "-":
		name = "-."
	case "-.":
		return nil
	}
	if op := LookupOperator(name); op.Fixity == Prefix {
		return op
	}
	return nil
}

func infixOperator(t *Token) *Operator {
	if t.Kind != KindOperator {
		return nil
	}
	if op := LookupOperator(t.Text); op.Fixity == Infix {
		return op
	}
	return nil
}

// postfixOperators applies the postfix operators, function arguments and fields that follow an operand.
func (p *parser) postfixOperators(stack []pending, x Expr) Expr {
	start := x.Span().Start
	for n := 0; ; n++ {
		if n > maxDepth {
			p.tooDeep()
		}
		t := p.tok()
		switch {
		case t.is("["):
			p.next()
			f := &FuncApply{Func: x, Args: p.exprs()}
			p.expect("]", "after the arguments of a function")
			f.Sp = p.since(start)
			x = f
		case t.is("."):
			p.next()
			f := &Field{Rec: x, Name: p.fieldName()}
			f.Sp = p.since(start)
			x = f
		case t.Kind == KindOperator && LookupOperator(t.Text).Fixity == Postfix:
			p.checkPostfix(stack, t)
			p.next()
			x = &PostfixExpr{p.nodeFrom(start), t.Text, t.Span, x}
		default:
			return x
		}
	}
}

// fieldName takes the name of a record's field, which may be a reserved word.
func (p *parser) fieldName() Ident {
	if t := p.tok(); t.isReserved() {
		p.next()
		return Ident{t.Text, t.Span}
	}
	return p.ident("the name of a field")
}

// checkPostfix fails where the operator left of an operand and the postfix operator right of it bind equally.
func (p *parser) checkPostfix(stack []pending, t *Token) {
	if len(stack) == 0 {
		return
	}
	top, op := stack[len(stack)-1], LookupOperator(t.Text)
	if !op.above(top.op) {
		p.conflict(top, op, t.Span)
	}
}

// conflict fails at the right one of two operators that need parentheses between them.
func (p *parser) conflict(left pending, right *Operator, at Span) {
	l, r := left.op.Name, right.Name
	if l == "-." {
		l = "-"
	}
	if l == r {
		p.fail(at, "%s and %s bind equally and %s is not associative: parentheses are needed", l, r, l)
	}
	hint := ""
	if (l == `/\` || l == `\/`) && (r == `/\` || r == `\/`) && left.span.Start.Line < at.Start.Line {
		hint = ", or that the items of a list stand in one column"
	}
	p.fail(at, "%s (line %d, column %d) and %s bind equally: parentheses are needed%s",
		l, left.span.Start.Line, left.span.Start.Col, r, hint)
}

// reduce applies the waiting operators that bind tighter than the infix operator op, which stands right of x.
func (p *parser) reduce(stack []pending, x Expr, op *Operator, at Span) ([]pending, Expr) {
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		switch {
		case op.above(top.op):
			return stack, x
		case !top.op.above(op) && !(top.op == op && op.LeftAssoc):
			p.conflict(top, op, at)
		}
		x = p.apply(top, x)
		stack = stack[:len(stack)-1]
	}
	return stack, x
}

func (p *parser) reduceAll(stack []pending, x Expr) Expr {
	for i := len(stack) - 1; i >= 0; i-- {
		x = p.apply(stack[i], x)
	}
	return x
}

// apply gives the operator its right operand.
func (p *parser) apply(o pending, x Expr) Expr {
	right := x.Span()
	if o.left == nil {
		return &PrefixExpr{Node{Span{o.span.Start, right.EndLine, right.EndCol}}, o.op.Name, o.span, x}
	}
	left := o.left.Span()
	return &InfixExpr{Node{Span{left.Start, right.EndLine, right.EndCol}}, o.op.Name, o.span, o.left, x}
}
