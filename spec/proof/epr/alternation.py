"""Whether z3 decides a query: the quantifier alternation graph must have no cycle.

An existential quantifier that stands below a universal one makes a new element of its sort for each element of the
other's: an edge from the universal sort to the existential one. Where the edges form no cycle, only finitely many
elements are made from those that a query begins with, so the query holds in a finite structure or in none, and the
search ends. Formulas of this kind are called effectively propositional. With a cycle a solver may run for ever.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Set, Tuple

from .logic import And, Formula, Iff, Implies, Not, Or, Quantified

Edge = Tuple[str, str]


def edges(f: Formula, asserted: bool = True, outer: Tuple[str, ...] = ()) -> Set[Edge]:
    """The edges of a formula that is asserted, or whose negation is; `outer` are the universal sorts above it."""
    if isinstance(f, Not):
        return edges(f.body, not asserted, outer)
    if isinstance(f, (And, Or)):
        return set().union(*(edges(part, asserted, outer) for part in f.parts))
    if isinstance(f, Implies):
        return edges(f.premise, not asserted, outer) | edges(f.conclusion, asserted, outer)
    if isinstance(f, Iff):
        return set().union(*(edges(side, polarity, outer) for side in (f.left, f.right) for polarity in (True, False)))
    if isinstance(f, Quantified):
        sorts = tuple(s for _, s in f.bindings)
        if f.universal == asserted:
            return edges(f.body, asserted, outer + sorts)
        return {(u, e) for u in outer for e in sorts} | edges(f.body, asserted, outer)
    return set()


def cycle(graph: Iterable[Edge]) -> List[str]:
    """Sorts that lead back to the first of them; empty where the graph has no cycle."""
    below: Dict[str, List[str]] = {}
    for start, end in sorted(graph):
        below.setdefault(start, []).append(end)
    done: Set[str] = set()

    def visit(sort: str, path: List[str]) -> List[str]:
        if sort in path:
            return path[path.index(sort):] + [sort]
        if sort in done:
            return []
        for end in below.get(sort, []):
            found = visit(end, path + [sort])
            if found:
                return found
        done.add(sort)
        return []

    for sort in sorted(below):
        found = visit(sort, [])
        if found:
            return found
    return []
