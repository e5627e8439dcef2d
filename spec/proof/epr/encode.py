"""From a protocol's formulas to first-order logic without functions.

A function symbol can take z3 out of what it decides: promised[a] leads from acceptors to ballots, and "every quorum
has an acceptor that left the ballot" leads back. So a function becomes relations, which lead nowhere:

- With an ordered result, f becomes two: `f>=`(a, x), which says f[a] >= x, and `f>`(a, x), which says f[a] > x.
  Whatever f is, both are closed downwards, and each follows from the other as the axioms `cut` say. Comparing f[a]
  with a name, assigning a name to it, and copying another function's value are all exact in these.
- With any other result, f becomes its graph: `f=`(a, v), which says f[a] = v, with one v at most.

The axioms are true of every function, so what is proved holds of functions. They do not say that a value exists, so
the proof is about somewhat more than functions; it never relies on that, and a counterexample may show it.

What belongs to the state after a step has the prefix `next.`.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Tuple

from .logic import (TRUE, And, Atom, Binding, Equal, Formula, Iff, Implies, Not, Or, conjunction, disjunction, exists,
                    forall, transform)
from .protocol import Assignment, ModelError, Protocol, Step, Symbol
from .syntax import Compare, Holds, In, Term

Named = Tuple[str, Formula]

VALUE = "z.value"  # what quantifiers here bind has a dot, so that it meets no name of a protocol


def encode(protocol: Protocol, f: Formula, after: bool = False) -> Formula:
    """f in first-order logic, about the state before a step or the one after it."""
    def leaf(part: Formula) -> Formula:
        if isinstance(part, Holds):
            return Atom(prefix(part.symbol, after), part.arguments)
        if isinstance(part, In):
            return Atom(membership(part.sort), (part.element, part.quorum))
        return comparison(protocol, part, after)
    return transform(f, leaf)


def prefix(symbol: Symbol, after: bool) -> str:
    return f"next.{symbol.name}" if after and not symbol.static else symbol.name


def membership(quorum_sort: str) -> str:
    return f"{quorum_sort}.has"


def less(sort: str, x: str, y: str) -> Formula:
    return And((Atom(f"{sort}<=", (x, y)), Not(Equal(x, y))))


def at_least(protocol: Protocol, t: Term, x: str, after: bool) -> Formula:
    """t >= x, for a name x."""
    if t.symbol:
        return Atom(prefix(t.symbol, after) + ">=", t.arguments + (x,))
    return Atom(f"{t.sort}<=", (x, t.name))


def above(protocol: Protocol, t: Term, x: str, after: bool) -> Formula:
    """t > x, for a name x."""
    if t.symbol:
        return Atom(prefix(t.symbol, after) + ">", t.arguments + (x,))
    return less(t.sort, x, t.name)


def equals(protocol: Protocol, t: Term, x: str, after: bool) -> Formula:
    """t = x, for a name x."""
    if not t.symbol:
        return Equal(t.name, x)
    if protocol.sort[t.sort].ordered:
        return And((at_least(protocol, t, x, after), Not(above(protocol, t, x, after))))
    return Atom(prefix(t.symbol, after) + "=", t.arguments + (x,))


def comparison(protocol: Protocol, c: Compare, after: bool) -> Formula:
    left, right = c.left, c.right
    if c.operator in (">", ">="):
        return comparison(protocol, Compare({">": "<", ">=": "<="}[c.operator], right, left), after)
    if c.operator == "=" and left.symbol is None:
        left, right = right, left
    if right.symbol is None:  # a name on the right
        if c.operator == "=":
            return equals(protocol, left, right.name, after)
        if c.operator == "<=":
            return Not(above(protocol, left, right.name, after))
        return Not(at_least(protocol, left, right.name, after))
    if left.symbol is None:  # a name on the left
        if c.operator == "<=":
            return at_least(protocol, right, left.name, after)
        return above(protocol, right, left.name, after)
    if c.operator == "<":
        return Not(comparison(protocol, Compare("<=", right, left), after))
    return both(protocol, c, after)


def both(protocol: Protocol, c: Compare, after: bool) -> Formula:
    """Two functions' values compared, by all that lies below them."""
    x = VALUE
    connect = Implies if c.operator == "<=" else Iff
    if not protocol.sort[c.left.sort].ordered:
        return forall([(x, c.left.sort)],
                      Iff(equals(protocol, c.left, x, after), equals(protocol, c.right, x, after)))
    return forall([(x, c.left.sort)], And((
        connect(at_least(protocol, c.left, x, after), at_least(protocol, c.right, x, after)),
        connect(above(protocol, c.left, x, after), above(protocol, c.right, x, after)))))


