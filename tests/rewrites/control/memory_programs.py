"""Random nests that add up in memory or registers, read windows of arrays or one array several times, or
store what the last pass makes."""

from __future__ import annotations

import random
from collections.abc import Sequence

from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Expr,
    For,
    If,
    Iv,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
)
from tests.verify.loop_terms import A, B, W, X, Y, at, const, load, op, store, top

__all__ = [
    "passes",
    "random_passes",
    "random_reads",
    "random_reduction",
    "random_tiles",
    "random_window",
    "tiles",
]

_GRID = top("grid", 9, 9)
_IMAGE = top("image", 81)
_OUT = top("out", 9, 9)
_TOTAL = LocalArray(ArrayType(W, ()), 0)


def random_reduction(rng: random.Random) -> Block:
    """Loops of which some add up what the others select, in memory or in a register."""
    free = rng.choice((1, 1, 2))
    ivs = [_counter(rng, level) for level in range(free + rng.choice((1, 1, 2)))]
    chosen = sorted(rng.sample(range(len(ivs)), free)) if rng.random() < 0.5 else list(range(free))
    element = _linear([ivs[n] for n in chosen])
    read = load(rng.choice((X, Y)), _linear(rng.sample(ivs, min(2, len(ivs)))))
    if rng.random() < 0.5 and chosen == list(range(free)):
        start = rng.choice((const(rng.randrange(5)), load(A, element), load(X, element)))
        total = _updated(rng, load(_TOTAL), read)
        inner = _loops(ivs[free:], (store(_TOTAL, (), total),))
        body: Block = (store(_TOTAL, (), start), *inner, store(A, element, load(_TOTAL)))
        return _loops(ivs[:free], (Local(_TOTAL, body),))
    body = (store(A, element, _updated(rng, load(A, element), read), _sometimes(rng, ivs)),)
    if rng.random() < 0.3:
        body = (*body, store(B, element, load(X, element)))
    return _loops(ivs, body)


def random_window(rng: random.Random) -> Block:
    """A nest over a grid that reads a few neighbours of a place, or at a border others."""
    low, high = rng.choice(((0, 6), (1, 7), (2, 7), (2, 8)))
    rows, columns = Iv(W, 0, low, high, 1), Iv(W, 1, low, rng.choice((high, 7)), 1)
    least = -min(low, 2)
    flat = rng.random() < 0.5
    clamped = rng.random() < 0.3

    def place(iv: Iv, distance: int) -> Expr:
        return _clamped(rng, iv, distance) if clamped else at(iv, 1, distance)

    def read(row: int, column: int) -> Expr:
        subscripts = place(rows, row), place(columns, column)
        return (
            load(_IMAGE, op("add", at(subscripts[0], 9), subscripts[1])) if flat else load(_GRID, *subscripts)
        )

    most = min(3, 9 - high)
    places = [(rng.randrange(least, most), rng.randrange(least, most)) for _ in range(rng.randrange(2, 6))]
    value: Expr = rows
    for place_of in places:
        value = op(rng.choice(("add", "sub", "mul")), value, read(*place_of))
    stored = store(_OUT, (rows, columns), value, _sometimes(rng, (columns,)))
    return _loops((rows, columns), (_at_border(rng, stored, (rows, columns)),))


def _clamped(rng: random.Random, iv: Iv, distance: int) -> Expr:
    """A counter and a distance, or a constant where that would be beyond a border, or nearly there."""
    if not distance:
        return iv
    near = distance < 0
    border = (
        rng.choice((iv.lower, iv.lower, iv.lower + 1)) if near else rng.choice((iv.upper - 1, iv.upper - 2))
    )
    beyond: Expr = const(border) if rng.random() < 0.7 else iv
    condition = Op("slt", 1, (const(border), iv) if near else (iv, const(border)))
    return Op("select", W, (condition, at(iv, 1, distance), beyond))


def _at_border(rng: random.Random, stored: Store, ivs: tuple[Iv, ...]) -> Statement:
    """A store, or one of two in branches of which one is for the border."""
    if rng.random() < 0.6:
        return stored
    inside = Op("ne", 1, (ivs[-1], const(ivs[-1].lower)))
    if rng.random() < 0.5:
        inside = Op("and", 1, (inside, Op("slt", 1, (ivs[0], const(ivs[0].upper - 1)))))
    if rng.random() < 0.3:
        inside = Op("ult", 1, (load(Y, ivs[-1]), const(5)))
    otherwise = (store(_OUT, ivs, load(_GRID, *ivs)),)
    if rng.random() < 0.5:
        kept = (store(_TOTAL, (), stored.value), store(_OUT, ivs, load(_TOTAL), stored.when))
        return If(inside, (Local(_TOTAL, kept),), otherwise)
    return If(inside, (stored,), otherwise)


