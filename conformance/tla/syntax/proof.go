// Parsing theorems and TLAPS proofs. A proof is read for its form, to know where it ends; nothing of it is kept.

package syntax

import (
	"strconv"
	"strings"
)

// theorem = ( "THEOREM" | "LEMMA" | "PROPOSITION" | "COROLLARY" ) [ name "==" ] ( expr | sequent ) [ proof ] .
func (p *parser) theorem() Unit {
	start := p.next().Span.Start
	t := &Theorem{Name: p.factName(), Body: p.statement()}
	t.Sp = p.since(start)
	p.optionalProof()
	return t
}

// statement = expr | sequent ; it gives nil for a sequent.
func (p *parser) statement() Expr {
	if p.beginsSequent() {
		p.sequent()
		return nil
	}
	return p.expr()
}

// beginsSequent reports whether [ name "::" ] [ "[]" ] "ASSUME" follows.
func (p *parser) beginsSequent() bool {
	n := 0
	if p.raw().Kind == KindIdentifier && p.at(1).is("::") {
		n = 2
	}
	if p.at(n).is("[]") {
		n++
	}
	return p.at(n).is("ASSUME")
}

// sequent = [ name "::" ] [ "[]" ] "ASSUME" assumption { "," assumption } [ "[]" ] "PROVE" expr .
func (p *parser) sequent() {
	p.enter()
	defer p.leave()
	for !p.accept("ASSUME") {
		p.next()
	}
	p.commaList(p.assumption)
	p.accept("[]")
	p.expect("PROVE", "after the assumptions")
	p.expr()
}

// assumption = new | sequent | expr .
func (p *parser) assumption() {
	switch t := p.tok(); {
	case t.is("NEW"), t.is("CONSTANT"), t.is("VARIABLE"), t.is("STATE"), t.is("ACTION"), t.is("TEMPORAL"):
		p.newDecl()
	case p.beginsSequent():
		p.sequent()
	default:
		p.expr()
	}
}

// new = [ "NEW" ] [ "CONSTANT" | "VARIABLE" | "STATE" | "ACTION" | "TEMPORAL" ] decl [ "\in" expr ] .
func (p *parser) newDecl() {
	p.accept("NEW")
	switch t := p.tok(); {
	case t.is("CONSTANT"), t.is("VARIABLE"), t.is("STATE"), t.is("ACTION"), t.is("TEMPORAL"):
		p.next()
	}
	p.decl("a name")
	if p.accept(`\in`) {
		p.expr()
	}
}

// optionalProof parses the proof that may follow a theorem or a step.
func (p *parser) optionalProof() {
	t := p.tok()
	switch {
	case t.is("PROOF"):
		p.next()
		p.proof(true)
	case t.is("BY"), t.is("OBVIOUS"), t.is("OMITTED"):
		p.proof(false)
	case t.Kind == KindStep && p.isDeeper(t):
		p.proof(false)
	}
}

// level is the number in a step's name, with <*> for the level of the proof around and <+> for the next.
func (p *parser) level(t *Token) int {
	around := -1
	if len(p.proofs) > 0 {
		around = p.proofs[len(p.proofs)-1]
	}
	switch text := t.Text[1:strings.IndexByte(t.Text, '>')]; text {
	case "*":
		return max(around, 0)
	case "+":
		return around + 1
	default:
		n, err := strconv.Atoi(text)
		if err != nil {
			p.fail(t.Span, "the level of this step is too large")
		}
		return n
	}
}

// isDeeper reports whether a step begins a proof inside the ones around.
func (p *parser) isDeeper(t *Token) bool {
	return len(p.proofs) == 0 || p.level(t) > p.proofs[len(p.proofs)-1]
}

// proof = "OBVIOUS" | "OMITTED" | "BY" [ "ONLY" ] facts | step { step } ; the last step is a QED.
func (p *parser) proof(afterWord bool) {
	p.enter()
	defer p.leave()
	t := p.tok()
	switch {
	case p.accept("OBVIOUS"), p.accept("OMITTED"):
		return
	case p.accept("BY"):
		p.accept("ONLY")
		p.facts()
		return
	case t.Kind != KindStep:
		p.unexpected("a proof")
	}
	level := p.level(t)
	if afterWord && t.Text[1] == '*' && len(p.proofs) > 0 {
		level++
	}
	p.proofs = append(p.proofs, level)
	for !p.step() {
		if u := p.tok(); u.Kind != KindStep || p.level(u) != level {
			p.unexpected("the next step of level " + strconv.Itoa(level) + " or its QED")
		}
	}
	p.proofs = p.proofs[:len(p.proofs)-1]
}

// step = stepName stepBody [ proof ] ; it reports whether the step is the QED.
func (p *parser) step() (qed bool) {
	name := p.next()
	if end := strings.IndexByte(name.Text, '>'); (name.Text[1] == '*' || name.Text[1] == '+') && strings.Trim(name.Text[end+1:], ".") != "" {
		p.named = append(p.named, Ident{name.Text, name.Span})
	}
	t := p.tok()
	if t.Kind != KindKeyword {
		if p.beginsDefinition() {
			p.defines()
			return false
		}
		p.statement()
		p.optionalProof()
		return false
	}
	return p.wordStep(t)
}

// wordStep parses a step that begins with a keyword.
func (p *parser) wordStep(t *Token) (qed bool) {
	switch t.Text {
	case "QED":
		p.next()
		p.optionalProof()
		return true
	case "DEFINE":
		p.next()
		p.defines()
		return false
	case "USE", "HIDE":
		p.useHide()
		return false
	case "INSTANCE":
		p.instance(t.Span.Start)
		return false
	case "HAVE", "CASE":
		p.next()
		p.expr()
	case "WITNESS":
		p.next()
		p.exprs()
	case "TAKE":
		p.next()
		p.boundsOrNames()
		return false
	case "PICK":
		p.next()
		p.boundsOrNames()
		p.expect(":", "in a PICK")
		p.expr()
	case "SUFFICES":
		p.next()
		p.statement()
	default:
		p.statement()
	}
	p.optionalProof()
	return false
}

// defines = definition { definition } .
func (p *parser) defines() {
	p.definition()
	for p.beginsDefinition() {
		p.definition()
	}
}

// useHide = ( "USE" | "HIDE" ) [ "ONLY" ] facts .
func (p *parser) useHide() {
	p.next()
	p.accept("ONLY")
	p.facts()
}

// facts = [ fact { "," fact } ] [ ( "DEF" | "DEFS" ) definedName { "," definedName } ] .
func (p *parser) facts() {
	if !p.is("DEF") && !p.is("DEFS") {
		p.commaList(p.fact)
	}
	if p.accept("DEF") || p.accept("DEFS") {
		p.commaList(p.definedName)
	}
}

// fact = "MODULE" name | expr .
func (p *parser) fact() {
	if p.accept("MODULE") {
		p.ident("a module's name")
		return
	}
	p.expr()
}

// definedName = "MODULE" name | name .
func (p *parser) definedName() {
	if p.accept("MODULE") {
		p.ident("a module's name")
		return
	}
	p.name()
}
