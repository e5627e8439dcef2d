// The syntax tree: modules, their units and expressions, as they are written.

package syntax

// Ident is a name where it is declared, or where a module or a field is named.
type Ident struct {
	Name string
	Span Span
}

// Node is what every unit and every expression carries: its place.
type Node struct{ Sp Span }

// Span is the place in the source.
func (n *Node) Span() Span { return n.Sp }

// Module is a module, or one that is nested in another.
type Module struct {
	Node
	Name    Ident
	Extends []Ident
	Units   []Unit

	// NamedSteps are the proof steps of implicit level, <*> or <+>, that have names nevertheless, in this module and those
	// inside of it. They are well formed, but nobody can refer to them, and the reference parser refuses them.
	NamedSteps []Ident
}

// Unit is one statement of a module, or a definition in a LET.
type Unit interface {
	Span() Span
	unit()
}

type (
	// Constants is CONSTANT c, Op(_), _+_.
	Constants struct {
		Node
		Decls []Decl
	}
	// Variables is VARIABLE x, y.
	Variables struct {
		Node
		Names []Ident
	}
	// Recursive is RECURSIVE Op(_), c.
	Recursive struct {
		Node
		Decls []Decl
	}
	// OperatorDef is Op(p, F(_)) == e; a + b == e has the name "+" and two parameters.
	OperatorDef struct {
		Node
		Local  bool
		Name   Ident
		Params []Decl
		Body   Expr
	}
	// FunctionDef is f[x \in S, y \in T] == e.
	FunctionDef struct {
		Node
		Local  bool
		Name   Ident
		Bounds []Bound
		Body   Expr
	}
	// Instance is INSTANCE M WITH a <- e; with a Name it is I(p) == INSTANCE M WITH a <- e.
	Instance struct {
		Node
		Local  bool
		Name   *Ident
		Params []Decl
		Module Ident
		Substs []Subst
	}
	// Assume is ASSUME e or ASSUME Name == e.
	Assume struct {
		Node
		Name  *Ident
		Body  Expr
		Axiom bool // it begins with AXIOM
	}
	// Theorem is THEOREM Name == e. Where the statement is an ASSUME ... PROVE, Sequent is set and not Body.
	Theorem struct {
		Node
		Name    *Ident
		Body    Expr
		Sequent *Sequent
		Proof   *Proof // nil where there is none
	}
	// Use is USE or HIDE with what it names, in a module or in a proof.
	Use struct {
		Node
		Hide  bool
		Facts Facts
	}
	// Submodule is a module inside a module.
	Submodule struct {
		Node
		Module *Module
	}
)

func (*Constants) unit()   {}
func (*Variables) unit()   {}
func (*Recursive) unit()   {}
func (*OperatorDef) unit() {}
func (*FunctionDef) unit() {}
func (*Instance) unit()    {}
func (*Assume) unit()      {}
func (*Theorem) unit()     {}
func (*Submodule) unit()   {}
func (*Use) unit()         {}

// Decl declares a constant, an operator to be defined recursively, or a parameter. Arity 0 is a value.
type Decl struct {
	Ident
	Arity int
}

// Subst is a <- e of an INSTANCE.
type Subst struct {
	Name  Ident
	Value Expr
}

// Bound binds names: x, y \in S, or <<x, y>> \in S with Tuple. Set is nil in an unbounded quantifier or CHOOSE.
type Bound struct {
	Names []Ident
	Tuple bool
	Set   Expr
}

// Expr is an expression. A name may stand for an operator only where one is an argument.
type Expr interface {
	Span() Span
	expr()
}

// PartKind says what one part of a name is.
type PartKind uint8

// The kinds of a name's parts. All but the first two only follow a "!".
const (
	PartIdent    PartKind = iota // an identifier, or the name of a proof step
	PartOperator                 // an operator symbol: I!+
	PartIndex                    // !2: an operand by its number
	PartSelector                 // !: !<< !>> !@
	PartArgs                     // !(a, b): values for the names that a quantifier or an operator binds
)

// Part is one part of a name: I(a) in I(a)!Op.
type Part struct {
	Kind PartKind
	Text string
	Args []Expr // nil where there are no parentheses
	Span Span
}

