"""Short spellings of loops and stores for the tests of the control rules' check, and naive rewrites."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from seer.lang.interpreter import run
from seer.lang.operators import to_unsigned
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
    TopArray,
)
from seer.lang.traverse import Rewriter
from seer.verify.companions import extract, instrument
from seer.verify.loop_equivalence import Verdict, check

W = 32


def top(name: str, *shape: int, width: int = W) -> TopArray:
    return TopArray(ArrayType(width, shape), name)


A, B, C, X, Y = (top(name, 64) for name in "ABCXY")


def const(value: int, bits: int = W) -> Const:
    return Const(bits, to_unsigned(value, bits))


def op(name: str, *operands: Expr) -> Op:
    return Op(name, operands[-1].width, operands)


def at(e: Expr, scale: int = 1, offset: int = 0) -> Expr:
    """scale · e + offset, spelled without neutral parts."""
    if scale != 1:
        e = op("mul", e, const(scale, e.width))
    return op("add", e, const(offset, e.width)) if offset else e


def load(array: Array, *indices: Expr) -> Load:
    return Load(array, indices)


def store(array: Array, index: Expr | tuple[Expr, ...], value: Expr, when: Expr = TRUE) -> Store:
    return Store(array, index if isinstance(index, tuple) else (index,), value, when)


def loop(
    upper: int, body: Callable[[Iv], Block], lower: int = 0, step: int = 1, level: int = 0, bits: int = W
) -> For:
    iv = Iv(bits, level, lower, upper, step)
    return For(iv, const(lower, bits), const(upper, bits), body(iv))


def fused_by_hand(a: Statement, b: Statement) -> Block:
    """The naive fusion of two instrumented loops over one hull."""
    assert isinstance(a, For) and isinstance(b, For)
    return (For(a.iv, a.lower, a.upper, a.body + b.body),)


def unrolled_by_hand(f: Statement, factor: int) -> Block:
    """The naive partial unrolling of an instrumented loop by a factor that divides its trip count."""
    assert isinstance(f, For)
    iv = Iv(f.iv.bits, f.iv.level, f.iv.lower, f.iv.upper, f.iv.step * factor)
    copies: Block = ()
    for r in range(factor):
        copy = Rewriter(lambda e, r=r: at(iv, 1, r * f.iv.step) if e is f.iv else e)
        copies += copy.block(f.body)
    return (For(iv, f.lower, f.upper, copies),)


def verdict(before: Block, rewrite: Callable[..., Block], *options: int, execute: bool = False) -> Verdict:
    """Check what `rewrite` makes of the loops of `before`, companions and all."""
    after, correspondence = extract(before, rewrite(*instrument(before), *options))
    return check(before, after, correspondence, execute=execute)


def differs(before: Block, after: Block, arrays: Sequence[TopArray], seeds: int = 6) -> bool:
    """Whether the interpreter tells the two blocks apart on random states."""
    arguments = tuple(Argument(a.name, a, False, "int") for a in arrays)
    for seed in range(seeds):
        rng = random.Random(seed)
        contents = {}
        for a in arrays:
            size = 1
            for extent in a.type.shape:
                size *= extent
            # Small numbers select elements and pass comparisons; large ones would do neither.
            limit = 10 if seed % 4 else 1 << a.type.width
            contents[a.name] = [rng.randrange(limit) for _ in range(size)]
        # Locals start with other contents on the two sides.
        one, two = (
            run(Program("f", arguments, block), contents, {}, locals_seed=2 * seed + side)
            for side, block in enumerate((before, after))
        )
        if one != two:
            return True
    return False


def with_local(body: Callable[[LocalArray], Block], level: int = 0) -> Local:
    array = LocalArray(ArrayType(W, ()), level)
    return Local(array, body(array))
