"""Executing two blocks on states that provoke collisions: the fallback where nothing can be proved."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from seer.lang.affine import AffineForms, Symbol
from seer.lang.interpreter import run
from seer.lang.operators import mask, to_unsigned
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    Array,
    Block,
    Const,
    Expr,
    For,
    Iv,
    Load,
    LocalArray,
    Param,
    Range,
    Statement,
    Store,
    TopArray,
)
from seer.lang.traverse import Rewriter, bodies, expressions, statements, subexpressions
from seer.verify.instances import shape_of

__all__ = ["differ"]

_TRIALS = 12
_MOST_TRIALS = 60
"""Trials of short fragments, in which few pairs of accesses have the chance to meet."""
_REMEMBERED = 32
"""Trials of originals that are kept."""
_MAX_INSTANCES = 20_000
"""Store instances of one execution; the reference interpreter is slow."""


def differ(before: Block, after: Block) -> str | None:
    """What shows that the blocks differ or cannot be compared, or None if no trial found a difference.

    Subscript arrays draw from the legal range, every other time from at most four values; Locals start with
    different contents on both sides; enclosing induction variables and parameters vary between trials.
    """
    for block in (before, after):
        if any(isinstance(s, For) and s.iv.lower >= s.iv.upper for s in statements(block)):
            return "a loop never runs"
        if _instances(block) > _MAX_INSTANCES:
            return "too long to be executed"
    shapes = [shape_of(block) for block in (before, after)]
    free_ivs = dict.fromkeys(iv for shape in shapes for iv in shape.free_ivs)
    free_arrays = dict.fromkeys(array for shape in shapes for array in shape.free_arrays)
    levels = [array.level for array in free_arrays if isinstance(array, LocalArray)]
    if len(set(levels)) < len(levels):
        return "two local arrays of one level are named: no scope is around both"
    named = tuple(free_ivs), tuple(free_arrays), tuple(_params(before + after))
    changed = False
    for trial in range(max(_TRIALS, min(_MOST_TRIALS, 2_000 // max(1, _instances(before))))):
        state, expected = _original(before, *named, trial)
        found = state.run(after, 2 * trial + 1)
        for name, original in expected.items():
            if original != found[name]:
                return f"array {name!r} differs after execution"
            changed = changed or original != state.contents[name]
    return None if changed else "no execution changed any array"


@dataclass(frozen=True)
class _State:
    """What a fragment starts from in one trial, by the names of its arguments."""

    ivs: Mapping[Iv, int]
    contents: Mapping[str, list[int]]
    values: Mapping[str, int]
    arguments: tuple[Argument, ...]

    def run(self, block: Block, seed: int) -> dict[str, list[int]]:
        """The contents of all arrays afterwards, Locals drawn from a seed."""
        program = Program("fragment", self.arguments, _Closing(self.ivs).block(block))
        return run(program, self.contents, self.values, locals_seed=seed)


@lru_cache(maxsize=_REMEMBERED)
def _original(
    before: Block,
    free_ivs: tuple[Iv, ...],
    free_arrays: tuple[Array, ...],
    params: tuple[Param, ...],
    trial: int,
) -> tuple[_State, dict[str, list[int]]]:
    """The state of one trial, and what the original makes of it: many rules are tried on one fragment."""
    rng = random.Random(trial)
    ivs = {iv: _draw_iv(iv, rng) for iv in free_ivs}
    close = _Closing(ivs)
    arrays = {a: close.array(a) for a in free_arrays}
    extents = _subscript_extents(before)
    places = _selected(before, ivs) if trial % 4 == 3 else []
    contents = {
        arrays[a].name: _contents(a, extents.get(a), rng, trial, places if a in extents else [])
        for a in arrays
    }
    values = {p.name: _scalar(p.bits, p.content, rng) for p in params}
    arguments = tuple(
        Argument(term.name, term, signed=False, c_type="") for term in (*arrays.values(), *params)
    )
    state = _State(ivs, contents, values, arguments)
    return state, state.run(before, 2 * trial)


class _Closing:
    """Makes a fragment a whole program: enclosing values become constants, enclosing Locals arguments."""

    def __init__(self, ivs: Mapping[Iv, int]) -> None:
        self._ivs = ivs

    def array(self, array: Array) -> TopArray:
        if isinstance(array, LocalArray):
            return TopArray(array.type, f"local {array.level}")
        assert isinstance(array, TopArray)
        return array

    def block(self, block: Block) -> Block:
        shape = shape_of(block)
        free = set(shape.free_arrays)

        def leaf(e: Expr) -> Expr:
            if isinstance(e, Iv) and e in self._ivs:
                return Const(e.bits, to_unsigned(self._ivs[e], e.bits))
            return e

        return Rewriter(leaf, lambda a: self.array(a) if a in free else a).block(block)


def _instances(block: Block) -> int:
    """An upper bound of the stores that one execution of the block runs."""

    def count(s: Statement) -> int:
        inner = sum(map(_instances, bodies(s)))
        if isinstance(s, For):
            return len(range(s.iv.lower, s.iv.upper, s.iv.step)) * inner
        return inner if bodies(s) else 1

    return sum(map(count, block))


def _loads(block: Block) -> Iterator[Expr]:
    for statement in statements(block):
        yield from subexpressions(*expressions(statement))


def _params(block: Block) -> list[Param]:
    return list(dict.fromkeys(node for node in _loads(block) if isinstance(node, Param)))


def _subscript_extents(block: Block) -> dict[Array, int]:
    """For each array whose elements occur in subscripts, the least extent that they select from."""
    extents: dict[Array, int] = {}
    accesses = [(s.array, s.indices) for s in statements(block) if isinstance(s, Store)]
    accesses += [(node.array, node.indices) for node in _loads(block) if isinstance(node, Load)]
    for array, indices in accesses:
        for index, extent in zip(indices, array.type.shape, strict=True):
            for node in subexpressions(index):
                if isinstance(node, Load):
                    extents[node.array] = min(extent, extents.get(node.array, extent))
    return extents


def _draw_iv(iv: Iv, rng: random.Random) -> int:
    return rng.randrange(iv.lower, iv.upper)


def _selected(block: Block, ivs: Mapping[Iv, int]) -> list[int]:
    """What affine subscripts select at given enclosing counters and at the ends of the block's loops."""
    forms = AffineForms()
    loops = [s.iv for s in statements(block) if isinstance(s, For)]
    found: dict[int, None] = {}
    for last in (False, True):
        values: dict[Symbol, int] = {iv.level: iv.upper - 1 if last else iv.lower for iv in loops}
        values |= {iv.level: value for iv, value in ivs.items()}
        for index in _subscripts(block):
            form = forms.of(index)
            if form is not None and all(symbol in values for symbol in form.coefficients):
                found[form.evaluate(values)] = None
    return list(found)


