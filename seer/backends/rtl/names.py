"""Identifiers for generated Verilog: unique in a module, never a keyword."""

from __future__ import annotations

import re
from importlib import resources

__all__ = ["KEYWORDS", "Names", "identifier"]

# Reserved words of Verilog-2005 and SystemVerilog-2017: the tools read .v files as either.
KEYWORDS = frozenset(resources.files("seer.backends.rtl").joinpath("keywords.txt").read_text().split())


def identifier(text: str) -> str:
    """`text` as a Verilog identifier; a keyword gets the suffix `_r`, as Vitis spells such ports."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", text)
    if not name or name[0].isdigit():
        name = f"x{name}"
    return f"{name}_r" if name in KEYWORDS else name


class Names:
    """The identifiers taken in one module."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fresh(self, wanted: str) -> str:
        """An identifier that is `wanted`, with a number appended if that is taken."""
        name = base = identifier(wanted)
        number = 2
        while name in self._taken:
            name = f"{base}_{number}"
            number += 1
        self._taken.add(name)
        return name