def random_reads(rng: random.Random) -> Block:
    """A nest that reads an array at several places, one of which may be chosen by another array."""
    ivs = [_counter(rng, level) for level in range(rng.choice((2, 2, 3)))]
    indices: list[Expr] = [_linear([rng.choice(ivs)]), load(Y, _linear(ivs[-1:]))]
    indices += [const(rng.randrange(9)), _linear(rng.sample(ivs, 2))]
    reads = [load(X, index) for index in rng.sample(indices, rng.choice((2, 2, 3)))]
    value: Expr = ivs[0]
    for read in reads:
        value = op("add", value, read)
    stored = store(rng.choice((A, A, A, X)), _linear(ivs), value, _sometimes(rng, ivs))
    return _loops(ivs, (stored,))


def passes(outer: Iv, inner: Iv, last: Expr, at_pass: Expr | None = None) -> Block:
    """Three sums an iteration in B, which go to A, too, under the condition `last`."""
    units: Block = ()
    for offset in range(3):
        place = at(inner, 3, offset)
        total = op(
            "urem", op("add", load(B, place), load(X, op("add", at(outer, 6), inner))), const(13 + offset)
        )
        units = (
            *units,
            store(A, place if at_pass is None else op("add", place, at_pass), total, last),
            store(B, place, total),
        )
    return _loops((outer, inner), units)


def random_passes(rng: random.Random) -> Block:
    """Passes over rows of which the last one (mostly) stores its values in another array, too."""
    outer, inner = (_counter(rng, level) for level in range(2))
    final = outer.lower + (outer.upper - 1 - outer.lower) // outer.step * outer.step
    last: Expr = Op("eq", 1, (outer, const(rng.choice((final, final, final, outer.lower)))))
    if rng.random() < 0.3:
        last = Op("and", 1, (last, Op("ult", 1, (load(Y, inner), const(5)))))
    return passes(outer, inner, last, rng.choice((None, None, outer)))


def tiles(outer: Iv, first: Iv, second: Iv, last: Expr, start: Expr | None = None) -> Block:
    """Sums of products of elements that move with one loop each, in B; the last pass stores them in A."""
    place = op("add", at(first, 8), second)
    shifted = outer if start is None else op("add", outer, start)
    product = op("mul", load(X, op("add", at(first, 8), shifted)), load(Y, op("add", at(outer, 8), second)))
    total = op("urem", op("add", load(B, place), product), const(13))
    return _loops((outer, first, second), (store(A, place, total, last), store(B, place, total)))


def random_tiles(rng: random.Random) -> Block:
    """Nests whose innermost loops each move some loads."""
    outer = _counter(rng, 0)
    first, second = (Iv(W, level, low, low + 4 * step, step) for level, low, step in _steps(rng))
    last = rng.choice((TRUE, Op("eq", 1, (outer, const(outer.upper - 1))), Op("ult", 1, (second, const(3)))))
    return tiles(outer, first, second, last, rng.choice((None, const(1), load(X, second))))


def _steps(rng: random.Random) -> list[tuple[int, int, int]]:
    return [(level, rng.randrange(2), rng.choice((1, 1, 1, 2))) for level in (1, 2)]


def _counter(rng: random.Random, level: int) -> Iv:
    lower, step = rng.choice(((0, 1), (0, 1), (1, 1), (0, 2)))
    return Iv(W, level, lower, lower + step * rng.randrange(1, 5), step)


def _loops(ivs: Sequence[Iv], body: Block) -> Block:
    for iv in reversed(ivs):
        body = (For(iv, const(iv.lower), const(iv.upper), body),)
    return body


def _linear(ivs: Sequence[Iv]) -> Expr:
    """A subscript that is different for different counters, if there are at most two."""
    value: Expr = ivs[0]
    for iv in ivs[1:]:
        value = op("add", at(value, 7), iv)
    return value


def _updated(rng: random.Random, old: Expr, read: Expr) -> Expr:
    value = op(rng.choice(("add", "sub")), old, read)
    return op("urem", value, const(13)) if rng.random() < 0.8 else value


def _sometimes(rng: random.Random, ivs: Sequence[Iv]) -> Expr:
    """A condition that mostly always holds."""
    if rng.random() < 0.8:
        return TRUE
    return rng.choice((Op("ult", 1, (load(Y, ivs[-1]), const(5))), Op("slt", 1, (ivs[-1], const(3)))))