def relations_of(protocol: Protocol, symbol: Symbol, after: bool = False) -> List[Tuple[str, Tuple[str, ...]]]:
    """The relations that stand for a symbol, with the sorts of their arguments."""
    name = prefix(symbol, after)
    if not symbol.result:
        return [(name, symbol.sorts)]
    sorts = symbol.sorts + (symbol.result,)
    if protocol.sort[symbol.result].ordered:
        return [(name + ">=", sorts), (name + ">", sorts)]
    return [(name + "=", sorts)]


def declarations(protocol: Protocol, after: bool) -> List[str]:
    """Sorts, constants and relations for SMT-LIB; `after` adds those of the state after a step."""
    lines = [f"(declare-sort {s} 0)" for s in protocol.sort]
    for sort in protocol.sorts:
        lines += [f"(declare-const {protocol.smt(sort.name, m)} {sort.name})" for m in sort.members]
        if sort.ordered:
            lines.append(f"(declare-fun {sort.name}<= ({sort.name} {sort.name}) Bool)")
        if sort.of:
            lines.append(f"(declare-fun {membership(sort.name)} ({sort.of} {sort.name}) Bool)")
    lines += [f"(declare-const {name} {sort})" for (_, sort), name in protocol.constant.items()]
    found = [r for s in protocol.symbol.values() for r in relations_of(protocol, s)]
    if after:
        found += [r for s in protocol.state() for r in relations_of(protocol, s, after=True)]
    return lines + [f"(declare-fun {name} ({' '.join(sorts)}) Bool)" for name, sorts in found]


def assumptions(protocol: Protocol) -> List[Named]:
    """What holds of the sorts and of every function, and the protocol's axioms."""
    named: List[Named] = []
    for sort in protocol.sorts:
        if sort.ordered:
            named += order_axioms(protocol, sort.name, sort.least)
        if sort.members:
            members = [protocol.smt(sort.name, m) for m in sort.members]
            named.append((f"{sort.name}.members", forall([("x", sort.name)], Or(tuple(Equal("x", m) for m in members)))))
            named += [(f"{sort.name}.distinct.{i}.{j}", Not(Equal(members[i], members[j])))
                      for j in range(len(members)) for i in range(j)]
    for symbol in protocol.symbol.values():
        if symbol.result:
            named += function_axioms(protocol, symbol)
    return named + [(a.name, encode(protocol, protocol.formula[a.name])) for a in protocol.axioms]


def order_axioms(protocol: Protocol, sort: str, least: str) -> List[Named]:
    def le(x: str, y: str) -> Formula:
        return Atom(f"{sort}<=", (x, y))
    x, y, z = (("x", sort), ("y", sort), ("z", sort))
    axioms = [
        (f"{sort}.reflexive", forall([x], le("x", "x"))),
        (f"{sort}.antisymmetric", forall([x, y], Implies(And((le("x", "y"), le("y", "x"))), Equal("x", "y")))),
        (f"{sort}.transitive", forall([x, y, z], Implies(And((le("x", "y"), le("y", "z"))), le("x", "z")))),
        (f"{sort}.total", forall([x, y], Or((le("x", "y"), le("y", "x")))))]
    if least:
        axioms.append((f"{sort}.least", forall([x], le(protocol.smt(sort, least), "x"))))
    return axioms


def function_axioms(protocol: Protocol, symbol: Symbol) -> List[Named]:
    bound = [(f"z.{i}", s) for i, s in enumerate(symbol.sorts)]
    value = Term("", symbol.result, symbol, tuple(n for n, _ in bound))
    x, y = ("x", symbol.result), ("y", symbol.result)
    sort = protocol.sort[symbol.result]
    if not sort.ordered:
        return [(f"{symbol.name}.function", forall(bound + [x, y], Implies(
            And((equals(protocol, value, "x", False), equals(protocol, value, "y", False))), Equal("x", "y"))))]
    ge, gt = (lambda v: at_least(protocol, value, v, False)), (lambda v: above(protocol, value, v, False))
    axioms = [
        (f"{symbol.name}.cut.above", forall(bound + [x], Implies(gt("x"), ge("x")))),
        (f"{symbol.name}.cut.below", forall(bound + [x, y], Implies(And((ge("y"), less(symbol.result, "x", "y"))),
                                                                    And((ge("x"), gt("x"))))))]
    if sort.least:
        axioms.append((f"{symbol.name}.cut.least", forall(bound, ge(protocol.smt(sort.name, sort.least)))))
    return axioms


def initial(protocol: Protocol) -> List[Named]:
    """What holds of the initial state, a formula for each symbol of the state."""
    return [(f"Init.{s.name}", initial_value(protocol, s)) for s in protocol.state() if s.initially != "any"]


def initial_value(protocol: Protocol, symbol: Symbol) -> Formula:
    from .reading import formula  # the reader stands above this module
    bound = list(symbol.arguments)
    names = tuple(n for n, _ in bound)
    if not symbol.result:
        holds = Atom(symbol.name, names)
        if not symbol.initially:
            return forall(bound, Not(holds))
        return forall(bound, Iff(holds, encode(protocol, formula(protocol, symbol.initially, dict(bound)))))
    if not symbol.initially:  # a field of messages, of which none was sent
        return And(())
    value = Term("", symbol.result, symbol, names)
    name, sort = constant(protocol, symbol)
    return forall(bound + [(VALUE, sort)], matched(protocol, value, Term(name, sort), VALUE))


