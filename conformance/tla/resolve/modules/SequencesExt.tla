---------------------------- MODULE SequencesExt ----------------------------
(* More operators on finite sequences. *)
EXTENDS Sequences, Naturals, FiniteSets, FiniteSetsExt, Folds, Functions, Bags, TLC

(* The elements as a set, and as a bag. *)
ToSet(s) == {s[i] : i \in DOMAIN s}

ToBag(s) == [e \in ToSet(s) |-> Cardinality({i \in DOMAIN s : s[i] = e})]

(* Sequences that have each element of S once: one, all, one that is sorted, and those of all subsets. *)
SetToSeq(S) ==
  LET RECURSIVE list(_)
      list(T) == IF T = {} THEN <<>> ELSE LET e == CHOOSE d \in T : TRUE IN <<e>> \o list(T \ {e})
  IN list(S)

SetToSeqs(S) ==
  LET RECURSIVE lists(_)
      lists(T) == IF T = {} THEN {<<>>} ELSE UNION {{<<e>> \o s : s \in lists(T \ {e})} : e \in T}
  IN lists(S)

SetToSortSeq(S, op(_, _)) == SortSeq(SetToSeq(S), op)

SetToAllKPermutations(S) == UNION {SetToSeqs(T) : T \in SUBSET S}

(* Sequences over a set: of n elements, and of at most n. *)
TupleOf(set, n) == [1..n -> set]

SeqOf(set, n) == UNION {[1..m -> set] : m \in 0..n}

BoundedSeq(S, n) == SeqOf(S, n)

Contains(s, e) == \E i \in 1..Len(s) : s[i] = e

(* Whether each element stands in the relation op to all behind it. *)
IsSorted(s, op(_, _)) == \A j \in 1..Len(s) : \A i \in 1..(j - 1) : op(s[i], s[j])

Reverse(s) == [i \in 1..Len(s) |-> s[Len(s) + 1 - i]]

