"""The rules by which a store waits for an iteration."""

from __future__ import annotations

import random

from seer.lang.terms import TRUE, Block, Expr, Iv, Local, Op, Store
from seer.rewrites.control import deferral
from seer.rewrites.control.deferral import Deferral, NestDeferral
from tests.rewrites.control.entry import INNER, OUTER, Broken, Entry, T, nest
from tests.verify.loop_terms import A, W, X, at, const, load, op, store, top

__all__ = ["ENTRIES"]

SMALL = top("S", 6)
SQUARE = top("Q", 3, 3)


def _masked(e: Expr, bits: int) -> Expr:
    return op("and", e, const(bits))


def _places(rng: random.Random, counter: Iv) -> tuple[Expr, ...]:
    """Subscripts of the small array; some are outside of it."""
    return (
        rng.choice(
            (
                _masked(load(X, counter), 3),
                _masked(load(X, counter), 7),
                at(counter, 1, rng.choice((0, 1))),
                op("sub", counter, const(1)),
            )
        ),
    )


def _body(rng: random.Random, counter: Iv) -> Block:
    square = rng.random() < 0.2
    array = SQUARE if square else SMALL

    def place() -> tuple[Expr, ...]:
        if square:
            return _masked(load(X, counter), 3), _masked(op("lshr", load(X, counter), const(2)), 3)
        return _places(rng, counter)

    written = place()
    read = written if rng.random() < 0.6 else place()
    value = op(
        rng.choice(("add", "mul", "xor")), load(array, *read), rng.choice((const(3), load(A, counter)))
    )
    when = Op("ult", 1, (load(X, counter), const(2))) if rng.random() < 0.3 else TRUE
    body: Block = (Store(array, written, value, when),)
    if rng.random() < 0.3:
        body = (store(A, counter, op("add", load(array, *read), const(1))), *body)
    if rng.random() < 0.2:
        body = (*body, store(A, const(9), counter))
    if rng.random() < 0.2:
        kept = store(T, (), load(X, counter))
        body = (Local(T, (kept, *body[:-1], Store(array, written, op("add", value, load(T)), when))),)
    return body


def _random_loop(rng: random.Random) -> Block:
    counter = Iv(W, 0, 1, rng.randrange(4, 8), 1)
    return nest(_body(rng, counter), counter)


def _random_nest(rng: random.Random) -> Block:
    outer, inner = Iv(W, 0, 0, rng.randrange(1, 4), 1), Iv(W, 1, 1, rng.randrange(2, 5), 1)
    return nest(_body(rng, inner), outer, inner)


def _never(store: Store, level: int) -> deferral._Pending:
    made = _Pending(store, level)
    made.load = lambda load: load  # type: ignore[method-assign]
    return made


_Pending = deferral._Pending


ENTRIES = (
    Entry(
        Deferral(),
        example=nest(
            (
                store(
                    SMALL,
                    _masked(load(X, OUTER), 3),
                    op("add", load(SMALL, _masked(load(X, OUTER), 3)), const(1)),
                ),
            ),
            OUTER,
        ),
        programs=_random_loop,
        broken=(Broken(deferral, "_Pending", _never),),
        kinds=("bound", "element", "guard", "dependence"),
    ),
    Entry(
        NestDeferral(),
        example=nest(
            (store(SMALL, INNER, op("add", load(SMALL, op("sub", INNER, const(1))), load(X, OUTER))),),
            OUTER,
            INNER,
        ),
        programs=_random_nest,
        broken=(Broken(deferral, "_Pending", _never),),
        kinds=("bound", "element", "guard", "dependence"),
    ),
)
