"""What the user promises of the arguments: the ranges that they are declared to lie in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seer.lang.program import Program
from seer.lang.terms import Param

__all__ = ["assumptions"]


def assumptions(program: Program, names: Mapping[str, str] | None = None) -> Iterator[str]:
    """Conditions on scalar arguments in C, such as `n == 64`; `names` spells the arguments."""
    for argument in program.arguments:
        term = argument.term
        if not isinstance(term, Param) or term.content is None:
            continue
        name = (names or {}).get(argument.name, argument.name)
        lower, upper = (
            _literal(bound, argument.signed) for bound in (term.content.lower, term.content.upper)
        )
        yield f"{name} == {lower}" if lower == upper else f"{lower} <= {name} && {name} <= {upper}"


def _literal(value: int, signed: bool) -> str:
    if value < -(1 << 63) + 1:
        return f"{value + 1}ll - 1"
    suffix = "" if signed else "u"
    return f"{value}{suffix}" if -(1 << 31) < value < 1 << (31 + (not signed)) else f"{value}{suffix}ll"
