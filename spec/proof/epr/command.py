"""The command `prove`."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from pathlib import Path
from typing import List, Sequence

from . import z3
from .memory import Memory
from .obligation import queries
from .protocol import ModelError, Protocol
from .prover import CHOICES, FAILED, INCONCLUSIVE, PROVED, REFUTED, SPARE, Outcome, Result, prove
from .solver import Solvers, SolverError

ROOT = Path(__file__).resolve().parents[3]
MEMORY = Path("out") / "prove"

EPILOG = """exit status: 0 everything is proved, 1 an obligation fails or a mutant is not refuted, 2 a protocol, an
argument or the solver is at fault, 3 inconclusive: the solver had no answer in time"""


def arguments(given: Sequence[str], names: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prove", epilog=EPILOG, description=(
        "Proves that the invariants of protocols are inductive and imply safety, for systems of any size."))
    parser.add_argument("protocol", nargs="*", metavar="PROTOCOL", help=f"all by default: {', '.join(names)}")
    parser.add_argument("-v", "--verbose", action="store_true", help="show every obligation and mutant")
    parser.add_argument("--smt2", metavar="DIR", type=Path, help="write each obligation to an SMT-LIB file of its own")
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=300, help="for each query (default %(default)s)")
    parser.add_argument("-j", "--jobs", metavar="N", type=int, default=os.cpu_count() or 1,
                        help="solvers at once (default: one for each core, %(default)s)")
    parser.add_argument("--mutants", metavar="WHICH", choices=list(CHOICES), default="all",
                        help="all (the default), bugs: the known bugs alone, or none")
    parser.add_argument("--anew", action="store_true",
                        help=f"ask all, and neither use nor add to {MEMORY}, which knows what was proved before")
    parser.add_argument("--solver", metavar="COMMAND",
                        help="a solver that reads SMT-LIB on standard input (default: z3, fetched if it is missing)")
    found = parser.parse_args(given)
    for name in found.protocol:
        if name not in names:
            parser.error(f"there is no protocol {name}: choose from {', '.join(names)}")
    if found.timeout <= 0:
        parser.error("the timeout must be positive")
    if found.jobs < 1:
        parser.error("there must be one solver at least")
    return found


def main(given: Sequence[str]) -> int:
    try:
        from catalog import PROTOCOLS  # whose modules are read, and may be at fault
        options = arguments(given, [p.name for p in PROTOCOLS])
        chosen = [p for p in PROTOCOLS if not options.protocol or p.name in options.protocol]
        if options.smt2:
            write(chosen, options.smt2)
        command = options.solver or z3.command()
        return run(chosen, command, options)
    except (ModelError, SolverError, OSError) as error:
        print(f"prove: {error}", file=sys.stderr)
        return 2


def run(protocols: Sequence[Protocol], command: str, options: argparse.Namespace) -> int:
    results: List[Result] = []
    begun = time.monotonic()
    with Solvers(command, options.timeout, options.jobs) as solvers:
        solver = f"{command} {solvers.all[0].version()}"
        for protocol in protocols:
            progress = Progress(protocol.name)
            memory = Memory(None if options.anew else ROOT / MEMORY, protocol.name, solver)
            result = prove(protocol, solvers, options.mutants, memory, progress.show)
            progress.clear()
            results.append(result)
            report(result, options.verbose)
    total = sum(len(r.obligations) for r in results)
    refuted = sum(len(r.mutants) for r in results)
    print(f"{total} obligations and {refuted} mutants in {time.monotonic() - begun:.1f} s")
    if any(r.bad(FAILED) for r in results):
        return 1
    return 3 if any(r.bad(INCONCLUSIVE) for r in results) else 0


class Progress:
    """On a terminal, one line that says how far a protocol is."""

    def __init__(self, name: str):
        self.name, self.shown = name, False

    def show(self, query: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r\033[K{self.name}: {done} of {total}, {query}"[:100], end="", file=sys.stderr, flush=True)
            self.shown = True

    def clear(self) -> None:
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def report(result: Result, verbose: bool) -> None:
    """One line for the protocol, more for what went wrong or if more is wanted."""
    for outcome in result.obligations + result.mutants if verbose else []:
        print(f"  {outcome.verdict:12} {outcome.seconds:6.3f} s  {outcome.name:50} {outcome.note}")
    print(summary(result))
    for outcome in result.bad(FAILED) + result.bad(INCONCLUSIVE):
        print("\n".join("  " + line for line in outcome.story.splitlines()))
    sys.stdout.flush()


def summary(result: Result) -> str:
    seconds = sum(o.seconds for o in result.obligations)
    slowest = max(result.obligations, key=lambda o: o.seconds)
    done = sum(o.verdict == PROVED for o in result.obligations)
    line = f"{result.protocol.name:10} {done}/{len(result.obligations)} obligations{known(result.obligations)}"
    line += f" in {seconds:.1f} s, slowest {slowest.name} {slowest.seconds:.2f} s" if seconds else ""
    if result.mutants:
        refuted, spare = (sum(o.verdict == v for o in result.mutants) for v in (REFUTED, SPARE))
        line += f"; {refuted}/{len(result.mutants) - spare} mutants refuted, {spare} parts spare{known(result.mutants)}"
        line += f" in {sum(o.seconds for o in result.mutants):.1f} s"
    return line


def known(outcomes: Sequence[Outcome]) -> str:
    """How many of the outcomes were known from before."""
    count = sum(o.remembered for o in outcomes)
    return f" ({count} known)" if count else ""


def write(protocols: Sequence[Protocol], folder: Path) -> None:
    """Each obligation as a file, DIR/protocol/action-conjunct.smt2."""
    for protocol in protocols:
        (folder / protocol.name).mkdir(parents=True, exist_ok=True)
        for query in queries(protocol):
            name = re.sub(r"[^A-Za-z0-9]+", "-", query.name)
            (folder / protocol.name / f"{name}.smt2").write_text(query.script())
        for lemma in protocol.lemmas:
            lines = [f"; {protocol.name}: {lemma.about}", f"(set-logic {lemma.logic})", "(set-info :status unsat)",
                     *lemma.declarations, *(f"(assert {a})" for a in lemma.assertions), "(check-sat)"]
            (folder / protocol.name / f"lemma-{lemma.name}.smt2").write_text("\n".join(lines) + "\n")
