"""Small structures that answer a query, found with any solver.

Where a query is satisfiable it is so in a finite structure, and the smallest tells most. So the query is put again
with the demand that each sort has few elements, all of them named, and then fewer. With names for all elements the
structure is the list of the tuples of which the relations hold, and that a solver can be asked for one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Dict, List, Optional, Set, Tuple

from .encode import equals, membership, relations_of
from .logic import And, Atom, Equal, Formula, Iff, Implies, Not, Or, Quantified, forall, smtlib
from .obligation import Query
from .solver import Solver
from .syntax import Term

BOUNDS = ((1, 3), (2, 3), (2, 4), (3, 4))  # how many elements are tried, of a sort and of an ordered one


@dataclass(frozen=True)
class Structure:
    """`elements` are those of each sort, ascending where it has an order. `names` says which element a constant or
    a parameter is, and `true` holds all atoms that are true."""
    elements: Dict[str, Tuple[str, ...]]
    names: Dict[str, str]
    true: Set[Tuple[str, Tuple[str, ...]]]

    def holds(self, relation: str, *arguments: str) -> bool:
        return (relation, arguments) in self.true

    def satisfies(self, f: Formula, names: Dict[str, str]) -> bool:
        """Whether f holds, where `names` adds to what names stand for."""
        if isinstance(f, Atom):
            return self.holds(f.relation, *(self.value(a, names) for a in f.arguments))
        if isinstance(f, Equal):
            return self.value(f.left, names) == self.value(f.right, names)
        if isinstance(f, Not):
            return not self.satisfies(f.body, names)
        if isinstance(f, And):
            return all(self.satisfies(part, names) for part in f.parts)
        if isinstance(f, Or):
            return any(self.satisfies(part, names) for part in f.parts)
        if isinstance(f, Implies):
            return not self.satisfies(f.premise, names) or self.satisfies(f.conclusion, names)
        if isinstance(f, Iff):
            return self.satisfies(f.left, names) == self.satisfies(f.right, names)
        found = self.witness(f, not f.universal, names)
        return found is None if f.universal else found is not None

    def value(self, name: str, names: Dict[str, str]) -> str:
        return names.get(name) or self.names[name]

    def witness(self, f: Quantified, wanted: bool, names: Dict[str, str]) -> Optional[Dict[str, str]]:
        """Elements for what f binds with which its body is as wanted."""
        for chosen in product(*(self.elements[s] for _, s in f.bindings)):
            found = {**names, **{n: e for (n, _), e in zip(f.bindings, chosen)}}
            if self.satisfies(f.body, found) == wanted:
                return {n: found[n] for n, _ in f.bindings}
        return None


def bounded(solver: Solver, query: Query, exact: bool = True) -> Optional[Dict[str, int]]:
    """Sizes of the sorts with which a query has an answer. With `exact` every function has a value everywhere, so
    that the structure is a state of the protocol itself, and not only of its encoding."""
    for few, more in BOUNDS:
        sizes = {s.name: more if s.ordered else few for s in query.protocol.sorts if not s.members}
        if possible(solver, query, sizes, exact):
            return sizes
    return None


def possible(solver: Solver, query: Query, sizes: Dict[str, int], exact: bool) -> bool:
    extra = universe(query, sizes) + (values_exist(query, sizes) if exact else [])
    return solver.ask(query, extra=extra).result == "sat"


def smallest(solver: Solver, query: Query) -> Optional[Structure]:
    """A structure for a satisfiable query in which no sort can be smaller; None where none is found in time."""
    exact = True
    sizes = bounded(solver, query)
    if sizes is None:
        exact, sizes = False, bounded(solver, query, exact=False)
    if sizes is None:
        return None
    for sort in list(sizes):
        while sizes[sort] > 1 and possible(solver, query, {**sizes, sort: sizes[sort] - 1}, exact):
            sizes[sort] -= 1
    return structure(solver, query, sizes, exact)


def element(sort: str, index: int) -> str:
    return f"{sort}.element.{index}"


def universe(query: Query, sizes: Dict[str, int]) -> List[str]:
    """Commands that say that each sort has no more elements than so many, and name them."""
    lines = []
    for sort, size in sizes.items():
        names = [element(sort, i) for i in range(size)]
        lines += [f"(declare-const {n} {sort})" for n in names]
        lines.append(f"(assert (forall ((x {sort})) (or false {' '.join(f'(= x {n})' for n in names)})))")
        if query.protocol.sort[sort].ordered:
            lines += [f"(assert ({sort}<= {a} {b}))" for a, b in zip(names, names[1:])]
    return lines


def values_exist(query: Query, sizes: Dict[str, int]) -> List[str]:
    """Commands that say that every function has one of the named elements as its value, for all arguments."""
    protocol, lines = query.protocol, []
    elements = elements_of(query, sizes)
    for symbol in protocol.symbol.values():
        for after in (False, True) if query.two and not symbol.static else (False,):
            if symbol.result:
                bound = [(f"z.{i}", s) for i, s in enumerate(symbol.sorts)]
                value = Term("", symbol.result, symbol, tuple(n for n, _ in bound))
                some = Or(tuple(equals(protocol, value, e, after) for e in elements[symbol.result]))
                lines.append(f"(assert {smtlib(forall(bound, some))})")
    return lines


def elements_of(query: Query, sizes: Dict[str, int]) -> Dict[str, Tuple[str, ...]]:
    return {s.name: tuple(element(s.name, i) for i in range(sizes[s.name])) if s.name in sizes
            else tuple(query.protocol.smt(s.name, m) for m in s.members) for s in query.protocol.sorts}


def structure(solver: Solver, query: Query, sizes: Dict[str, int], exact: bool) -> Optional[Structure]:
    """The structure of the given sizes, read from the solver."""
    elements = elements_of(query, sizes)
    atoms = [(r, t) for r, sorts in relations(query) for t in product(*(elements[s] for s in sorts))]
    constants = [(name, sort) for (_, sort), name in query.protocol.constant.items()] + list(query.names)
    same = [(name, e) for name, sort in constants for e in elements[sort]]
    distinct = [f"(assert (distinct {' '.join(e)}))" for s, e in elements.items() if s in sizes and len(e) > 1]
    terms = [f"({r} {' '.join(t)})" if t else r for r, t in atoms] + [f"(= {a} {b})" for a, b in same]
    extra = universe(query, sizes) + distinct + (values_exist(query, sizes) if exact else [])
    answer = solver.ask(query, extra=extra, values=terms)
    if answer.result != "sat":
        return None
    true = {atom for atom, value in zip(atoms, answer.values) if value}
    names = {name: e for (name, e), value in zip(same, answer.values[len(atoms):]) if value}
    names.update({e: e for of in elements.values() for e in of})
    return Structure(elements, names, true)


def relations(query: Query) -> List[Tuple[str, Tuple[str, ...]]]:
    """The relations a query speaks of, with the sorts of their arguments."""
    protocol = query.protocol
    found = [(f"{s.name}<=", (s.name, s.name)) for s in protocol.sorts if s.ordered]
    found += [(membership(s.name), (s.of, s.name)) for s in protocol.sorts if s.of]
    found += [r for symbol in protocol.symbol.values() for r in relations_of(protocol, symbol)]
    if query.two:
        found += [r for symbol in protocol.state() for r in relations_of(protocol, symbol, after=True)]
    return found
