"""Scopes of Locals end after their last use, and levels follow."""

from __future__ import annotations

import random

from seer.lang.terms import ArrayType, Block, For, Iv, Local, LocalArray, Statement
from seer.rewrites.control._scopes import narrowed
from seer.verify.instances import shape_of
from tests.verify.loop_terms import A, B, W, X, const, differs, load, loop, op, store

REGISTER = ArrayType(W, ())


def register(level: int) -> LocalArray:
    return LocalArray(REGISTER, level)


def set_and_use(level: int, k: int) -> Block:
    t = register(level)
    return (store(t, (), load(X, const(k))), store(A, const(k), op("mul", load(t), load(t))))


def test_nested_copies_become_siblings() -> None:
    nested = (Local(register(0), (*set_and_use(0, 0), Local(register(1), set_and_use(1, 1)))),)
    assert narrowed(nested) == tuple(Local(register(0), set_and_use(0, k)) for k in (0, 1))


def test_overlapping_scopes_stay_nested_and_unused_ones_go() -> None:
    s, t, u = register(0), register(1), register(2)
    late = store(B, const(0), op("add", load(s), load(u)))
    block = (Local(s, (store(s, (), const(1)), Local(t, (Local(u, (store(u, (), const(2)), late)),)))),)
    moved = store(B, const(0), op("add", load(s), load(t)))
    assert narrowed(block) == (Local(s, (store(s, (), const(1)), Local(t, (store(t, (), const(2)), moved)))),)


def test_binders_inside_loops_are_renumbered() -> None:
    t = register(0)

    def body(level: int, i: Iv) -> Block:
        return (Local(register(level), (store(register(level), (), i), store(B, i, load(register(level))))),)

    inner = loop(4, lambda i: body(1, i))
    block = (Local(t, (store(t, (), const(1)), store(A, const(0), load(t)), inner)),)
    assert narrowed(block) == (
        Local(t, (store(t, (), const(1)), store(A, const(0), load(t)))),
        loop(4, lambda i: body(0, i)),
    )


def test_a_very_deep_chain() -> None:
    block: Block = ()
    for k in reversed(range(400)):
        block = (Local(register(k), (*set_and_use(k, k % 64), *block)),)
    assert narrowed(block) == tuple(Local(register(0), set_and_use(0, k % 64)) for k in range(400))


def random_chain(rng: random.Random, depth: int) -> Block:
    """Stores among Locals opened so far; every Local is set where it is opened."""
    t = register(depth)
    statements: list[Statement] = [store(t, (), load(X, const(rng.randrange(64))))]
    for _ in range(rng.randrange(4)):
        used = load(register(rng.randrange(depth + 1)))
        if rng.random() < 0.2:
            statements.append(loop(2, lambda i, used=used: (store(A, i, op("xor", load(A, i), used)),)))
        else:
            target = rng.choice([A, B])
            statements.append(store(target, const(rng.randrange(64)), op("add", used, load(B, const(3)))))
    if depth < 5:
        statements += random_chain(rng, depth + 1)
    return (Local(t, tuple(statements)),)


def test_random_chains_keep_their_meaning() -> None:
    for seed in range(60):
        block = random_chain(random.Random(seed), 0)
        result = narrowed(block)
        shape_of(result)  # raises where a level is wrong
        assert not differs(block, result, (A, B, X), seeds=2), seed


def test_a_loop_at_the_end_keeps_its_scope() -> None:
    t = register(0)
    block = (Local(t, (store(t, (), const(1)), loop(4, lambda i: (store(A, i, load(t)),)))),)
    (result,) = narrowed(block)
    assert (result,) == block and isinstance(block[0], Local) and isinstance(block[0].body[1], For)
