// The resolved tree: what the evaluator reads. Every name has become a pointer to what it names.

// Package resolve turns parsed modules into a Program: every identifier is bound to its declaration, every
// INSTANCE to a substitution, every expression has a level. After it no name is looked up again.
package resolve

import "synod/conformance/tla/syntax"

// Level says what an expression may depend on, as in "Specifying Systems" section 17.2.
type Level uint8

// The four levels, in order: a constant; a state function; an action; a temporal formula.
const (
	LevelConstant Level = iota
	LevelState
	LevelAction
	LevelTemporal
)

// Program is a root module and everything that it reaches.
type Program struct {
	Root     *Module
	Modules  map[string]*Module // every top-level module by name, standard ones too
	Sources  map[string][]byte  // the text of every file that was read, by the name that positions carry
	Warnings syntax.ErrorList   // what is likely a mistake, but is allowed

	resolver *resolver // for expressions that come later
}

// Module is one module after name resolution. Lists hold what the module itself declares, in source order.
type Module struct {
	Name     string
	File     string
	Standard bool // ships with the engine, or stands for one of the core modules: its definitions may have an implementation in Go
	Extends  []*Module
	Consts   []*Const
	Vars     []*Var
	Defs     []*Def // LOCAL ones too
	Insts    []*Instance
	Assumes  []*Assume
	Theorems []*Theorem
	Nested   []*Module
	Scope    map[string]Symbol // the module's name space: own, extended and instantiated names
}

// Symbol is what a name in a module's name space stands for: *Const, *Var, *Def, *Instance or *Imported.
type Symbol interface{ symbol() }

// Const is a declared CONSTANT. Arity 0 is a value, else an operator.
type Const struct {
	Name   string
	Arity  int
	Span   syntax.Span
	Module *Module
}

// Var is a declared VARIABLE.
type Var struct {
	Name   string
	Span   syntax.Span
	Module *Module
}

// Local is a name bound inside an expression: a quantifier's variable, an operator's parameter, a function's argument.
// Arity > 0 is an operator parameter. A Local is identified by its pointer.
type Local struct {
	Name  string
	Arity int
	Span  syntax.Span
}

// Def is a definition: at module level, in a LET, or a LAMBDA's (Name "LAMBDA").
// A function definition f[x \in S] == e is a Def without parameters whose Body is a *FuncDef.
type Def struct {
	Name      string // the operator symbol in its canonical ASCII form: "+", "\\cup", "-."
	Params    []*Local
	Body      Expr
	Recursive bool // declared RECURSIVE
	IsLocal   bool // LOCAL
	Level     Level
	Span      syntax.Span // of the name
	Module    *Module     // nil for one of a LET, a LAMBDA or a part of a definition
}

// Instance is one INSTANCE statement. Name "" is an unnamed one. Subst has an entry for every constant and variable
// of Module (the implicit same-name ones are filled in), written in the scope in which the statement stands.
type Instance struct {
	Name    string
	Params  []*Local // of I(x) == INSTANCE M WITH ...
	Module  *Module
	Consts  map[*Const]Arg
	Vars    map[*Var]Expr
	IsLocal bool
	Span    syntax.Span
}

// Imported is a name that an unnamed INSTANCE brought into a name space: the definition and the path to it. Where the
// name is that of a named INSTANCE in the module, Inst is set instead of Def.
type Imported struct {
	Path []InstUse
	Def  *Def
	Inst *Instance
}

func (*Const) symbol()    {}
func (*Var) symbol()      {}
func (*Def) symbol()      {}
func (*Instance) symbol() {}
func (*Imported) symbol() {}

// Assume is an ASSUME; Name may be "".
type Assume struct {
	Name  string
	Body  Expr
	Span  syntax.Span
	Axiom bool // it is there for proofs: nothing checks it
}

// Theorem is a THEOREM. Name may be "", and Body is nil where the statement is an ASSUME ... PROVE.
type Theorem struct {
	Name string
	Body Expr
	Span syntax.Span
}

// InstUse is one step of a path I(args)!J!Op. Args are written in the scope of the whole expression.
type InstUse struct {
	Inst *Instance
	Args []Arg
}

// Arg is an argument: an Expr, or an *OpArg where the parameter is an operator.
type Arg interface {
	Span() syntax.Span
	arg()
}

// OpArg is an operator passed as an argument: exactly one of Def (with Path), Local, Const is set,
// or Op is a built-in operator of the language (OpNone otherwise).
type OpArg struct {
	Path  []InstUse
	Def   *Def // a LAMBDA too
	Local *Local
	Const *Const
	Op    Op
	Arity int
	Sp    syntax.Span
}

func (*OpArg) arg() {}

// Span is the argument's place in the source.
func (a *OpArg) Span() syntax.Span { return a.Sp }

// Expr is a resolved expression.
type Expr interface {
	Arg
	Level() Level
	head() *Node
}

// Node is what every expression carries.
type Node struct {
	Sp  syntax.Span
	Lvl Level
}

// Span is the expression's place in the source.
func (n *Node) Span() syntax.Span { return n.Sp }

// Level is the expression's level; for parameters, that of a constant.
func (n *Node) Level() Level { return n.Lvl }
func (n *Node) arg()         {}
func (n *Node) head() *Node  { return n }

// Op names an operator of the language itself (not of a module).
type Op uint8