def constant(protocol: Protocol, symbol: Symbol) -> Tuple[str, str]:
    """The constant that a function has everywhere at first."""
    text = symbol.initially.strip('"')
    if (text, symbol.result) in protocol.constant:
        return protocol.constant[text, symbol.result], symbol.result
    if text in protocol.sort[symbol.result].members:
        return protocol.smt(symbol.result, text), symbol.result
    raise ModelError(f"{protocol.name}: {symbol.name}: {symbol.initially} is no constant of {symbol.result}")


def matched(protocol: Protocol, value: Term, other: Term, x: str) -> Formula:
    """Both terms say the same of x; for all x, they are equal."""
    if protocol.sort[value.sort].ordered:
        return And((Iff(at_least(protocol, value, x, False), at_least(protocol, other, x, False)),
                    Iff(above(protocol, value, x, False), above(protocol, other, x, False))))
    return Iff(equals(protocol, value, x, False), equals(protocol, other, x, False))


def transition(protocol: Protocol, step: Step) -> List[Named]:
    """An action as formulas over its parameters and both states: its guards, and what each symbol becomes."""
    named = [(f"guard.{i}", encode(protocol, g.formula)) for i, g in enumerate(step.guards)]
    assigned = {a.symbol.name: a for a in step.assigned()}
    for symbol in protocol.state():
        for after, formula in successors(protocol, symbol, assigned.get(symbol.name)):
            named.append((f"update.{after}", formula))
    return named


def successors(protocol: Protocol, symbol: Symbol, a: "Assignment | None") -> Iterable[Named]:
    """What the relations of one symbol are after the step: as before, but where its assignment matches."""
    bound = [(f"z.{i}", s) for i, s in enumerate(symbol.sorts)]
    if symbol.result:
        bound.append((VALUE, symbol.result))
    names = tuple(n for n, _ in bound)
    old = relations_of(protocol, symbol)
    new = relations_of(protocol, symbol, after=True)
    for (before, _), (after, _) in zip(old, new):
        kept = Atom(before, names)
        value = kept if a is None else updated(protocol, a, bound, kept)
        yield after, forall(bound, Iff(Atom(after, names), value))


def updated(protocol: Protocol, a: Assignment, bound: List[Binding], kept: Atom) -> Formula:
    """The new value where all points match and the condition holds, else the old one."""
    same, fresh = [], {}
    for (point, is_fresh), (z, _) in zip(a.points, bound):
        if is_fresh:
            fresh[point] = z
        else:
            same.append(Equal(z, point))
    value = new_value(protocol, a, kept, fresh)
    matches = conjunction(*same, encode(protocol, a.when))
    if matches == TRUE:
        return value
    return disjunction(And((matches, value)), And((Not(matches), kept)))


def new_value(protocol: Protocol, a: Assignment, kept: Atom, fresh: Dict[str, str]) -> Formula:
    if not a.symbol.result:
        from .syntax import substitute
        return encode(protocol, substitute(a.value, fresh) if fresh else a.value)
    t = a.value
    t = Term(fresh.get(t.name, t.name), t.sort, t.symbol, tuple(fresh.get(n, n) for n in t.arguments))
    if kept.relation.endswith(">="):
        return at_least(protocol, t, VALUE, False)
    if kept.relation.endswith(">"):
        return above(protocol, t, VALUE, False)
    return equals(protocol, t, VALUE, False)


def sent_before(protocol: Protocol, step: Step) -> List[Named]:
    """For each message with fields that a step sends: that one with this key was sent before, and differs."""
    found = []
    for update in step.updates:
        if update.sending and update.sending.fields:
            s = update.sending
            sent = encode(protocol, Holds(s.symbol, s.key))
            differs = disjunction(*(differing(protocol, f) for f in s.fields))
            found.append((s.symbol.name, conjunction(sent, differs, encode(protocol, s.when))))
    return found


def differing(protocol: Protocol, f: Assignment) -> Formula:
    """That a field of a message that was sent before has another value than what it would now have."""
    before = Term("", f.symbol.result, f.symbol, tuple(point for point, _ in f.points))
    index = [(point, s) for (point, fresh), s in zip(f.points, f.symbol.sorts) if fresh]
    if protocol.sort[f.symbol.result].ordered:
        return exists(index, encode(protocol, Not(Compare("=", before, f.value))))
    old, new = "z.before", "z.after"
    return exists(index + [(old, f.symbol.result), (new, f.symbol.result)], And((
        equals(protocol, before, old, False), equals(protocol, f.value, new, False), Not(Equal(old, new)))))
