// The operators of the language itself, by their symbols.

package resolve

// languageOps are the operators of the language that need no module. /\, \/ and \X make nodes of their own.
var languageOps = map[string]Op{
	"~": OpNot, "=>": OpImplies, "<=>": OpEquiv, "=": OpEq, "#": OpNeq, `\in`: OpIn, `\notin`: OpNotin,
	`\cup`: OpCup, `\cap`: OpCap, `\`: OpSetminus, `\subseteq`: OpSubseteq, "SUBSET": OpSubset, "UNION": OpUnion,
	"DOMAIN": OpDomain, "'": OpPrime, "ENABLED": OpEnabled, "UNCHANGED": OpUnchanged, `\cdot`: OpCdot,
	"[]": OpAlways, "<>": OpEventually, "~>": OpLeadsTo, "-+->": OpWhilePlus, `/\`: OpAnd, `\/`: OpOr,
}

// languageArity is the number of operands of an operator of the language.
func languageArity(op Op) int {
	switch op {
	case OpNot, OpSubset, OpUnion, OpDomain, OpPrime, OpEnabled, OpUnchanged, OpAlways, OpEventually:
		return 1
	}
	return 2
}

// isReserved reports whether a name belongs to the language, so that no definition may take it.
func isReserved(name string) bool {
	switch name {
	case "TRUE", "FALSE", "BOOLEAN", "STRING", `\X`:
		return true
	}
	return languageOps[name] != OpNone
}

// literal gives the expression for a name that is a value of the language, or nil.
func literal(name string, n Node) Expr {
	switch name {
	case "TRUE", "FALSE":
		return &Bool{n, name == "TRUE"}
	case "BOOLEAN":
		return &BoolSet{n}
	case "STRING":
		return &StringSet{n}
	}
	return nil
}
