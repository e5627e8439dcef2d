---- MODULE Batch ----
EXTENDS Integers, Sequences, FiniteSets, TLC
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
====
