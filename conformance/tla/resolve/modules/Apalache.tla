------------------------------ MODULE Apalache ------------------------------
(* The operators by which specifications speak to the symbolic model checker Apalache. To other checkers they mean
   what is defined here. *)
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences

(* An assignment, which is an equality. *)
x := e == x = e

(* A value of bounded size, at random. *)
Gen(size) == CHOOSE v : TRUE

Guess(S) == CHOOSE e \in S : TRUE

Skolem(e) == e

Expand(S) == S

ConstCardinality(e) == e

(* The sequence F(1), ..., F(N). *)
MkSeq(N, F(_)) == [i \in 1..N |-> F(i)]

(* A set of pairs as a function; of several pairs with the same first part one counts. *)
SetAsFun(S) ==
  LET args == {p[1] : p \in S} IN [x \in args |-> (CHOOSE p \in S : p[1] = x)[2]]

(* The first len values of a function on numbers, as a sequence. *)
FunAsSeq(fn, len, maxLen) == [i \in 1..len |-> fn[i]]

(* F(F(... F(x, 1) ..., N - 1), N). *)
Repeat(F(_, _), N, x) ==
  LET RECURSIVE repeat(_)
      repeat(i) == IF i = 0 THEN x ELSE F(repeat(i - 1), i)
  IN repeat(N)

(* Op(Op(v, e1), e2) and so on over a set or a sequence. *)
ApaFoldSet(Op(_, _), v, S) ==
  LET RECURSIVE fold(_)
      fold(T) == IF T = {} THEN v ELSE LET e == CHOOSE d \in T : TRUE IN Op(fold(T \ {e}), e)
  IN fold(S)

ApaFoldSeqLeft(Op(_, _), v, seq) ==
  LET RECURSIVE fold(_)
      fold(i) == IF i = 0 THEN v ELSE Op(fold(i - 1), seq[i])
  IN fold(Len(seq))
=============================================================================
