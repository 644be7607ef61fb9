"""What a tool pipelines by itself, and the cycles that Vitis HLS reports for kernels without pragmas."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest

from seer import frontend
from seer.lang import interpreter
from seer.lang.program import Origin
from seer.lang.terms import For, If, Load, Statement, Store
from seer.lang.traverse import statements
from seer.schedule import Target, cycles, pipelined_by_trip_count, schedule
from seer.schedule.check import static_faults
from seer.schedule.policy import trip_count, unrolled
from seer.verify.vectors import Call
from tests.schedule.programs import RandomProgram, array, const, counter, loop, op, program

A = array("a", 32, 4096)
MACHSUITE = Path(__file__).parents[2] / "benchmarks" / "machsuite"


def add_to(*counters: Statement | object) -> Store:
    """a[sum of counters] += 1."""
    index = counters[0]
    for other in counters[1:]:
        index = op("add", index, other)  # type: ignore[arg-type]
    return Store(A, (index,), op("add", Load(A, (index,)), 1))  # type: ignore[arg-type]


def loops(body: tuple[Statement, ...]) -> list[For]:
    return [s for s in statements(body) if isinstance(s, For)]


def test_long_loops_are_pipelined_and_short_ones_unrolled() -> None:
    i, j = counter(0, 65), counter(1, 64)
    changed, chosen = pipelined_by_trip_count(program((A,), loop(i, add_to(i), loop(j, add_to(i, j)))), 64)
    (only,) = loops(changed.body)
    assert chosen == {only} and only.iv == i and len(only.body) == 65


def test_the_trip_counts_of_a_perfect_nest_multiply() -> None:
    i, j, k = counter(0, 8), counter(1, 9), counter(2, 3)
    nest = loop(i, loop(j, add_to(i, j), loop(k, add_to(i, j, k))))
    changed, chosen = pipelined_by_trip_count(program((A,), nest), 64)
    assert [found.iv for found in loops(changed.body)] == [i, j]
    assert chosen == set(loops(changed.body))


def test_a_small_nest_is_unrolled_whole_into_the_loop_around_it() -> None:
    i, j, k = counter(0, 100), counter(1, 3), counter(2, 3)
    nest = loop(i, add_to(i), loop(j, loop(k, add_to(i, j, k))))
    changed, chosen = pipelined_by_trip_count(program((A,), nest), 64)
    (only,) = loops(changed.body)
    assert chosen == {only} and len(only.body) == 10


def test_a_small_loop_with_none_around_it_is_pipelined() -> None:
    i = counter(0, 5)
    changed, chosen = pipelined_by_trip_count(program((A,), loop(i, add_to(i))), 64)
    assert chosen == set(loops(changed.body)) and len(chosen) == 1


def test_loops_around_pipelined_ones_stay_as_they_are() -> None:
    i, j = counter(0, 100), counter(1, 100)
    source = program((A,), loop(i, add_to(i), loop(j, add_to(j))))
    changed, chosen = pipelined_by_trip_count(source, 64)
    assert changed.body == source.body and [found.iv for found in chosen] == [j]


def test_a_small_loop_in_a_branch_is_unrolled_there() -> None:
    i, j = counter(0, 100), counter(1, 4)
    branch = If(op("ult", i, 50), (loop(j, add_to(i, j)),))
    changed, chosen = pipelined_by_trip_count(program((A,), loop(i, branch)), 64)
    (only,) = loops(changed.body)
    assert chosen == {only}
    assert isinstance(only.body[0], If) and len(only.body[0].then) == 4


def test_a_loop_of_unknown_trip_count_counts_as_long() -> None:
    i, j = counter(0, 100), counter(1, 100)
    triangle = For(j, const(0), i, (add_to(j),))
    changed, chosen = pipelined_by_trip_count(program((A,), loop(i, add_to(i), triangle)), 64)
    assert trip_count(triangle) is None and [found.iv for found in chosen] == [j]
    assert changed.body[0] == program((A,), loop(i, add_to(i), triangle)).body[0]


def test_copies_keep_their_origins() -> None:
    i, j = counter(0, 100), counter(1, 2)
    inner = add_to(i, j)
    nest = program((A,), loop(i, add_to(i), loop(j, inner)))
    named = type(nest)(nest.name, nest.arguments, nest.body, {inner: Origin(labels=("here",))})
    changed, _ = pipelined_by_trip_count(named, 64)
    body = loops(changed.body)[0].body
    assert [changed.origins.get(s, Origin()).labels for s in body] == [(), ("here",), ("here",)]


def test_unrolling_counts_from_the_lower_bound_in_steps() -> None:
    i = counter(0, 12, lower=3, step=4)
    found = loop(i, add_to(i))
    assert trip_count(found) == 3
    stores = [s for s in unrolled(found) if isinstance(s, Store)]
    assert [s.indices for s in stores] == [(const(3),), (const(7),), (const(11),)]


@pytest.mark.parametrize("seed", range(40))
def test_the_policy_keeps_the_meaning(seed: int) -> None:
    """Random programs compute the same, and their schedules obey the checker."""
    source = RandomProgram(seed, control=seed % 2 == 0)
    before = source.program
    changed, chosen = pipelined_by_trip_count(before, random.Random(seed).choice((0, 4, 64)))
    arrays, params = source.inputs()
    assert interpreter.run(changed, arrays, params) == interpreter.run(before, arrays, params)
    target = Target.load("vitis_u55c")
    assert not static_faults(schedule(changed, chosen, target), target)


def rows() -> list[dict[str, str]]:
    lines = (MACHSUITE / "vitis_2022_2.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["kernel"])
def test_predicted_cycles_are_those_that_the_table_gives(row: dict[str, str]) -> None:
    target = Target.load("vitis_u55c")
    given = frontend.load((MACHSUITE / f"{row['kernel']}.c",), row["top"])
    changed, chosen = pipelined_by_trip_count(given, target.file.pipeline_above)
    found = schedule(changed, chosen, target)
    zeros = Call({}, {a.name: np.zeros(a.type.shape, np.uint64) for a in given.arrays})
    assert cycles(found, zeros) == int(row["predicted"])


def test_four_reports_are_met_within_five_per_cent() -> None:
    errors = {row["kernel"]: int(row["predicted"]) / int(row["reported"]) - 1 for row in rows()}
    met = [kernel for kernel, error in errors.items() if abs(error) <= 0.05]
    assert met == ["gemm_ncubed", "gemm_blocked", "stencil2d", "stencil3d"]


def test_the_page_gives_the_same_figures() -> None:
    page = (MACHSUITE.parents[1] / "docs" / "targets.md").read_text(encoding="utf-8")
    for row in rows():
        assert f"| {row['kernel']} | {int(row['reported']):,} | {int(row['predicted']):,} |" in page
