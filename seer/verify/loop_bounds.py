"""Ranges of the parameters that loop bounds read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from seer.lang.affine import AffineForms, Unsigned
from seer.lang.operators import mask
from seer.lang.program import Program
from seer.lang.terms import For, Range
from seer.lang.traverse import expressions, statements

__all__ = ["grown_together", "loop_bound_limits"]

_MOST_TOGETHER = 1 << 12


def grown_together(
    bounds: Mapping[str, tuple[int, int]],
    starts: Sequence[int],
    chosen: dict[str, Range | None],
    faults: Callable[[Mapping[str, Range | None]], int],
    best: int,
) -> int:
    """Start the parameters of loop bounds at one of the numbers `starts`, and let them grow
    alike, to `_MOST_TOGETHER` at most.

    One after the other, the first would take all the iterations, or settle where no inner loop runs. Returns
    the least number of faults.
    """

    def at(least: int, most: int) -> dict[str, Range | None]:
        return {
            name: Range(min(max(least, lower), upper), min(max(most, lower), upper))
            for name, (lower, upper) in bounds.items()
        }

    if len(bounds) < 2:
        return best
    start = starts[0]
    for other in starts[1:]:
        found = faults(at(other, other)) if best else best
        if found < best:
            start, best = other, found
    good, bad = start, _MOST_TOGETHER
    while bad - good > 1:
        middle = (good + bad) // 2
        if faults(at(start, middle)) <= best:
            good = middle
        else:
            bad = middle
    chosen.update(at(start, good))
    return best


def loop_bound_limits(program: Program) -> dict[str, int]:
    """The greatest magnitude of each parameter at which no loop bound can overflow the parameter's type.

    The frontend takes loop bounds to be free of signed overflow and computes them in a wider type, so
    the program no longer tells where C would overflow. With all parameters within these magnitudes no
    sum of a bound's terms, in any order, leaves the type.
    """
    forms = AffineForms()
    widths = {param.name: param.bits for param in program.params}
    limits: dict[str, int] = {}
    for statement in statements(program.body):
        for bound in expressions(statement) if isinstance(statement, For) else ():
            form = forms.of(bound)
            if form is None:
                continue
            for symbol, _ in form.terms:
                if isinstance(symbol, Unsigned):
                    # What C computes from unsigned numbers is a bound only where it is known not to wrap.
                    limits.setdefault(symbol.name, mask(symbol.bits))
            weights = {s: abs(c) for s, c in form.terms if isinstance(s, str)}
            for name in weights:
                room = mask(widths[name] - 1) - abs(form.constant) - 1
                most = max(0, room // (sum(weights.values()) + 1))
                limits[name] = min(most, limits.get(name, most))
    return limits
