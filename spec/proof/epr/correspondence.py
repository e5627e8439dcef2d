"""Whether a protocol is its TLA+ specification: the same states and the same steps, in a small world.

The names are the same on both sides, so that a state of one is read as a state of the other without a table:

- A function is the variable of its name. `disk.promised` is the field `promised` of the records in `disk`.
- A relation is the variable of its name, a set of records with the relation's fields.
- Messages are the records in `messages`, or another variable, with the message's name as their `type`.

History is left out: the specification does not have it, and no guard may read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Hashable, List, Sequence, Set, Tuple

from .finite import Frozen, Graph, World
from .protocol import ModelError, Symbol
from .tlavalue import Record
from .tlc import StateGraph, Variables


@dataclass(frozen=True)
class Comparison:
    """A world, and how to tell TLC of the same one: `definitions` in TLA+, and the lines of the configuration after
    CONSTANTS."""
    world: World
    definitions: str
    constants: str

    @property
    def protocol(self):
        return self.world.protocol

    def model(self) -> Tuple[str, str]:
        """The text of a module called Small, and of its configuration."""
        extended = self.protocol.spec.rpartition("/")[2].removesuffix(".tla")
        lines = [extended, *(line.strip() for line in self.definitions.strip().splitlines())]
        module = f"---- MODULE Small ----\nEXTENDS {chr(10).join(lines)}\n====\n"
        return module, f"SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\nCONSTANTS\n{self.constants}\n"


def state_of(world: World, variables: Variables) -> Frozen:
    """TLC's state as one of the protocol."""
    read = {}
    for symbol in world.symbols:
        if symbol.message:
            read[symbol.name] = sent(world, symbol, variables)
        elif symbol.result:
            read[symbol.name] = {t: value_at(symbol, variables, t) for t in world.tuples(symbol)}
        else:
            read[symbol.name] = frozenset(tuple_of(symbol, r) for r in variables[symbol.name])
    return world.freeze(read)


def sent(world: World, symbol: Symbol, variables: Variables) -> object:
    """The messages of a type, or one of their fields by the messages' keys."""
    _, _, field = symbol.name.partition(".")
    messages = [m for m in variables[symbol.variable] if m["type"] == symbol.message]
    if not field:
        return frozenset(tuple_of(symbol, m) for m in messages)
    found: Dict[Tuple, Hashable] = {}
    for m in messages:
        key = tuple(m[name] for name, _ in symbol.arguments if name)
        for index in indices(world, symbol) if len(key) < len(symbol.arguments) else [None]:
            place, value = (key, m[field]) if index is None else (key + (index,), at(m[field], index))
            if found.setdefault(place, value) != value:
                raise ModelError(f"two messages {symbol.message}{place} differ in {field}")
    return found


def indices(world: World, symbol: Symbol) -> Sequence[Hashable]:
    """The arguments of a field that is a function."""
    sort = symbol.sorts[-1]
    return world.arguments.get(sort, world.elements[sort])


def tuple_of(symbol: Symbol, value: Hashable) -> Tuple[Hashable, ...]:
    if isinstance(value, Record):
        return tuple(value[name] for name, _ in symbol.arguments)
    return value if isinstance(value, tuple) else (value,)


def value_at(symbol: Symbol, variables: Variables, arguments: Tuple[Hashable, ...]) -> Hashable:
    name, _, field = symbol.name.partition(".")
    value = variables[name]
    for argument in arguments:
        value = at(value, argument)
    return value[field] if field else value


def at(function: Hashable, argument: Hashable) -> Hashable:
    """A function's value; TLC shows one whose arguments are 1, 2, ... as a tuple."""
    return function[argument - 1] if isinstance(function, tuple) else function[argument]


@dataclass
class Difference:
    """What one side has and the other has not; all empty where they agree. Each item is a line for a reader."""
    only_tla: List[str]
    only_proof: List[str]

    def __bool__(self) -> bool:
        return bool(self.only_tla or self.only_proof)


def compare(world: World, ours: Graph, theirs: StateGraph) -> Difference:
    """States, initial states and steps of both sides, set against each other."""
    names = {number: state_of(world, v) for number, v in theirs.states.items()}
    steps = {(names[a], action, names[b]) for a, action, b in theirs.steps}
    first = {names[number] for number in theirs.initial}
    difference = Difference([], [])
    against(difference, "initial state", first, {world.freeze(world.initial())}, world)
    against(difference, "state", set(names.values()), set(ours.states), world)
    against(difference, "step", steps, ours.steps, world)
    if len(set(names.values())) < len(names):
        difference.only_tla.append("two states that the protocol cannot tell apart")
    return difference


def against(difference: Difference, what: str, theirs: Set, ours: Set, world: World) -> None:
    for side, items in ((difference.only_tla, theirs - ours), (difference.only_proof, ours - theirs)):
        side.extend(f"{what}: {describe(world, item)}" for item in sorted(items, key=repr)[:2])
        if len(items) > 2:
            side.append(f"... {len(items)} such {what}s")


def describe(world: World, item) -> str:
    if len(item) == 3 and isinstance(item[1], str):
        before, action, after = item
        changed = [i for i in range(len(before)) if before[i] != after[i]]
        return f"{action} in {state_text(world, before)}, which makes " + (
            "; ".join(f"{world.symbols[i].name} = {part_text(after[i])}" for i in changed) or "no change")
    return state_text(world, item)


def state_text(world: World, state: Frozen) -> str:
    return "; ".join(f"{s.name} = {part_text(v)}" for s, v in zip(world.symbols, state) if v)


def part_text(part) -> str:
    return "{" + ", ".join(sorted(map(repr, part))) + "}"
