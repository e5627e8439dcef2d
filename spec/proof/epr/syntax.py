"""The reader of formulas and updates, in TLA+'s ASCII.

    formula    = implied [ "<=>" implied ]
    implied    = junction [ "=>" implied ]
    junction   = unary { "/\\" unary } | unary { "\\/" unary }        (one kind only, unless in parentheses)
    unary      = "~" unary | ( "\\A" | "\\E" ) bound { "," bound } ":" formula | "(" formula ")" | relation
    bound      = name { "," name } "\\in" ( sort | quorum )
    relation   = term [ ( "=" | "#" | "<" | "<=" | ">" | ">=" ) term | "\\in" name ]
    term       = name | 0 | "text" | name "[" names "]" [ "." field ]
               | name "(" names ")" [ "." field [ "[" names "]" ] ]
    update     = term ":=" ( term | formula ) | "send" term [ "with" carried { "," carried } ] [ "when" formula ]
               | "add" term | "remove" term
    carried    = field [ "[" name "]" ] "=" term

The arguments of a function or relation are names, never terms: a name of its own for what stands there keeps every
formula without nested functions, and the models readable. A quantifier reaches as far as it can, as in TLA+.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Dict, List, Optional, Tuple

from .logic import FALSE, TRUE, And, Binding, Formula, Iff, Implies, Not, Or, Quantified, children, conjunction, transform
from .protocol import Assignment, ModelError, Protocol, Sending, Symbol


@dataclass(frozen=True)
class Term:
    """A name, or with `symbol` a function's value at `arguments`."""
    name: str
    sort: str
    symbol: Optional[Symbol] = None
    arguments: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Holds:
    """A leaf: a relation of the protocol holds."""
    symbol: Symbol
    arguments: Tuple[str, ...]


@dataclass(frozen=True)
class Compare:
    """A leaf: two terms of one sort compared, by "=", "<", "<=", ">" or ">="."""
    operator: str
    left: Term
    right: Term


@dataclass(frozen=True)
class In:
    """A leaf: an element belongs to a quorum."""
    element: str
    quorum: str
    sort: str  # of the quorum


TOKEN = re.compile(r"""\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*|0)|(?P<text>"[^"]*")
                   |(?P<sign><=>|=>|<=|>=|:=|/\\|\\/|\\A|\\E|\\in|[~=\#<>()\[\],.:]))""", re.VERBOSE)

COMPARISONS = ("=", "#", "<", "<=", ">", ">=")


def tokens(text: str) -> List[Tuple[str, int]]:
    """The tokens of text with their columns, counted from 1."""
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            column = at + len(text[at:]) - len(text[at:].lstrip())
            raise ModelError(f"column {column + 1}: {text[column]!r} is not understood")
        found.append((match.group().strip(), match.start(match.lastgroup) + 1))
        at = match.end()
    return found


