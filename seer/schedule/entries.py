"""How many iterations of a pipelined loop lie between accesses in different entries of it, at least.

In a drain-free nest the iterations of all entries follow one another, and time passes between entries on top
of that, which is not counted. Loops whose bounds are constants down to the innermost one run through whole
boxes of iterations; from one iteration of the loops around such a box to a later one there is at least the
rest of the one box and the beginning of the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import islpy as isl

from seer.lang.affine import Affine, Held, Symbol, symbol_order
from seer.schedule.model import Counter

__all__ = ["EntryDistances"]

_Loop = tuple[int, Affine | None, Affine | None, int, int, int]
"""Level, bounds (None where they read registers), least and greatest value, step."""
_Bounds = tuple[tuple[Symbol, tuple[int, int] | None], ...]


class EntryDistances:
    """Least distances between iterations of a loop with counters `own` in different iterations of the loops
    `around` it."""

    def __init__(self, around: Sequence[Counter], own: Sequence[Counter]) -> None:
        self._around = len(around)
        counters = (*around, *own)
        self._loops: tuple[_Loop, ...] = tuple(_loop(counter) for counter in counters)
        boxed = len(counters)
        while boxed and counters[boxed - 1].constant:
            boxed -= 1
        strides = [0] * len(counters)
        total = 1
        for k in range(len(counters) - 1, boxed - 1, -1):
            strides[k] = total
            total *= counters[k].trip_count({})
        self._strides, self._boxed, self._total = tuple(strides), boxed, total

    def least(
        self,
        first: tuple[Affine, ...] | None,
        second: tuple[Affine, ...] | None,
        bounds: Mapping[Symbol, tuple[int, int]],
    ) -> int | None:
        """A distance of at least 1 that is not more than that of any `first` from a `second` in a later entry
        at the same element; None if they never meet. Subscripts that are not affine may always meet."""
        if first is None or second is None:
            return 1
        forms = [*first, *second]
        for _, lower, upper, *_ in self._loops:
            forms += [form for form in (lower, upper) if form is not None]
        counted = {loop[0] for loop in self._loops}
        used = sorted({s for form in forms for s, _ in form.terms} - counted, key=symbol_order)
        free: _Bounds = tuple((symbol, bounds.get(symbol)) for symbol in used)
        found = [
            _least(first, second, self._loops, self._strides, self._boxed, self._total, k, free)
            for k in range(self._around)
        ]
        known = [distance for distance in found if distance is not None]
        return max(1, min(known)) if known else None


def _loop(counter: Counter) -> _Loop:
    iv = counter.iv
    held = any(isinstance(s, Held) for form in (counter.lower, counter.upper) for s, _ in form.terms)
    lower, upper = (None, None) if held else (counter.lower, counter.upper)
    return iv.level, lower, upper, iv.lower, iv.upper - 1, iv.step


@lru_cache(maxsize=1 << 14)
def _least(
    first: tuple[Affine, ...],
    second: tuple[Affine, ...],
    loops: tuple[_Loop, ...],
    strides: tuple[int, ...],
    boxed: int,
    total: int,
    differing: int,
    free: _Bounds,
) -> int | None:
    """The least distance where loop number `differing` is the outermost that has gone on between the two."""
    names: dict[Symbol, str] = {symbol: f"s{k}" for k, (symbol, _) in enumerate(free)}
    exists = list(names.values())
    constraints = [
        f"{bound[0]} <= s{k} <= {bound[1]}" for k, (_, bound) in enumerate(free) if bound is not None
    ]
    sides: list[dict[Symbol, str]] = []
    for side in "xy":
        here = dict(names)
        for k, (level, lower, upper, low, high, step) in enumerate(loops):
            value, count = f"{side}{k}", f"u{side}{k}"
            exists.append(value)
            constraints.append(f"{low} <= {value} <= {high}")
            if lower is not None and upper is not None:
                exists.append(count)
                constraints.append(f"{value} = {_spell(lower, here)} + {step}*{count} and {count} >= 0")
                constraints.append(f"{value} < {_spell(upper, here)}")
            here[level] = value
        sides.append(here)
    for k in range(differing):
        constraints.append(f"x{k} = y{k}")
    constraints.append(f"x{differing} < y{differing}")
    rest = [f"{strides[k]}*(uy{k} - ux{k})" for k in range(max(boxed, differing), len(loops))]
    passed = "0" if differing >= boxed else str(total)
    if differing == boxed - 1:
        # Both are in one entry of that loop, and each iteration of it runs through the box once.
        exists.append("n")
        constraints.append(f"y{differing} - x{differing} = {loops[differing][5]}*n")
        passed = f"{total}*n"
    constraints.append(f"d = {' + '.join([passed, *rest])}")
    for a, b in zip(first, second, strict=True):
        constraints.append(f"{_spell(a, sides[0])} = {_spell(b, sides[1])}")
    solutions = isl.Set(f"{{ [d] : exists {', '.join(exists)} : {' and '.join(constraints)} }}")
    if solutions.is_empty():
        return None
    return solutions.dim_min_val(0).to_python()


def _spell(form: Affine, names: Mapping[Symbol, str]) -> str:
    return " + ".join([f"{form.constant}", *(f"{c}*{names[symbol]}" for symbol, c in form.terms)])
