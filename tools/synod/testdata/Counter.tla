------------------------------ MODULE Counter ------------------------------
EXTENDS Naturals
CONSTANT Limit
VARIABLE n
Init == n = 0
Up(by) == n < Limit /\ n' = n + by
Down == n > 0 /\ n' = n - 1
Next == (\E by \in {1, 2} : Up(by)) \/ Down
Spec == Init /\ [][Next]_n
Small == n < 4
Never == n < 100
=============================================================================
