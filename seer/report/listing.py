"""Statements spelled over several lines, as a C programmer indents them; for reading only."""

from __future__ import annotations

from collections.abc import Iterator

from seer.lang.terms import Block, Expr, For, Group, If, Local, Statement, While
from seer.report.spelling import declared, head, spell

__all__ = ["listing"]

_INDENT = "    "
_LIMIT = 240
"""About the most characters of one line."""


def listing(block: Block) -> list[str]:
    """The lines of a block."""
    return list(_lines(block, ""))


def _lines(block: Block, indent: str) -> Iterator[str]:
    for statement in block:
        yield from _statement(statement, indent)


def _statement(s: Statement, indent: str) -> Iterator[str]:
    inner = indent + _INDENT
    match s:
        case For():
            yield f"{indent}{head(s, _LIMIT)} {{"
            yield from _lines(s.body, inner)
            yield f"{indent}}}"
        case While():
            yield f"{indent}while ({_plain(s.condition)}) {{"
            yield from _lines(s.body, inner)
            yield f"{indent}}}"
        case If():
            yield f"{indent}if ({_plain(s.condition)}) {{"
            yield from _lines(s.then, inner)
            if s.otherwise:
                yield f"{indent}}} else {{"
                yield from _lines(s.otherwise, inner)
            yield f"{indent}}}"
        case Local():
            yield f"{indent}{{"
            yield f"{inner}{declared(s.array)};"
            yield from _lines(s.body, inner)
            yield f"{indent}}}"
        case Group():
            yield from _lines(s.body, indent)
        case _:
            yield indent + spell(s, _LIMIT)


def _plain(condition: Expr) -> str:
    """A condition without the parentheses around it."""
    text = spell(condition, _LIMIT)
    return text[1:-1] if text.startswith("(") and text.endswith(")") and _closes_last(text) else text


def _closes_last(text: str) -> bool:
    """Whether the parenthesis that opens a text is closed by its end."""
    depth = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1
    return False
