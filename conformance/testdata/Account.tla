------------------------------ MODULE Account -------------------------------
(* Accounts that hold an amount in memory and on disk, and send each other   *)
(* money. Small on purpose: the traces beside it are about the checker.      *)
EXTENDS Integers

CONSTANT Owner

VARIABLES balance, disk, letters

Init ==
  /\ balance = [o \in Owner |-> 0]
  /\ disk = [o \in Owner |-> 0]
  /\ letters = {}

Store(o, amount) ==
  /\ balance' = [balance EXCEPT ![o] = amount]
  /\ disk' = [disk EXCEPT ![o] = amount]

Deposit(o, n) ==
  /\ n > 0
  /\ Store(o, balance[o] + n)
  /\ UNCHANGED letters

Send(o, n, to) ==
  /\ o # to
  /\ n > 0
  /\ balance[o] >= n
  /\ Store(o, balance[o] - n)
  /\ letters' = letters \cup {[from |-> o, to |-> to, amount |-> n]}

Receive(o, from) ==
  \E l \in letters :
    /\ l.from = from
    /\ l.to = o
    /\ Store(o, balance[o] + l.amount)
    /\ letters' = letters \ {l}

Restart(o) ==
  /\ balance' = [balance EXCEPT ![o] = disk[o]]
  /\ UNCHANGED <<disk, letters>>

Interest(o) ==
  /\ balance[o] > 0
  /\ Store(o, balance[o] + 1)
  /\ UNCHANGED letters

Next ==
  \/ \E o \in Owner : \E n \in Nat : Deposit(o, n)
  \/ \E o, to \in Owner : \E n \in Nat : Send(o, n, to)
  \/ \E o, from \in Owner : Receive(o, from)
  \/ \E o \in Owner : Restart(o)
  \/ \E o \in Owner : Interest(o)

Spec == Init /\ [][Next]_<<balance, disk, letters>>
=============================================================================
