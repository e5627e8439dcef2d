-------------------------------- MODULE Bags --------------------------------
(* Bags, or multisets: functions from the elements to how often each occurs, which is at least once. *)
EXTENDS TLC
LOCAL INSTANCE Naturals
LOCAL INSTANCE FiniteSets

LOCAL Sum(f) ==
  LET RECURSIVE sum(_)
      sum(S) == IF S = {} THEN 0 ELSE LET e == CHOOSE d \in S : TRUE IN f[e] + sum(S \ {e})
  IN sum(DOMAIN f)

IsABag(B) == B \in [DOMAIN B -> {n \in Nat : n > 0}]

BagToSet(B) == DOMAIN B

SetToBag(S) == [e \in S |-> 1]

BagIn(e, B) == e \in DOMAIN B

EmptyBag == SetToBag({})

(* How often e occurs. *)
CopiesIn(e, B) == IF BagIn(e, B) THEN B[e] ELSE 0

B1 (+) B2 == [e \in DOMAIN B1 \cup DOMAIN B2 |-> CopiesIn(e, B1) + CopiesIn(e, B2)]

B1 (-) B2 ==
  [e \in {d \in DOMAIN B1 : B1[d] > CopiesIn(d, B2)} |-> B1[e] - CopiesIn(e, B2)]

(* The sum of a set of bags. *)
BagUnion(S) ==
  LET RECURSIVE total(_)
      total(T) == IF T = {} THEN EmptyBag ELSE LET B == CHOOSE C \in T : TRUE IN B (+) total(T \ {B})
  IN total(S)

B1 \sqsubseteq B2 == \A e \in DOMAIN B1 : B1[e] \leq CopiesIn(e, B2)

(* All bags that are contained in B. *)
SubBag(B) ==
  UNION {{f \in [S -> 1..Sum(B)] : \A e \in S : f[e] \leq B[e]} : S \in SUBSET DOMAIN B}

(* The bag of F(e) for every occurrence of an e in B. *)
BagOfAll(F(_), B) ==
  [v \in {F(e) : e \in DOMAIN B} |-> Sum([e \in {d \in DOMAIN B : F(d) = v} |-> B[e]])]

BagCardinality(B) == Sum(B)
=============================================================================
