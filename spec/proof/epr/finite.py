"""The second meaning of a protocol: a program that computes successor states in a small world.

A `World` fixes the elements of each sort and what the static symbols are. In it a function is a function and a
formula is computed, from the very data that module `encode` turns into queries. So what is proved and what is
computed here, and compared with TLC, is the same protocol.

A state gives each symbol a value: a relation the set of its tuples, a function the map from tuples to elements.
Fields of messages have a value only where the message was sent; to read another is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product, takewhile
from typing import Callable, Dict, Hashable, Iterator, List, Mapping, Sequence, Set, Tuple

from .encode import constant
from .logic import And, Formula, Iff, Implies, Not, Or, Quantified
from .protocol import Assignment, ModelError, Protocol, Step, Symbol
from .syntax import Compare, Holds, In, Term

Element = Hashable
Names = Dict[str, Element]
State = Dict[str, object]  # symbol name to a frozenset of tuples, or to a dict from tuples to elements
Frozen = Tuple[Hashable, ...]

COMPARE = {"=": lambda x, y: x == y, "<": lambda x, y: x < y, "<=": lambda x, y: x <= y,
           ">": lambda x, y: x > y, ">=": lambda x, y: x >= y}


@dataclass
class World:
    """`elements` lists those of each sort, of an ordered sort as numbers, and of a sort of quorums as sets.
    `constants` are by the names of the protocol, `static` holds a Python function for each static symbol. Where a sort
    has elements for which functions are not defined, as the slot before the first, `arguments` lists the others."""
    protocol: Protocol
    elements: Mapping[str, Sequence[Element]]
    constants: Mapping[str, Element] = field(default_factory=dict)
    static: Mapping[str, Callable] = field(default_factory=dict)
    arguments: Mapping[str, Sequence[Element]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names: Names = {}
        for sort in self.protocol.sorts:
            self.names.update({self.protocol.smt(sort.name, m): m for m in sort.members})
        for (text, sort_name), name in self.protocol.constant.items():
            least = self.protocol.sort[sort_name].least == text
            self.names[name] = min(self.elements[sort_name]) if least else self.constants[text]
        self.symbols = self.protocol.state(history=False)

    def domain(self, sort_name: str) -> Sequence[Element]:
        return self.elements.get(sort_name) or self.protocol.sort[sort_name].members

    def tuples(self, symbol: Symbol) -> Iterator[Tuple[Element, ...]]:
        return product(*(self.arguments.get(s, self.domain(s)) for s in symbol.sorts))

    # formulas

    def value(self, t: Term, state: State, names: Names) -> Element:
        if t.symbol is None:
            return names[t.name]
        arguments = tuple(names[a] for a in t.arguments)
        if t.symbol.static:
            return self.static[t.symbol.name](*arguments)
        try:
            return state[t.symbol.name][arguments]
        except KeyError:
            raise ModelError(f"{self.protocol.name}: {t.symbol.name}{arguments} is read, but was never sent") from None

    def holds(self, f: Formula, state: State, names: Names) -> bool:
        if isinstance(f, Compare):
            return COMPARE[f.operator](self.value(f.left, state, names), self.value(f.right, state, names))
        if isinstance(f, Holds):
            arguments = tuple(names[a] for a in f.arguments)
            if f.symbol.static:
                return self.static[f.symbol.name](*arguments)
            return arguments in state[f.symbol.name]
        if isinstance(f, In):
            return names[f.element] in names[f.quorum]
        if isinstance(f, Not):
            return not self.holds(f.body, state, names)
        if isinstance(f, And):
            return all(self.holds(part, state, names) for part in f.parts)
        if isinstance(f, Or):
            return any(self.holds(part, state, names) for part in f.parts)
        if isinstance(f, Implies):
            return not self.holds(f.premise, state, names) or self.holds(f.conclusion, state, names)
        if isinstance(f, Iff):
            return self.holds(f.left, state, names) == self.holds(f.right, state, names)
        assert isinstance(f, Quantified)
        test = all if f.universal else any
        return test(self.holds(f.body, state, {**names, **chosen}) for chosen in self.choices(f.bindings))

    def choices(self, bound, narrower: Mapping[str, Sequence[Element]] = {}) -> Iterator[Names]:
        for chosen in product(*(narrower.get(s, self.domain(s)) for _, s in bound)):
            yield {n: e for (n, _), e in zip(bound, chosen)}

    # steps

    def initial(self) -> State:
        """The one initial state. Relations that are not empty at first are history, which is left out."""
        state: State = {}
        for symbol in self.symbols:
            if not symbol.result:
                state[symbol.name] = frozenset()
            elif symbol.message:
                state[symbol.name] = {}
            else:
                first = self.names[constant(self.protocol, symbol)[0]]
                state[symbol.name] = {t: first for t in self.tuples(symbol)}
        return state

    def successors(self, state: State) -> Iterator[Tuple[str, State]]:
        """Every step from a state: the action's name and the state after it."""
        for step in self.protocol.step.values():
            for names in self.enabled(step, state):
                yield step.action.name, self.after(step, state, names)

    def enabled(self, step: Step, state: State) -> Iterator[Names]:
        """What the names of a step may stand for. A guard is tested as soon as all its names are known, and after the
        guards before it, on which it may rely: that a message whose field it reads was sent."""
        known = set(self.names)
        plan: List[Tuple[str, str, List[Formula]]] = []
        waiting = [g.formula for g in step.guards]
        for name, sort in (("", ""), *step.bound):
            known.add(name)
            now = list(takewhile(lambda f: free(f) <= known, waiting))
            waiting = waiting[len(now):]
            plan.append((name, sort, now))
        if all(self.holds(f, state, self.names) for f in plan[0][2]):
            yield from self.bind(plan[1:], state, self.names)

    def bind(self, plan, state: State, names: Names) -> Iterator[Names]:
        if not plan:
            yield names
            return
        name, sort, guards = plan[0]
        for element in self.domain(sort):
            wider = {**names, name: element}
            if all(self.holds(f, state, wider) for f in guards):
                yield from self.bind(plan[1:], state, wider)

    def after(self, step: Step, state: State, names: Names) -> State:
        new = dict(state)
        for assignment in step.assigned():
            if assignment.symbol.role == "state" and self.holds(assignment.when, state, names):
                new[assignment.symbol.name] = self.assigned(assignment, state, names)
        return new

    def assigned(self, a: Assignment, state: State, names: Names) -> object:
        """The new value of the symbol that is assigned."""
        old = state[a.symbol.name]
        fixed = [None if fresh else names[point] for point, fresh in a.points]
        fresh = [(point, s) for (point, is_fresh), s in zip(a.points, a.symbol.sorts) if is_fresh]
        if a.symbol.result:
            new = dict(old)
            for chosen in self.choices(fresh, self.arguments):
                new[fill(fixed, chosen)] = self.value(a.value, state, {**names, **chosen})
            return new
        tuples = set(old)
        for chosen in self.choices(fresh):
            here = fill(fixed, chosen)
            (tuples.add if self.holds(a.value, state, {**names, **chosen}) else tuples.discard)(here)
        return frozenset(tuples)

    def freeze(self, state: State) -> Frozen:
        """The state as a value that can be compared and kept in a set. A message that was removed has no fields."""
        return tuple(frozenset(self.known(s, state)) if s.result else state[s.name] for s in self.symbols)

    def known(self, symbol: Symbol, state: State):
        values = state[symbol.name].items()
        if not symbol.message:
            return values
        sent = state[symbol.name.partition(".")[0]]
        key = len([n for n, _ in symbol.arguments if n])
        return ((place, value) for place, value in values if place[:key] in sent)

    def explore(self) -> "Graph":
        """All states that are reachable, and all steps between them."""
        graph = Graph({}, set())
        first = self.initial()
        key = self.freeze(first)
        graph.states[key] = first
        frontier = [key]
        while frontier:
            key = frontier.pop()
            for action, state in self.successors(graph.states[key]):
                reached = self.freeze(state)
                graph.steps.add((key, action, reached))
                if reached not in graph.states:
                    graph.states[reached] = state
                    frontier.append(reached)
        return graph


@dataclass
class Graph:
    """`states` by their frozen form, and `steps`: a state, an action's name, a state."""
    states: Dict[Frozen, State]
    steps: Set[Tuple[Frozen, str, Frozen]]


def fill(fixed: List[Element], chosen: Names) -> Tuple[Element, ...]:
    values = iter(chosen.values())
    return tuple(next(values) if f is None else f for f in fixed)


def free(f: Formula) -> Set[str]:
    """The free names of a formula."""
    if isinstance(f, Quantified):
        return free(f.body) - {n for n, _ in f.bindings}
    if isinstance(f, Holds):
        return set(f.arguments)
    if isinstance(f, In):
        return {f.element, f.quorum}
    if isinstance(f, Compare):
        return set().union(*(t.arguments if t.symbol else (t.name,) for t in (f.left, f.right)))
    parts = f.parts if isinstance(f, (And, Or)) else [f.body] if isinstance(f, Not) else \
        [f.premise, f.conclusion] if isinstance(f, Implies) else [f.left, f.right]
    return set().union(*(free(p) for p in parts))
