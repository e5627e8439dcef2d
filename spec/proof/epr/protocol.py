"""Declarations: what a protocol's sorts, state, actions and invariant are.

Everything here is data with the names of the TLA+ specification, and text that module `syntax` reads. Building a
`Protocol` reads all of it, so that a mistake is reported when the module is loaded, with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Optional, Sequence, Tuple

from .logic import TRUE, Binding, Formula


class ModelError(Exception):
    """A protocol is not well formed; the message says where and why."""


@dataclass(frozen=True)
class Sort:
    """A set of any size. `least` names the smallest element of an ordered sort, `of` the sort whose subsets the
    elements stand for, and `members` the elements of a sort that has no others. An empty `least` is an order
    without a smallest element."""
    name: str
    ordered: bool = False
    least: str = ""
    of: str = ""
    members: Tuple[str, ...] = ()


def sort(name: str) -> Sort:
    """A set without structure."""
    return Sort(name)


def order(name: str, least: str = "") -> Sort:
    """A totally ordered set: ballots, instants, slots."""
    return Sort(name, ordered=True, least=least)


def quorums(name: str, of: str) -> Sort:
    """A set of sets; `x \\in q` says that x belongs to q. Which sets it has is up to the axioms."""
    return Sort(name, of=of)


def enumeration(name: str, *members: str) -> Sort:
    """The strings given, which formulas write in quotes, and nothing else."""
    return Sort(name, members=members)


@dataclass(frozen=True)
class Symbol:
    """A relation (`result` empty) or a function. `arguments` are names and sorts; the names are those of the fields
    of the TLA+ record where the symbol stands for a set of records."""
    name: str
    arguments: Tuple[Binding, ...]
    result: str = ""
    role: str = "state"  # "static": fixed for ever; "state"; "history": read by no guard, absent from the TLA+
    initially: str = ""
    about: str = ""
    message: str = ""  # for a relation or a field of one: the type of the messages it stands for
    variable: str = "messages"  # and where they are

    @property
    def static(self) -> bool:
        return self.role == "static"

    @property
    def sorts(self) -> Tuple[str, ...]:
        return tuple(s for _, s in self.arguments)


def bindings(text: str) -> Tuple[Binding, ...]:
    """Reads `acceptor : Acceptor, ballot : Ballot`; `b, c : Ballot` is short for two."""
    found: List[Binding] = []
    pending: List[str] = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, colon, sort_name = (p.strip() for p in part.partition(":"))
        pending.append(name)
        if colon:
            found.extend((n, sort_name) for n in pending)
            pending = []
    if pending:
        raise ModelError(f"no sort for {', '.join(pending)} in {text!r}")
    return tuple(found)


def function(name: str, type: str, initially: str, about: str, role: str = "state") -> List[Symbol]:
    """A variable that is a function: `function("promised", "Acceptor -> Ballot", "0", ...)`. Of several arguments
    the sorts stand between commas; `-> Instant` has none. `disk.promised` is the field of a variable whose values are records."""
    domain, arrow, result = (p.strip() for p in type.partition("->"))
    if not arrow:
        raise ModelError(f"{name}: {type!r} is not of the form Sort -> Sort")
    arguments = tuple((f"x{i}", s.strip()) for i, s in enumerate(domain.split(",") if domain else []))
    return [Symbol(name, arguments, result, role, initially, about)]


def relation(name: str, fields: str, about: str, initially: str = "", role: str = "state") -> List[Symbol]:
    """A variable that is a set of records; at first empty, or what the formula `initially` says of the fields."""
    return [Symbol(name, bindings(fields), "", role, initially, about)]


def message(name: str, key: str, about: str, fields: str = "", type: str = "", variable: str = "messages") -> List[Symbol]:
    """The messages of one type in a variable: records with the fields of `key` and of `fields`. The type is the name
    where none is given.

    `name(k)` says that one with this key was sent; `name(k).field` is what it carries. A field may be a function:
    with `fields="report : Slot -> Ballot"` it is `name(k).report[i]`. This presumes that all messages with one key
    are equal in the other fields, which is an obligation wherever one is sent.
    """
    arguments = bindings(key)
    type = type or name
    symbols = [Symbol(name, arguments, about=about, message=type, variable=variable)]
    for field_name, of in bindings(fields):
        domain, _, result = of.rpartition("->")
        index = (("", domain.strip()),) if domain else ()
        symbols.append(Symbol(f"{name}.{field_name}", arguments + index, result.strip(),
                              about=f"the field {field_name} of {name}", message=type, variable=variable))
    return symbols


def static_function(name: str, type: str, about: str) -> List[Symbol]:
    return function(name, type, "", about, role="static")


def static_relation(name: str, fields: str, about: str) -> List[Symbol]:
    return relation(name, fields, about, role="static")


def history(name: str, about: str, fields: str = "", type: str = "", initially: str = "") -> List[Symbol]:
    """A variable of the proof alone: it records what happened. No guard may read it."""
    if type:
        return function(name, type, initially, about, role="history")
    return relation(name, fields, about, initially, role="history")


@dataclass(frozen=True)
class Conjunct:
    """A named formula and what it says in words. `spare` is the reason why it is there although no other
    obligation needs it."""
    name: str
    text: str
    about: str
    spare: str = ""


@dataclass(frozen=True)
class Definition:
    """A name for a formula with parameters: `Definition("Dead", "q : AcceptQuorum, c : Ballot", ...)`."""
    name: str
    parameters: str
    text: str
    about: str = ""


@dataclass(frozen=True)
class Action:
    """A step: where all guards hold, the updates may happen at once. What no update names stays as it is.

    `parameters` are those of the TLA+ operator. `local` are names that TLA+ binds inside of it, by LET or by \\E.
    `spare` gives the reasons for guards, parts of guards and updates without which every proof still goes through.
    That they are not needed is checked, so that a reason cannot outlive its cause. `never` says what is not so when
    the step happens, over its parameters and local names; that is proved.
    """
    name: str
    parameters: str
    guards: Sequence[str]
    updates: Sequence[str]
    about: str
    local: str = ""
    spare: Dict[str, str] = field(default_factory=dict)
    never: Sequence[Conjunct] = ()


@dataclass(frozen=True)
class Bug:
    """A known bug as a mutant: parts of an action that it lacks, or has otherwise. Some obligation must fail."""
    name: str
    about: str
    action: str = ""
    without: Sequence[str] = ()
    replace: Tuple[Tuple[str, str], ...] = ()
    axiom: str = ""
    conjunct: str = ""


@dataclass(frozen=True)
class Lemma:
    """A fact outside of the protocol that justifies an axiom, as SMT-LIB commands, which must be unsatisfiable.
    Without any one of the assertions it must not be."""
    name: str
    logic: str
    declarations: Sequence[str]
    assertions: Sequence[str]
    about: str


@dataclass
class Protocol:
    """All of it. `spec` is the TLA+ module, below the folder of specifications; "" where there is none."""
    name: str
    title: str
    spec: str
    sorts: Sequence[Sort]
    symbols: Sequence[Sequence[Symbol]]
    actions: Sequence[Action]
    invariant: Sequence[Conjunct]
    safety: Sequence[Conjunct]
    constants: str = ""
    axioms: Sequence[Conjunct] = ()
    definitions: Sequence[Definition] = ()
    bugs: Sequence[Bug] = ()
    lemmas: Sequence[Lemma] = ()
    sort: Dict[str, Sort] = field(default_factory=dict, init=False)
    symbol: Dict[str, Symbol] = field(default_factory=dict, init=False)
    constant: Dict[Tuple[str, str], str] = field(default_factory=dict, init=False)  # by text and sort
    definition: Dict[str, "Meaning"] = field(default_factory=dict, init=False)
    formula: Dict[str, Formula] = field(default_factory=dict, init=False)
    step: Dict[str, "Step"] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        from .reading import read  # which needs the declarations of this module
        read(self)

    def state(self, history: bool = True) -> List[Symbol]:
        """The symbols that steps change, in the order of their declaration."""
        return [s for s in self.symbol.values() if s.role == "state" or (history and s.role == "history")]

    def constants_called(self, text: str) -> List[str]:
        """The sorts that have a constant of this name: several, if each has a least element called 0."""
        return [sort for name, sort in self.constant if name == text]

    def smt(self, sort_name: str, member: str) -> str:
        """How a constant is called in queries, where 0 and "idle" are no names."""
        return f"{sort_name}/{member}" if member in self.sort[sort_name].members else f"{sort_name}.{member}"


@dataclass(frozen=True)
class Meaning:
    """A definition that was read: its parameters and its formula over them."""
    parameters: Tuple[Binding, ...]
    formula: Formula


@dataclass(frozen=True)
class Guard:
    """A guard that was read."""
    text: str
    formula: Formula


@dataclass(frozen=True)
class Assignment:
    """`symbol` takes `value` where its arguments match `points`. A point is a name of the step, or a fresh name
    that matches anything and may occur in the value. The value of a relation is a formula, that of a function a
    term. Where `when` is false the symbol stays as it is."""
    symbol: Symbol
    points: Tuple[Tuple[str, bool], ...]  # a name, and whether it is fresh
    value: object
    when: Formula = TRUE


@dataclass(frozen=True)
class Sending:
    """A message is sent: that the relation holds of `key`, and each field's assignment there; if `when` holds."""
    symbol: Symbol
    key: Tuple[str, ...]
    fields: Tuple[Assignment, ...]
    when: Formula


@dataclass(frozen=True)
class Update:
    """An update that was read: an assignment, or a sending with all its assignments."""
    text: str
    assignments: Tuple[Assignment, ...]
    sending: Optional[Sending] = None


@dataclass(frozen=True)
class Step:
    """An action that was read."""
    action: Action
    parameters: Tuple[Binding, ...]
    local: Tuple[Binding, ...]
    guards: Tuple[Guard, ...]
    updates: Tuple[Update, ...]
    never: Tuple[Tuple[str, Formula], ...]

    @property
    def bound(self) -> Tuple[Binding, ...]:
        return self.parameters + self.local

    def assigned(self) -> List[Assignment]:
        return [a for u in self.updates for a in u.assignments]
