// The module in which random expressions stand, and its configuration.

package main

import (
	"fmt"
	"strings"
)

// moduleName is the name of every batch's module.
const moduleName = "Batch"

// prelude is what every expression may use. It names the strings before any expression does, in an order that is not
// the alphabet's: TLC orders strings by who came first.
const prelude = `EXTENDS Integers, Sequences, FiniteSets, TLC
CONSTANTS m1, m2, m3
VARIABLE unused
Init == unused = 0
Next == UNCHANGED unused
Strings == <<"sb", "sa", "sc", "">>
Fields == [fb |-> 1, fa |-> 2, fc |-> 3]
Models == {m1, m2, m3}
Range(f) == {f[x] : x \in DOMAIN f}
Min(S) == CHOOSE x \in S : \A y \in S : x <= y
Apply1(Op(_), x) == Op(x)
Twice(Op(_), x) == Op(Op(x))
FoldSeq(Op(_, _), base, s) ==
    LET RECURSIVE From(_)
        From(i) == IF i > Len(s) THEN base ELSE Op(s[i], From(i + 1))
    IN  From(1)
FoldSet(Op(_, _), base, S) ==
    LET RECURSIVE Over(_)
        Over(T) == IF T = {} THEN base ELSE LET x == CHOOSE x \in T : TRUE IN Op(x, Over(T \ {x}))
    IN  Over(S)
a \prec b == a + 1 < b
a ++ b == 2 * a + b
fact[n \in 0..5] == IF n = 0 THEN 1 ELSE n * fact[n - 1]
---- MODULE Shape ----
CONSTANTS A, F(_)
Image(S) == {F(x) : x \in S}
Chain[n \in 0..2] == IF n = 0 THEN A ELSE F(Chain[n - 1])
After(G(_), y) == LET H(z) == G(F(z)) IN H(y)
Pair == LET F2(x) == F(F(x)) IN <<A, F(A), F2(A)>>
====
Shaped(a, G(_)) == INSTANCE Shape WITH A <- a, F <- G
Fixed == INSTANCE Shape WITH A <- 1, F <- LAMBDA y : y + 1
Again(a) == INSTANCE Shape WITH A <- Fixed!Chain[a], F <- LAMBDA y : Shaped(a, LAMBDA z : z * y)!Chain[1]
`

// configuration goes with the module.
const configuration = "INIT Init\nNEXT Next\nCONSTANTS\n  m1 = m1\n  m2 = m2\n  m3 = m3\n"

// batch is the module's text with the definitions E1, E2, .. of the expressions.
func batch(expressions []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---- MODULE %s ----\n%s", moduleName, prelude)
	for i, e := range expressions {
		fmt.Fprintf(&b, "E%d ==\n    %s\n", i+1, strings.ReplaceAll(e, "\n", "\n    "))
	}
	b.WriteString("====\n")
	return b.String()
}
