"""What is to be proved of a protocol, as queries.

A query is a set of named formulas and the answer wanted: "unsat" where no state may have them all, "sat" where some
state must. Together the queries say that the invariant holds in every reachable state of a system of any size, that
it implies safety, and that none of this is for lack of states or steps:

    axioms       sat    there are structures with these sorts
    Init         sat    there are initial states
    Init/C       unsat  initiation: no initial state violates conjunct C
    A            sat    action A is possible where the invariant holds
    A/C          unsat  consecution: no step of A from a state with the invariant violates C
    A/once m     unsat  A sends no second message m that differs from one with the same key
    A/never N    unsat  A does not happen while N holds
    safety/S     unsat  no state with the invariant violates S
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, List, Set, Tuple

from . import alternation
from .encode import Named, assumptions, declarations, encode, initial, sent_before, transition
from .logic import Binding, Formula, Not, smtlib
from .protocol import ModelError, Protocol, Step


@dataclass(frozen=True)
class Query:
    """`names` are the parameters of the step, as constants. `about` is what the query is of: an action's name or
    "", and a conjunct's or "". With `two` it speaks of the state after a step too."""
    protocol: Protocol
    name: str
    wanted: str
    formulas: Tuple[Named, ...]
    names: Tuple[Binding, ...] = ()
    action: str = ""
    conjunct: str = ""
    two: bool = False

    def edges(self) -> Set[alternation.Edge]:
        return set().union(*(alternation.edges(f) for _, f in self.formulas))

    def assertions(self) -> List[Tuple[str, str]]:
        """The formulas in SMT-LIB, by name."""
        return [(name, smtlib(f)) for name, f in self.formulas]

    def declarations(self) -> List[str]:
        return declarations(self.protocol, self.two) + [f"(declare-const {n} {s})" for n, s in self.names]

    def content(self) -> List[str]:
        """All that is asked, and what for."""
        return [self.name, self.wanted, *self.declarations(), *(text for named in self.assertions() for text in named)]

    def script(self) -> str:
        """The query as an SMT-LIB file of its own."""
        lines = [f"; {self.protocol.name}: {self.name}", "(set-logic UF)", f"(set-info :status {self.wanted})"]
        lines += self.declarations()
        lines += [f"(assert (! {text} :named |{name}|))" for name, text in self.assertions()]
        return "\n".join(lines + ["(check-sat)"]) + "\n"


def negated(conjunct: str, f: Formula) -> Named:
    return f"not {conjunct}", Not(f)


def queries(protocol: Protocol) -> List[Query]:
    """All obligations of a protocol, in a fixed order."""
    base = tuple(assumptions(protocol))
    start = base + tuple(initial(protocol))
    held = base + tuple((c.name, encode(protocol, protocol.formula[c.name])) for c in protocol.invariant)
    found = [Query(protocol, "axioms", "sat", base), Query(protocol, "Init", "sat", start)]
    for c in protocol.invariant:
        goal = negated(c.name, encode(protocol, protocol.formula[c.name]))
        found.append(Query(protocol, f"Init/{c.name}", "unsat", start + (goal,), conjunct=c.name))
    for step in protocol.step.values():
        found.extend(consecution(protocol, step, held))
    for s in protocol.safety:
        goal = negated(s.name, encode(protocol, protocol.formula[s.name]))
        found.append(Query(protocol, f"safety/{s.name}", "unsat", held + (goal,), conjunct=s.name))
    return found


def consecution(protocol: Protocol, step: Step, held: Tuple[Named, ...]) -> Iterator[Query]:
    """The queries of one action."""
    name, bound = step.action.name, step.bound
    moved = held + tuple(transition(protocol, step))
    yield Query(protocol, name, "sat", moved, bound, name, two=True)
    for c in protocol.invariant:
        goal = negated(c.name, encode(protocol, protocol.formula[c.name], after=True))
        yield Query(protocol, f"{name}/{c.name}", "unsat", moved + (goal,), bound, name, c.name, True)
    for label, f in step.never:
        yield Query(protocol, f"{name}/never {label}", "unsat", moved + ((label, encode(protocol, f)),), bound, name,
                    two=True)
    for message, again in sent_before(protocol, step):
        yield Query(protocol, f"{name}/once {message}", "unsat", moved + ((f"again {message}", again),),
                    bound, name, two=True)


def check_decidable(protocol: Protocol, found: List[Query]) -> Set[alternation.Edge]:
    """The quantifier alternation graph of all queries together; a ModelError where it has a cycle."""
    sources: Dict[alternation.Edge, str] = {}
    for query in found:
        for name, f in query.formulas:
            for edge in alternation.edges(f):
                sources.setdefault(edge, f"{name} in {query.name}")
    around = alternation.cycle(sources)
    if around:
        where = "; ".join(f"{a} -> {b}: {sources[a, b]}" for a, b in zip(around, around[1:]))
        raise ModelError(f"{protocol.name}: not effectively propositional: {' -> '.join(around)} ({where})")
    return set(sources)
