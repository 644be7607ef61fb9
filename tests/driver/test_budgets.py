"""Objectives and budgets as numbers."""

from __future__ import annotations

import math

import pytest

from seer.driver.budgets import Budgets, Figures, objective_key, worst_interval
from seer.errors import InputError
from seer.lang.program import Origin
from seer.lang.terms import Store
from seer.schedule import Area, Target, schedule
from tests.schedule.programs import array, const, counter, loop, program


def test_an_area_is_a_multiple_of_the_inputs_or_a_figure() -> None:
    assert Budgets(max_area="1.5x").bounds(200)[0].allowed == 300
    assert Budgets(max_area="150").bounds(200)[0].allowed == 150
    assert Budgets().bounds(200) == ()


@pytest.mark.parametrize("text", ["", "x", "0x", "-1", "nan", "infx", "1.4y", "1.4xx"])
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--max-area"):
        Budgets(max_area=text)


def test_each_budget_bounds_its_own_figure() -> None:
    budgets = Budgets("100", 2, 3, 40, (("L", 1), ("M", 2)))
    figures = Figures(41, Area(dsp=3, bram=4), 101, (2, 2))
    bounds = budgets.bounds(0)
    assert [bound.option for bound in bounds] == [
        *("--max-area 100", "--max-dsp 2", "--max-bram 3", "--max-latency 40"),
        *("--target-ii L=1", "--target-ii M=2"),
    ]
    assert [bound.taken(figures) for bound in bounds] == [101, 3, 4, 41, 2, 2]
    assert [bound.kept(figures) for bound in bounds] == [False] * 5 + [True]


def test_objectives_break_ties_by_the_other_figure() -> None:
    assert objective_key("latency", 10, 5) < objective_key("latency", 10, 6) < objective_key("latency", 11, 1)
    assert objective_key("area", 10, 5) < objective_key("area", 11, 5) < objective_key("area", 1, 6)
    assert objective_key("balanced", 10, 5) < objective_key("balanced", 51, 1)
    assert objective_key("balanced", 5, 10) < objective_key("balanced", 10, 5)


def test_an_interval_binds_every_loop_of_the_label() -> None:
    i, a, b = counter(0, 8), array("a", 32, 8), array("b", 32, 8)
    first, second = loop(i, Store(a, (i,), const(1))), loop(i, Store(b, (i,), const(2)))
    made = program([a, b], first, second)
    made = type(made)(
        made.name, made.arguments, made.body, {first: Origin(("L",)), second: Origin(("L", "M"))}
    )
    target = Target.load("xc7")
    for pipelined, of_l, of_m in (
        (frozenset({first, second}), 1, 1),
        (frozenset({second}), math.inf, 1),
        (frozenset(), math.inf, math.inf),
    ):
        found = schedule(made, pipelined, target)
        assert (worst_interval(found, "L"), worst_interval(found, "M")) == (of_l, of_m)
        assert worst_interval(found, "other") == 0
