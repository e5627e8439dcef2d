// The syntax tree of statements and proofs: ASSUME ... PROVE, steps and the facts that they use.

package syntax

type (
	// Sequent is ASSUME assumptions PROVE e.
	Sequent struct {
		Node
		Assumptions []Assumption
		Goal        Expr
	}
	// Assumption is one of the assumptions of a sequent: exactly one field is set.
	Assumption struct {
		New     *New
		Sequent *Sequent
		Expr    Expr
	}
	// New declares a name in a sequent: NEW x \in S.
	New struct {
		Decl
		Kind string // "CONSTANT", "VARIABLE", "STATE", "ACTION" or "TEMPORAL"
		Set  Expr   // nil where there is none
	}
	// Proof is the steps of a proof, or the facts behind its BY; an OBVIOUS or OMITTED one is empty.
	Proof struct {
		Facts Facts
		Steps []*ProofStep
	}
	// Facts is what a BY, a USE or a HIDE names: facts, and definitions behind DEF. Modules are left out.
	Facts struct {
		Facts []Expr
		Defs  []*Name
	}
	// ProofStep is one step of a proof. Kind is the word that it begins with, or "" for a statement; the fields that
	// go with it are set.
	ProofStep struct {
		Node
		Level   int
		Name    Ident // "<1>2" in its canonical form, or "" for a step that cannot be named
		Kind    string
		Body    Expr     // "", SUFFICES, CASE, HAVE, PICK
		Sequent *Sequent // "", SUFFICES
		Exprs   []Expr   // WITNESS
		Bounds  []Bound  // TAKE, PICK
		Units   []Unit   // DEFINE, INSTANCE, USE, HIDE
		Proof   *Proof   // nil where there is none
	}
)
