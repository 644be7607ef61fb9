"""Random nests of loops with while loops, or loops whose bounds stand in registers, inside."""

from __future__ import annotations

import random

from seer.lang.terms import (
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
    TopArray,
    While,
)
from tests.verify.loop_terms import A, B, C, W, X, const, load, op, store

__all__ = ["random_invariants", "random_recurrence", "random_search", "random_steps"]

_LIMIT = 6
"""No while loop takes more iterations."""


def random_search(rng: random.Random) -> Block:
    """A loop, counted or not, around a loop whose iterations data decide; all end."""
    outer = LocalArray(ArrayType(W, ()), 0)
    state, position = (LocalArray(ArrayType(W, ()), level) for level in (1, 2))
    counted = rng.random() < 0.7
    iv = Iv(W, 0, rng.choice((0, 0, 1)), rng.choice((1, 3, 5)), rng.choice((1, 1, 2)))
    place: Expr = iv if counted else load(outer)
    scoped = rng.random() < 0.5
    values: list[Expr] = [place, load(state), load(X, place), load(B, load(state))]
    body: Block = (store(position, (), op("and", rng.choice(values), const(3))),)
    if scoped:
        body = (store(state, (), rng.choice((const(rng.randrange(4)), place, load(X, place)))), *body)
    body += _stores(rng, values, state, rng.randrange(2))
    body += (_inner(rng, values, state, position, 1 if counted else 0),)
    body += _stores(rng, values, state, rng.randrange(3))
    if rng.random() < 0.4:
        late = (_store(rng, values, state), store(state, (), const(rng.randrange(3))))
        body += (If(Op("slt", 1, (const(2), load(state))), late),)
    body = (Local(position, body),)
    if scoped:
        body = (Local(state, body),)
    if counted:
        loop: Statement = For(iv, const(iv.lower), const(iv.upper), body)
    else:
        step = store(outer, (), op("add", load(outer), const(1)))
        if rng.random() < 0.5:
            body += (step,)
        else:
            body = (step, *body)
        loop = While(Op("slt", 1, (load(outer), const(rng.choice((0, 2, 4))))), body)
    block: Block = (store(outer, (), const(0)), loop, store(A, const(9), load(outer)))
    if not scoped:
        block = (store(state, (), const(1)), *block, store(A, const(8), load(state)))
        block = (Local(state, block),)
    return (Local(outer, block),)


def random_steps(rng: random.Random) -> Block:
    """A loop without loops in it, counted or not, with registers that step and small arrays that it reads."""
    place, state = (LocalArray(ArrayType(W, ()), level) for level in (0, 1))
    small = TopArray(ArrayType(W, (4,)), "S")
    counted = rng.random() < 0.3
    iv = Iv(W, 0, 0, rng.choice((1, 4, 7)), 1)
    values: list[Expr] = [load(place), load(state), load(X, load(place)), load(B, const(0)), const(2)]
    values += [load(small, op("and", load(state), const(3))), load(small, load(place))]
    body: list[Statement] = []
    for _ in range(rng.randint(1, 3)):
        match rng.randrange(4):
            case 0:
                body.append(store(state, (), op("and", _sum(rng, values), const(7))))
            case 1:
                where = rng.choice((const(0), const(0), load(state)))
                body.append(store(rng.choice((B, C)), (where,), _sum(rng, values)))
            case _:
                condition = Op(rng.choice(("eq", "slt", "ne")), 1, (rng.choice(values), rng.choice(values)))
                sides = [(_step(rng, place, state, values),) for _ in range(rng.randint(1, 2))]
                body.append(If(condition, *sides))
    step = store(place, (), op("add", load(place), const(1)))
    if counted:
        loop: Statement = For(iv, const(0), const(iv.upper), tuple(body))
    else:
        body.insert(rng.choice((0, len(body))), step)
        loop = While(Op("slt", 1, (load(place), const(rng.choice((0, 3, 6))))), tuple(body))
    start = (store(place, (), const(0)), store(state, (), const(1)))
    ends = (store(A, const(8), load(state)), store(A, const(9), load(place)))
    return (Local(place, (Local(state, (*start, loop, *ends)),)),)


def _step(rng: random.Random, place: LocalArray, state: LocalArray, values: list[Expr]) -> Statement:
    register = rng.choice((place, state, state))
    if register is place or rng.random() < 0.5:
        return store(register, (), op("add", load(register), const(1)))
    if rng.random() < 0.5:
        return store(B, const(0), op("add", load(B, const(0)), rng.choice(values)))
    return store(register, (), op("and", _sum(rng, values), const(7)))


def _sum(rng: random.Random, values: list[Expr]) -> Expr:
    return op(rng.choice(("add", "sub", "xor")), rng.choice(values), rng.choice(values))


