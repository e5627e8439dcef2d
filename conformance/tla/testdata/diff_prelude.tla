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
====
