"""Reads a protocol's texts when it is built, and checks that they mean something.

Every mistake is a `ModelError` that names the protocol, the declaration and the column.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Dict, Iterable, Tuple

from .logic import Formula, children
from .protocol import (Action, Assignment, Conjunct, Guard, Meaning, ModelError, Protocol, Step, Symbol, Update, bindings)
from .syntax import Compare, Holds, Reader, Term


def read(protocol: Protocol) -> None:
    """Fills the tables of a protocol from its declarations."""
    declare(protocol)
    for definition in protocol.definitions:
        with place(protocol, definition.name):
            parameters = bindings(definition.parameters)
            check_sorts(protocol, parameters)
            meaning = Meaning(parameters, formula(protocol, definition.text, dict(parameters)))
            protocol.definition[definition.name] = meaning
    for conjunct in named(protocol):
        with place(protocol, conjunct.name):
            if conjunct.name in protocol.formula:
                raise ModelError("two formulas have this name")
            protocol.formula[conjunct.name] = formula(protocol, conjunct.text, {})
    for axiom in protocol.axioms:
        with place(protocol, axiom.name):
            if any(not s.static for s in symbols_of(protocol.formula[axiom.name])):
                raise ModelError("an axiom speaks of what never changes")
    for action in protocol.actions:
        with place(protocol, action.name):
            if action.name in protocol.step:
                raise ModelError("two actions have this name")
            protocol.step[action.name] = read_action(protocol, action)


def named(protocol: Protocol) -> Iterable[Conjunct]:
    return (*protocol.axioms, *protocol.invariant, *protocol.safety)


@contextmanager
def place(protocol: Protocol, what: str):
    """Adds to an error where it is."""
    try:
        yield
    except ModelError as error:
        raise ModelError(f"{protocol.name}: {what}: {error}") from None


def declare(protocol: Protocol) -> None:
    with place(protocol, "sorts"):
        for sort in protocol.sorts:
            if sort.name in protocol.sort:
                raise ModelError(f"two sorts are called {sort.name}")
            protocol.sort[sort.name] = sort
            if sort.least:
                protocol.constant[sort.least, sort.name] = protocol.smt(sort.name, sort.least)
    with place(protocol, "constants"):
        constants = bindings(protocol.constants)
        check_sorts(protocol, constants)
        for name, sort in constants:
            protocol.constant[name, sort] = protocol.smt(sort, name)
    for group in protocol.symbols:
        for symbol in group:
            with place(protocol, symbol.name):
                check_sorts(protocol, symbol.arguments + ((("", symbol.result),) if symbol.result else ()))
                if symbol.name in protocol.symbol:
                    raise ModelError("two symbols have this name")
                protocol.symbol[symbol.name] = symbol


def check_sorts(protocol: Protocol, bound: Iterable[Tuple[str, str]]) -> None:
    for _, sort in bound:
        if sort not in protocol.sort:
            raise ModelError(f"{sort} is no sort")


def formula(protocol: Protocol, text: str, scope: Dict[str, str]) -> Formula:
    """The formula that a text means, all of it."""
    reader = Reader(protocol, text, scope)
    found = reader.formula()
    reader.finish()
    return found


def read_action(protocol: Protocol, action: Action) -> Step:
    parameters, local = bindings(action.parameters), bindings(action.local)
    check_sorts(protocol, parameters + local)
    scope = dict(parameters + local)
    if len(scope) < len(parameters + local):
        raise ModelError("two parameters have one name")
    guards, updates = [], []
    for text in action.guards:
        with context(f"guard {text}"):
            guard = formula(protocol, text, scope)
            if any(s.role == "history" for s in symbols_of(guard)):
                raise ModelError("a guard reads history")
            guards.append(Guard(text, guard))
    for text in action.updates:
        with context(f"update {text}"):
            reader = Reader(protocol, text, scope)
            assignments, sending = reader.update(scope)
            reader.finish()
            for assignment in assignments:
                check_assignment(assignment)
            updates.append(Update(text, assignments, sending))
    never = []
    for conjunct in action.never:
        with context(f"never {conjunct.name}"):
            never.append((conjunct.name, formula(protocol, conjunct.text, scope)))
    step = Step(action, parameters, local, tuple(guards), tuple(updates), tuple(never))
    changed = [a.symbol.name for a in step.assigned()]
    for name in changed:
        if changed.count(name) > 1:
            raise ModelError(f"{name} is assigned twice")
    return step


@contextmanager
def context(what: str):
    try:
        yield
    except ModelError as error:
        raise ModelError(f"{what}: {error}") from None


def check_assignment(assignment: Assignment) -> None:
    """What is no history may not depend on history."""
    if assignment.symbol.role == "history":
        return
    value = assignment.value
    read_here = ([value.symbol] if isinstance(value, Term) and value.symbol else
                 [] if isinstance(value, Term) else symbols_of(value))
    if any(s.role == "history" for s in symbols_of(assignment.when)):
        raise ModelError("the condition reads history")
    if any(s.role == "history" for s in read_here):
        raise ModelError("the value reads history")


def symbols_of(f: Formula) -> Iterable[Symbol]:
    """The protocol's symbols that f mentions."""
    if isinstance(f, Holds):
        yield f.symbol
    elif isinstance(f, Compare):
        for term in (f.left, f.right):
            if term.symbol:
                yield term.symbol
    for part in children(f):
        yield from symbols_of(part)
