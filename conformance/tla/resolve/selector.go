// Subexpression selectors: Op(a)!1!(b)!label names a part of a definition.

package resolve

import (
	"strconv"

	"synod/conformance/tla/syntax"
)

// selection walks from a definition's body to the part that a name selects. What is bound on the way, by parameters
// and by quantifiers, becomes the parameters of a definition of its own, whose body is the part.
type selection struct {
	r      *resolver
	name   *syntax.Name
	next   int         // the part of the name to follow
	cur    syntax.Expr // the part of the definition that has been reached
	env    *env        // the scope of cur
	use    *env        // the scope of the name
	params []*Local
	args   []Arg
	lets   []*Let // those around cur, outermost first
	def    *Def   // the definition in a LET that has been reached instead of an expression
	// operator says that the name is an argument and stands for an operator: nothing on the way has arguments.
	operator bool
}

// selected resolves a name that selects a part of a definition as a value.
func (r *resolver) selected(u *syntax.Name, t *target, e *env) (Expr, bool) {
	if d, ok := t.sym.(*Def); ok && r.sequents[d] {
		return r.partOfSequent(u, t, e), true
	}
	s, ok := r.selectPart(u, t, e, false)
	if !ok {
		return nil, false
	}
	return &Call{node(u), t.path, s.definition(), s.args}, true
}

// partOfSequent is a part of an ASSUME ... PROVE, which only proofs name: nothing is evaluated there, so that only the
// arguments are looked at.
func (r *resolver) partOfSequent(u *syntax.Name, t *target, e *env) Expr {
	for _, part := range u.Parts[t.part:] {
		for _, arg := range part.Args {
			r.expr(arg, e)
		}
	}
	return &Bool{Node: node(u)}
}

// selectedOperator resolves a name that selects a part of a definition as an operator, which takes what is bound on
// the way as its arguments.
func (r *resolver) selectedOperator(u *syntax.Name, t *target, arity int, what string, e *env) Arg {
	s, ok := r.selectPart(u, t, e, true)
	if !ok {
		return invalid(u)
	}
	if len(s.params) != arity {
		r.wrongArity(u, arity, what, len(s.params))
		return invalid(u)
	}
	return &OpArg{Path: t.path, Def: s.definition(), Arity: arity, Sp: u.Sp}
}

// selectPart follows the parts of a name behind the one that names a definition.
func (r *resolver) selectPart(u *syntax.Name, t *target, e *env, operator bool) (*selection, bool) {
	s := &selection{r: r, name: u, next: t.part, use: e, operator: operator}
	d, ok := t.sym.(*Def)
	if !ok {
		hint := ""
		if u.Parts[t.part+1].Text == "=" {
			hint = "; unequal is # or /="
		}
		r.errs.Add(u.Parts[t.part+1].Span, "%s is declared, not defined, and so has no parts%s", u.Parts[t.part].Text, hint)
		return nil, false
	}
	r.quiet++
	defer func() { r.quiet-- }()
	if !s.enter(d) {
		return nil, false
	}
	for s.next < len(u.Parts) {
		if !s.step() {
			return nil, false
		}
	}
	return s, true
}

// fail reports that the next part of the name selects nothing.
func (s *selection) fail(format string, args ...any) bool {
	s.r.errs.Add(s.part().Span, format, args...)
	return false
}

func (s *selection) part() syntax.Part { return s.name.Parts[s.next] }

// enter goes to the body of a definition and binds its parameters to the arguments of the name's part.
func (s *selection) enter(d *Def) bool {
	src := s.r.sources[d]
	if src == nil || src.body == nil {
		return s.fail("the parts of %s cannot be named here", d.Name)
	}
	s.def, s.env, s.cur = nil, src.env, src.body
	if src.bounds != nil {
		s.cur = &syntax.Func{Node: syntax.Node{Sp: src.body.Span()}, Bounds: src.bounds, Body: src.body}
	}
	params := s.r.params(src.params, s.env)
	return s.bind(params) && s.advance()
}

