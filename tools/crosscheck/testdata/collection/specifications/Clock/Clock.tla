---- MODULE Clock ----
EXTENDS Integers
CONSTANT Hours
VARIABLE hour
Init == hour \in 1..Hours
Next == hour' = (hour % Hours) + 1
Early == hour < Hours
====