type (
	// Name is a use of a name: x, Op(a), I(a)!J!Op(b), Op!1!<<.
	Name struct {
		Node
		Parts []Part
	}
	// Number is a numeral in decimal form, with a fraction where it has one.
	Number struct {
		Node
		Text string
	}
	// String is a string without its quotes and escapes.
	String struct {
		Node
		Value string
	}
	// At is @ in an EXCEPT.
	At struct{ Node }
	// PrefixExpr is Op X.
	PrefixExpr struct {
		Node
		Op     string
		OpSpan Span
		X      Expr
	}
	// InfixExpr is X Op Y.
	InfixExpr struct {
		Node
		Op     string
		OpSpan Span
		X, Y   Expr
	}
	// PostfixExpr is X Op.
	PostfixExpr struct {
		Node
		Op     string
		OpSpan Span
		X      Expr
	}
	// Junction is a list of items that are marked by aligned /\ or \/.
	Junction struct {
		Node
		Op    string
		Items []Expr
	}
	// Paren is (X).
	Paren struct {
		Node
		X Expr
	}
	// Quant is \A, \E, \AA or \EE; Op says which.
	Quant struct {
		Node
		Op     string
		Bounds []Bound
		Body   Expr
	}
	// Choose is CHOOSE x \in S : P.
	Choose struct {
		Node
		Bound Bound
		Body  Expr
	}
	// SetEnum is {a, b}.
	SetEnum struct {
		Node
		Items []Expr
	}
	// Filter is {x \in S : P}.
	Filter struct {
		Node
		Bound Bound
		Body  Expr
	}
	// MapSet is {e : x \in S, y \in T}.
	MapSet struct {
		Node
		Bounds []Bound
		Body   Expr
	}
	// Func is [x \in S, y \in T |-> e].
	Func struct {
		Node
		Bounds []Bound
		Body   Expr
	}
	// FuncSet is [S -> T].
	FuncSet struct {
		Node
		Dom, Rng Expr
	}
	// FuncApply is f[a, b].
	FuncApply struct {
		Node
		Func Expr
		Args []Expr
	}
	// Field is r.name.
	Field struct {
		Node
		Rec  Expr
		Name Ident
	}
	// Record is [a |-> e, b |-> f].
	Record struct {
		Node
		Fields []FieldExpr
	}
	// RecordSet is [a : S, b : T].
	RecordSet struct {
		Node
		Fields []FieldExpr
	}
	// Except is [f EXCEPT ![a].b = e, ...].
	Except struct {
		Node
		Func    Expr
		Updates []Update
	}
	// Tuple is <<a, b>>.
	Tuple struct {
		Node
		Items []Expr
	}
	// ActionExpr is [A]_v, or <<A>>_v where Angle is set.
	ActionExpr struct {
		Node
		Angle     bool
		Action    Expr
		Subscript Expr
	}
	// Fairness is WF_v(A), or SF_v(A) where Strong is set.
	Fairness struct {
		Node
		Strong    bool
		Subscript Expr
		Action    Expr
	}
	// If is IF c THEN a ELSE b.
	If struct {
		Node
		Cond, Then, Else Expr
	}
	// Case is CASE p -> e [] q -> f [] OTHER -> g; Other is nil where there is none.
	Case struct {
		Node
		Arms  []Arm
		Other Expr
	}
	// Let is LET definitions IN body.
	Let struct {
		Node
		Defs []Unit
		Body Expr
	}
	// Lambda is LAMBDA x, y : e.
	Lambda struct {
		Node
		Params []Decl
		Body   Expr
	}
	// Label is name(x, y):: e.
	Label struct {
		Node
		Name   Ident
		Params []Ident
		Body   Expr
	}
)

// FieldExpr is one field of a record or a set of records.
type FieldExpr struct {
	Name  Ident
	Value Expr
}

// Update is ![a].b = e of an EXCEPT.
type Update struct {
	Span  Span
	Path  []Step
	Value Expr
}

// Step is [a, b] or .name in the path of an update: Args, or Name where Args is nil.
type Step struct {
	Args []Expr
	Name Ident
}

// Arm is p -> e of a CASE.
type Arm struct{ Cond, Value Expr }

func (*Name) expr()        {}
func (*Number) expr()      {}
func (*String) expr()      {}
func (*At) expr()          {}
func (*PrefixExpr) expr()  {}
func (*InfixExpr) expr()   {}
func (*PostfixExpr) expr() {}
func (*Junction) expr()    {}
func (*Paren) expr()       {}
func (*Quant) expr()       {}
func (*Choose) expr()      {}
func (*SetEnum) expr()     {}
func (*Filter) expr()      {}
func (*MapSet) expr()      {}
func (*Func) expr()        {}
func (*FuncSet) expr()     {}
func (*FuncApply) expr()   {}
func (*Field) expr()       {}
func (*Record) expr()      {}
func (*RecordSet) expr()   {}
func (*Except) expr()      {}
func (*Tuple) expr()       {}
func (*ActionExpr) expr()  {}
func (*Fairness) expr()    {}
func (*If) expr()          {}
func (*Case) expr()        {}
func (*Let) expr()         {}
func (*Lambda) expr()      {}
func (*Label) expr()       {}