Remove(s, e) == SelectSeq(s, LAMBDA d : d # e)

ReplaceAll(s, old, new) == [i \in 1..Len(s) |-> IF s[i] = old THEN new ELSE s[i]]

(* The first and the last place whose element passes the test, or 0. *)
SelectInSeq(seq, Test(_)) ==
  LET places == {i \in 1..Len(seq) : Test(seq[i])} IN IF places = {} THEN 0 ELSE Min(places)

SelectInSubSeq(seq, from, to, Test(_)) ==
  LET places == {i \in from..to : Test(seq[i])} IN IF places = {} THEN 0 ELSE Min(places)

SelectLastInSeq(seq, Test(_)) ==
  LET places == {i \in 1..Len(seq) : Test(seq[i])} IN IF places = {} THEN 0 ELSE Max(places)

SelectLastInSubSeq(seq, from, to, Test(_)) ==
  LET places == {i \in from..to : Test(seq[i])} IN IF places = {} THEN 0 ELSE Max(places)

InsertAt(s, i, e) == SubSeq(s, 1, i - 1) \o <<e>> \o SubSeq(s, i, Len(s))

ReplaceAt(s, i, e) == [s EXCEPT ![i] = e]

RemoveAt(s, i) == SubSeq(s, 1, i - 1) \o SubSeq(s, i + 1, Len(s))

(* Without the first element that passes the test, where there is one. *)
RemoveFirstMatch(s, Test(_)) ==
  LET i == SelectInSeq(s, Test) IN IF i = 0 THEN s ELSE RemoveAt(s, i)

RemoveFirst(s, e) == RemoveFirstMatch(s, LAMBDA d : d = e)

Cons(elt, seq) == <<elt>> \o seq

Snoc(elt, seq) == Append(seq, elt)

Front(s) == SubSeq(s, 1, Len(s) - 1)

Last(s) == s[Len(s)]

(* These and what is made of them also work on strings, as sequences of characters. *)
IsPrefix(s, t) == Len(s) \leq Len(t) /\ s = SubSeq(t, 1, Len(s))

IsStrictPrefix(s, t) == IsPrefix(s, t) /\ s # t

IsSuffix(s, t) == Len(s) \leq Len(t) /\ s = SubSeq(t, Len(t) - Len(s) + 1, Len(t))

IsStrictSuffix(s, t) == IsSuffix(s, t) /\ s # t

Prefixes(s) == {SubSeq(s, 1, n) : n \in 0..Len(s)}

Suffixes(s) == {SubSeq(s, n, Len(s)) : n \in 1..(Len(s) + 1)}

CommonPrefixes(S) == {p \in UNION {Prefixes(s) : s \in S} : \A s \in S : IsPrefix(p, s)}

LongestCommonPrefix(S) ==
  CHOOSE p \in CommonPrefixes(S) : \A q \in CommonPrefixes(S) : Len(q) \leq Len(p)

(* a modulo b, as a place of a sequence of b elements: b instead of 0. *)
SeqMod(a, b) == IF a % b = 0 THEN b ELSE a % b

(* op of all elements, in no certain order. *)
FoldSeq(op(_, _), base, seq) == FoldFunction(op, base, seq)

(* op(op(base, s1), s2) and so on, and op(s1, op(s2, base)) and so on. *)
FoldLeft(op(_, _), base, seq) ==
  LET RECURSIVE fold(_)
      fold(i) == IF i = 0 THEN base ELSE op(fold(i - 1), seq[i])
  IN fold(Len(seq))

FoldRight(op(_, _), seq, base) ==
  LET RECURSIVE fold(_)
      fold(i) == IF i > Len(seq) THEN base ELSE op(seq[i], fold(i + 1))
  IN fold(1)

(* The same over the places instead of the elements. *)
FoldLeftDomain(op(_, _), base, seq) == FoldLeft(op, base, [i \in DOMAIN seq |-> i])

FoldRightDomain(op(_, _), seq, base) == FoldRight(op, [i \in DOMAIN seq |-> i], base)

(* All the sequences of a sequence behind each other. *)
FlattenSeq(seqs) == IF Len(seqs) = 0 THEN seqs ELSE FoldLeft(\o, seqs[1], Tail(seqs))

(* Pairs of elements at the same place, as far as both sequences go. *)
Zip(s, t) == [i \in 1..(IF Len(s) \leq Len(t) THEN Len(s) ELSE Len(t)) |-> <<s[i], t[i]>>]

(* The elements of two sequences of the same length in turns, each in a sequence of its own. *)
Interleave(s, t) ==
  CASE Len(s) = Len(t) /\ Len(s) > 0 ->
         [i \in 1..(2 * Len(s)) |-> IF i % 2 = 1 THEN <<s[(i + 1) \div 2]>> ELSE <<t[i \div 2]>>]
    [] Len(s) = Len(t) /\ Len(s) = 0 -> <<<<>>, <<>>>>

(* What can be cut from s in one piece, and in any pieces. *)
SubSeqs(s) == {SubSeq(s, i, j) : i \in 1..(Len(s) + 1), j \in 0..Len(s)}

AllSubSeqs(s) ==
  {LET places == SetToSortSeq(D, <) IN [i \in 1..Len(places) |-> s[places[i]]] : D \in SUBSET DOMAIN s}

LOCAL StandsAt(s, t, i) == i + Len(s) - 1 \leq Len(t) /\ SubSeq(t, i, i + Len(s) - 1) = s

(* The first place of t at which s stands. *)
IndexFirstSubSeq(s, t) == Min({i \in 1..(Len(t) - Len(s) + 1) : StandsAt(s, t, i)})

(* t with r instead of the s at place i, of the first s, and of every s from the left. *)
ReplaceSubSeqAt(i, r, s, t) == SubSeq(t, 1, i - 1) \o r \o SubSeq(t, i + Len(s), Len(t))

ReplaceFirstSubSeq(r, s, t) ==
  IF s \in SubSeqs(t) THEN ReplaceSubSeqAt(IndexFirstSubSeq(s, t), r, s, t) ELSE t

LOCAL ReplaceFrom(r, s, t) ==
  LET RECURSIVE replace(_)
      replace(i) ==
        IF i > Len(t) THEN SubSeq(t, 1, 0)
        ELSE IF Len(s) > 0 /\ StandsAt(s, t, i) THEN r \o replace(i + Len(s))
        ELSE IF Len(s) = 0 THEN r \o SubSeq(t, i, i) \o replace(i + 1)
        ELSE SubSeq(t, i, i) \o replace(i + 1)
  IN replace(1)

ReplaceAllSubSeqs(r, s, t) == IF s = t THEN r ELSE ReplaceFrom(r, s, t)
=============================================================================
