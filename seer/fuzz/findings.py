"""What a campaign runs and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seer.lang.program import Program
from seer.verify.agreement import differing, float_arrays
from seer.verify.vectors import Call

__all__ = ["UNSCHEDULED", "Finding", "Source", "difference", "shown"]

UNSCHEDULED = "unscheduled"
"""The kind of what is no fault: hardware has no unit for the program yet, and says so."""


@dataclass(frozen=True)
class Source:
    """A program to run: its file, its top, and the seed of its calls."""

    path: Path
    top: str
    seed: str


@dataclass(frozen=True)
class Finding:
    """What is wrong with a program. `kind` is `refused`, `failed`, `differs` or `lost` (it crashed or hung).

    For `differs`, `leg` and `array` say where; `call` is the call in text and `memories` are both contents.
    """

    number: int
    kind: str
    leg: str
    message: str
    call: str = ""
    memories: str = ""

    def same(self, other: Finding) -> bool:
        """Whether a smaller program shows the same fault, as far as one can tell."""
        if (self.kind, self.leg) != (other.kind, other.leg):
            return False
        return self.kind in ("differs", "lost") or _gist(self.message) == _gist(other.message)


def _gist(message: str) -> str:
    """A message without the names and places in it."""
    quoted = message.splitlines()[0].split("`")
    words = " ".join(quoted[::2]).split()
    return " ".join(word for word in words if word.isalpha())[:60]


def difference(
    number: int,
    leg: str,
    program: Program,
    call: Call,
    wanted: Mapping[str, np.ndarray],
    got: Mapping[str, np.ndarray],
) -> Finding | None:
    """The first element that is not as `wanted` after a call."""
    floats = float_arrays(program.arguments)
    for name, contents in wanted.items():
        different = differing(contents, got[name], name in floats)
        if len(different):
            place = int(different[0])
            message = f"{name}[{place}] is {int(got[name][place])}, not {int(contents[place])}"
            return Finding(number, "differs", leg, message, shown(call), _both(wanted, got))
    return None


def shown(call: Call) -> str:
    """The arguments of a call."""
    lines = [f"{name} = {value}" for name, value in call.params.items()]
    lines += [f"{name} = {[int(v) for v in contents]}" for name, contents in call.arrays_before.items()]
    return "\n".join(lines)


def _both(wanted: Mapping[str, np.ndarray], got: Mapping[str, np.ndarray]) -> str:
    lines = []
    for name, contents in wanted.items():
        lines.append(f"{name} expected {[int(v) for v in contents]}")
        lines.append(f"{name} got      {[int(v) for v in got[name]]}")
    return "\n".join(lines)
