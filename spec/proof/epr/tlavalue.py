"""TLA+ values as TLC prints them, read into Python.

Numbers and Booleans are themselves; strings and model values are strings; sets are frozensets; tuples are tuples;
functions and records are a `Record`, which can be a member of a set.
"""

from __future__ import annotations

import re
from typing import Hashable, Iterator, Tuple

TOKEN = re.compile(r'\s*(?:(?P<number>-?\d+)|(?P<text>"[^"]*")|(?P<name>[A-Za-z_]\w*)'
                   r'|(?P<sign>\|->|:>|@@|<<|>>|[{}\[\](),]))')


class UnreadableValue(Exception):
    """Text that is no value."""


class Record:
    """A function from `keys()`, or a record; equal to another that maps the same keys to the same values."""

    def __init__(self, pairs):
        self.map = dict(pairs)
        self.frozen = frozenset(self.map.items())

    def __getitem__(self, key: Hashable):
        return self.map[key]

    def keys(self):
        return self.map.keys()

    def __eq__(self, other) -> bool:
        return isinstance(other, Record) and self.frozen == other.frozen

    def __hash__(self) -> int:
        return hash(self.frozen)

    def __repr__(self) -> str:
        return "[" + ", ".join(f"{k} |-> {v!r}" for k, v in sorted(self.map.items(), key=str)) + "]"


def read(text: str) -> Hashable:
    """The value that a text stands for."""
    reader = Reader(text)
    value = reader.value()
    if reader.kind:
        raise UnreadableValue(f"{reader.token} is out of place in {text[:60]}")
    return value


class Reader:
    def __init__(self, text: str):
        self.text, self.at = text, 0
        self.advance()

    def advance(self) -> None:
        match = TOKEN.match(self.text, self.at)
        if match is None:
            if self.text[self.at:].strip():
                raise UnreadableValue(f"not understood: {self.text[self.at:][:60]}")
            self.kind = self.token = ""
            return
        self.kind, self.token, self.at = match.lastgroup, match.group(match.lastgroup), match.end()

    def given(self, sign: str) -> bool:
        if self.kind != "sign" or self.token != sign:
            return False
        self.advance()
        return True

    def need(self, sign: str) -> None:
        if not self.given(sign):
            raise UnreadableValue(f"expected {sign}, not {self.token or 'the end'}, in {self.text[:60]}")

    def value(self) -> Hashable:
        kind, token = self.kind, self.token
        if kind == "number":
            self.advance()
            return int(token)
        if kind == "text":
            self.advance()
            return token[1:-1]
        if kind == "name":
            self.advance()
            return {"TRUE": True, "FALSE": False}.get(token, token)
        if self.given("{"):
            return frozenset(self.items("}"))
        if self.given("<<"):
            return tuple(self.items(">>"))
        if self.given("["):
            return Record(self.pairs("|->", ",", "]"))
        self.need("(")
        return Record(self.pairs(":>", "@@", ")"))

    def items(self, end: str) -> Iterator[Hashable]:
        if self.given(end):
            return
        yield self.value()
        while self.given(","):
            yield self.value()
        self.need(end)

    def pairs(self, arrow: str, separator: str, end: str) -> Iterator[Tuple[Hashable, Hashable]]:
        while True:
            key = self.value()
            self.need(arrow)
            yield key, self.value()
            if self.given(end):
                return
            self.need(separator)