def _inner(
    rng: random.Random, values: list[Expr], state: LocalArray, position: LocalArray, level: int
) -> Statement:
    stores = _stores(rng, values, state, rng.randrange(1, 3))
    if rng.random() < 0.3:
        iv = Iv(W, level, 0, 4, 1)
        return For(iv, const(0), load(position), (*stores, store(A, iv, load(X, iv))))
    more: Expr = Op("slt", 1, (load(position), const(rng.choice((2, 4, _LIMIT)))))
    if rng.random() < 0.6:
        other = Op(rng.choice(("ne", "slt")), 1, (load(X, load(position)), rng.choice(values)))
        more = Op("and", 1, (more, other))
    step = store(position, (), op("add", load(position), const(rng.choice((1, 1, 2)))))
    return While(more, (*stores, step) if rng.random() < 0.5 else (step, *stores))


def _stores(rng: random.Random, values: list[Expr], state: LocalArray, count: int) -> Block:
    return tuple(_store(rng, values, state) for _ in range(count))


def _store(rng: random.Random, values: list[Expr], state: LocalArray) -> Store:
    value = op(rng.choice(("add", "sub", "xor")), rng.choice(values), rng.choice(values))
    when = Op("ult", 1, (rng.choice(values), const(4)))
    chosen = (when,) if rng.random() < 0.3 else ()
    if rng.random() < 0.4:
        return Store(state, (), op("and", value, const(7)), *chosen)
    return Store(rng.choice((B, C)), (rng.choice(values),), value, *chosen)


def random_invariants(rng: random.Random) -> Block:
    """A loop around a loop that computes with registers, some of which it writes."""
    n, m, i = (LocalArray(ArrayType(W, ()), level) for level in range(3))
    inner = Iv(W, rng.randrange(2), 0, 3, 1)

    def value() -> Expr:
        first = rng.choice((load(n), load(n), load(m)))
        found = op(rng.choice(("add", "sub", "mul", "xor")), first, rng.choice((load(m), load(n), const(5))))
        return op("sub", const(9), found) if rng.random() < 0.3 else found

    places = (inner, load(i), op("and", value(), const(7)))
    stores: list[Statement] = [
        store(rng.choice((A, B)), rng.choice(places), op("add", value(), rng.choice((load(i), inner))))
        for _ in range(rng.randint(1, 2))
    ]
    body: list[Statement] = [For(inner, const(0), const(3), tuple(stores)), store(B, load(i), value())]
    if rng.random() < 0.4:
        body.insert(rng.randrange(3), store(m, (), op("add", load(m), rng.choice((load(n), const(1))))))
    if rng.random() < 0.3:
        body[-1] = If(Op("slt", 1, (load(i), value())), (body[-1],))
    bound = op("and", value(), const(7))
    step = store(i, (), op("add", load(i), const(1)))
    outer = Iv(W, 0, 0, 4, 1)
    loop: Statement = While(Op("slt", 1, (load(i), bound)), (*body, step))
    if inner.level:
        loop = For(outer, const(0), const(4), (*body, step))
    first = (store(n, (), load(X, const(0))), store(m, (), load(X, const(1))), store(i, (), const(0)))
    return (Local(n, (Local(m, (Local(i, (*first, loop)),)),)),)


def random_recurrence(rng: random.Random) -> Block:
    """A loop, or one in another, that reads what it has stored in the iteration before, or nearly so."""
    nested, step = rng.random() < 0.4, rng.choice((1, 1, 2))
    outer = Iv(W, 0, 0, 3, 1)
    iv = Iv(W, int(nested), rng.choice((1, 2)), rng.choice((5, 8)), step)
    scale = rng.choice((1, 1, 2))
    first = op("add", op("mul", outer, const(8)), iv) if nested else iv
    place = first if scale == 1 else op("mul", first, const(scale))
    back = rng.choice((scale * step, scale * step, scale * step, 1, 2))
    before = op("sub", place, const(back))
    value = op(
        rng.choice(("add", "xor", "sub")), load(A, before), rng.choice((load(X, iv), load(A, place), iv))
    )
    value = op("mul", value, const(3)) if rng.random() < 0.3 else value
    when = Op("slt", 1, (const(3), load(X, iv))) if rng.random() < 0.15 else Op("eq", 1, (iv, iv))
    body: list[Statement] = [store(A, place, value, when) if rng.random() < 0.15 else store(A, place, value)]
    if rng.random() < 0.4:
        read = load(A, rng.choice((before, place)))
        body.insert(rng.randrange(2), store(B, iv, op("add", read, const(1))))
    if rng.random() < 0.15:
        body.append(store(A, const(rng.randrange(9)), load(X, iv)))
    block: Block = (For(iv, const(iv.lower), const(iv.upper), tuple(body)),)
    return (For(outer, const(0), const(3), block),) if nested else block
