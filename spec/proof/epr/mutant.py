"""What the proofs need: every part taken away in turn, to see an obligation fail.

A proof that goes through proves little if it would go through without the protocol's guards. So each guard (and each
part of a guard that has alternatives), each assignment, each axiom and each conjunct of the invariant has a mutant
that lacks it, and some obligation of the mutant must have a counterexample. What is not needed has to be declared
spare, with the reason why it is there, and then every obligation of the mutant must hold.

An obligation can fail in a mutant only if its proof used what the mutant lacks, so only those are asked again whose
unsatisfiable core names it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Dict, Iterator, List, Sequence, Tuple

from .encode import Named, encode, successors, transition
from .logic import TRUE, And, Formula, Implies, Or
from .obligation import Query
from .printing import show
from .protocol import Bug, ModelError, Protocol, Step
from .reading import read_action

Change = Callable[[Tuple[Named, ...]], Tuple[Named, ...]]


@dataclass(frozen=True)
class Mutant:
    """`candidates` are the obligations that may fail; with `spare`, a reason, none does. A mutant is refuted by a
    state of the protocol itself; one that is `encoded`, by a state of the encoding: a conjunct may be needed only
    because the encoding does not say that every function has a value."""
    protocol: str
    name: str
    candidates: Tuple[Query, ...]
    spare: str = ""
    encoded: bool = False

    def content(self) -> List[str]:
        """All that is asked, and what for."""
        return [self.name, self.spare, str(self.encoded), *(text for q in self.candidates for text in q.content())]


def known_bugs(protocol: Protocol, queries: Sequence[Query], cores: Dict[str, Tuple[str, ...]]) -> List[Mutant]:
    """The mutants that are the bugs of the catalogue, given a protocol's queries and for each that was unsat the
    formulas it needed."""
    proved = [q for q in queries if q.wanted == "unsat"]
    return [known_bug(protocol, bug, proved, cores) for bug in protocol.bugs]


def mutants(protocol: Protocol, queries: Sequence[Query], cores: Dict[str, Tuple[str, ...]]) -> List[Mutant]:
    """All mutants of a protocol, from the same."""
    proved = [q for q in queries if q.wanted == "unsat"]
    found = list(lacking_conjunct(protocol, proved, cores))
    for axiom in protocol.axioms:
        found.append(Mutant(protocol.name, f"axiom {axiom.name}", changed(users(proved, cores, axiom.name), without(axiom.name)),
                            axiom.spare))
    for step in protocol.step.values():
        own = [q for q in proved if q.action == step.action.name]
        found.extend(lacking_guard(protocol, step, own, cores))
        found.extend(lacking_assignment(protocol, step, own, cores))
        found.extend(lacking_condition(protocol, step, own, cores))
        check_spare(protocol, step, found)
    return found + known_bugs(protocol, queries, cores)


def users(queries: Sequence[Query], cores: Dict[str, Tuple[str, ...]], *names: str) -> List[Query]:
    """The queries whose proofs used one of the named formulas."""
    return [q for q in queries if set(names) & set(cores[q.name])]


def changed(queries: Sequence[Query], change: Change) -> Tuple[Query, ...]:
    return tuple(replace(q, formulas=change(q.formulas)) for q in queries)


def without(*names: str) -> Change:
    return lambda formulas: tuple((n, f) for n, f in formulas if n not in names)


def instead(others: Dict[str, Formula]) -> Change:
    return lambda formulas: tuple((n, others.get(n, f)) for n, f in formulas)


def lacking_conjunct(protocol: Protocol, proved: Sequence[Query], cores) -> Iterator[Mutant]:
    for c in protocol.invariant:
        others = [q for q in proved if q.conjunct != c.name]
        yield Mutant(protocol.name, f"conjunct {c.name}", changed(users(others, cores, c.name), without(c.name)), c.spare,
                     encoded=True)


def lacking_guard(protocol: Protocol, step: Step, own: Sequence[Query], cores) -> Iterator[Mutant]:
    if not step.updates:
        return  # the step changes nothing, whatever it asks for
    for i, guard in enumerate(step.guards):
        name = f"guard.{i}"
        for text, weaker in weaknesses(guard.formula):
            change = instead({name: encode(protocol, weaker)})
            yield Mutant(protocol.name, f"{step.action.name}: guard {text}", changed(users(own, cores, name), change),
                         step.action.spare.get(text, ""))


def weaknesses(f: Formula) -> Iterator[Tuple[str, Formula]]:
    """f without one of its parts, for each part that can be left out; and the part's text."""
    if isinstance(f, And):
        for i, part in enumerate(f.parts):
            for text, weaker in weaknesses(part):
                yield text, And(f.parts[:i] + (weaker,) + f.parts[i + 1:])
    elif isinstance(f, Or):
        for i, part in enumerate(f.parts):
            for text, weaker in weaknesses(part):
                yield text, Or(f.parts[:i] + (weaker,) + f.parts[i + 1:])
    elif isinstance(f, Implies):
        for text, weaker in weaknesses(f.conclusion):
            yield text, Implies(f.premise, weaker)
    else:
        yield show(f), TRUE


