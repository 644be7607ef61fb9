"""Objectives, budgets and limits through a whole run, by estimates."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import seer
from seer import Budgets, Design, Limits, Options, Result, frontend
from seer.driver.budgets import OBJECTIVES
from seer.driver.exploration import explore_in_run, first_answers
from seer.driver.interrupts import Interrupts
from seer.driver.run import Run
from seer.driver.selection import Selected, Selection
from seer.driver.source import Source
from seer.driver.worker import Worker
from seer.errors import InputError
from seer.lang.program import Origin
from seer.schedule import Target

KERNEL = """void f(int a[32], int b[32], int c[32]) {
first:  for (int i = 0; i < 32; i++) b[i] = a[i] * a[i] + 7;
second: for (int i = 0; i < 32; i++) c[i] = b[i] * a[i];
sum:    for (int i = 1; i < 32; i++) a[i] += a[i - 1] * 3;
        for (int i = 0; i < 8; i++) { for (int j = 0; j < i; j++) c[i] += a[j]; }
}
"""
FEW = Limits(rounds=2, datapath_steps=2, unrolled_statements=12)
"""Enough for a fusion and some unrolling."""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("choice") / "k.c"
    file.write_text(KERNEL)
    return file


Choose = Callable[..., Selected]


def run(kernel: Path, limits: Limits = FEW, objective: str = "latency", **budgets: Any) -> Result:
    options = Options(backend="none", objective=objective, budgets=Budgets(**budgets), limits=limits)
    return seer.optimize(kernel, "f", options, output=kernel.parent / "out")


def figures(design: Design) -> tuple[int, float]:
    return design.predicted_cycles, design.area.weighted(Target.load("xc7"))


@pytest.fixture(scope="module")
def unbounded(kernel: Path) -> Result:
    return run(kernel)


@pytest.fixture(scope="module")
def choose(kernel: Path) -> Choose:
    """Chooses from one exploration, which depends on no objective and on no budget but --target-ii."""
    program, target = frontend.load([kernel], "f"), Target.load("xc7")
    work = Run(program, target, Options(limits=FEW).on(target), lambda text: None, Interrupts())
    _, counting, baselines = first_answers(work, Source((kernel,)))
    with Worker() as worker:
        explore_in_run(work, worker, counting, baselines)

    def chosen(objective: str = "latency", **budgets: Any) -> Selected:
        options = replace(work.options, objective=objective, budgets=Budgets(**budgets))
        return Selection(replace(work, options=options), baselines, counting).by_estimates()

    return chosen


def test_each_objective_is_the_least_of_the_front(choose: Choose, unbounded: Result) -> None:
    chosen = {name: figures(choose(name).design) for name in OBJECTIVES}
    came = [figures(unbounded.designs[name]) for name in ("input", "auto_pipelined")]
    points = [*chosen.values(), *came, *map(figures, unbounded.front)]
    assert chosen["latency"] == min(points)
    assert chosen["area"][1] == min(area for _, area in points) < chosen["latency"][1]
    product = min(cycles * area for cycles, area in points)
    assert chosen["balanced"][0] * chosen["balanced"][1] == product
    assert chosen["latency"] == figures(unbounded.designs["seer"])


def test_result_json_has_the_front_by_cycles_and_the_choice(kernel: Path, unbounded: Result) -> None:
    data = json.loads((kernel.parent / "out" / "result.json").read_text())
    assert data["schema"] == 1
    data = json.loads(json.dumps(unbounded.to_json()))
    cycles = [point["cycles"]["predicted"] for point in data["front"]]
    assert cycles == sorted(cycles) and len(cycles) > 2
    assert all(point["cycles"]["simulated"] is None for point in data["front"])
    assert all(point.keys() == data["designs"]["seer"].keys() for point in data["front"])
    chosen = data["front"][data["choice"]["front"]]
    assert chosen["cycles"] == data["designs"]["seer"]["cycles"]
    assert data["choice"]["source"] == "model" and data["choice"]["kept"] is True


def test_cycles_fall_or_stay_as_a_budget_grows(choose: Choose, unbounded: Result) -> None:
    cycles = []
    for area in sorted(figures(design)[1] for design in unbounded.front):
        chosen = choose(max_area=f"{area}")
        assert figures(chosen.design)[1] <= area and chosen.choice.kept
        cycles.append(figures(chosen.design)[0])
    assert cycles == sorted(cycles, reverse=True)
    assert cycles[0] > cycles[-1] == figures(unbounded.designs["seer"])[0]


@pytest.mark.parametrize("limit", ["rounds", "candidates", "loop_rewrites"])
def test_cycles_fall_or_stay_as_a_limit_grows(kernel: Path, unbounded: Result, limit: str) -> None:
    small = {"rounds": 0, "candidates": 1, "loop_rewrites": 1}[limit]
    result = run(kernel, Limits(**(vars(FEW) | {limit: small})))
    assert result.designs["seer"].predicted_cycles >= unbounded.designs["seer"].predicted_cycles


@pytest.mark.parametrize("name", ["max_area", "max_latency", "max_dsp"])
def test_a_budget_that_nothing_keeps_is_answered_with_one_that_something_does(
    choose: Choose, name: str
) -> None:
    impossible = {"max_area": "0.2x", "max_latency": 3, "max_dsp": 1}[name]
    option = "--" + name.replace("_", "-")
    with pytest.raises(InputError, match=f"no design keeps {option}") as caught:
        choose(**{name: impossible})
    assert caught.value.hint is not None and option in caught.value.hint
    least = caught.value.hint.split()[-1]
    kept = choose(**{name: least if name == "max_area" else int(least)})
    assert kept.choice.kept and kept.choice.budgets == (f"{option} {least}",)
    below = f"{float(least[:-1]) - 0.01:g}x" if name == "max_area" else int(least) - 1
    with pytest.raises(InputError):
        choose(**{name: below})


def test_a_budget_that_nothing_keeps_leaves_no_result(kernel: Path) -> None:
    with pytest.raises(InputError):
        run(kernel, Limits(rounds=0), max_area="0.2x")
    assert not (kernel.parent / "out" / "result.json").exists()


def test_budgets_together_say_what_each_would_need(choose: Choose, unbounded: Result) -> None:
    least = unbounded.designs["seer"].predicted_cycles
    with pytest.raises(InputError, match="beside the other budgets") as caught:
        choose(max_area="1x", max_latency=least)
    assert "--max-area" in str(caught.value) and "--max-latency" in str(caught.value)


def test_a_target_interval_is_kept_by_every_loop_of_the_label(kernel: Path, choose: Choose) -> None:
    smallest = choose("area").design.to_json()["loops"]
    assert any(report["ii"] is None and "second" in report["label"] for report in smallest)
    result = run(kernel, objective="area", target_ii=(("second", 1), ("k.c:2", 1)))
    loops = result.designs["seer"].schedule.program.origins
    labelled = [origin for origin in loops.values() if isinstance(origin, Origin) and origin.labels]
    assert labelled
    for report in result.to_json()["designs"]["seer"]["loops"]:
        if "first" in report["label"] or "second" in report["label"]:
            assert report["ii"] == 1


def test_an_impossible_interval_is_answered_with_what_bounds_it(kernel: Path, tmp_path: Path) -> None:
    twice = tmp_path / "k.c"
    inner = "for (int j = 0; j < i; j++) c[j] += a[i]; for (int j = 0; j < 9; j++) a[j] += c[i];"
    twice.write_text(KERNEL.replace("for (int j = 0; j < i; j++) c[i] += a[j];", inner))
    with pytest.raises(InputError) as caught:
        run(twice, FEW, target_ii=(("sum", 1), ("k.c:5", 1)))
    message = str(caught.value)
    assert "a loop k.c:5 cannot be pipelined" in message
    assert "no design keeps --target-ii sum=1" in message and "because a recurrence through" in message
    assert "what would lift it" in message
    with pytest.raises(InputError, match="no loop has the label 'third'") as caught:
        run(kernel, target_ii=(("third", 1),))
    assert caught.value.hint is not None and "first, second, sum, k.c:5" in caught.value.hint
