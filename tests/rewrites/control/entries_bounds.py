"""The rules for loops with bounds that are read or depend on outer loops, and for what iterations share."""

from __future__ import annotations

import random
from typing import Any

from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Expr,
    For,
    Iv,
    Local,
    LocalArray,
    Op,
    Range,
    Statement,
    Store,
)
from seer.rewrites.control import expansion, extension, hoisting, turning
from seer.rewrites.control.extension import Extension
from seer.rewrites.control.hoisting import Hoisting
from seer.rewrites.control.turning import Turning
from tests.rewrites.control.entry import Broken, Entry, nest
from tests.verify.loop_terms import A, B, C, W, X, at, const, load, op, store

__all__ = ["ENTRIES"]

_MANY = 69
"""Iterations that a bound of the random programs may ask for, more than the arrays have elements."""


def _register(level: int, most: int) -> LocalArray:
    return LocalArray(ArrayType(W, (), Range(0, most)), level)


def _read(register: LocalArray, *index: Expr) -> Store:
    """The register is set to what is read, within its range."""
    most = register.type.content
    assert most is not None
    return store(register, (), op("urem", load(X, *index), const(most.upper + 1)))


def random_bounds(rng: random.Random) -> Block:
    """A loop around one whose bounds are read, triangular or both, with registers of its own."""
    most = rng.choice((3, 5, _MANY))
    n, total = _register(0, most), LocalArray(ArrayType(W, ()), 1)
    outer = Iv(W, 0, 0, rng.choice((2, 4)), 1)
    kind = rng.choice(("read", "read", "triangular", "both"))
    hull = (0, most) if kind == "read" else (0, 4)
    inner = Iv(W, 1, hull[0], hull[1], 1)
    lower = outer if kind != "read" and rng.random() < 0.3 else const(0)
    upper: Expr = load(n) if kind == "read" else const(4) if lower is outer else at(outer, 1, 1)
    sink = rng.choice((A, B))
    index = at(inner, 1, rng.choice((0, 0, 1, 2)))
    value = op("add", load(rng.choice((A, X)), rng.choice((inner, index))), at(outer, 5))
    body: Block
    if rng.random() < 0.6:
        last = Iv(W, 2, 0, 3, 1)
        more = store(total, (), op("add", load(total), load(X, op("add", at(last, 4), inner))))
        body = (store(total, (), value), *nest((more,), last), store(sink, index, load(total)))
        body = (Local(total, body),)
    else:
        body = (store(sink, index, value),)
        if rng.random() < 0.3:
            body += (store(C, outer, value),)
    loop = For(inner, lower, upper, body)
    return (Local(n, nest((_read(n, outer), loop), outer)),)


def random_reuse(rng: random.Random) -> Block:
    """A loop that fetches a part of an array, works on it and writes it back, or nearly so."""
    n, part = _register(0, 4), LocalArray(ArrayType(W, (4,)), 1)
    extra = LocalArray(ArrayType(W, ()), 2)
    outer = Iv(W, 0, 0, rng.choice((2, 3, 4)), 1)
    p, q, r = Iv(W, 1, 0, 4, 1), Iv(W, 1, 0, 3, 1), Iv(W, 2, 0, 4, 1)
    offset = rng.choice((0, 1, 4))
    fetched = at(outer, 4) if rng.random() < 0.1 else const(offset)
    guard: Expr = Op("slt", 1, (p, load(n))) if rng.random() < 0.4 else TRUE
    work = op("add", load(part, r), load(rng.choice((X, X, X, A)), op("add", at(q, 5), op("add", r, outer))))
    if rng.random() < 0.5:
        work = op("mul", work, load(extra))
    when: Expr = TRUE if guard is TRUE else Op("slt", 1, (r, load(n)))
    statements: list[Statement] = [
        store(extra, (), load(X, rng.choice((const(3), const(3), outer)))),
        *nest((store(part, p, load(A, op("add", fetched, p))),), p),
        *nest((Store(part, (r,), work, when),), q, r),
    ]
    if rng.random() < 0.9:
        back = op("add", const(offset if rng.random() < 0.9 else offset + 1), p)
        statements += nest((Store(A, (back,), load(part, p), guard),), p)
    else:
        statements += nest((store(C, op("add", at(outer, 4), p), load(part, p)),), p)
    if rng.random() < 0.2:
        statements.insert(rng.choice((1, 3)), store(B, outer, load(rng.choice((A, X)), const(2))))
    loop = nest((Local(part, (Local(extra, tuple(statements)),)),), outer)
    return (Local(n, (_read(n, const(0)), *loop)),)