def lacking_assignment(protocol: Protocol, step: Step, own: Sequence[Query], cores) -> Iterator[Mutant]:
    """Steps that leave alone a function which they should change. That a step leaves out a message or a record in
    the history needs no mutant: it says less, which is always safe."""
    for update in step.updates:
        assignment = update.assignments[0]
        if update.sending or not assignment.symbol.result:
            continue
        kept = {f"update.{after}": f for after, f in successors(protocol, assignment.symbol, None)}
        yield Mutant(protocol.name, f"{step.action.name}: {update.text}", changed(users(own, cores, *kept), instead(kept)),
                     step.action.spare.get(update.text, ""))


def lacking_condition(protocol: Protocol, step: Step, own: Sequence[Query], cores) -> Iterator[Mutant]:
    """Steps that send a message although the condition of its sending is false."""
    for update in step.updates:
        if not update.sending or update.sending.when == TRUE:
            continue
        always = {f"update.{after}": f for a in update.assignments
                  for after, f in successors(protocol, a.symbol, replace(a, when=TRUE))}
        text = show(update.sending.when)
        yield Mutant(protocol.name, f"{step.action.name}: when {text}", changed(users(own, cores, *always), instead(always)),
                     step.action.spare.get(text, ""))


def check_spare(protocol: Protocol, step: Step, found: Sequence[Mutant]) -> None:
    """Every reason belongs to something."""
    known = {m.name.partition(": ")[2].removeprefix("guard ").removeprefix("when ") for m in found
             if m.name.startswith(step.action.name + ":")}
    for text in step.action.spare:
        if text not in known:
            raise ModelError(f"{protocol.name}: {step.action.name}: nothing to spare is called {text!r}; "
                             f"there are {sorted(known)}")


def known_bug(protocol: Protocol, bug: Bug, proved: Sequence[Query], cores) -> Mutant:
    """A bug of the catalogue: an action that lacks some guards and updates and has others otherwise, or an axiom or
    a conjunct that is missing."""
    name = f"bug {bug.name}"
    missing = bug.axiom or bug.conjunct
    if missing:
        if missing not in protocol.formula:
            raise ModelError(f"{protocol.name}: {name}: {missing} is unknown")
        others = [q for q in proved if q.conjunct != missing]
        return Mutant(protocol.name, name, changed(users(others, cores, missing), without(missing)))
    step = protocol.step.get(bug.action)
    if step is None:
        raise ModelError(f"{protocol.name}: {name}: there is no action {bug.action}")
    texts = (*step.action.guards, *step.action.updates)
    other = dict(bug.replace)
    for text in (*bug.without, *other):
        if text not in texts:
            raise ModelError(f"{protocol.name}: {name}: {bug.action} has no {text!r}")
    wrong = replace(step.action, spare={},
                    guards=[other.get(t, t) for t in step.action.guards if t not in bug.without],
                    updates=[other.get(t, t) for t in step.action.updates if t not in bug.without])
    moved = tuple(transition(protocol, read_action(protocol, wrong)))

    def change(formulas: Tuple[Named, ...]) -> Tuple[Named, ...]:
        kept = tuple((n, f) for n, f in formulas if not n.startswith(("guard.", "update.")))
        return kept + moved
    return Mutant(protocol.name, name, changed([q for q in proved if q.action == bug.action], change))

