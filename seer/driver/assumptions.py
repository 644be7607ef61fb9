"""What the user promises of the arguments: the ranges that they are declared to lie in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seer.lang.program import Program
from seer.lang.terms import Param, TopArray

__all__ = ["REASSOCIATION", "assumptions"]

REASSOCIATION = "sums and products of floats may round in another order (--fp-reassociate)"


def assumptions(
    program: Program, names: Mapping[str, str] | None = None, *, of_arrays: bool = True
) -> Iterator[str]:
    """Conditions on arguments in C, such as `n == 64`; `names` spells the arguments.

    `of_arrays` adds those on the contents of arrays, all elements at once: `0 <= a[*] && a[*] <= 1023`.
    """
    for argument in program.arguments:
        content = argument.term.content if isinstance(argument.term, Param) else argument.term.type.content
        if content is None or (argument.is_array and not of_arrays):
            continue
        name = (names or {}).get(argument.name, argument.name)
        if isinstance(argument.term, TopArray):
            name += "[*]" * len(argument.term.type.shape)
        lower, upper = (_literal(bound, argument.signed) for bound in (content.lower, content.upper))
        yield f"{name} == {lower}" if lower == upper else f"{lower} <= {name} && {name} <= {upper}"


def _literal(value: int, signed: bool) -> str:
    if value < -(1 << 63) + 1:
        return f"{value + 1}ll - 1"
    suffix = "" if signed else "u"
    return f"{value}{suffix}" if -(1 << 31) < value < 1 << (31 + (not signed)) else f"{value}{suffix}ll"
