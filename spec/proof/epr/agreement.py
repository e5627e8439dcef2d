"""The command `correspond`."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Set, Tuple

from . import tlc
from .correspondence import Comparison, compare
from .finite import Frozen, Graph, World
from .mutant import weaknesses
from .protocol import Guard, ModelError, Protocol, Step
from .sidebyside import document
from .tlavalue import UnreadableValue

PROOF = Path(__file__).resolve().parents[1]
SPEC = PROOF.parent
DOCUMENT = PROOF / "side-by-side.md"

EPILOG = """exit status: 0 they agree, 1 they differ or a mutant does not show, 2 an argument, a protocol, TLC or Java
is at fault"""


def arguments(given: Sequence[str], names: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="correspond", epilog=EPILOG, description=(
        "Compares what is proved with the TLA+ specifications: in small worlds, all states and all steps that the "
        "proofs' actions make must be those that TLC finds."))
    parser.add_argument("protocol", nargs="*", metavar="PROTOCOL", help=f"all by default: {', '.join(names)}")
    parser.add_argument("--mutants", action="store_true",
                        help="take guards and updates away in turn; each must make a difference in some world")
    parser.add_argument("--graph", metavar="FILE", type=Path, action="append", default=[],
                        help="a state graph as TLC's -dump dot,actionlabels writes it, instead of running TLC; one for "
                             "each world of the one PROTOCOL, in their order")
    parser.add_argument("--models", metavar="DIR", type=Path, help="write the models given to TLC, and end")
    parser.add_argument("--document", action="store_true", help=f"write {DOCUMENT.name}, and end")
    found = parser.parse_args(given)
    for name in found.protocol:
        if name not in names:
            parser.error(f"there is no protocol {name}: choose from {', '.join(names)}")
    return found


def main(given: Sequence[str]) -> int:
    try:
        from small import COMPARISONS, INVISIBLE  # whose modules are read, and may be at fault
        names = list(dict.fromkeys(c.protocol.name for c in COMPARISONS))
        options = arguments(given, names)
        chosen = [c for c in COMPARISONS if not options.protocol or c.protocol.name in options.protocol]
        if options.document:
            DOCUMENT.write_text(document(SPEC))
            return 0
        if options.models:
            return write(chosen, options.models)
        if options.graph and len(options.graph) != len(chosen):
            raise ModelError(f"{len(options.graph)} graphs for {len(chosen)} worlds")
        fine = [protocol_agrees([(c, g) for c, g in zip(chosen, options.graph or [None] * len(chosen))
                                 if c.protocol.name == name], options.mutants, INVISIBLE.get(name, {}))
                for name in dict.fromkeys(c.protocol.name for c in chosen)]
        return 0 if all(fine) else 1
    except (ModelError, UnreadableValue, OSError) as error:
        print(f"correspond: {error}", file=sys.stderr)
        return 2


Worlds = Sequence[Tuple[Comparison, "Path | None"]]


def protocol_agrees(worlds: Worlds, with_mutants: bool, invisible: Dict[Tuple[str, str], str]) -> bool:
    """Compares a protocol in all its worlds, and sees that the comparison is of something: that every action occurs
    in one of them, and that every mutant shows in one of them."""
    protocol = worlds[0][0].protocol
    fine, occurred = True, set()
    hidden = dict(mutants(protocol)) if with_mutants else {}
    count = len(hidden)
    for c, dumped in worlds:
        ours, agrees = agree(c, dumped)
        fine &= agrees
        occurred |= {action for _, action, _ in ours.steps}
        hidden = {name: step for name, step in hidden.items() if not shows(c.world, ours, step)}
    for action in sorted(set(protocol.step) - occurred):
        print(f"  {protocol.name}: {action} never happened")
        fine = False
    if with_mutants:
        fine &= account(protocol, count, set(hidden), invisible)
    return fine


def account(protocol: Protocol, count: int, hidden: Set[str], invisible: Dict[Tuple[str, str], str]) -> bool:
    """Says which mutants show; those that do not must be the ones that nobody could see."""
    excused = {f"{action}: {text}" for action, text in invisible}
    print(f"{protocol.name:10} {count - len(hidden)} of {count} mutants show, {len(hidden & excused)} cannot")
    for name in sorted(hidden - excused):
        print(f"  makes no difference in any world: {name}")
    for name in sorted(excused - hidden):
        print(f"  is said to be invisible, and shows or does not exist: {name}")
    return hidden == excused


def agree(c: Comparison, dumped: "Path | None") -> Tuple[Graph, bool]:
    """Compares one world, and says what came of it."""
    begun = time.monotonic()
    ours = c.world.explore()
    theirs = tlc.read(dumped) if dumped else tlc.explore(*c.model(), SPEC / Path(c.protocol.spec).parent)
    difference = compare(c.world, ours, theirs)
    print(f"{c.protocol.name:10} {sizes(c.world)}: {len(ours.states)} states, {len(ours.steps)} steps: "
          f"{'DIFFERENT' if difference else 'the same'} ({time.monotonic() - begun:.1f} s)")
    for line in difference.only_tla:
        print(f"  only in {c.protocol.spec}: {line}")
    for line in difference.only_proof:
        print(f"  only in what is proved: {line}")
    sys.stdout.flush()
    return ours, not difference


def sizes(world: World) -> str:
    counted = [s for s in world.protocol.sorts if not s.members and not s.of]
    return ", ".join(f"{len(world.domain(s.name))} {s.name}" for s in counted)


def mutants(protocol: Protocol) -> Iterator[Tuple[str, Step]]:
    """The steps of a protocol without one of their guards or updates."""
    for step in protocol.step.values():
        name = step.action.name
        for i, guard in enumerate(step.guards):
            for text, weaker in weaknesses(guard.formula):
                changed = step.guards[:i] + (Guard(text, weaker),) + step.guards[i + 1:]
                yield f"{name}: {text}", replace(step, guards=changed)
        for i, update in enumerate(step.updates):
            if any(a.symbol.role == "state" for a in update.assignments):
                yield f"{name}: {update.text}", replace(step, updates=step.updates[:i] + step.updates[i + 1:])


def shows(world: World, ours: Graph, mutant: Step) -> bool:
    """Whether a mutant takes other steps than the action itself in some reachable state; to read what was never sent
    is another step too."""
    name = mutant.action.name
    taken: Dict[Frozen, Set[Frozen]] = {key: set() for key in ours.states}
    for before, action, after in ours.steps:
        if action == name:
            taken[before].add(after)
    for key, state in ours.states.items():
        try:
            steps = {world.freeze(world.after(mutant, state, names)) for names in world.enabled(mutant, state)}
        except ModelError:
            return True
        if steps != taken[key]:
            return True
    return False


def write(chosen: List[Comparison], folder: Path) -> int:
    """The models of the worlds, each in a folder of its own, for another explorer than TLC."""
    for i, c in enumerate(chosen, 1):
        module, config = c.model()
        place = folder / f"{c.protocol.name}-{i}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "Small.tla").write_text(module)
        (place / "Small.cfg").write_text(config)
    return 0
