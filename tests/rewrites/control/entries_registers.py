"""The rule by which small arrays become registers."""

from __future__ import annotations

import random
from collections.abc import Sequence

from seer.lang.terms import TRUE, ArrayType, Block, Const, Expr, For, If, Iv, Local, LocalArray, Op, Store
from seer.rewrites.control import dissolution
from seer.rewrites.control.dissolution import Dissolution
from tests.rewrites.control.entry import OUTER, Broken, Entry, nest
from tests.verify.loop_terms import A, B, W, X, at, const, load, op, store

__all__ = ["ENTRIES"]


def random_line(rng: random.Random) -> Block:
    """A small array that loops fill, shift, sort and read, at places that are nearly always known."""
    return _Line(rng).block()


class _Line:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._extent = rng.randint(2, 4)
        shape = (2, self._extent) if rng.random() < 0.2 else (self._extent,)
        self._array = LocalArray(ArrayType(W, shape), 0)
        self._row = () if len(shape) == 1 else (const(rng.randrange(2)),)

    def block(self) -> Block:
        rng = self._rng
        outer = Iv(W, 0, 0, rng.choice((1, 3, 6)), 1)
        body: Block = ()
        for _ in range(rng.randint(1, 3)):
            body += self._part(outer)
        start = self._fill(0, const(rng.randrange(9))) if rng.random() < 0.9 else ()
        loop = For(outer, const(0), const(outer.upper), body)
        end = store(B, const(1), self._load(const(rng.randrange(self._extent))))
        return (Local(self._array, (*start, loop, end)),)

    def _place(self, index: Expr) -> tuple[Expr, ...]:
        return (*self._row, index)

    def _load(self, index: Expr) -> Expr:
        return load(self._array, *self._place(index))

    def _fill(self, level: int, value: Expr) -> Block:
        iv = Iv(W, level, 0, self._extent, 1)
        return nest((store(self._array, self._place(iv), op("add", value, at(iv, 3))),), iv)

    def _part(self, outer: Iv) -> Block:
        rng = self._rng
        iv = Iv(W, 1, 0, self._extent - 1, 1)
        match rng.randrange(6):
            case 0:
                return self._fill(1, load(X, outer))
            case 1:
                down = op("sub", const(self._extent - 2), iv)
                shifted = store(self._array, self._place(at(down, 1, 1)), self._load(down), self._sometimes())
                return (*nest((shifted,), iv), store(self._array, self._place(const(0)), load(X, outer)))
            case 2:
                total = op("add", load(A, outer), op("mul", self._load(iv), load(X, iv)))
                return nest((store(A, outer, total),), iv)
            case 3:
                larger = Op("slt", 1, (load(X, outer), self._load(iv)))
                return nest((If(larger, (store(B, outer, self._load(at(iv, 1, 1))),)),), iv)
            case 4:
                inner = Iv(W, 2, 0, self._extent - 1, 1)
                bound = op("sub", const(self._extent - 1), iv)
                step = store(self._array, self._place(inner), op("add", self._load(at(inner, 1, 1)), iv))
                return nest((For(inner, const(0), bound, (step,)),), iv)
            case _:
                index = (
                    op("and", outer, const(1)) if rng.random() < 0.3 else const(rng.randrange(self._extent))
                )
                return (store(A, outer, self._load(index), self._sometimes()),)

    def _sometimes(self) -> Expr:
        if self._rng.random() < 0.8:
            return TRUE
        return Op("ult", 1, (load(X, const(2)), const(5)))


def _next_register(self: dissolution._Dissolving, indices: Sequence[Expr]) -> LocalArray:
    found = _REGISTER(self, indices)
    place = self._registers.index(found)
    return self._registers[(place + 1) % len(self._registers)] if place == 1 else found


def _one_less(loop: For) -> int:
    return max(1, _TRIPS(loop) - 1)


_REGISTER, _TRIPS = dissolution._Dissolving._register, dissolution.trips
_LINE = LocalArray(ArrayType(W, (3,)), 0)
_TAPS: Expr = const(0)
for _k in range(3):
    _TAPS = op("add", _TAPS, op("mul", load(_LINE, const(_k)), const(_k + 2)))
_PLACE = Iv(W, 1, 0, 2, 1)
_DOWN = op("sub", const(1), _PLACE)
_FIRST: Store = store(_LINE, const(0), load(X, OUTER))
_START = Iv(W, 0, 0, 3, 1)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        Dissolution(),
        example=(
            Local(
                _LINE,
                (
                    *nest((store(_LINE, _START, Const(W, 0)),), _START),
                    *nest(
                        (
                            *nest((store(_LINE, at(_DOWN, 1, 1), load(_LINE, _DOWN)),), _PLACE),
                            _FIRST,
                            store(A, OUTER, _TAPS),
                        ),
                        OUTER,
                    ),
                ),
            ),
        ),
        programs=random_line,
        broken=(
            Broken(dissolution._Dissolving, "_register", _next_register),
            Broken(dissolution, "trips", _one_less),
        ),
        kinds=("bound", "element", "guard", "dependence", "dropped"),
    ),
)
