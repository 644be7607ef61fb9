"""Random loops without loops in them, pairs of such loops, and straight-line blocks."""

from __future__ import annotations

import random
from collections.abc import Sequence

from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Block,
    Expr,
    For,
    Iv,
    Local,
    LocalArray,
    Op,
    Store,
    TopArray,
)
from tests.verify.loop_terms import W, at, const, load, loop, op, store, top, with_local

__all__ = ["random_loop", "random_pair", "random_straight"]

ARRAYS = tuple(top(name, 40) for name in "PQRSTU")


def random_pair(rng: random.Random) -> Block:
    """Two loops of equal length that may meet in some arrays."""
    return _loop(rng, ARRAYS, 8), _loop(rng, ARRAYS, 8)


def random_loop(rng: random.Random) -> Block:
    """One loop of few iterations, perhaps with a register in its body, perhaps with a step."""
    lower, step = rng.randrange(2), rng.choice((1, 1, 2))
    found = _loop(rng, ARRAYS[:3], rng.randrange(3, 14), lower, step)
    if rng.random() < 0.3:
        body = with_local(lambda t: (store(t, (), load(ARRAYS[0], found.iv)), *found.body))
        return (For(found.iv, found.lower, found.upper, (body,)),)
    return (found,)


def _loop(rng: random.Random, arrays: Sequence[TopArray], upper: int, lower: int = 0, step: int = 1) -> For:
    def subscript(i: Iv) -> Expr:
        if rng.random() < 0.1:
            return const(rng.randrange(6))
        return at(i, rng.choice((1, 1, 1, 2)), rng.choice((0, 0, 0, 1, 2, 4)))

    def body(i: Iv) -> Block:
        value = op("add", load(rng.choice(arrays), subscript(i)), load(rng.choice(arrays), subscript(i)))
        when = Op("ult", 1, (load(arrays[0], i), const(5))) if rng.random() < 0.2 else TRUE
        return (store(rng.choice(arrays), subscript(i), value, when),)

    return loop(upper, lambda i: body(i) + (body(i) if rng.random() < 0.3 else ()), lower, step)


def random_straight(rng: random.Random) -> Block:
    """A straight-line block in the scope of two registers, with stores to arrays among theirs."""
    registers = [LocalArray(ArrayType(W, ()), level) for level in range(2)]
    starts = tuple(store(r, (), load(ARRAYS[0], const(k))) for k, r in enumerate(registers))
    ends = tuple(store(ARRAYS[1], const(20 + k), load(r)) for k, r in enumerate(registers))
    block = (*starts, *(_straight(rng, registers) for _ in range(rng.randrange(2, 7))), *ends)
    return (Local(registers[0], (Local(registers[1], block),)),)


def _straight(rng: random.Random, registers: Sequence[LocalArray]) -> Store:
    def read() -> Expr:
        if rng.random() < 0.5:
            return load(rng.choice(registers))
        return load(rng.choice(ARRAYS[:2]), const(rng.randrange(4)))

    value = op(rng.choice(("add", "sub", "xor")), read(), read())
    when = Op("ult", 1, (read(), const(5))) if rng.random() < 0.3 else TRUE
    targets: tuple[Array, ...] = (*registers, *registers, ARRAYS[2], ARRAYS[rng.randrange(2)])
    target = rng.choice(targets)
    return store(target, (const(rng.randrange(4)),) if target.type.shape else (), value, when)