// advance goes on to the next part of the name.
func (s *selection) advance() bool {
	s.next++
	return true
}

// bind makes names that are bound on the way parameters, with the arguments of the name's part as their values.
func (s *selection) bind(locals []*Local) bool {
	given := s.part().Args
	switch {
	case s.operator && given != nil:
		return s.fail("no arguments may be given here, since the name stands for an operator")
	case !s.operator && len(given) != len(locals):
		return s.fail("%s must be given here, not %d", count(len(locals), "argument"), len(given))
	case !s.operator:
		s.r.quiet--
		s.args = append(s.args, s.r.args(given, locals, nameText(s.name), s.use)...)
		s.r.quiet++
	}
	s.params = append(s.params, locals...)
	s.env = s.env.withLocals(locals)
	return true
}

// definition makes a definition of the part that has been reached.
func (s *selection) definition() *Def {
	d := &Def{Name: s.text(), Params: s.params, Span: s.name.Sp}
	s.r.quiet++
	if s.def != nil {
		d.Body = s.callOf(s.def, d)
	} else {
		d.Body = s.r.expr(s.cur, s.env)
	}
	s.r.quiet--
	for i := len(s.lets) - 1; i >= 0; i-- {
		l := s.lets[i]
		d.Body = &Let{Node{Sp: d.Body.Span()}, l.Defs, l.Insts, d.Body}
	}
	s.r.levels.inline[d] = true
	return d
}

// callOf is the body of a definition that stands for one in a LET: a call with the last of the parameters.
func (s *selection) callOf(inner, outer *Def) Expr {
	c := &Call{Node: Node{Sp: s.name.Sp}, Def: inner}
	for _, p := range outer.Params[len(outer.Params)-len(inner.Params):] {
		if p.Arity > 0 {
			c.Args = append(c.Args, &OpArg{Local: p, Arity: p.Arity, Sp: s.name.Sp})
			continue
		}
		c.Args = append(c.Args, &LocalRef{Node: Node{Sp: s.name.Sp}, Local: p})
	}
	return c
}

// text is the name with its selectors.
func (s *selection) text() string {
	text := ""
	for i, p := range s.name.Parts {
		if i > 0 {
			text += "!"
		}
		if p.Kind == syntax.PartArgs {
			text += "()"
		}
		text += p.Text
	}
	return text
}

// step follows one part of the name.
func (s *selection) step() bool {
	if s.def != nil {
		d := s.def
		s.def = nil
		s.next--
		s.params = s.params[:len(s.params)-len(d.Params)]
		if !s.operator {
			s.args = s.args[:len(s.args)-len(d.Params)]
		}
		if !s.enter(d) {
			return false
		}
	}
	part := s.part()
	switch {
	case part.Kind == syntax.PartSelector && part.Text == ":":
		return s.whole()
	case part.Kind == syntax.PartIdent || part.Kind == syntax.PartOperator:
		return s.named()
	}
	s.strip()
	if part.Kind == syntax.PartArgs || part.Text == "@" {
		return s.body()
	}
	return s.operand()
}

// whole follows "!:", which is the whole of a definition; it may only stand at the end or before a LET's name.
func (s *selection) whole() bool {
	last := s.next == len(s.name.Parts)-1
	before := s.name.Parts[s.next-1].Kind
	if before != syntax.PartIdent && before != syntax.PartOperator {
		return s.fail("!: may only follow a name")
	}
	if !last && s.name.Parts[s.next+1].Kind != syntax.PartIdent && s.name.Parts[s.next+1].Kind != syntax.PartOperator {
		return s.fail("!: may only stand at the end of a name or before a name")
	}
	return s.advance()
}

// strip removes parentheses and labels around the part that has been reached.
func (s *selection) strip() {
	for {
		switch u := s.cur.(type) {
		case *syntax.Paren:
			s.cur = u.X
		case *syntax.Label:
			s.cur = u.Body
		default:
			return
		}
	}
}

