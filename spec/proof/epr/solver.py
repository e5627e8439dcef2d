"""A solver that reads SMT-LIB on its standard input, and the answers it gives.

Any solver does. Each query is sent whole and followed by a reset, so that no answer depends on the queries before it:
the same query gets the same answer and takes the same steps, alone or among others.
"""

from __future__ import annotations

import os
import queue
import re
import selectors
import shlex
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable, Iterator, List, Sequence, Tuple, TypeVar

from .obligation import Query


Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class SolverError(Exception):
    """The solver cannot be run, or does not understand us."""


@dataclass(frozen=True)
class Answer:
    """`result` is "sat", "unsat", or "unknown" (with a timeout). `core` are the names of formulas that suffice for
    unsat; `values` are the truth values that were asked for after sat."""
    result: str
    seconds: float
    core: Tuple[str, ...] = ()
    values: Tuple[bool, ...] = ()


class Solvers:
    """Several solvers at once. Questions are put to whichever is free; the answers come in the order of the questions."""

    def __init__(self, command: str, timeout: float, count: int):
        self.idle: "queue.SimpleQueue[Solver]" = queue.SimpleQueue()
        self.all = [Solver(command, timeout) for _ in range(count)]
        for solver in self.all:
            self.idle.put(solver)

    def __enter__(self) -> "Solvers":
        self.threads = ThreadPoolExecutor(len(self.all))
        return self

    def __exit__(self, *_) -> None:
        self.threads.shutdown(cancel_futures=True)
        for solver in self.all:
            solver.stop()

    def each(self, put: Callable[["Solver", Item], Outcome], items: Sequence[Item]) -> Iterator[Outcome]:
        """put(solver, item) for each of the items."""
        def one(item: Item) -> Outcome:
            solver = self.idle.get()
            try:
                return put(solver, item)
            finally:
                self.idle.put(solver)
        return self.threads.map(one, items)


class Solver:
    """One process of a solver. `timeout` is in seconds for each query."""

    def __init__(self, command: str, timeout: float):
        self.command, self.timeout = shlex.split(command), timeout
        self.process = None

    def __enter__(self) -> "Solver":
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self) -> None:
        try:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=subprocess.STDOUT)
        except OSError as error:
            raise SolverError(f"{self.command[0]}: {error.strerror}") from None
        self.unread = b""

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None

    def ask(self, query: Query, core: bool = False, extra: Sequence[str] = (), values: Sequence[str] = (),
            effort: int = 0) -> Answer:
        """Puts a query. `core` asks which formulas were needed, `extra` are further commands before the check, and
        `values` are Boolean terms to evaluate where the answer is sat. With an `effort`, in the solver's own measure,
        it gives up after that much, always at the same point."""
        lines = ["(reset)", f"(set-option :reproducible-resource-limit {effort})"]  # 0 is none; a reset keeps the last
        if core:
            lines.append("(set-option :produce-unsat-cores true)")
        if values:
            lines.append("(set-option :produce-models true)")
        lines += ["(set-logic UF)", *query.declarations()]
        for i, (_, text) in enumerate(query.assertions()):
            lines.append(f"(assert (! {text} :named f.{i}))" if core else f"(assert {text})")
        lines += [*extra, "(check-sat)"]
        begun = time.monotonic()
        result = self.exchange(lines)
        taken = time.monotonic() - begun
        if result not in ("sat", "unsat"):
            if result != "unknown":
                self.stop()  # it is still at work
            return Answer("unknown", taken)
        if result == "unsat" and core:
            used = self.exchange(["(get-unsat-core)"])
            names = [query.formulas[int(i)][0] for i in re.findall(r"f\.(\d+)", used)]
            return Answer(result, taken, core=tuple(sorted(set(names))))
        if result == "sat" and values:
            return Answer(result, taken, values=self.evaluate(values))
        return Answer(result, taken)

    def version(self) -> str:
        """What the solver says of itself; "" where it does not answer."""
        answer = self.exchange(["(get-info :version)"])
        if answer == "timeout":
            self.stop()
            return ""
        return answer

    def decide(self, logic: str, commands: Sequence[str]) -> Answer:
        """Puts a query that is given as commands."""
        begun = time.monotonic()
        result = self.exchange(["(reset)", "(set-option :reproducible-resource-limit 0)", f"(set-logic {logic})",
                                *commands, "(check-sat)"])
        if result not in ("sat", "unsat"):
            self.stop()
            result = "unknown"
        return Answer(result, time.monotonic() - begun)

    def evaluate(self, terms: Sequence[str]) -> Tuple[bool, ...]:
        """The values of Boolean terms in the model just found."""
        reply = self.exchange([f"(get-value ({' '.join(terms)}))"])
        found = re.findall(r"\b(true|false)\s*\)", reply)
        if len(found) != len(terms):
            raise SolverError(f"{len(terms)} values were asked for, {len(found)} came: {reply[:200]}")
        return tuple(v == "true" for v in found)

    def exchange(self, lines: List[str]) -> str:
        """Sends lines and reads what comes back until the end is echoed; "timeout" where it does not in time."""
        if self.process is None or self.process.poll() is not None:
            self.stop()
            self.start()
        end = "end-of-answer"
        try:
            self.process.stdin.write(("\n".join(lines) + f'\n(echo "{end}")\n').encode())
            self.process.stdin.flush()
        except OSError as error:
            raise SolverError(f"{self.command[0]} stopped: {error.strerror}") from None
        reply = self.read(end.encode())
        if reply is None:
            return "timeout"
        if "(error" in reply:
            raise SolverError(f"{self.command[0]} says {reply.strip()[:400]}")
        return reply.strip()

    def read(self, end: bytes) -> "str | None":
        deadline = time.monotonic() + self.timeout
        stream = self.process.stdout
        with selectors.DefaultSelector() as waiting:
            waiting.register(stream, selectors.EVENT_READ)
            while end not in self.unread:
                if not waiting.select(max(0.0, deadline - time.monotonic())):
                    return None
                part = os.read(stream.fileno(), 1 << 16)
                if not part:
                    raise SolverError(f"{self.command[0]} stopped: {self.unread.decode(errors='replace')[:400]}")
                self.unread += part
        reply, _, rest = self.unread.partition(end)
        self.unread = rest.lstrip(b'"\r\n')
        return reply.decode().rstrip().rstrip('"')