class Reader:
    """Reads one text in the scope of some names."""

    def __init__(self, protocol: Protocol, text: str, scope: Dict[str, str]):
        self.protocol, self.scope = protocol, dict(scope)
        self.tokens, self.at = tokens(text), 0
        self.end = len(text) + 1

    def fail(self, why: str, back: int = 0) -> ModelError:
        index = self.at - back
        column = self.tokens[index][1] if index < len(self.tokens) else self.end
        return ModelError(f"column {column}: {why}")

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise self.fail(f"expected {wanted or 'more'}" + (f", not {token}" if token else ""))
        self.at += 1
        return token

    def given(self, token: str) -> bool:
        """Takes the token if it stands here."""
        if self.peek() != token:
            return False
        self.at += 1
        return True

    def finish(self) -> None:
        if self.peek():
            raise self.fail(f"{self.peek()} is out of place")

    # formulas

    def formula(self) -> Formula:
        left = self.implied()
        return Iff(left, self.implied()) if self.given("<=>") else left

    def implied(self) -> Formula:
        left = self.junction()
        return Implies(left, self.implied()) if self.given("=>") else left

    def junction(self) -> Formula:
        sign = self.peek() if self.peek() in ("/\\", "\\/") else ""
        if sign:  # TLA+ lets a list begin with its sign
            self.take()
        parts = [self.unary()]
        while self.peek() in ("/\\", "\\/"):
            if sign and self.peek() != sign:
                raise self.fail("/\\ and \\/ beside each other need parentheses")
            sign = self.take()
            parts.append(self.unary())
        if len(parts) == 1:
            return parts[0]
        return And(tuple(parts)) if sign == "/\\" else Or(tuple(parts))

    def unary(self) -> Formula:
        if self.given("~"):
            return Not(self.unary())
        if self.peek() in ("\\A", "\\E"):
            return self.quantified(self.take() == "\\A")
        if self.given("("):
            inner = self.formula()
            self.take(")")
            return inner
        return self.relation()

    def quantified(self, universal: bool) -> Formula:
        bound: List[Binding] = []
        members: List[Formula] = []
        outer = dict(self.scope)
        while True:
            names = [self.name()]
            while self.given(","):
                names.append(self.name())
            self.take("\\in")
            domain = self.name()
            within = self.protocol.sort.get(outer.get(domain, ""))
            if within is not None and within.of:
                bound += [(n, within.of) for n in names]
                members += [In(n, domain, within.name) for n in names]
            elif domain in self.protocol.sort:
                bound += [(n, domain) for n in names]
            else:
                raise self.fail(f"{domain} is neither a sort nor a quorum", 1)
            if not self.given(","):
                break
        self.take(":")
        for name, sort in bound:
            if name in outer or name in self.protocol.symbol:
                raise self.fail(f"{name} has a meaning here already")
            self.scope[name] = sort
        body = self.formula()
        self.scope = outer
        if members:
            body = Implies(conjunction(*members), body) if universal else conjunction(*members, body)
        return Quantified(universal, tuple(bound), body)

    def relation(self) -> Formula:
        start = self.at
        if self.peek() in self.protocol.definition:
            return self.defined()
        left = self.term(formula=True)
        if self.given("\\in"):
            quorum = self.name()
            sort = self.protocol.sort.get(self.scope.get(quorum, ""))
            if sort is None or not sort.of:
                raise self.fail(f"{quorum} is no quorum", 1)
            if not isinstance(left, Term) or left.symbol or left.sort != sort.of:
                raise self.fail(f"only a name of sort {sort.of} can belong to {quorum}", 1)
            return In(left.name, quorum, sort.name)
        operator = self.peek()
        if operator not in COMPARISONS:
            if isinstance(left, Term):
                self.at = start
                raise self.fail(f"{self.peek()} is no formula")
            return left
        self.take()
        right = self.term()
        if not isinstance(left, Term):
            raise self.fail("a relation cannot be compared", 2)
        left, right = self.decided(left, right.sort), self.decided(right, left.sort)
        if left.sort != right.sort:
            raise self.fail(f"a {left.sort} is compared with a {right.sort}", 1)
        if operator not in ("=", "#") and not self.protocol.sort[left.sort].ordered:
            raise self.fail(f"{left.sort} has no order", 1)
        return Not(Compare("=", left, right)) if operator == "#" else Compare(operator, left, right)

    def defined(self) -> Formula:
        name = self.take()
        meaning = self.protocol.definition[name]
        self.take("(")
        arguments = self.arguments(")", tuple(s for _, s in meaning.parameters), name)
        return substitute(meaning.formula, {p: a for (p, _), a in zip(meaning.parameters, arguments)})

    # terms

    def name(self) -> str:
        token = self.take()
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*|0", token):
            raise self.fail(f"{token} is no name", 1)
        return token

    def argument(self, sort: str) -> str:
        """A name of the given sort, as queries call it."""
        term = self.decided(self.term(), sort)
        if term.symbol:
            raise self.fail("an argument must be a name: bind the value to a local one", 1)
        if term.sort != sort:
            raise self.fail(f"a {term.sort} stands where a {sort} should", 1)
        return term.name

    def arguments(self, close: str, sorts: Tuple[str, ...], name: str) -> Tuple[str, ...]:
        found = []
        for i, sort in enumerate(sorts):
            if i:
                self.take(",")
            found.append(self.argument(sort))
        if self.peek() != close:
            raise self.fail(f"{name} has {len(sorts)} arguments")
        self.take(close)
        return tuple(found)

    def term(self, formula: bool = False):
        """A term; with `formula`, a relation's leaf too."""
        token = self.take()
        if token.startswith('"'):
            return self.literal(token.strip('"'))
        if self.peek() in ("[", "("):
            leaf = self.application(token)
            if isinstance(leaf, Holds) and not formula:
                raise self.fail(f"{token} is a relation, not a value", 1)
            return leaf
        if token in self.scope:
            return Term(token, self.scope[token])
        sorts = self.protocol.constants_called(token)
        if sorts:  # of several, the other side of the comparison decides
            return Term(self.protocol.constant[token, sorts[0]], sorts[0]) if len(sorts) == 1 else Term(token, "")
        symbol = self.protocol.symbol.get(token)
        if symbol is not None and not symbol.arguments:
            if symbol.result:
                return Term("", symbol.result, symbol)
            if formula:
                return Holds(symbol, ())
        raise self.fail(f"{token} is unknown", 1)

    def decided(self, term, sort: str):
        """A constant that several sorts have, once it is known which is meant."""
        if isinstance(term, Term) and not term.sort:
            name = self.protocol.constant.get((term.name, sort))
            if name is None:
                raise self.fail(f"it is open which {term.name} is meant")
            return Term(name, sort)
        return term

    def literal(self, text: str) -> Term:
        for sort in self.protocol.sort.values():
            if text in sort.members:
                return Term(self.protocol.smt(sort.name, text), sort.name)
        raise self.fail(f'"{text}" belongs to no enumeration', 1)

    def application(self, name: str):
        opening = self.take()
        close = "]" if opening == "[" else ")"
        known = self.protocol.symbol
        base = known.get(name) or next((s for s in known.values() if s.name.startswith(name + ".")), None)
        if base is None:
            raise self.fail(f"{name} is unknown", 2)
        arguments = self.arguments(close, base.sorts, name)
        symbol = known.get(name)
        if self.given("."):
            field = self.name()
            symbol = known.get(f"{name}.{field}")
            if symbol is None:
                raise self.fail(f"{name} has no field {field}", 1)
            if len(symbol.arguments) > len(arguments):  # the field is a function
                self.take("[")
                arguments += self.arguments("]", symbol.sorts[len(arguments):], field)
        if symbol is None:
            raise self.fail(f"{name} needs a field")
        brackets = bool(symbol.result) and not symbol.message and not symbol.static
        if brackets != (opening == "["):
            raise self.fail(f"{name} takes its arguments in {'[ ]' if brackets else '( )'}", 1)
        if symbol.result:
            return Term("", symbol.result, symbol, arguments)
        return Holds(symbol, arguments)

    # updates

    def update(self, step_scope: Dict[str, str]) -> Tuple[Tuple[Assignment, ...], Optional[Sending]]:
        if self.given("send"):
            return self.sending()
        if self.given("add"):
            leaf = self.term(formula=True)
            if not isinstance(leaf, Holds) or leaf.symbol.message:
                raise self.fail("only a tuple of a relation can be added; messages are sent")
            return (Assignment(leaf.symbol, tuple((a, False) for a in leaf.arguments), TRUE),), None
        if self.given("remove"):
            leaf = self.term(formula=True)
            if not isinstance(leaf, Holds):
                raise self.fail("only a tuple of a relation can be removed")
            return (Assignment(leaf.symbol, tuple((a, False) for a in leaf.arguments), FALSE),), None
        return (self.assignment(step_scope),), None

    def sending(self) -> Tuple[Tuple[Assignment, ...], Sending]:
        leaf = self.term(formula=True)
        if not isinstance(leaf, Holds) or not leaf.symbol.message:
            raise self.fail("only messages are sent")
        points = tuple((a, False) for a in leaf.arguments)
        wanted = [s for s in self.protocol.symbol.values() if s.name.startswith(leaf.symbol.name + ".")]
        fields: List[Assignment] = []
        for i, symbol in enumerate(wanted):
            self.take("," if i else "with")
            fields.append(self.carried(symbol, points))
        when = self.formula() if self.given("when") else TRUE
        fields = [replace(f, when=when) for f in fields]
        sent = Assignment(leaf.symbol, points, TRUE, when)
        return (sent, *fields), Sending(leaf.symbol, leaf.arguments, tuple(fields), when)

    def carried(self, symbol: Symbol, points: Tuple[Tuple[str, bool], ...]) -> Assignment:
        """What a field of a message is: `field = term`, or `field[i] = term` for all i."""
        self.take(symbol.name.partition(".")[2])
        outer = dict(self.scope)
        if len(symbol.arguments) > len(points):
            self.take("[")
            index = self.name()
            self.take("]")
            self.scope[index] = symbol.sorts[-1]
            points += ((index, True),)
        self.take("=")
        value = self.value(symbol)
        self.scope = outer
        return Assignment(symbol, points, value)

    def value(self, symbol: Symbol):
        if not symbol.result:
            return self.formula()
        term = self.decided(self.term(), symbol.result)
        if term.sort != symbol.result:
            raise self.fail(f"{symbol.name} takes a {symbol.result}, not a {term.sort}", 1)
        return term

    def assignment(self, step_scope: Dict[str, str]) -> Assignment:
        name, names = self.name(), []
        if self.peek() != ":=":  # a variable that is no function has no arguments
            close = {"[": "]", "(": ")"}.get(self.take())
            if close is None:
                raise self.fail("expected [, ( or :=", 1)
            names = [self.take()]
            while self.given(","):
                names.append(self.take())
            self.take(close)
        if self.given("."):
            name += "." + self.name()
        symbol = self.protocol.symbol.get(name)
        if symbol is None or symbol.static or len(symbol.arguments) != len(names):
            raise self.fail(f"{name} cannot be assigned here")
        points = []
        for argument, sort in zip(names, symbol.sorts):
            known = Reader(self.protocol, argument, step_scope)
            if argument in step_scope or self.protocol.constants_called(argument) or argument.startswith('"'):
                points.append((known.argument(sort), False))
            else:
                self.scope[argument] = sort
                points.append((argument, True))
        self.take(":=")
        return Assignment(symbol, tuple(points), self.value(symbol))


def substitute(f: Formula, names: Dict[str, str]) -> Formula:
    """f with other names for its free variables. Those that f binds must be other names, so that none is captured."""
    captured = {n for n, _ in bound_in(f)} & set(names.values())
    if captured:
        raise ModelError(f"a definition binds {', '.join(sorted(captured))} and is used with that name")

    def term(t: Term) -> Term:
        return replace(t, name=names.get(t.name, t.name), arguments=tuple(names.get(a, a) for a in t.arguments))

    def leaf(part: Formula) -> Formula:
        if isinstance(part, Holds):
            return Holds(part.symbol, tuple(names.get(a, a) for a in part.arguments))
        if isinstance(part, Compare):
            return Compare(part.operator, term(part.left), term(part.right))
        return In(names.get(part.element, part.element), names.get(part.quorum, part.quorum), part.sort)

    return transform(f, leaf)


def bound_in(f: Formula) -> List[Binding]:
    """What the quantifiers of f bind."""
    own = list(f.bindings) if isinstance(f, Quantified) else []
    return own + [b for part in children(f) for b in bound_in(part)]
