"""Unique names: the source's own where possible, never a C++ keyword."""

from __future__ import annotations

import re
from importlib import resources

__all__ = ["Namer"]

_KEYWORDS = frozenset(
    resources.files("seer.emit").joinpath("templates", "reserved_words.txt").read_text("ascii").split()
)


class Namer:
    """Hands out names that are unique among those of the enclosing C++ scopes."""

    def __init__(self, reserved: frozenset[str] = frozenset()) -> None:
        self._reserved = _KEYWORDS | reserved
        self._scopes: list[set[str]] = [set()]

    def open_scope(self) -> None:
        self._scopes.append(set())

    def close_scope(self) -> None:
        self._scopes.pop()

    def unique(self, wish: str) -> str:
        """`wish`, made a valid identifier, with a number behind it if it is taken."""
        base = re.sub(r"\W", "_", wish, flags=re.ASCII) or "x"
        if base[0].isdigit() or base.startswith("__"):
            base = f"v{base}"
        name, number = base, 1
        while name in self._reserved or any(name in scope for scope in self._scopes):
            number += 1
            name = f"{base}_{number}"
        self._scopes[-1].add(name)
        return name
