"""The choice among candidates whose synthesised area is not what was estimated."""

from __future__ import annotations

import random
from typing import Any, cast

import pytest

from seer.driver.budgets import OBJECTIVES, Budgets, Figures, objective_key
from seer.driver.choose import Candidate, Chooser
from seer.schedule import Area

INPUT, AUTO = 0, 1


class Bench:
    """Candidates with estimates, and what synthesis would say; the first two are the program as it came."""

    def __init__(self, rows: list[tuple[int, Area, Area]]) -> None:
        self.candidates = [
            Candidate(cast(Any, None), Figures(cycles, estimate, estimate.lut))
            for cycles, estimate, _ in rows
        ]
        self.truth = [area for *_, area in rows]
        self.synthesised: list[int] = []

    def chooser(self, objective: str, budgets: Budgets, limit: int = 99) -> Chooser:
        found = Chooser(self.candidates, objective, budgets, lambda area: area.lut, limit)
        for position in (INPUT, AUTO):
            found.note(position, self.truth[position])
        return found

    def choose(self, objective: str = "latency", limit: int = 99, **budgets: Any) -> int | None:
        self.synthesised = []
        return self.chooser(objective, Budgets(**budgets), limit).choose(self.synthesise)

    def synthesise(self, position: int) -> Area:
        self.synthesised.append(position)
        return self.truth[position]

    def cost(self, objective: str, position: int) -> tuple[float, ...]:
        return objective_key(objective, self.candidates[position].figures.cycles, self.truth[position].lut)


def row(cycles: int, estimate: int, truth: int, dsp: int = 0, true_dsp: int | None = None) -> Any:
    return cycles, Area(estimate, dsp=dsp), Area(truth, dsp=dsp if true_dsp is None else true_dsp)


def random_bench(draw: random.Random) -> Bench:
    def one() -> Any:
        area = draw.randint(100, 400)
        dsp = draw.randint(0, 6)
        return row(
            draw.randint(1, 40),
            round(area * draw.uniform(0.8, 1.2)),
            area,
            dsp,
            max(0, dsp - draw.randint(0, 1)),
        )

    return Bench([one() for _ in range(draw.randint(2, 9))])


def test_without_a_budget_one_synthesis_is_enough() -> None:
    bench = Bench([row(90, 100, 100), row(50, 110, 110), row(10, 200, 300), row(20, 150, 150)])
    assert bench.choose() == 2
    assert bench.synthesised == [2]


def test_a_point_that_turns_out_too_large_is_passed_over() -> None:
    bench = Bench(
        [row(90, 100, 100), row(50, 110, 110), row(10, 150, 171), row(20, 140, 160), row(30, 135, 140)]
    )
    chooser = bench.chooser("latency", Budgets(max_area="1.5x"))
    assert chooser.choose(bench.synthesise) == 4
    assert bench.synthesised == [2, 3, 4]
    assert [(b.cycles, b.allowed, b.taken) for b in chooser.rejected.values()] == [
        (10, 150, 171),
        (20, 150, 160),
    ]


def test_among_equal_cycles_the_least_area_that_was_synthesised_wins() -> None:
    # The estimate prefers the third, synthesis the auto-pipelined input.
    bench = Bench([row(90, 100, 100), row(50, 110, 110), row(50, 100, 120)])
    assert bench.choose() == AUTO
    assert Bench([row(90, 100, 100), row(50, 110, 110), row(50, 100, 105)]).choose() == 2


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_never_worse_than_what_came_in_whatever_synthesis_says(objective: str) -> None:
    for seed in range(300):
        bench = random_bench(random.Random(seed))
        chosen = bench.choose(objective)
        assert chosen is not None
        assert bench.cost(objective, chosen) <= min(bench.cost(objective, p) for p in (INPUT, AUTO)), seed


def test_budgets_hold_on_what_was_synthesised_and_more_of_them_is_never_slower() -> None:
    for seed in range(300):
        bench = random_bench(random.Random(seed))
        before = None
        for factor in (0.5, 0.8, 1.0, 1.1, 1.4, 2.0, 4.0):
            chosen = bench.choose(max_area=f"{factor}x")
            if chosen is None:
                assert factor < 1 and before is None, seed
                continue
            assert bench.truth[chosen].lut <= factor * bench.truth[INPUT].lut, seed
            cycles = bench.candidates[chosen].figures.cycles
            assert before is None or cycles <= before, seed
            before = cycles
        for dsp in range(7):
            chosen = bench.choose(max_dsp=dsp)
            assert chosen is None or bench.truth[chosen].dsp <= dsp, seed


def test_a_limit_of_syntheses_ends_the_search_with_what_holds() -> None:
    rows = [
        row(90, 100, 100),
        row(50, 110, 110),
        *(row(n, 140, 200) for n in range(10, 30)),
        row(30, 140, 140),
    ]
    bench = Bench(rows)
    assert bench.choose(max_area="1.5x") == len(rows) - 1
    chooser = bench.chooser("latency", Budgets(max_area="1.5x"), limit=6)
    assert chooser.choose(bench.synthesise) == AUTO and chooser.limit_hit


def test_what_the_schedule_tells_needs_no_synthesis() -> None:
    bench = Bench([row(90, 100, 100), row(50, 110, 110), row(10, 200, 200), row(40, 90, 90)])
    assert bench.choose("area", max_latency=45) == 3
    assert bench.choose(max_latency=9) is None and bench.synthesised == []


def test_by_estimates_alone_nothing_is_measured() -> None:
    bench = Bench([row(90, 100, 1), row(50, 110, 1), row(10, 200, 1)])
    chooser = Chooser(bench.candidates, "latency", Budgets(max_area="1.2x"), lambda area: area.lut, 9)
    assert chooser.choose() == 1
    impossible = Chooser(bench.candidates, "latency", Budgets(max_area="0.5x"), lambda area: area.lut, 9)
    assert impossible.choose() is None and impossible.best_known() == 0
