"""Reversal, splitting, fusion with a shift, unroll-and-jam and strip-mining."""

from __future__ import annotations

import random

from seer.lang.terms import TRUE, ArrayType, Block, Expr, For, Iv, Local, LocalArray, Op, Statement, Store
from seer.rewrites.control import jam, motion, reversal, shifted_fusion, splitting, strip_mining
from seer.rewrites.control.jam import UnrollAndJam
from seer.rewrites.control.motion import Motion
from seer.rewrites.control.reversal import Reversal
from seer.rewrites.control.shifted_fusion import ShiftedFusion
from seer.rewrites.control.splitting import Splitting
from seer.rewrites.control.strip_mining import StripMining
from tests.rewrites.control.entry import INNER, OUTER, Broken, Entry, nest
from tests.verify.loop_terms import A, B, C, W, X, Y, at, const, load, loop, op, store

__all__ = ["ENTRIES"]


def _down(i: Expr, end: int) -> Expr:
    return op("sub", const(end), i)


def _downward(rng: random.Random) -> Block:
    """A loop, and another one that reads from its end what the first one writes."""
    upper = rng.randrange(5, 9)
    end = upper - 1 + rng.randrange(3)
    step = rng.choice((1, 1, 2))

    def first(i: Iv) -> Block:
        last = (store(B, i, load(Y, i)),) if rng.random() < 0.4 else ()
        return (store(A, at(i, 1, rng.randrange(2)), load(X, i)), *last)

    def second(j: Iv) -> Block:
        value = op("add", load(A, _down(j, end)), load(rng.choice((Y, B)), at(j, rng.choice((1, 2)))))
        when: Expr = Op("ult", 1, (load(Y, j), const(5))) if rng.random() < 0.2 else TRUE
        return (store(rng.choice((C, C, B, A)), rng.choice((j, _down(j, end))), value, when),)

    return (loop(upper, first, step=step), loop(upper, second, step=step))


def _conditional(rng: random.Random) -> Block:
    """A loop with conditions on its counter."""
    upper = rng.randrange(4, 9)

    def condition(i: Iv) -> Expr:
        name = rng.choice(("eq", "slt", "ult", "ne"))
        bound = rng.choice((0, upper - 1)) if name in ("eq", "ne") else rng.randrange(1, upper)
        return Op(name, 1, (i, const(bound)))

    def body(i: Iv) -> Block:
        value = Op("select", W, (condition(i), load(X, i), load(A, at(i, 1, rng.randrange(2)))))
        second = store(A, at(i, 1, rng.randrange(2)), load(Y, i), condition(i))
        return (store(B, i, value), second) if rng.random() < 0.7 else (store(A, i, value),)

    return (loop(upper, body),)


def _apart(rng: random.Random) -> Block:
    """Two loops over nearly the same counters, the second of which uses what the first one writes later."""
    length = rng.randrange(8, 12)

    def first(i: Iv) -> Block:
        return (store(A, at(i, 1, rng.randrange(3)), load(rng.choice((X, B)), i)),)

    def second(j: Iv) -> Block:
        value = op("add", load(A, at(j, 1, rng.randrange(4))), load(A, at(j, 1, rng.randrange(4))))
        return (store(rng.choice((B, C)), at(j, 1, rng.randrange(2)), value),)

    lower = rng.randrange(2)
    return (loop(length, first), loop(length - rng.randrange(2), second, lower=lower))


def _shared(rng: random.Random) -> Block:
    """A pair of loops, the inner one over something that the outer one does not select."""
    inner = rng.randrange(2, 4)

    def body(i: Iv) -> Block:
        def innermost(j: Iv) -> Block:
            cell = op("add", at(i, 4), j)
            target = rng.choice((i, cell, j))
            value = op("add", load(A, rng.choice((i, cell, at(i, 1, 1)))), load(X, j))
            return tuple(Store(A, (target,), value) for _ in range(rng.randrange(1, 3)))

        return (loop(inner, innermost, level=1),)

    return (loop(rng.choice((4, 6)), body),)