// named follows a name: of a label directly behind a definition's name, else of a definition in a LET.
func (s *selection) named() bool {
	before := s.name.Parts[s.next-1].Kind
	if before == syntax.PartIdent || before == syntax.PartOperator {
		return s.label()
	}
	s.strip()
	let, ok := s.cur.(*syntax.Let)
	if !ok {
		return s.fail("%s must name a definition of a LET here, but there is no LET", s.part().Text)
	}
	s.openLet(let)
	for _, l := range s.lets[len(s.lets)-1].Defs {
		if l.Name == s.part().Text {
			if !s.bind(cloneLocals(l.Params)) {
				return false
			}
			s.def = l
			return s.advance()
		}
	}
	return s.fail("the LET defines no %s", s.part().Text)
}

// cloneLocals makes parameters like others.
func cloneLocals(list []*Local) []*Local {
	var out []*Local
	for _, l := range list {
		c := *l
		out = append(out, &c)
	}
	return out
}

// openLet goes inside a LET: its definitions are seen from here on.
func (s *selection) openLet(u *syntax.Let) {
	l := &Let{}
	for _, unit := range u.Defs {
		s.env = s.r.letUnit(l, unit, s.env)
	}
	s.lets = append(s.lets, l)
	s.cur = u.Body
}

// body follows !(a, b) or !@: the body of what binds names.
func (s *selection) body() bool {
	if l, ok := s.cur.(*syntax.Lambda); ok {
		s.cur = l.Body
		return s.bindBody(s.r.params(l.Params, s.env))
	}
	bounds, body := binder(s.cur)
	if body == nil {
		return s.fail("what is selected here binds no names")
	}
	_, locals := s.r.bounds(bounds, s.env)
	s.cur = body
	return s.bindBody(locals)
}

func (s *selection) bindBody(locals []*Local) bool {
	if s.part().Text == "@" && !s.operator {
		return s.fail("!@ may only be used where the name stands for an operator; give the values in parentheses")
	}
	return s.bind(locals) && s.advance()
}

// operand follows !1, !<< or !>>.
func (s *selection) operand() bool {
	if let, ok := s.cur.(*syntax.Let); ok {
		if s.number(1) != 1 {
			return s.fail("a LET has one part, its body")
		}
		s.openLet(let)
		return s.advance()
	}
	if c, ok := s.cur.(*syntax.Case); ok {
		return s.arm(c)
	}
	list := operands(s.cur)
	n := s.number(len(list))
	if n == 0 {
		return s.fail("there is no part %s here: what is selected has %s", s.part().Text, count(len(list), "part"))
	}
	s.cur = list[n-1]
	return s.advance()
}

// arm follows !i!j in a CASE: arm i, and then its condition or value.
func (s *selection) arm(c *syntax.Case) bool {
	arms := c.Arms
	if c.Other != nil {
		arms = append(arms[:len(arms):len(arms)], syntax.Arm{Value: c.Other})
	}
	i := s.number(len(arms))
	if i == 0 || s.next+1 == len(s.name.Parts) {
		return s.fail("a part of a CASE is named by two numbers: that of the arm, and 1 or 2")
	}
	s.advance()
	switch j := s.number(2); {
	case j == 2:
		s.cur = arms[i-1].Value
	case j == 1 && arms[i-1].Cond != nil:
		s.cur = arms[i-1].Cond
	default:
		return s.fail("the arm of a CASE has a condition, 1, and a value, 2")
	}
	return s.advance()
}

// number is the operand that the name's part selects among n, counted from 1, or 0 for none.
func (s *selection) number(n int) int {
	switch part := s.part(); part.Text {
	case "<<":
		return min(n, 1)
	case ">>":
		if n == 2 {
			return 2
		}
	default:
		if i, err := strconv.Atoi(part.Text); err == nil && i >= 1 && i <= n {
			return i
		}
	}
	return 0
}
