----------------------------- MODULE Sequences ------------------------------
(* Finite sequences: functions whose domain is 1..n. *)
LOCAL INSTANCE Naturals

(* All sequences of elements of S. *)
Seq(S) == UNION {[1..n -> S] : n \in Nat}

Len(s) == CHOOSE n \in Nat : DOMAIN s = 1..n

s \o t == [i \in 1..(Len(s) + Len(t)) |-> IF i \leq Len(s) THEN s[i] ELSE t[i - Len(s)]]

Append(s, e) == s \o <<e>>

Head(s) == s[1]

Tail(s) == [i \in 1..(Len(s) - 1) |-> s[i + 1]]

(* The elements of s from place m to place n, both included. *)
SubSeq(s, m, n) == [i \in 1..(n - m + 1) |-> s[m + i - 1]]

(* The elements of s that pass the test, in their order. *)
SelectSeq(s, Test(_)) ==
  LET RECURSIVE chosen(_)
      chosen(i) == IF i = 0 THEN <<>>
                   ELSE IF Test(s[i]) THEN Append(chosen(i - 1), s[i]) ELSE chosen(i - 1)
  IN chosen(Len(s))
=============================================================================
