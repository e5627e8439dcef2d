"""What was proved before, so that only what has changed since is proved again.

An obligation or a mutant is known by a hash of all that it asks, of the solver that is asked and of this package. So
a memory cannot be wrong about what it holds: who changes a protocol, the prover or the solver asks anew. Only what
came out well is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Dict, Iterable, List, Optional


def fingerprint(texts: Iterable[str]) -> str:
    """A hash of some texts, in their order."""
    found = hashlib.sha256()
    for text in texts:
        found.update(len(text).to_bytes(8, "big"))
        found.update(text.encode())
    return found.hexdigest()


def package() -> List[str]:
    """The texts of the modules of this package."""
    return [path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))]


class Memory:
    """Records by their keys, in a file with one a line. Without a folder nothing is known, and nothing kept."""

    def __init__(self, folder: Optional[Path], name: str, solver: str):
        self.file = folder / f"{name}.ndjson" if folder else None
        self.known: Dict[str, dict] = {}
        self.base = fingerprint([solver, *package()])
        if self.file and self.file.exists():
            for line in self.file.read_text().splitlines():
                self.recall(line)

    def recall(self, line: str) -> None:
        """Takes up a line of the file. One that was torn when the prover was stopped is passed over."""
        try:
            record = json.loads(line)
            self.known[record.pop("key")] = record
        except (ValueError, KeyError, AttributeError):
            return

    def key(self, texts: Iterable[str]) -> str:
        return fingerprint([self.base, *texts])

    def keep(self, key: str, record: dict) -> None:
        """Adds a record to the file at once, so that who stops the prover loses little."""
        self.known[key] = record
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a") as out:
                out.write(json.dumps({"key": key, **record}) + "\n")

    def forget_others(self, keys: Iterable[str]) -> None:
        """Writes the file anew, without what was not asked for."""
        if not self.file:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(f".{os.getpid()}")
        fresh.write_text("".join(json.dumps({"key": k, **self.known[k]}) + "\n" for k in keys if k in self.known))
        fresh.replace(self.file)
