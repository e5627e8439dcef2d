"""Proofs for any size: protocols as data, and the queries that prove them.

A protocol (module `protocol`) is a set of declarations that read like its TLA+ specification: sorts, state,
actions with guards and updates, and the conjuncts of an inductive invariant. Formulas are text in TLA+'s ASCII
(module `syntax`). Module `encode` turns them into first-order logic without function symbols (module `logic`),
module `alternation` checks that z3 decides what comes out, module `obligation` lists what is to be proved, module
`solver` asks, and module `memory` knows what was proved before. Where a proof fails, module `counterexample` finds a
small state that shows why; where all succeed, module `mutant` takes parts away to see that they were needed.

Module `finite` gives the same data a second meaning, that of a program which computes successor states. That is
what module `correspondence` compares with TLC's state graph of the TLA+ specification.

To add a protocol, write a module next to `register.py` and name it in `catalog.py`.
"""
