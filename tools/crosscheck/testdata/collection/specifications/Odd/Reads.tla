---- MODULE Reads ----
(* The file is named from the collection's root, where collections run their models. *)
EXTENDS Naturals, Json
VARIABLE n
Limit == JsonDeserialize("specifications/Odd/Reads.json").limit
Init == n = 0
Next == n' = (n + 1) % Limit
====
