"""Random nests of loops with registers around and in them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from seer.lang.terms import TRUE, ArrayType, Block, Expr, For, Iv, Local, LocalArray, Op, Store
from seer.lang.traverse import with_bodies
from tests.verify.loop_terms import A, B, C, W, X, at, const, load, op, store

ARRAYS = (A, B, C, X)


def random_nest(rng: random.Random) -> Block:
    """One nest of two or three loops, with up to two registers."""
    registers = [LocalArray(ArrayType(W, ()), level) for level in range(rng.randrange(3))]
    counts = [rng.choice((1, 2, 3, 4)) for _ in range(rng.choice((2, 2, 3)))]
    ivs = [Iv(W, level, 0, n, 1) for level, n in enumerate(counts)]
    (loop,) = _level(rng, ivs, (), registers)
    assert isinstance(loop, For)
    if rng.random() < 0.5:
        return (with_bodies(loop, [_scoped(rng, loop.body, registers)]),)
    return _scoped(rng, (loop,), registers)


def _scoped(rng: random.Random, block: Block, registers: Sequence[LocalArray]) -> Block:
    """`block` with registers that it may read."""
    block = (*(store(r, (), const(rng.randrange(5))) for r in registers), *block)
    for register in reversed(registers):
        block = (Local(register, block),)
    return block


def _level(
    rng: random.Random, ivs: Sequence[Iv], outer: Sequence[Iv], registers: Sequence[LocalArray]
) -> Block:
    iv, *inner = ivs
    inside = (*outer, iv)
    body: Block = _stores(rng, inside, registers, 0 if inner else 1)
    if inner:
        body += _level(rng, inner, inside, registers)
        body += _stores(rng, inside, registers, 0)
    return (For(iv, const(iv.lower), const(iv.upper), body),)


def _stores(rng: random.Random, ivs: Sequence[Iv], registers: Sequence[LocalArray], least: int) -> Block:
    return tuple(_store(rng, ivs, registers) for _ in range(max(least, rng.choice((0, 0, 1, 1, 2)))))


def _store(rng: random.Random, ivs: Sequence[Iv], registers: Sequence[LocalArray]) -> Store:
    value = op(rng.choice(("add", "sub", "xor")), _read(rng, ivs, registers), _read(rng, ivs, registers))
    when: Expr = TRUE
    if rng.random() < 0.15:
        when = Op("ult", 1, (load(X, ivs[-1]), const(5)))
    if registers and rng.random() < 0.6:
        register = rng.choice(registers)
        value = rng.choice((value, const(rng.randrange(9)), _read(rng, ivs, ())))
        return store(register, (), value, when)
    return store(rng.choice((A, B, C)), _index(rng, ivs), value, when)


def _read(rng: random.Random, ivs: Sequence[Iv], registers: Sequence[LocalArray]) -> Expr:
    if registers and rng.random() < 0.5:
        return load(rng.choice(registers))
    return rng.choice((load(rng.choice((A, X, X)), _index(rng, ivs)), ivs[-1], const(rng.randrange(7))))


def _index(rng: random.Random, ivs: Sequence[Iv]) -> Expr:
    if len(ivs) > 1 and rng.random() < 0.5:
        return op("add", at(ivs[-2], 4), ivs[-1])
    if rng.random() < 0.1:
        return load(X, ivs[-1])
    return at(rng.choice(ivs), rng.choice((1, 1, 2)), rng.choice((0, 0, 1)))
