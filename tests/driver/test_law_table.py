"""The table of laws against schedules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seer import frontend
from seer.driver.law_table import Variant, law_table, rank_correlation
from seer.rewrites.control.unroll import Unroll
from seer.schedule import Target
from seer.schedule.law_prices import LawPrices, innermost_loops

SEER = Path(__file__).parents[2] / "benchmarks" / "seer"


def test_rank_correlation() -> None:
    assert rank_correlation([1, 2, 3], [10, 20, 90]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert rank_correlation([1, 2, 2, 4], [1, 3, 2, 4]) == pytest.approx(0.948683)
    assert rank_correlation([1, 1], [1, 2]) is None and rank_correlation([], []) is None


def test_error_is_relative_to_the_schedule() -> None:
    assert Variant("", 150, 100).error == pytest.approx(0.5)


def test_fusion_and_unrolling_are_among_the_variants(tmp_path: Path) -> None:
    path = tmp_path / "two.c"
    path.write_text(
        "void two(int a[64], int b[64], int c[64]) {\n"
        "  for (int i = 0; i < 64; i++) b[i] = a[i] + 1;\n"
        "  for (int i = 0; i < 64; i++) c[i] = b[i] * 3;\n"
        "}\n"
    )
    table = law_table(frontend.load((path,), "two"), Target.load("xc7"))
    by_name = {v.name: v for v in table.variants}
    for name in ("as it is", "loop 1 unrolled by 4", "loop 2 unrolled in full", "fusion 1"):
        assert f"{name}, pipelined" in by_name and f"{name}, not pipelined" in by_name
    assert "fusion 1 unrolled by 2, pipelined" in by_name
    assert by_name["as it is, pipelined"].error == 0
    # Both loops have interval 1, and what they share keeps no port busy: the law takes half the time.
    both = by_name["as it is, pipelined"]
    assert by_name["fusion 1, pipelined"].law < 0.6 * both.law
    assert table.correlation is not None and table.correlation > 0.5
    assert table.worst is not None and table.mean_error <= abs(table.worst.error)


def test_no_more_variants_than_asked_for() -> None:
    program = frontend.load((SEER / "gemm_ncubed.c",), "gemm_ncubed")
    table = law_table(program, Target.load("xc7"), most=4)
    assert len(table.variants) == 4


def test_a_rest_that_an_unrolling_leaves_costs_by_its_own_state(tmp_path: Path) -> None:
    """15 iterations by 8: the first eight stand without a loop, seven are left; by 7: two and one."""
    path = tmp_path / "rest.c"
    path.write_text("void rest(int a[64], int b[64]) { for (int i = 0; i < 15; i++) b[i] = a[i] + 1; }\n")
    program = frontend.load((path,), "rest")
    (loop,) = innermost_loops(program.body)
    target = Target.load("xc7")
    prices = LawPrices(program, target)
    state = prices.states[loop]
    assert (state.interval, state.latency) == (1, 3)
    for factor, expected in ((8, 6 + 9), (7, 4 + 6 + 3), (2, 6 + 3 + 3), (None, 45)):
        (offer,) = Unroll(factor).apply((loop,))
        prices.unroll(loop, factor, offer.replacement)
        variant = replace(program, body=offer.replacement)
        pipelined = frozenset(innermost_loops(offer.replacement))
        assert prices.cycles(variant, pipelined, {}) == expected
