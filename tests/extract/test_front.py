"""The front of an e-graph against all of its terms."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import pytest

from seer.driver.options import Limits
from seer.egraph.scoping import ill_formed
from seer.egraph.snapshot import Snapshot
from seer.errors import InputError
from seer.extract.front import Extraction, Point
from seer.lang.program import Program
from seer.lang.terms import Block, For, Loop
from seer.lang.traverse import loop_free, statements
from seer.schedule import Target, area_estimate, cycles, schedule
from tests.extract.graphs import all_terms, random_graph

TARGET = Target.load("xc7")
MOST = 300
"""Designs that brute force looks at; graphs with more are passed over."""

Measures = tuple[float, ...]


def pipelinings(body: Block) -> Iterator[frozenset[Loop]]:
    """All ways to pipeline the loops of a body."""
    loops = [statement for statement in dict.fromkeys(statements(body)) if isinstance(statement, For)]
    for chosen in product((False, True), repeat=len(loops)):
        pipelined = frozenset(loop for loop, yes in zip(loops, chosen, strict=True) if yes)
        if all(loop_free(loop.body) or set(loop.body) <= pipelined for loop in pipelined):
            yield pipelined


def brute_force(program: Program, snapshot: Snapshot) -> list[Measures] | None:
    """The measures of all designs, or None if there are too many."""
    bodies = [term for term in all_terms(snapshot, snapshot.root) if ill_formed(term) is None]
    designs = [(body, pipelined) for body in [program.body, *bodies] for pipelined in pipelinings(body)]
    if len(designs) > MOST:
        return None
    found: list[Measures] = []
    for body, pipelined in designs:
        try:
            made = schedule(replace(program, body=body), pipelined, TARGET, share="none")
        except InputError:
            continue
        area = area_estimate(made, TARGET)
        found.append((cycles(made, {}), area.weighted(TARGET), area.dsp, area.bram))
    return found


def front(measures: Sequence[Measures]) -> list[Measures]:
    kept: list[Measures] = []
    for one in sorted(measures):
        if not any(all(a <= b for a, b in zip(other, one, strict=True)) for other in kept):
            kept.append(one)
    return kept


def volume(points: Sequence[Measures], worst: Measures) -> float:
    """The area between the points, by cycles and weighted area, and their worst corner."""
    total, least = 0.0, worst[1]
    for point in sorted(points):
        if point[1] < least:
            total += (worst[0] - point[0]) * (least - point[1])
            least = point[1]
    return total


def extracted(program: Program, snapshot: Snapshot, limits: Limits) -> list[Point]:
    return Extraction(program, TARGET, [{}], limits, share="none").run(snapshot, {})


def compare(seed: int) -> float | None:
    """The share of the best hypervolume at the default limit; None where brute force takes too long."""
    program, snapshot = random_graph(random.Random(seed))
    every = brute_force(program, snapshot)
    if every is None:
        return None
    best = front(every)
    unlimited = [point.measures for point in extracted(program, snapshot, Limits(candidates=0))]
    assert unlimited == best, f"seed {seed}"
    limited = [point.measures for point in extracted(program, snapshot, Limits())]
    # The worst corner is a tenth beyond the worst design: where all are alike, no share says much.
    worst = (1.1 * max(m[0] for m in every), 1.1 * max(m[1] for m in every))
    return volume(limited, worst) / volume(best, worst)


def check(seeds: range, least: int, exceptions: float) -> None:
    """At least so many graphs are compared, and all but this share of them reach 0.95 of the hypervolume."""
    shares = [share for share in map(compare, seeds) if share is not None]
    assert len(shares) >= least
    assert sum(share < 0.95 for share in shares) <= exceptions * len(shares), sorted(shares)[:9]
    assert min(shares) >= 0.85, sorted(shares)[:9]


def test_the_front_is_that_of_all_terms() -> None:
    check(range(14), 8, 0.0)


@pytest.mark.soak
def test_the_front_is_that_of_all_terms_of_many_graphs() -> None:
    check(range(100, 420), 200, 0.02)
