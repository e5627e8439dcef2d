"""The document that shows each action twice: as the specification has it, and as it is proved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import List

from .protocol import Action, ModelError, Protocol

HEAD = """# Side by side

Each action as the TLA+ specification has it, and as it is proved. The names are the same on both sides. What the
proof's side calls *with* are names that TLA+ binds inside of the action; variables that are not mentioned stay as
they are; what is called *history* is not in the specification and read by no guard. That both sides mean the same is
not only for the eye: `make correspond` compares all their states and steps in small worlds.

This file is written by `spec/proof/correspond --document`.
"""


def document(spec: Path) -> str:
    """The document, from the specifications in a folder."""
    from catalog import PROTOCOLS
    parts = [HEAD]
    for protocol in PROTOCOLS:
        if protocol.spec:
            parts.append(section(protocol, (spec / protocol.spec).read_text()))
    return "\n".join(parts)


def section(protocol: Protocol, module: str) -> str:
    lines = [f"## {protocol.title[0].upper()}{protocol.title[1:]}", "",
             f"[`{protocol.spec}`](../{protocol.spec}) and [`{protocol.name}.py`]({protocol.name}.py)", ""]
    for action in protocol.actions:
        lines += pair(definition(module, action.name, protocol.spec), proved(protocol, action))
    return "\n".join(lines)


def pair(left: str, right: str) -> List[str]:
    return ["<table><tr><td>", "", "```tla", left, "```", "", "</td><td>", "", "```", right, "```", "",
            "</td></tr></table>", ""]


def definition(module: str, name: str, spec: str) -> str:
    """The text of an operator's definition: up to the next empty line."""
    found = re.search(rf"^{name}(\([^)]*\))? ==.*?(?=\n\s*\n|\n[-=(])", module, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ModelError(f"{spec} does not define {name}")
    return found.group()


def proved(protocol: Protocol, action: Action) -> str:
    """An action in the words of the proof."""
    step = protocol.step[action.name]
    names = ", ".join(n for n, _ in step.parameters)
    lines = [f"{action.name}({names})"]
    if step.local:
        lines.append(f"  with {', '.join(n for n, _ in step.local)}")
    for guard in step.guards:
        lines += wrapped("  /\\ ", guard.text)
    for update in step.updates:
        history = all(a.symbol.role == "history" for a in update.assignments)
        lines += wrapped("  history " if history else "  ", update.text)
    return "\n".join(lines)


def wrapped(lead: str, text: str, width: int = 66) -> List[str]:
    """The text in lines that are not too long, the first with a lead."""
    lines, line = [], lead
    for word in " ".join(text.split()).split(" "):
        if len(line) + len(word) > width and line.strip():
            lines.append(line.rstrip())
            line = " " * (len(lead) + 2)
        line += word + " "
    return lines + [line.rstrip()]
