"""TLC as the judge of whether Synod.tla's invariant is inductive, in the universe of InductiveSynod.tla."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from . import tlc

UNIVERSE = """NEXT Next
CHECK_DEADLOCK FALSE
CONSTANTS
  None = None  Acceptor = {a1, a2, a3}  Quorum = {{a1, a2}, {a1, a3}, {a2, a3}}  Value = {v, w}  Ballot = {0, 1, 2}
"""

MODULE = "---- MODULE Small ----\nEXTENDS InductiveSynod\n====\n"

VIOLATION = 12  # TLC's exit status where an invariant does not hold


def check(proof: Path, spec: Path) -> bool:
    """The invariant must be kept by every step, and the published one must not. Says what came of it."""
    code, output = started("InductiveStart", "Inductive", proof, spec)
    states = re.search(r"(\d+) distinct states found, 0 states left", output)
    depth = re.search(r"state graph search is (\d+)", output)
    kept = code == 0 and states is not None and depth is not None and depth.group(1) == "1"
    print(f"Synod.tla's invariant: {states.group(1) if states else '?'} states have it, "
          f"{'and every step from them keeps it' if kept else 'and SOME STEP DOES NOT KEEP IT, or leaves the universe'}")
    code, output = started("PublishedStart", "Published", proof, spec)
    step = re.search(r"State 2: <(\w+)", output)
    broken = code == VIOLATION and step is not None and step.group(1) == "Propose"
    print("without \"none between\": " +
          ("it is broken by one step, Propose, from this state:" if broken else "NO STEP WAS FOUND that breaks it"))
    if broken:
        print(output[output.index("State 1:"):output.index("State 2:")].rstrip())
    if not (kept and broken):
        print(output[-1500:])
    return kept and broken


def started(start: str, invariant: str, proof: Path, spec: Path):
    with tempfile.TemporaryDirectory() as scratch:
        config = f"INIT {start}\nINVARIANT {invariant}\n{UNIVERSE}"
        return tlc.run(Path(scratch), MODULE, config, [proof, spec / "synod"])
