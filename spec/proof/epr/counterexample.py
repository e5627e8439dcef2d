"""A failed obligation, told: a small state, the step, what it changes, and where the conjunct is false."""

from __future__ import annotations

from itertools import product
from typing import Dict, Optional

from .encode import encode, membership, prefix
from .logic import Quantified
from .obligation import Query
from .printing import show_name
from .protocol import Protocol, Symbol
from .structure import Structure


class Telling:
    """Puts a structure into words. Elements get short names: numbers where the sort has a least element called 0,
    the constant's name where there is one, else the sort's first letter and a number."""

    def __init__(self, protocol: Protocol, structure: Structure):
        self.protocol, self.structure = protocol, structure
        self.short: Dict[str, str] = {}
        for sort in protocol.sorts:
            self.name_elements(sort.name)

    def name_elements(self, sort_name: str) -> None:
        sort = self.protocol.sort[sort_name]
        constants = {self.structure.names[smt]: text for (text, s), smt in self.protocol.constant.items()
                     if s == sort_name and smt in self.structure.names}
        number = 0
        for i, element in enumerate(self.structure.elements[sort_name]):
            number += element not in constants
            if sort.least == "0":
                self.short[element] = str(i)
            elif sort.members:
                self.short[element] = show_name(element)
            elif sort.of:
                has = membership(sort_name)
                members = [e for e in self.structure.elements[sort.of] if self.structure.holds(has, e, element)]
                self.short[element] = "{" + ", ".join(self.short.get(e, e) for e in members) + "}"
            else:
                self.short[element] = constants.get(element) or f"{sort_name[0].lower()}{number}"

    def elements(self) -> str:
        """The sorts and their elements, in one line."""
        parts = [f"{s.name} = {{{', '.join(self.short[e] for e in self.structure.elements[s.name])}}}"
                 for s in self.protocol.sorts if not s.members]
        return "  ".join(parts)

    def assignment(self, names: Dict[str, str]) -> str:
        return ", ".join(f"{n} = {self.short[e]}" for n, e in names.items())

    def state(self, after: bool = False) -> Dict[str, str]:
        """What each symbol is, by its name; messages with what they carry."""
        symbols = self.protocol.symbol.values()
        told = {}
        for symbol in symbols:
            if symbol.message and symbol.result:
                continue
            told[symbol.name] = self.function(symbol, after) if symbol.result else self.relation(symbol, after)
        return told

    def tuples(self, symbol: Symbol):
        return product(*(self.structure.elements[s] for s in symbol.sorts))

    def function(self, symbol: Symbol, after: bool) -> str:
        values = ((t, self.value(symbol, t, after)) for t in self.tuples(symbol))
        return ", ".join(f"{' '.join(self.short[e] for e in t)}: {v}" for t, v in values) or "-"

    def value(self, symbol: Symbol, arguments, after: bool) -> str:
        """f[arguments]; "above 1" where it lies between two elements, and "?" where it is none."""
        name = prefix(symbol, after)
        elements = self.structure.elements[symbol.result]
        if not self.protocol.sort[symbol.result].ordered:
            return next((self.short[e] for e in elements if self.structure.holds(name + "=", *arguments, e)), "?")
        reached = [e for e in elements if self.structure.holds(name + ">=", *arguments, e)]
        if not reached:
            return f"below {self.short[elements[0]]}"
        beyond = self.structure.holds(name + ">", *arguments, reached[-1])
        return ("above " if beyond else "") + self.short[reached[-1]]

    def relation(self, symbol: Symbol, after: bool) -> str:
        fields = [s for s in self.protocol.symbol.values() if s.name.startswith(symbol.name + ".")]
        told = []
        for t in self.tuples(symbol):
            if self.structure.holds(prefix(symbol, after), *t):
                carried = "".join(f", {f.name.partition('.')[2]} {self.value(f, t, after)}" for f in fields)
                told.append(f"({', '.join(self.short[e] for e in t)}{carried})")
        return " ".join(told) or "-"


def tell(query: Query, structure: Optional[Structure]) -> str:
    """A failed query in several lines."""
    title = f"{query.protocol.name}: {query.name} fails"
    if structure is None:
        return f"{title}; no small state that shows it was found in time"
    telling = Telling(query.protocol, structure)
    before = telling.state()
    lines = [title, "  " + telling.elements(), "  a state with the invariant:" if query.two else "  a state:"]
    width = max(len(n) for n in before)
    lines += [f"    {n:{width}} {v}" for n, v in before.items()]
    if query.action:
        step = query.protocol.step[query.action]
        chosen = {n: structure.names[n] for n, _ in step.bound}
        lines.append(f"  the step {query.action}({telling.assignment(chosen)}) makes of it:")
        after = telling.state(after=True)
        lines += [f"    {n:{width}} {after[n]}" for n in before if after[n] != before[n]] or ["    the same state"]
    if query.conjunct:
        f = encode(query.protocol, query.protocol.formula[query.conjunct], after=query.two)
        where = structure.witness(f, False, {}) if isinstance(f, Quantified) and f.universal else {}
        lines.append(f"  in which {query.conjunct} is false" +
                     (f" for {telling.assignment(where)}" if where else ""))
    return "\n".join(lines)
