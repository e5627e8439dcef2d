"""Proves a protocol: puts every query, then every mutant, and keeps what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Callable, List, Sequence, Tuple

from .counterexample import tell
from .memory import Memory
from .mutant import Mutant, known_bugs, mutants
from .obligation import Query, check_decidable, queries
from .protocol import Lemma, Protocol
from .solver import Solver, Solvers
from .structure import bounded, smallest

PROVED, REFUTED, SPARE, FAILED, INCONCLUSIVE = "proved", "refuted", "spare", "failed", "inconclusive"

GLANCE = 300_000  # in z3's measure: several times what it takes to see that an obligation holds


@dataclass
class Outcome:
    """What came of one query or mutant. `note` is one line, `story` several, where something went wrong. `core` names
    the formulas that a proof used. What was `remembered` took its time when it was asked."""
    name: str
    verdict: str
    seconds: float
    note: str = ""
    story: str = ""
    core: Tuple[str, ...] = ()
    remembered: bool = False


@dataclass
class Result:
    """What came of a protocol."""
    protocol: Protocol
    obligations: List[Outcome] = field(default_factory=list)
    mutants: List[Outcome] = field(default_factory=list)

    def bad(self, verdict: str) -> List[Outcome]:
        return [o for o in self.obligations + self.mutants if o.verdict == verdict]


Watcher = Callable[[str, int, int], None]  # is told what was answered, the how manieth it is, and of how many

CHOICES = {"none": lambda *_: [], "bugs": known_bugs, "all": mutants}  # which mutants there may be


def prove(protocol: Protocol, solvers: Solvers, choice: str, memory: Memory, watch: Watcher) -> Result:
    """Everything there is to ask about a protocol and a choice of mutants. A ModelError where its queries are not
    decidable."""
    asked = queries(protocol)
    check_decidable(protocol, asked)
    keys: List[str] = []
    result = Result(protocol, watched(solvers, obligation, asked, memory, keys, watch))
    cores = {o.name: o.core for o in result.obligations}
    for outcomes in solvers.each(lambda solver, lemma: lemma_outcomes(solver, protocol, lemma), protocol.lemmas):
        result.obligations.extend(outcomes)
    if all(o.verdict == PROVED for o in result.obligations):
        result.mutants = watched(solvers, refute, CHOICES[choice](protocol, asked, cores), memory, keys, watch)
        if choice == "all":
            memory.forget_others(keys)
    return result


def watched(solvers: Solvers, put: Callable, items: Sequence, memory: Memory, keys: List[str],
            watch: Watcher) -> List[Outcome]:
    """What comes of putting each of the items, which have names and contents, while somebody watches. What is known
    is not put again. The items' keys are added to `keys`."""
    own = [memory.key(item.content()) for item in items]
    keys.extend(own)
    fresh = solvers.each(put, [item for item, key in zip(items, own) if key not in memory.known])
    found = []
    for item, key in zip(items, own):
        if key in memory.known:
            record = memory.known[key]
            outcome = Outcome(item.name, record["verdict"], 0, record["note"], core=tuple(record["core"]), remembered=True)
        else:
            outcome = next(fresh)
            if outcome.verdict in (PROVED, REFUTED, SPARE):
                memory.keep(key, {"verdict": outcome.verdict, "note": outcome.note, "core": outcome.core})
        found.append(outcome)
        watch(item.name, len(found), len(items))
    return found


def obligation(solver: Solver, query: Query) -> Outcome:
    """Puts one query."""
    if query.wanted == "sat":
        return exists(solver, query)
    answer = solver.ask(query, core=True)
    if answer.result == "unsat":
        return Outcome(query.name, PROVED, answer.seconds, f"from {len(answer.core)} formulas", core=answer.core)
    if answer.result == "sat":
        return Outcome(query.name, FAILED, answer.seconds, story=tell(query, smallest(solver, query)))
    return Outcome(query.name, INCONCLUSIVE, answer.seconds, story=no_answer(query, solver))


