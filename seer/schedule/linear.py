"""Addresses as linear forms modulo a power of two, over whatever values they are computed from.

Affine forms need the proof that nothing wraps, and know counters and parameters only. A linear form needs
neither: what is no sum or constant multiple is an atom, and everything holds modulo the bits of the address.
Two accesses whose forms differ by a constant other than 0 never meet, whatever the atoms are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seer.lang.operators import mask
from seer.lang.terms import Array
from seer.schedule.value_table import Value

__all__ = ["Linear", "LinearForms", "linear_distance", "strides_of"]


@dataclass(frozen=True)
class Linear:
    """constant + Σ coefficient · atom modulo 2^width; atoms are positions of values, in order."""

    width: int
    constant: int
    terms: tuple[tuple[int, int], ...] = ()


class LinearForms:
    """The linear forms of the values of a region, which may still grow."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._values = values
        self._memo: dict[tuple[int, int], Linear] = {}

    def of(self, position: int, width: int | None = None) -> Linear:
        """The form of a value modulo 2^width (its own width if None, and never more)."""
        root = position, min(width or self._values[position].width, self._values[position].width)
        waiting = [root]
        while waiting:
            here = waiting[-1]
            missing = [part for part, _ in self._parts(*here) if part not in self._memo]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if here not in self._memo:
                self._memo[here] = self._form(*here)
        return self._memo[root]

    def _form(self, position: int, width: int) -> Linear:
        value = self._values[position]
        if value.kind == "const":
            return Linear(width, value.value & mask(width))
        parts = self._parts(position, width)
        if not parts:
            return Linear(width, 0, ((position, 1),))
        return _sum(width, *((self._memo[part], factor) for part, factor in parts))

    def _parts(self, position: int, width: int) -> list[tuple[tuple[int, int], int]]:
        """What the low `width` bits of a value are the sum of: (value, width) and a factor each."""
        value = self._values[position]
        inner = [(operand, width) for operand in value.operands]
        constant = self._constant(value.operands[-1]) if value.operands else None
        match value.kind:
            case "add":
                return [(inner[0], 1), (inner[1], 1)]
            case "sub":
                return [(inner[0], 1), (inner[1], -1)]
            case "mul" if constant is not None:
                return [(inner[0], constant)]
            case "shl" if constant is not None and constant < value.width:
                return [(inner[0], 1 << constant)]
            case "and" if constant is not None and constant & mask(width) == mask(width):
                return [(inner[0], 1)]
            case "trunc":
                return [(inner[0], 1)]
            case "zext" | "sext" if self._values[value.operands[0]].width >= width:
                return [(inner[0], 1)]
            case _:
                return []

    def _constant(self, position: int) -> int | None:
        value = self._values[position]
        return value.value if value.kind == "const" else None


def _sum(width: int, *parts: tuple[Linear, int]) -> Linear:
    constant = 0
    terms: dict[int, int] = {}
    for form, factor in parts:
        constant += form.constant * factor
        for atom, coefficient in form.terms:
            terms[atom] = terms.get(atom, 0) + coefficient * factor
    kept = tuple((atom, c & mask(width)) for atom, c in sorted(terms.items()) if c & mask(width))
    return Linear(width, constant & mask(width), kept)


def strides_of(
    values: Sequence[Value], forms: LinearForms, steps: Mapping[int, int | None]
) -> dict[int, int]:
    """By how much values grow from one iteration of a loop to the next; those of which that is not known are
    left out.

    `steps` has the loop's own counters by level: the step of the only one, or None where several run
    together. A register counts if its only write adds a constant to what it held.
    """
    writes: dict[Array | None, int] = {v.array: p for p, v in enumerate(values) if v.kind == "write"}
    strides: dict[int, int] = {}
    for position, value in enumerate(values):
        stride: int | None = None
        match value.kind:
            case "const" | "param":
                stride = 0
            case "iv":
                stride = steps.get(value.level, 0)
            case "read":
                stride = _growth(values, forms, position, writes.get(value.array))
            case "load" | "store" | "write" | "decide" | "none":
                stride = None
            case _ if all(strides.get(operand) == 0 for operand in value.operands):
                stride = 0
        if stride is not None:
            strides[position] = stride
    return strides


def _growth(values: Sequence[Value], forms: LinearForms, read: int, write: int | None) -> int | None:
    """The constant that a register's write adds to what was read of it."""
    if write is None:
        return 0
    if values[write].predicated:
        return None
    form = forms.of(values[write].operands[0])
    return form.constant if form.terms == ((read, 1),) else None


def linear_distance(
    first: Linear, second: Linear, strides: Mapping[int, int], least: int, most: int | None
) -> tuple[bool, int | None]:
    """Whether the distance is known, and the least d ≥ `least` (≤ `most`) such that `second`, d iterations
    after `first`, has the same value; None if there is none.
    """
    modulus = 1 << first.width
    if first.width != second.width:
        return False, least
    if first.terms != second.terms:
        return False, least
    gap = (first.constant - second.constant) % modulus
    if most == 0:
        return True, 0 if gap == 0 else None
    growth = 0
    for atom, coefficient in second.terms:
        if atom not in strides:
            return False, least
        growth += coefficient * strides[atom]
    distance = _least_root(growth % modulus, gap, modulus, least)
    if distance is not None and most is not None and distance > most:
        distance = None
    return True, distance


def _least_root(growth: int, gap: int, modulus: int, least: int) -> int | None:
    """The least d ≥ `least` with growth · d ≡ gap; the modulus is a power of two."""
    if growth == 0:
        return least if gap == 0 else None
    divisor = growth & -growth  # gcd with the modulus
    if gap % divisor:
        return None
    period = modulus // divisor
    root = gap // divisor * pow(growth // divisor, -1, period) % period if period > 1 else 0
    return root + -(-(least - root) // period) * period if root < least else root
