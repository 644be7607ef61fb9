"""Applying a control rule to random programs, and telling blocks apart by the interpreter."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from seer.errors import SeerError
from seer.lang.interpreter import run
from seer.lang.operators import mask, to_unsigned
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    Array,
    Block,
    Const,
    For,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Param,
    Store,
    TopArray,
    While,
)
from seer.lang.traverse import Rewriter, bodies, expressions, loop_free, statements, subexpressions
from seer.rewrites.control._rule import ControlRule, Offer
from seer.verify.loop_equivalence import Verdict

__all__ = ["Firing", "differs", "firings", "fragments", "program_of"]

_STATES = 5
_WHILE_LIMIT = 500


@dataclass(frozen=True)
class Firing:
    """An offer of a rule for a part of the random program of a seed, with the verdict."""

    seed: int
    offer: Offer
    verdict: Verdict


def firings(
    rule: ControlRule, programs: Callable[[random.Random], Block], seeds: Sequence[int]
) -> Iterator[Firing]:
    """Every offer of a rule for the parts of random programs."""
    for seed in seeds:
        for fragment in dict.fromkeys(fragments(programs(random.Random(seed)), rule.takes)):
            for offer in rule.attempt(fragment).offers:
                yield Firing(seed, offer, rule.checked(offer))


def fragments(block: Block, kind: str) -> Iterator[Block]:
    """The parts of a block that are fragments of a kind; of an unknown kind, all that might be."""
    blocks = [block, *(body for s in statements(block) for body in bodies(s))]
    for body in blocks:
        pairs = list(pairwise(body))
        match kind:
            case "pair":
                yield from (pair for pair in pairs if all(isinstance(s, For) for s in pair))
            case "triple":
                yield from (body[k : k + 3] for k in range(len(body) - 2))
            case "loop":
                yield from ((s,) for s in body if isinstance(s, For) and loop_free(s.body))
            case "nest":
                yield from (
                    (s,)
                    for s in body
                    if isinstance(s, (Local, While)) or (isinstance(s, For) and not loop_free(s.body))
                )
            case "body":
                yield from ((s,) for s in body if isinstance(s, (For, While)) and loop_free(s.body))
            case "straight" | "branches":
                parts = [body] if loop_free(body) else [(s,) for s in body if loop_free((s,))]
                for part in parts:
                    branching = any(isinstance(s, If) for s in statements(part))
                    if branching == (kind == "branches"):
                        yield part
            case _:
                yield from ((s,) for s in body)
                yield from pairs
                if len(body) > 2:
                    yield body


def differs(before: Block, after: Block, states: int = _STATES) -> bool:
    """Whether the interpreter tells two fragments apart.

    Both are made whole programs: loops over their hulls stand for enclosing counters, and arguments for
    enclosing local arrays, so that what a fragment leaves in them is looked at.
    """
    closed = _Closing((*before, *after))
    one, two = (closed.program(block) for block in (before, after))
    for state in range(states):
        rng = random.Random(state)
        contents = {a.name: _contents(a, rng, state) for a in one.arrays}
        values = {p.name: _scalar(p, rng) for p in one.params}
        results = []
        for side, program in enumerate((one, two)):
            # Locals start with other contents on the two sides.
            try:
                results.append(run(program, contents, values, 2 * state + side, _WHILE_LIMIT))
            except SeerError:
                results.append(None)
        if results[0] is not None and results[0] != results[1]:
            return True
    return False


def program_of(block: Block) -> Program:
    """A block without anything from outside but arguments as a program named `example`."""
    return _Closing(block).program(block)


class _Closing:
    """What blocks use from outside, and how they become programs."""

    def __init__(self, block: Block) -> None:
        bound_ivs = {s.iv for s in statements(block) if isinstance(s, For)}
        bound_arrays = {s.array for s in statements(block) if isinstance(s, Local)}
        self._ivs: dict[Iv, None] = {}
        self._params: dict[Param, None] = {}
        self._arrays: dict[Array, TopArray] = {}
        for statement in statements(block):
            used = [statement.array] if isinstance(statement, Store) else []
            for node in subexpressions(*expressions(statement)):
                if isinstance(node, Iv) and node not in bound_ivs:
                    self._ivs[node] = None
                elif isinstance(node, Param):
                    self._params[node] = None
                elif isinstance(node, Load):
                    used.append(node.array)
            for array in used:
                if isinstance(array, LocalArray) and array not in bound_arrays:
                    self._arrays[array] = TopArray(array.type, f"local{array.level}")
                elif isinstance(array, TopArray):
                    self._arrays[array] = array

    def program(self, block: Block) -> Program:
        body = Rewriter(array=lambda a: self._arrays.get(a, a)).block(block)
        for iv in sorted(self._ivs, key=lambda iv: -iv.level):
            lower, upper = (Const(iv.bits, to_unsigned(n, iv.bits)) for n in (iv.lower, iv.upper))
            body = (For(iv, lower, upper, body),)
        terms = (*dict.fromkeys(self._arrays.values()), *self._params)
        arguments = tuple(Argument(t.name, t, signed=True, c_type=_c_type(t)) for t in terms)
        return Program("example", arguments, body)


def _c_type(term: TopArray | Param) -> str:
    width = term.type.width if isinstance(term, TopArray) else term.bits
    return {8: "signed char", 16: "short", 32: "int", 64: "long"}.get(width, f"ap_int<{width}>")


def _contents(array: TopArray, rng: random.Random, state: int) -> list[int]:
    """Small numbers select elements and pass comparisons; large ones would do neither."""
    size, width, content = prod(array.type.shape), array.type.width, array.type.content
    if content is not None:
        return [to_unsigned(rng.randint(content.lower, content.upper), width) for _ in range(size)]
    limit = min(10 if state % 4 else 1 << width, 1 << width)
    return [rng.randrange(limit) for _ in range(size)]


def _scalar(param: Param, rng: random.Random) -> int:
    content = param.content
    low, high = (content.lower, content.upper) if content else (0, min(9, mask(param.bits)))
    return to_unsigned(rng.randint(low, high), param.bits)
