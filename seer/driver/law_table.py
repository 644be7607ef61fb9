"""How far the paper's laws are from schedules: variants of a program priced both ways.

The variants are what the control rules make of it: each innermost loop unrolled by 2, 4, 8 and in full, each
two neighbouring loops fused, and fused ones unrolled; each of these with no loop pipelined, with the
innermost ones, and with perfect nests flattened besides.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from seer.errors import InputError
from seer.lang.program import Program
from seer.lang.terms import Block, For, Statement
from seer.lang.traverse import bodies, loop_free, statements, with_bodies
from seer.rewrites.control._rule import ControlRule
from seer.rewrites.control.fusion import Fusion
from seer.rewrites.control.unroll import Unroll
from seer.schedule import Target, auto_pipelined, cycles_of, schedule
from seer.schedule.law_prices import LawPrices, innermost_loops
from seer.verify.loop_equivalence import check

__all__ = ["LawTable", "Variant", "law_table", "rank_correlation"]

_log = logging.getLogger(__name__)

_FACTORS = (2, 4, 8, None)
_UNKNOWN_PARAMETER = 16
"""What a scalar argument is taken to be where nothing bounds it."""


@dataclass(frozen=True)
class Variant:
    """One variant: what was done, and its cycles by law and by schedule."""

    name: str
    law: int
    scheduled: int

    @property
    def error(self) -> float:
        """Of the law, relative to the schedule."""
        return self.law / self.scheduled - 1


@dataclass(frozen=True)
class LawTable:
    """The variants of one program."""

    program: str
    variants: tuple[Variant, ...]

    @property
    def mean_error(self) -> float:
        """Mean of the errors' absolute values."""
        return float(np.mean([abs(v.error) for v in self.variants])) if self.variants else 0.0

    @property
    def worst(self) -> Variant | None:
        """The variant of the greatest error."""
        return max(self.variants, key=lambda v: abs(v.error), default=None)

    @property
    def correlation(self) -> float | None:
        """Spearman's rank correlation of laws with schedules; None where one of them never changes."""
        return rank_correlation([v.law for v in self.variants], [v.scheduled for v in self.variants])


def law_table(program: Program, target: Target, most: int = 40, statements_most: int = 256) -> LawTable:
    """The laws against schedules over at most `most` variants of a program, none of more statements than
    `statements_most`.

    Control that depends on data is estimated alike on both sides. Raises InputError where the program itself
    cannot be scheduled on the target.
    """
    prices = LawPrices(program, target)
    params = {p.name: _UNKNOWN_PARAMETER if p.content is None else p.content.upper for p in program.params}
    found: dict[tuple[int, int, str], Variant] = {}
    for name, variant in _variants(program, prices, statements_most):
        for way, pipelined in _pipelinings(variant):
            if len(found) >= most:
                break
            try:
                made = schedule(variant, pipelined, target)
            except InputError as error:
                _log.info("%s, %s: %s", name, way, error.message)
                continue
            scheduled = max(1, cycles_of(made.body, {**params}, made.control))
            law = prices.cycles(variant, pipelined, params)
            full = f"{name}, {way}"
            found[law, scheduled, full] = Variant(full, law, scheduled)
    return LawTable(program.name, tuple(found.values()))


def _pipelinings(program: Program) -> Iterator[tuple[str, frozenset[For]]]:
    """Which loops are pipelined: none, the innermost, and those with perfect nests flattened."""
    yield "not pipelined", frozenset()
    inner = frozenset(innermost_loops(program.body))
    yield "pipelined", inner
    flat = frozenset(loop for loop in auto_pipelined(program) if isinstance(loop, For))
    if flat != inner:
        yield "flattened", flat


def _variants(program: Program, prices: LawPrices, most: int) -> Iterator[tuple[str, Program]]:
    """The program, and what one rewrite, or a fusion and an unrolling, make of it."""
    yield "as it is", program
    for number, loop in enumerate(innermost_loops(program.body)):
        yield from _unrollings(program, loop, f"loop {number + 1}", prices, most)
    for number, (pair, replacement) in enumerate(_fusions(program, prices)):
        body = _replaced(program.body, pair, replacement)
        if body is None or sum(1 for _ in statements(body)) > most:
            continue
        name = f"fusion {number + 1}"
        fused = replace(program, body=body)
        yield name, fused
        for loop in innermost_loops(replacement)[:1]:
            yield from _unrollings(fused, loop, name, prices, most, (2, 4))


def _unrollings(
    program: Program,
    loop: For,
    name: str,
    prices: LawPrices,
    most: int,
    factors: Sequence[int | None] = _FACTORS,
) -> Iterator[tuple[str, Program]]:
    for factor in factors:
        replacement = _accepted(Unroll(factor, most), (loop,))
        if not replacement:
            continue
        body = _replaced(program.body, (loop,), replacement[0][0])
        if body is None or sum(1 for _ in statements(body)) > most:
            continue
        prices.unroll(loop, factor, replacement[0][0])
        how = "in full" if factor is None else f"by {factor}"
        yield f"{name} unrolled {how}", replace(program, body=body)


def _fusions(program: Program, prices: LawPrices) -> Iterator[tuple[Block, Block]]:
    """Neighbouring loops and what their fusion gives, each result once."""
    seen: dict[Block, None] = {}
    for block in _blocks(program.body):
        for pair in itertools.pairwise(block):
            if not all(isinstance(loop, For) for loop in pair):
                continue
            for replacement, sources in _accepted(Fusion(), pair):
                if replacement not in seen:
                    seen[replacement] = None
                    prices.fuse(pair, replacement, sources)
                    yield pair, replacement


def _accepted(rule: ControlRule, fragment: Block) -> list[tuple[Block, Mapping[For, Sequence[For]]]]:
    """What the rule offers and the check accepts, and the counted loops that each of its loops is made of."""
    offers = rule.apply(fragment)
    return [
        (
            offer.replacement,
            {
                made: tuple(loop for loop in sources if isinstance(loop, For))
                for made, sources in offer.origins.items()
                if isinstance(made, For)
            },
        )
        for offer in offers
        if check(offer.before, offer.replacement, offer.correspondence).accepted
    ]


def _blocks(block: Block) -> Iterator[Block]:
    yield block
    for statement in block:
        for body in bodies(statement):
            if not loop_free(body):
                yield from _blocks(body)


def _replaced(block: Block, old: Block, new: Block) -> Block | None:
    """The block with every run of the statements `old` replaced; None if there is none."""
    made: list[Statement] = []
    position, count = 0, 0
    while position < len(block):
        if block[position : position + len(old)] == old:
            made += new
            position += len(old)
            count += 1
            continue
        statement = block[position]
        inner = [_replaced(body, old, new) for body in bodies(statement)]
        if any(body is not None for body in inner):
            count += 1
            kept = [body if now is None else now for body, now in zip(bodies(statement), inner, strict=True)]
            statement = with_bodies(statement, kept)
        made.append(statement)
        position += 1
    return tuple(made) if count else None


def rank_correlation(first: Iterable[float], second: Iterable[float]) -> float | None:
    """Spearman's: the correlation of ranks, equal values sharing the mean of theirs. None where a side has no
    two different values."""
    a, b = _ranks(np.array(list(first), dtype=float)), _ranks(np.array(list(second), dtype=float))
    if len(a) < 2 or a.std() == 0 or b.std() == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(len(values), dtype=float)
    for value in np.unique(values):
        same = values == value
        ranks[same] = ranks[same].mean()
    return ranks
