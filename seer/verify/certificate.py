"""certificate.json: a hash-consed table of terms and the steps of the derivation over it.

A term in the table is `[kind, field, …]`; a field that is a term is `{"t": index}`, a tuple is a list, a
content range is `{"range": [lower, upper]}`, anything else is itself. Children stand before parents.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from seer.lang import terms
from seer.lang.terms import Block, Range, Term

__all__ = ["TermTable", "read_term"]


class TermTable:
    """Builds the table; `index(term)` and `block(block)` add what is not there yet."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._index: dict[Term, int] = {}

    def index(self, term: Term) -> int:
        stack = [term]
        while stack:
            node = stack[-1]
            missing = [child for child in _children(node) if child not in self._index]
            if missing:
                stack.extend(reversed(missing))
                continue
            stack.pop()
            if node not in self._index:
                self._index[node] = len(self.rows)
                self.rows.append([type(node).__name__, *(self._field(v) for v in _fields(node))])
        return self._index[term]

    def block(self, block: Block) -> list[int]:
        return [self.index(statement) for statement in block]

    def _field(self, value: Any) -> Any:
        if isinstance(value, Term):
            return {"t": self._index[value]}
        if isinstance(value, Range):
            return {"range": [value.lower, value.upper]}
        if isinstance(value, tuple):
            return [self._field(item) for item in value]
        return value


def read_term(rows: Sequence[Sequence[Any]], index: int) -> Term:
    """The term at `index` of a table, rebuilt."""
    built: list[Term] = []

    def field(value: Any) -> Any:
        if isinstance(value, dict):
            return built[value["t"]] if "t" in value else Range(*value["range"])
        return tuple(field(item) for item in value) if isinstance(value, list) else value

    for kind, *fields in rows[: index + 1]:
        built.append(getattr(terms, kind)(*(field(value) for value in fields)))
    return built[index]


def _fields(node: Term) -> list[Any]:
    return [getattr(node, f.name) for f in dataclasses.fields(node)]


def _children(node: Term) -> list[Term]:
    found: list[Term] = []
    for value in _fields(node):
        if isinstance(value, Term):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(item for item in value if isinstance(item, Term))
    return found
