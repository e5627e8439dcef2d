"""Formulas as text again, for messages and mutants' names."""

from __future__ import annotations

from typing import Tuple

from .logic import And, Formula, Iff, Implies, Not, Or, Quantified, children
from .protocol import Symbol
from .syntax import Compare, In, Term


def show(f: Formula) -> str:
    """f as text that reads back as f."""
    if isinstance(f, Not) and isinstance(f.body, Compare) and f.body.operator == "=":
        return f"{show_term(f.body.left)} # {show_term(f.body.right)}"
    if isinstance(f, Not):
        return "~" + nested(f.body)
    if isinstance(f, (And, Or)):
        return (" /\\ " if isinstance(f, And) else " \\/ ").join(map(nested, f.parts))
    if isinstance(f, Implies):
        return f"{nested(f.premise)} => {nested(f.conclusion)}"
    if isinstance(f, Iff):
        return f"{nested(f.left)} <=> {nested(f.right)}"
    if isinstance(f, Quantified):
        return show_quantified(f)
    if isinstance(f, In):
        return f"{f.element} \\in {f.quorum}"
    if isinstance(f, Compare):
        return f"{show_term(f.left)} {f.operator} {show_term(f.right)}"
    return show_application(f.symbol, f.arguments)


def nested(f: Formula) -> str:
    """f as a part of a larger formula."""
    return f"({show(f)})" if children(f) and not isinstance(f, Not) else show(f)


def show_quantified(f: Quantified) -> str:
    sign, body = "\\A" if f.universal else "\\E", f.body
    if isinstance(body, Implies if f.universal else And):
        first, rest = (body.premise, body.conclusion) if f.universal else (body.parts[0], And(body.parts[1:]))
        if isinstance(first, In) and [n for n, _ in f.bindings] == [first.element]:
            rest = rest.parts[0] if isinstance(rest, And) and len(rest.parts) == 1 else rest
            return f"{sign} {first.element} \\in {first.quorum} : {show(rest)}"
    bound = ", ".join(f"{name} \\in {sort}" for name, sort in f.bindings)
    return f"{sign} {bound} : {show(body)}"


def show_name(name: str) -> str:
    """A name of a query as formulas write it: Phase/idle is "idle", Ballot.0 is 0."""
    if "/" in name:
        return f'"{name.partition("/")[2]}"'
    return name.partition(".")[2] or name


def show_term(t: Term) -> str:
    return show_application(t.symbol, t.arguments) if t.symbol else show_name(t.name)


def show_application(symbol: Symbol, arguments: Tuple[str, ...]) -> str:
    name, _, field = symbol.name.partition(".")
    shown = [show_name(a) for a in arguments]
    if not symbol.message:
        square = symbol.result and not symbol.static
        text = ", ".join(shown)
        if not shown:
            return symbol.name
        return name + (f"[{text}]" if square else f"({text})") + (f".{field}" if field else "")
    key = len([n for n, _ in symbol.arguments if n])
    index = f"[{', '.join(shown[key:])}]" if shown[key:] else ""
    return f"{name}({', '.join(shown[:key])})" + (f".{field}{index}" if field else "")
