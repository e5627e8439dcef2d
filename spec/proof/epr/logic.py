"""Formulas of first-order logic over named relations, and how SMT-LIB writes them.

A formula is a tree of the classes below. Its leaves are `Atom` and `Equal` (and, before `encode` has removed them,
those of module `syntax`). Arguments are names: of a quantified variable, a parameter or a constant. There are no
terms, because there are no function symbols: that is what makes the queries decidable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, Tuple, Union

Binding = Tuple[str, str]  # a variable's name and its sort


@dataclass(frozen=True)
class Atom:
    """The relation holds of the arguments."""
    relation: str
    arguments: Tuple[str, ...]


@dataclass(frozen=True)
class Equal:
    """Both names stand for one element."""
    left: str
    right: str


@dataclass(frozen=True)
class Not:
    body: "Formula"


@dataclass(frozen=True)
class And:
    """All parts hold; with no parts it is TRUE."""
    parts: Tuple["Formula", ...]


@dataclass(frozen=True)
class Or:
    """Some part holds; with no parts it is FALSE."""
    parts: Tuple["Formula", ...]


@dataclass(frozen=True)
class Implies:
    premise: "Formula"
    conclusion: "Formula"


@dataclass(frozen=True)
class Iff:
    left: "Formula"
    right: "Formula"


@dataclass(frozen=True)
class Quantified:
    """`universal` tells \\A from \\E."""
    universal: bool
    bindings: Tuple[Binding, ...]
    body: "Formula"


Formula = Union[Atom, Equal, Not, And, Or, Implies, Iff, Quantified, "object"]  # object: a leaf of module syntax

TRUE = And(())
FALSE = Or(())


def conjunction(*parts: Formula) -> Formula:
    """The conjunction of the parts, flat, and without those that are TRUE."""
    flat = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And) else [part])
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(*parts: Formula) -> Formula:
    """The disjunction of the parts, flat, and without those that are FALSE."""
    flat = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Or) else [part])
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def forall(bindings, body: Formula) -> Formula:
    return Quantified(True, tuple(bindings), body) if bindings else body


def exists(bindings, body: Formula) -> Formula:
    return Quantified(False, tuple(bindings), body) if bindings else body


def children(f: Formula) -> Tuple[Formula, ...]:
    """The formulas directly below f; none for a leaf."""
    if isinstance(f, (And, Or)):
        return f.parts
    if isinstance(f, Implies):
        return (f.premise, f.conclusion)
    if isinstance(f, Iff):
        return (f.left, f.right)
    if isinstance(f, (Not, Quantified)):
        return (f.body,)
    return ()


def transform(f: Formula, leaf: Callable[[Formula], Formula]) -> Formula:
    """f with each leaf replaced by what the function `leaf` makes of it."""
    if isinstance(f, And):
        return And(tuple(transform(part, leaf) for part in f.parts))
    if isinstance(f, Or):
        return Or(tuple(transform(part, leaf) for part in f.parts))
    if isinstance(f, Not):
        return Not(transform(f.body, leaf))
    if isinstance(f, Implies):
        return Implies(transform(f.premise, leaf), transform(f.conclusion, leaf))
    if isinstance(f, Iff):
        return Iff(transform(f.left, leaf), transform(f.right, leaf))
    if isinstance(f, Quantified):
        return Quantified(f.universal, f.bindings, transform(f.body, leaf))
    return leaf(f)


def leaves(f: Formula) -> Iterator[Formula]:
    """Every leaf of f, in the order of the text."""
    below = children(f)
    if not below and not isinstance(f, (And, Or)):
        yield f
    for part in below:
        yield from leaves(part)


def smtlib(f: Formula) -> str:
    """f as an SMT-LIB term."""
    if isinstance(f, Atom):
        return f"({f.relation} {' '.join(f.arguments)})" if f.arguments else f.relation
    if isinstance(f, Equal):
        return f"(= {f.left} {f.right})"
    if isinstance(f, Not):
        return f"(not {smtlib(f.body)})"
    if isinstance(f, (And, Or)):
        if not f.parts:
            return "true" if isinstance(f, And) else "false"
        if len(f.parts) == 1:
            return smtlib(f.parts[0])
        return f"({'and' if isinstance(f, And) else 'or'} {' '.join(map(smtlib, f.parts))})"
    if isinstance(f, Implies):
        return f"(=> {smtlib(f.premise)} {smtlib(f.conclusion)})"
    if isinstance(f, Iff):
        return f"(= {smtlib(f.left)} {smtlib(f.right)})"
    if isinstance(f, Quantified):
        bound = " ".join(f"({name} {sort})" for name, sort in f.bindings)
        return f"({'forall' if f.universal else 'exists'} ({bound}) {smtlib(f.body)})"
    raise TypeError(f"{f!r} is no formula of first-order logic")
