"""Random loop-free code with branches and elements of arrays, as the body of a loop or by itself."""

from __future__ import annotations

import random
from collections.abc import Sequence

from seer.lang.terms import TRUE, ArrayType, Block, Expr, If, Iv, Local, LocalArray, Op, Statement, Store
from tests.verify.loop_terms import W, at, const, load, loop, op, store, top

__all__ = ["random_branches", "random_elements", "random_predicated", "related_branches"]

S, T, U = (top(name, 8) for name in "STU")
SMALL = LocalArray(ArrayType(W, (4,)), 0)


def random_branches(rng: random.Random) -> Block:
    """Branches with conditions that may be related, over registers and arrays."""
    registers = [LocalArray(ArrayType(W, ()), level) for level in range(rng.randrange(3))]

    def body(i: Iv | None) -> Block:
        block = _block(rng, registers, i, 3)
        starts = tuple(store(r, (), const(rng.randrange(5))) for r in registers)
        block = (*starts, *block, *(store(U, const(4 + r.level), load(r)) for r in registers))
        for register in reversed(registers):
            block = (Local(register, block),)
        return block

    return (loop(4, body),) if rng.random() < 0.5 else body(None)


def related_branches(rng: random.Random) -> Block:
    """Neighbouring branches with few different conditions and bodies."""
    conditions: list[Expr] = [_holds(load(S, const(0)), n) for n in range(3)]
    conditions += [Op("xor", 1, (conditions[0], TRUE)), Op("ult", 1, (load(S, const(1)), const(5)))]
    bumped = store(T, const(0), op("add", load(T, const(0)), const(1)))
    bodies: list[Block] = [
        (bumped,),
        (bumped, store(T, const(1), load(S, const(2)))),
        (store(T, const(2), const(3)),),
        (store(U, const(0), load(T, const(2))),),
        (store(S, const(0), load(T, const(0))),),
    ]
    conditions, bodies = rng.sample(conditions, 3), rng.sample(bodies, 2)
    block: list[Statement] = []
    for _ in range(rng.randrange(2, 6)):
        otherwise: Block = ()
        if rng.random() < 0.4:
            otherwise = (If(rng.choice(conditions), rng.choice(bodies)),)
        then = rng.choice(bodies)
        if rng.random() < 0.3:
            then = (If(rng.choice(conditions), then),)
        block.append(If(rng.choice(conditions), then, otherwise))
        if rng.random() < 0.2:
            block.append(store(rng.choice((S, U)), const(rng.randrange(4)), const(rng.randrange(3))))
    return tuple(block)


def random_elements(rng: random.Random) -> Block:
    """Straight-line code on elements of few arrays, one of them local, under few conditions."""
    arrays = (S, T, SMALL)
    unknown = rng.choice((0, 0, 0.1, 1))
    conditions = [_holds(load(U, const(0)), n) for n in range(3)]

    def index(i: Iv | None) -> Expr:
        if i is not None and rng.random() < 0.7:
            return at(i, 1, rng.randrange(3))
        if rng.random() < unknown:
            return at(load(U, const(1)), 1, 4)
        return const(rng.randrange(4))

    def read(i: Iv | None) -> Expr:
        return load(rng.choice(arrays), index(i)) if rng.random() < 0.7 else const(rng.randrange(5))

    def write(i: Iv | None) -> Store:
        array, where = rng.choice(arrays), index(i)
        value = op(rng.choice(("add", "xor")), read(i), read(i))
        if rng.random() < 0.3:
            value = op("add", load(array, where), const(1))
        return store(array, where, value, rng.choice(conditions) if rng.random() < 0.4 else TRUE)

    def body(i: Iv | None) -> Block:
        starts = tuple(store(SMALL, const(n), load(U, const(n))) for n in range(4))
        return (Local(SMALL, (*starts, *(write(i) for _ in range(rng.randrange(3, 7))))),)

    return (loop(2, body),) if rng.random() < 0.5 else body(None)


def random_predicated(rng: random.Random) -> Block:
    """Stores of few elements, most of them under few conditions, with other statements between them."""
    subjects = (load(U, const(0)), load(T, const(1)))
    conditions = [_holds(rng.choice((subjects[0], subjects[0], subjects[1])), n) for n in range(3)]
    conditions.append(Op("xor", 1, (conditions[0], TRUE)))

    def write(i: Iv) -> Store:
        array = rng.choice((S, S, T))
        where = at(i, 1, rng.choice((0, 0, 1))) if rng.random() < 0.3 else const(rng.randrange(2))
        value = rng.choice((op("add", load(array, where), const(1)), load(U, const(2)), load(S, const(0))))
        return store(array, (where,), value, rng.choice(conditions) if rng.random() < 0.8 else TRUE)

    return (loop(2, lambda i: tuple(write(i) for _ in range(rng.randrange(2, 6)))),)


def _block(rng: random.Random, registers: Sequence[LocalArray], i: Iv | None, depth: int) -> Block:
    return tuple(_statement(rng, registers, i, depth) for _ in range(rng.randrange(1, 4)))


def _statement(rng: random.Random, registers: Sequence[LocalArray], i: Iv | None, depth: int) -> Statement:
    if depth and rng.random() < 0.5:
        otherwise = _block(rng, registers, i, depth - 1) if rng.random() < 0.5 else ()
        return If(_condition(rng, registers, i), _block(rng, registers, i, depth - 1), otherwise)
    value = op(rng.choice(("add", "sub", "xor")), _read(rng, registers, i), _read(rng, registers, i))
    when = _condition(rng, registers, i) if rng.random() < 0.2 else TRUE
    if registers and rng.random() < 0.5:
        return store(rng.choice(registers), (), value, when)
    return store(rng.choice((T, U)), _index(rng, i), value, when)


def _condition(rng: random.Random, registers: Sequence[LocalArray], i: Iv | None) -> Expr:
    return _holds(_read(rng, registers, i), rng.randrange(4))


def _holds(subject: Expr, n: int) -> Expr:
    """A condition that holds in one of four cases."""
    return Op("eq", 1, (op("and", subject, const(3)), const(n)))


def _read(rng: random.Random, registers: Sequence[LocalArray], i: Iv | None) -> Expr:
    if registers and rng.random() < 0.4:
        return load(rng.choice(registers))
    return load(rng.choice((S, S, T)), _index(rng, i))


def _index(rng: random.Random, i: Iv | None) -> Expr:
    return at(i, 1, rng.randrange(3)) if i is not None and rng.random() < 0.6 else const(rng.randrange(4))
