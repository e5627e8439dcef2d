"""Where z3 comes from: the user names it, or it is there, or it is fetched into a folder of the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List

from .solver import SolverError

RELEASE = "4.15.4.0"  # with it the times in README.md were measured; any z3 of the last years does

VARIABLE = "Z3"  # the environment variable with which a user names another

FOLDER = Path(__file__).resolve().parents[3] / ".cache" / "z3"


def command() -> str:
    """The command line of a z3 that reads its standard input."""
    named = os.environ.get(VARIABLE)
    if named:
        return f"{named} -in"
    for path in (shutil.which("z3"), FOLDER / "bin" / "z3"):
        if path and Path(path).exists():
            return f"{path} -in"
    fetch()
    return f"{FOLDER / 'bin' / 'z3'} -in"


def fetch() -> None:
    """Puts the wheel of the Python package index into FOLDER. Nothing else on the machine changes."""
    print(f"fetching z3: z3-solver {RELEASE}, into {FOLDER}", file=sys.stderr)
    pip([sys.executable, "-m", "pip"])
    if not (FOLDER / "bin" / "z3").exists():
        raise SolverError(f"the package z3-solver {RELEASE} has no bin/z3; install z3, or name one in ${VARIABLE}")


def pip(program: List[str]) -> None:
    done = subprocess.run([*program, "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade",
                           "--target", str(FOLDER), f"z3-solver=={RELEASE}"], capture_output=True, text=True)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["pip failed"]
        raise SolverError(f"z3 is missing and could not be fetched ({lines[-1]}). Install it, by the package z3 of "
                          f"the system or z3-solver of Python, or name it in ${VARIABLE}")
