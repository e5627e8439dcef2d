--------------------------------- MODULE TLC --------------------------------
(* Operators for checking: printing, assertions, memory across states, and values that only a checker can give. The
   definitions are what the operators mean to logic; a checker adds what they do. *)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSets

(* The value, and out is printed. *)
Print(out, val) == val

(* TRUE, and out is printed. *)
PrintT(out) == TRUE

(* A condition that must hold; where it does not, checking ends with the message. *)
Assert(val, out) == val = TRUE

(* The time in seconds. *)
JavaTime == CHOOSE n : n \in Nat

(* What TLCSet stored under i, or a figure of the run such as "level". *)
TLCGet(i) == CHOOSE n : TRUE

TLCSet(i, v) == TRUE

(* The function on one element, and the union of two functions, of which the first wins. *)
d :> e == [x \in {d} |-> e]

f @@ g == [x \in DOMAIN f \cup DOMAIN g |-> IF x \in DOMAIN f THEN f[x] ELSE g[x]]

(* All one-to-one functions from S onto S. *)
Permutations(S) == {f \in [S -> S] : \A v \in S : \E u \in S : f[u] = v}

(* The sequence sorted so that no element stands before one that is Op-less than it. *)
SortSeq(s, Op(_, _)) ==
  LET order == CHOOSE p \in Permutations(1..Len(s)) :
                 \A i, j \in 1..Len(s) : i < j => Op(s[p[i]], s[p[j]]) \/ s[p[i]] = s[p[j]]
  IN [i \in 1..Len(s) |-> s[order[i]]]

(* An element of S, at random. *)
RandomElement(S) == CHOOSE e \in S : TRUE

(* A set that contains everything. *)
Any == CHOOSE S : TRUE

(* The text of a value. *)
ToString(v) == CHOOSE s \in STRING : TRUE

(* The value, computed at once and not by need. *)
TLCEval(v) == v
=============================================================================