def _never(iv: Iv, loop: For) -> Expr:
    return TRUE


def _one_less(iv: Iv, loop: For) -> Expr:
    return Op("slt", 1, (at(iv, 1, 1), loop.upper))


def _short(loop: For) -> tuple[int, int]:
    low, high = _hull(loop)
    return low, high - 1


def _all_dropped(body: Block, places: list[int], level: int) -> Block:
    return ()


def _nothing(body: Block, places: list[int]) -> frozenset[Any]:
    return frozenset()


_hull = extension._hull


def _not_swapped(outer: For, inner: For) -> For:
    made = _exchanged(outer, inner)
    return For(made.iv, made.lower, op("sub", made.upper, const(1)), made.body)


def _next_row(iv: Iv) -> Expr:
    return op("and", at(iv, 1, 1), const(1))


def _sums(p: Iv, q: Iv) -> Block:
    more = store(_SUM, (), op("add", load(_SUM), load(X, op("add", at(q, 4), p))))
    return (store(_SUM, (), load(A, p)), *nest((more,), q), store(A, p, load(_SUM)))


_exchanged = turning._exchanged
_SUM = LocalArray(ArrayType(W, ()), 1)
_N = _register(0, _MANY)
_OUTER, _INNER = Iv(W, 0, 0, 6, 1), Iv(W, 1, 0, _MANY, 1)
_LAST = Iv(W, 2, 0, 3, 1)
_PART, _EXTRA = LocalArray(ArrayType(W, (4,)), 0), LocalArray(ArrayType(W, ()), 1)
_P, _Q, _R = Iv(W, 1, 0, 4, 1), Iv(W, 1, 0, 3, 1), Iv(W, 2, 0, 4, 1)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        Extension(),
        example=(
            Local(
                _N,
                nest(
                    (
                        _read(_N, _OUTER),
                        For(
                            _INNER,
                            const(0),
                            load(_N),
                            nest(
                                (store(A, _INNER, op("add", load(A, _INNER), Iv(W, 2, 0, 3, 1))),),
                                Iv(W, 2, 0, 3, 1),
                            ),
                        ),
                    ),
                    _OUTER,
                ),
            ),
        ),
        programs=random_bounds,
        broken=(
            Broken(extension, "_runs", _never),
            Broken(extension, "_runs", _one_less),
            Broken(extension, "_hull", _short),
        ),
        kinds=("bound", "element", "guard"),
        sample=40,
    ),
    Entry(
        Turning(),
        example=(
            Local(
                _N,
                (
                    _read(_N, const(0)),
                    For(
                        Iv(W, 0, 0, _MANY, 1),
                        const(0),
                        load(_N),
                        (Local(_SUM, _sums(Iv(W, 0, 0, _MANY, 1), Iv(W, 1, 0, 3, 1))),),
                    ),
                ),
            ),
        ),
        programs=random_bounds,
        broken=(
            Broken(turning, "_exchanged", _not_swapped),
            Broken(expansion, "_offset", _next_row),
            Broken(extension, "_hull", _short),
        ),
        kinds=("bound", "element", "guard"),
        sample=60,
    ),
    Entry(
        Hoisting(),
        example=nest(
            (
                Local(
                    _PART,
                    (
                        Local(
                            _EXTRA,
                            (
                                store(_EXTRA, (), load(X, const(3))),
                                *nest((store(_PART, _P, load(A, _P)),), _P),
                                *nest(
                                    (
                                        store(
                                            _PART,
                                            _R,
                                            op("add", load(_PART, _R), op("mul", load(_EXTRA), load(X, _Q))),
                                        ),
                                    ),
                                    _Q,
                                    _R,
                                ),
                                *nest((store(A, _P, load(_PART, _P)),), _P),
                            ),
                        ),
                    ),
                ),
            ),
            _OUTER,
        ),
        programs=random_reuse,
        broken=(Broken(hoisting, "_moved", _all_dropped), Broken(hoisting, "_all_written", _nothing)),
        kinds=("bound", "element"),
        sample=40,
    ),
)