def _scoped(rng: random.Random) -> Block:
    """A loop around a loop with a small array of its own in each iteration."""
    row = LocalArray(ArrayType(W, (rng.choice((2, 3)),)), 0)
    scale, shift = rng.choice((1, 2)), rng.randrange(2)

    def body(i: Iv) -> Block:
        fill = loop(2, lambda j: (store(row, j, load(X, op("add", i, j))),), level=1)
        drain = loop(2, lambda j: (store(A, op("add", at(i, scale, shift), j), load(row, j)),), level=1)
        return (Local(row, (fill, drain)),)

    return (loop(16, body),)


def _between(rng: random.Random) -> Block:
    """Two loops over equal values with a store between them."""
    upper = rng.randrange(3, 7)

    def body(i: Iv) -> Block:
        return (store(rng.choice((A, B)), at(i, 1, rng.randrange(2)), load(rng.choice((A, X)), i)),)

    value = load(rng.choice((A, B, X)), const(rng.randrange(4)))
    middle = store(rng.choice((A, B, C)), const(rng.randrange(4)), value)
    return (loop(upper, body), middle, loop(upper, body))


# Broken versions


def _always(one: Statement, two: Statement) -> bool:
    return True


def _late(first: For, second: For) -> int:
    return max(0, _shift(first, second) - 1)


def _everywhere(iv: Iv, lower: int, upper: int) -> Expr:
    return TRUE


def _shorter(found: For) -> range:
    values = _constant_bounds(found)
    return range(values.start, values.stop - values.step, values.step)


def _turned_copies(factor: int, block: Block) -> Block:
    """The last copies stand in front of the first ones."""
    (outer,) = _jammed(factor, block)
    assert isinstance(outer, For)
    (inner,) = outer.body
    assert isinstance(inner, For)
    half = len(inner.body) // 2
    turned = (*inner.body[half:], *inner.body[:half])
    return (For(outer.iv, outer.lower, outer.upper, (For(inner.iv, inner.lower, inner.upper, turned),)),)


def _too_long(factor: int, block: Block) -> Block:
    return _stripped(factor + 1, block)


_shift, _constant_bounds = shifted_fusion._shift, splitting.constant_bounds
_jammed, _stripped = jam._jammed, strip_mining._stripped

_FIRST = Op("eq", 1, (OUTER, const(0)))

ENTRIES: tuple[Entry, ...] = (
    Entry(
        Reversal(),
        example=(
            loop(20, lambda i: (store(A, i, load(X, i)),)),
            loop(20, lambda i: (store(B, i, load(A, _down(i, 19))),)),
        ),
        programs=_downward,
        broken=(Broken(reversal, "constant_bounds", _shorter),),
    ),
    Entry(
        Splitting(),
        example=nest((store(A, OUTER, Op("select", W, (_FIRST, const(7), load(X, OUTER)))),), OUTER),
        programs=_conditional,
        broken=(Broken(splitting, "constant_bounds", _shorter),),
        kinds=("bound", "element", "guard"),
    ),
    Entry(
        ShiftedFusion(),
        example=(
            loop(20, lambda i: (store(A, i, load(X, i)),)),
            loop(19, lambda i: (store(B, i, op("add", load(A, i), load(A, at(i, 1, 1)))),)),
        ),
        programs=_apart,
        broken=(Broken(shifted_fusion, "_shift", _late), Broken(shifted_fusion, "_within", _everywhere)),
        kinds=("bound", "element", "guard"),
    ),
    Entry(
        UnrollAndJam(),
        example=nest((store(A, OUTER, op("add", load(A, OUTER), load(X, INNER))),), OUTER, INNER),
        programs=_shared,
        broken=(Broken(jam, "_jammed", _turned_copies),),
    ),
    Entry(
        Motion(),
        example=(
            loop(20, lambda i: (store(A, i, load(X, i)),)),
            store(C, const(0), load(X, const(1))),
            loop(20, lambda i: (store(B, i, load(A, i)),)),
        ),
        programs=_between,
        broken=(Broken(motion, "_independent", _always),),
        sample=60,
        kinds=("bound", "element", "dropped"),
    ),
    Entry(
        StripMining(max_bits=800),
        example=_scoped(random.Random(0)),
        programs=_scoped,
        broken=(Broken(strip_mining, "_stripped", _too_long),),
        sample=10,
    ),
)