def _subscripts(block: Block) -> Iterator[Expr]:
    for statement in statements(block):
        if isinstance(statement, Store):
            yield from statement.indices
    for node in _loads(block):
        if isinstance(node, Load):
            yield from node.indices


def _contents(
    array: Array, extent: int | None, rng: random.Random, trial: int, places: Sequence[int]
) -> list[int]:
    """Elements inside the content range; subscripts inside the extent; few values in odd trials, some
    of them at `places`, what other subscripts select."""
    size, bits, content = prod(array.type.shape), array.type.width, array.type.content
    if extent is not None:
        low, high = (content.lower, content.upper) if content else (0, mask(bits))
        content = (
            Range(max(0, low), min(high, extent - 1)) if max(0, low) <= min(high, extent - 1) else content
        )
    pool = [_scalar(bits, content, rng) for _ in range(4 if trial % 2 else size)]
    low, high = (content.lower, content.upper) if content else (0, mask(bits))
    pool += [to_unsigned(place, bits) for place in places if low <= place <= high]
    return [rng.choice(pool) for _ in range(size)]


def _scalar(bits: int, content: Range | None, rng: random.Random) -> int:
    low, high = (content.lower, content.upper) if content else (0, mask(bits))
    if rng.random() < 0.5:
        low, high = max(low, min(high, -4)), min(high, max(low, 12))
    return to_unsigned(rng.randint(low, high), bits)
