// Parsing theorems and TLAPS proofs.

package syntax

import (
	"strconv"
	"strings"
)

// theorem = ( "THEOREM" | "LEMMA" | "PROPOSITION" | "COROLLARY" ) [ name "==" ] ( expr | sequent ) [ proof ] .
func (p *parser) theorem() Unit {
	start := p.next().Span.Start
	t := &Theorem{Name: p.factName()}
	t.Body, t.Sequent = p.statement()
	t.Sp = p.since(start)
	t.Proof = p.optionalProof()
	return t
}

// statement = expr | sequent ; one of the results is nil.
func (p *parser) statement() (Expr, *Sequent) {
	if p.beginsSequent() {
		return nil, p.sequent()
	}
	return p.expr(), nil
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
func (p *parser) sequent() *Sequent {
	p.enter()
	defer p.leave()
	start := p.tok().Span.Start
	for !p.accept("ASSUME") {
		p.next()
	}
	s := &Sequent{}
	p.commaList(func() { s.Assumptions = append(s.Assumptions, p.assumption()) })
	p.accept("[]")
	p.expect("PROVE", "after the assumptions")
	s.Goal = p.expr()
	s.Sp = p.since(start)
	return s
}

// assumption = new | sequent | expr .
func (p *parser) assumption() Assumption {
	switch t := p.tok(); {
	case t.is("NEW"), declaredKinds[t.Text] && t.Kind == KindKeyword:
		return Assumption{New: p.newDecl()}
	case p.beginsSequent():
		return Assumption{Sequent: p.sequent()}
	}
	return Assumption{Expr: p.expr()}
}

// declaredKinds are the words that say what a name of a sequent stands for.
var declaredKinds = map[string]bool{"CONSTANT": true, "VARIABLE": true, "STATE": true, "ACTION": true, "TEMPORAL": true}

// new = [ "NEW" ] [ "CONSTANT" | "VARIABLE" | "STATE" | "ACTION" | "TEMPORAL" ] decl [ "\in" expr ] .
func (p *parser) newDecl() *New {
	p.accept("NEW")
	n := &New{Kind: "CONSTANT"}
	if t := p.tok(); t.Kind == KindKeyword && declaredKinds[t.Text] {
		n.Kind = p.next().Text
	}
	n.Decl = p.decl("a name")
	if p.accept(`\in`) {
		n.Set = p.expr()
	}
	return n
}

// optionalProof parses the proof that may follow a theorem or a step.
func (p *parser) optionalProof() *Proof {
	t := p.tok()
	switch {
	case t.is("PROOF"):
		p.next()
		return p.proof(true)
	case t.is("BY"), t.is("OBVIOUS"), t.is("OMITTED"):
		return p.proof(false)
	case t.Kind == KindStep && p.isDeeper(t):
		return p.proof(false)
	}
	return nil
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
func (p *parser) proof(afterWord bool) *Proof {
	p.enter()
	defer p.leave()
	t := p.tok()
	switch {
	case p.accept("OBVIOUS"), p.accept("OMITTED"):
		return &Proof{}
	case p.accept("BY"):
		p.accept("ONLY")
		return &Proof{Facts: p.facts()}
	case t.Kind != KindStep:
		p.unexpected("a proof")
	}
	level := p.level(t)
	if afterWord && t.Text[1] == '*' && len(p.proofs) > 0 {
		level++
	}
	p.proofs = append(p.proofs, level)
	proof := &Proof{}
	for {
		step := p.step(level)
		proof.Steps = append(proof.Steps, step)
		if step.Kind == "QED" {
			break
		}
		if u := p.tok(); u.Kind != KindStep || p.level(u) != level {
			p.unexpected("the next step of level " + strconv.Itoa(level) + " or its QED")
		}
	}
	p.proofs = p.proofs[:len(p.proofs)-1]
	return proof
}

// step = stepName stepBody [ proof ] .
func (p *parser) step(level int) *ProofStep {
	name := p.next()
	s := &ProofStep{Level: level}
	if text := strings.Trim(name.Text[strings.IndexByte(name.Text, '>')+1:], "."); text != "" {
		s.Name = Ident{"<" + strconv.Itoa(level) + ">" + text, name.Span}
		if name.Text[1] == '*' || name.Text[1] == '+' {
			p.named = append(p.named, Ident{name.Text, name.Span})
		}
	}
	switch t := p.tok(); {
	case t.Kind == KindKeyword:
		p.wordStep(s, t)
	case p.beginsDefinition():
		s.Kind, s.Units = "DEFINE", p.defines()
	default:
		s.Body, s.Sequent = p.statement()
	}
	s.Sp = p.since(name.Span.Start)
	switch s.Kind {
	case "", "QED", "CASE", "HAVE", "WITNESS", "PICK", "SUFFICES":
		s.Proof = p.optionalProof()
	}
	return s
}

// wordStep parses what follows the name of a step that begins with a keyword.
func (p *parser) wordStep(s *ProofStep, t *Token) {
	switch t.Text {
	case "QED", "DEFINE", "HAVE", "CASE", "WITNESS", "TAKE", "PICK", "SUFFICES":
		s.Kind = p.next().Text
	case "USE", "HIDE", "INSTANCE":
		s.Kind = t.Text
	}
	switch s.Kind {
	case "DEFINE":
		s.Units = p.defines()
	case "USE", "HIDE":
		s.Units = []Unit{p.useHide()}
	case "INSTANCE":
		s.Units = []Unit{p.instance(t.Span.Start)}
	case "HAVE", "CASE":
		s.Body = p.expr()
	case "WITNESS":
		s.Exprs = p.exprs()
	case "TAKE":
		s.Bounds = p.boundsOrNames()
	case "PICK":
		s.Bounds = p.boundsOrNames()
		p.expect(":", "in a PICK")
		s.Body = p.expr()
	case "", "SUFFICES":
		s.Body, s.Sequent = p.statement()
	}
}

// defines = definition { definition } .
func (p *parser) defines() []Unit {
	list := []Unit{p.definition()}
	for p.beginsDefinition() {
		list = append(list, p.definition())
	}
	return list
}

// useHide = ( "USE" | "HIDE" ) [ "ONLY" ] facts .
func (p *parser) useHide() *Use {
	t := p.next()
	u := &Use{Hide: t.Text == "HIDE"}
	p.accept("ONLY")
	u.Facts = p.facts()
	u.Sp = p.since(t.Span.Start)
	return u
}

// facts = [ fact { "," fact } ] [ ( "DEF" | "DEFS" ) definedName { "," definedName } ] .
func (p *parser) facts() Facts {
	var f Facts
	if !p.is("DEF") && !p.is("DEFS") {
		p.commaList(func() {
			if !p.moduleFact() {
				f.Facts = append(f.Facts, p.expr())
			}
		})
	}
	if p.accept("DEF") || p.accept("DEFS") {
		p.commaList(func() {
			if !p.moduleFact() {
				f.Defs = append(f.Defs, p.name())
			}
		})
	}
	return f
}

// moduleFact = "MODULE" name ; it reports whether there is one.
func (p *parser) moduleFact() bool {
	if !p.accept("MODULE") {
		return false
	}
	p.ident("a module's name")
	return true
}