// The operators of the language that take expressions and nothing else.
const (
	OpNone       Op = iota
	OpNot           // ~ P
	OpImplies       // P => Q
	OpEquiv         // P <=> Q, P \equiv Q
	OpEq            // a = b
	OpNeq           // a # b
	OpIn            // a \in S
	OpNotin         // a \notin S
	OpCup           // S \cup T
	OpCap           // S \cap T
	OpSetminus      // S \ T
	OpSubseteq      // S \subseteq T
	OpSubset        // SUBSET S
	OpUnion         // UNION S
	OpDomain        // DOMAIN f
	OpPrime         // e'
	OpEnabled       // ENABLED A
	OpUnchanged     // UNCHANGED e
	OpCdot          // A \cdot B
	OpAlways        // []P
	OpEventually    // <>P
	OpLeadsTo       // P ~> Q
	OpWhilePlus     // P -+-> Q
	OpBoxAction     // [A]_v: Args are A and v
	OpDiaAction     // <<A>>_v
	OpWF            // WF_v(A): Args are v and A
	OpSF            // SF_v(A)
	OpAnd           // only as an OpArg: /\ passed as an operator
	OpOr            // only as an OpArg
)

type (
	// Bool is TRUE or FALSE.
	Bool struct {
		Node
		Value bool
	}
	// BoolSet is BOOLEAN.
	BoolSet struct{ Node }
	// StringSet is STRING.
	StringSet struct{ Node }
	// Number is a numeral in any base, as decimal text ("1.5" for a decimal fraction).
	Number struct {
		Node
		Text string
	}
	// String is a string literal, unescaped.
	String struct {
		Node
		Value string
	}
	// ConstRef is a declared constant, applied to Args where it is an operator.
	ConstRef struct {
		Node
		Const *Const
		Args  []Arg
	}
	// VarRef is a declared variable.
	VarRef struct {
		Node
		Var *Var
	}
	// LocalRef is a bound name, applied to Args where it is an operator parameter.
	LocalRef struct {
		Node
		Local *Local
		Args  []Arg
	}
	// Call is a defined operator applied to Args (none for a plain definition), reached by Path (none for one that
	// stands in the same name space). Operators of standard modules (+, .., Append, Cardinality) are Calls too.
	Call struct {
		Node
		Path []InstUse
		Def  *Def
		Args []Arg
	}
	// Apply is an operator of the language.
	Apply struct {
		Node
		Op   Op
		Args []Expr
	}
	// And is a conjunction of two or more, from a junction list or from infix /\ (a chain is flattened).
	And struct {
		Node
		Items []Expr
	}
	// Or is a disjunction.
	Or struct {
		Node
		Items []Expr
	}
	// Quant is \A or \E with bounds.
	Quant struct {
		Node
		Forall bool
		Bounds []Bound
		Body   Expr
	}
	// UnboundedQuant is \A x : P or \E x : P without a set; Temporal is \AA or \EE.
	UnboundedQuant struct {
		Node
		Forall   bool
		Temporal bool
		Locals   []*Local
		Body     Expr
	}
	// Choose is CHOOSE x \in S : P; an unbounded one has a Bound whose Set is nil.
	Choose struct {
		Node
		Bound Bound
		Body  Expr
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
	// FuncDef is the body of f[x \in S] == e; Self is f inside e (a LocalRef to it is the function).
	FuncDef struct {
		Node
		Self *Local
		Func *Func
	}
	// FuncSet is [S -> T].
	FuncSet struct {
		Node
		Dom, Rng Expr
	}
	// FuncApply is f[a] or f[a, b]; two or more arguments are one tuple.
	FuncApply struct {
		Node
		Func Expr
		Args []Expr
	}
	// Field is r.name.
	Field struct {
		Node
		Rec  Expr
		Name string
	}
	// Except is [f EXCEPT ![a].b = e, ...].
	Except struct {
		Node
		Func    Expr
		Updates []Update
	}
	// Record is [a |-> e, ...].
	Record struct {
		Node
		Names  []string
		Values []Expr
	}
	// RecordSet is [a : S, ...].
	RecordSet struct {
		Node
		Names []string
		Sets  []Expr
	}
	// Tuple is <<...>>.
	Tuple struct {
		Node
		Items []Expr
	}
	// Product is S \X T \X ... (one node for the whole chain).
	Product struct {
		Node
		Sets []Expr
	}
	// SetEnum is {...}.
	SetEnum struct {
		Node
		Items []Expr
	}
	// If is IF c THEN a ELSE b.
	If struct {
		Node
		Cond, Then, Else Expr
	}
	// Case is CASE p -> e [] ...; Other is nil where there is none.
	Case struct {
		Node
		Arms  []Arm
		Other Expr
	}
	// Let is LET defs IN body. INSTANCE statements of the LET are in Insts; uses of them are Calls with a Path.
	Let struct {
		Node
		Defs  []*Def
		Insts []*Instance
		Body  Expr
	}
)

// Bound binds names to the elements of Set: x \in S; with Tuple, <<x, y>> \in S. "x, y \in S" is two Bounds.
type Bound struct {
	Locals []*Local
	Tuple  bool
	Set    Expr
}

// Update is one ![a].b = e of an EXCEPT. At is @ inside Value (nil where it is not used).
type Update struct {
	Path  []Step
	Value Expr
	At    *Local
	Span  syntax.Span
}

// Step is one [a, b] or .name of an update's path: Args, or Name where Args is nil.
type Step struct {
	Args []Expr
	Name string
}

// Arm is one p -> e of a CASE.
type Arm struct{ Cond, Value Expr }