def exists(solver: Solver, query: Query) -> Outcome:
    """A query that must have an answer: a state of the protocol itself."""
    begun = time.monotonic()
    sizes = bounded(solver, query)
    taken = time.monotonic() - begun
    if sizes is not None:
        return Outcome(query.name, PROVED, taken, "possible")
    answer = solver.ask(query)
    if answer.result == "unsat":
        return Outcome(query.name, FAILED, taken, story=f"{query.protocol.name}: {query.name} is impossible")
    return Outcome(query.name, INCONCLUSIVE, taken,
                   story=f"{query.protocol.name}: no small state was found in which {query.name} is possible")


def lemma_outcomes(solver: Solver, protocol: Protocol, lemma: Lemma) -> List[Outcome]:
    """A lemma, and that each of its assertions is needed."""
    outcomes = []
    for i in range(-1, len(lemma.assertions)):
        kept = [a for j, a in enumerate(lemma.assertions) if j != i]
        answer = solver.decide(lemma.logic, [*lemma.declarations, *(f"(assert {a})" for a in kept)])
        wanted, name = ("unsat", lemma.name) if i < 0 else ("sat", f"{lemma.name} without {lemma.assertions[i]}")
        verdict = PROVED if answer.result == wanted else INCONCLUSIVE if answer.result == "unknown" else FAILED
        outcomes.append(Outcome(name, verdict, answer.seconds, lemma.about if i < 0 else "needed",
                                f"{protocol.name}: lemma {name}: {answer.result}, not {wanted}"))
    return outcomes


def no_answer(query: Query, solver: Solver) -> str:
    return f"{query.protocol.name}: {query.name}: the solver found no answer in {solver.timeout:g} s"


def refute(solver: Solver, mutant: Mutant) -> Outcome:
    """Looks for an obligation that a mutant fails, or sees that a spare part is not needed.

    Most candidates still hold, which the solver sees at once. For the others a small state is what is wanted, and to
    look for that is quicker than to have the solver find a state of any size."""
    begun = time.monotonic()
    if mutant.spare:
        return spared(solver, mutant)
    encoded = ""
    for query in mutant.candidates:
        result = solver.ask(query, effort=GLANCE).result
        if result == "unsat":
            continue
        if not mutant.encoded and bounded(solver, query) is not None:
            return Outcome(mutant.name, REFUTED, time.monotonic() - begun, f"by {query.name}")
        if result == "unknown":
            result = solver.ask(query).result
        encoded = encoded or {"sat": query.name}.get(result, "")
        if encoded and mutant.encoded:
            return Outcome(mutant.name, REFUTED, time.monotonic() - begun, f"by {query.name}, in the encoding")
    taken = time.monotonic() - begun
    if encoded:
        return Outcome(mutant.name, INCONCLUSIVE, taken,
                       story=f"{mutant.protocol}: without {mutant.name} {encoded} fails, but no small state of the "
                             "protocol itself was found that shows it")
    return Outcome(mutant.name, FAILED, taken,
                   story=f"{mutant.protocol}: without {mutant.name} every proof still goes through: leave it out, or "
                         "give the reason why it is there as spare")


def spared(solver: Solver, mutant: Mutant) -> Outcome:
    """Sees that every obligation holds without a part that is called spare."""
    begun = time.monotonic()
    for query in mutant.candidates:
        result = solver.ask(query).result
        if result == "sat":
            story = f"{mutant.protocol}: {mutant.name} is called spare, but without it\n"
            return Outcome(mutant.name, FAILED, time.monotonic() - begun, story=story + tell(query, smallest(solver, query)))
        if result == "unknown":
            return Outcome(mutant.name, INCONCLUSIVE, time.monotonic() - begun, story=no_answer(query, solver))
    return Outcome(mutant.name, SPARE, time.monotonic() - begun, mutant.spare)
