"""Ratios, means and comparisons of results."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from seer.bench.plots import plots_of
from seer.bench.results import assembled, compared, merged, read_results
from seer.bench.suite import Kernel, Setting, Suite
from seer.bench.tables import front_table, markdown, page, tables_of
from seer.errors import InputError

SUITE = Suite(
    "s",
    "Some <kernels>",
    Path("s"),
    {"cycles": 0.0, "area": 0.1},
    {},
    (Setting("plain", "Plain", {"share": "none"}), Setting("fast", "Fast", {})),
    (Kernel("a", "a", ("a.c",), published={"cycles": 0.25}), Kernel("b", "b", ("b.c",))),
)
FAILED = {"failed": {"exit_code": 3, "message": "the RTL of seer differs | from the C"}}


def design(cycles: int, area: float, clock: float | None = 4.0) -> dict[str, Any]:
    return {
        "cycles": cycles,
        "simulated": True,
        **dict.fromkeys(("lut", "ff", "dsp", "bram"), 1),
        "area": area,
        "area_source": "yosys",
        "clock_ns": clock,
        "time_us": None if clock is None else cycles * clock / 1000,
        "hot_loop": {"name": "L1", "location": "a.c:1:1", "share": 0.9, "ii": 2, "ii_bound_by": "ports of x"},
    }


def kernel(
    input: int, auto: int, seer: int, area: float = 100.0, clock: float | None = 4.0
) -> dict[str, Any]:
    designs = (design(input, 100.0), design(auto, 200.0), design(seer, area, clock))
    return {
        "designs": dict(zip(("input", "auto_pipelined", "seer"), designs, strict=True)),
        "front": [[seer, area]],
        "egraph": {"nodes": 1234, "classes": 9, "iterations": 3, "limits_hit": ["candidates"]},
        "rules": {"fusion": 1, "unroll": 2},
        "proof": {
            "steps": 4,
            "smt": 1,
            "ring": 0,
            "exhaustive": 0,
            "isl": 1,
            "axiom": 1,
            "executed": 1,
            "assumed": 0,
        },
        "vectors": {"cpp": 1, "rtl": 1},
        "reproducible": True,
    }


def results(plain: dict[str, Any], fast: dict[str, Any] | None = None) -> dict[str, Any]:
    return assembled(SUITE, "0", {"plain": plain} | ({"fast": fast} if fast else {}))


def test_ratios_and_their_geometric_means() -> None:
    found = results({"a": kernel(1000, 400, 100), "b": kernel(900, 900, 900, 400.0, None)})["settings"][
        "plain"
    ]
    assert found["kernels"]["a"]["ratios"]["to_input"] == {"cycles": 0.1, "area": 1.0, "time_us": 0.1}
    assert found["kernels"]["b"]["ratios"]["to_auto_pipelined"] == {
        "cycles": 1.0,
        "area": 2.0,
        "time_us": None,
    }
    means = found["geometric_means"]
    assert means["kernels"] == 2
    assert means["to_input"]["cycles"] == round(math.sqrt(0.1), 4)
    assert means["to_auto_pipelined"]["area"] == 1.0
    assert means["to_input"]["time_us"] == 0.1


def test_a_kernel_that_failed_is_in_no_mean() -> None:
    found = results({"a": kernel(1000, 400, 100), "b": FAILED})["settings"]["plain"]
    assert found["geometric_means"]["kernels"] == 1
    assert found["geometric_means"]["to_input"]["cycles"] == 0.1


@pytest.mark.parametrize(
    ("now", "worse"),
    [
        (kernel(1000, 400, 100), []),
        (kernel(900, 400, 90, 109.0), []),
        (kernel(1000, 400, 101), ["plain/a: cycles of seer: 100 recorded, now 101 (+1.0%, tolerated 0.0%)"]),
        (kernel(1000, 401, 100), ["plain/a: cycles of auto_pipelined: 400 recorded, now 401"]),
        (
            kernel(1000, 400, 99, 111.0),
            ["plain/a: area of seer: 100 recorded, now 111 (+11.0%, tolerated 10.0%)"],
        ),
        (FAILED, ["plain/a: result: a result recorded, now failed: the RTL"]),
    ],
)
def test_what_got_worse_than_tolerated_is_named_with_both_values(
    now: dict[str, Any], worse: list[str]
) -> None:
    recorded = results({"a": kernel(1000, 400, 100), "b": kernel(1, 1, 1)})
    found = [str(one) for one in compared(SUITE, recorded, results({"a": now}))]
    assert len(found) == len(worse)
    for got, expected in zip(found, worse, strict=True):
        assert got.startswith(expected)


def test_what_is_not_recorded_is_not_compared() -> None:
    assert (
        compared(SUITE, results({"a": kernel(9, 9, 9)}), results({"b": kernel(9, 9, 9)}, {"a": FAILED})) == []
    )


def test_recording_keeps_what_did_not_run_or_failed() -> None:
    recorded = results({"a": kernel(10, 9, 8), "b": kernel(7, 6, 5)}, {"a": kernel(4, 3, 2)})
    new = merged(SUITE, recorded, {"plain": {"a": kernel(10, 9, 7), "b": FAILED}})
    again = assembled(SUITE, "0", new)["settings"]
    assert again["plain"]["kernels"]["a"]["designs"]["seer"]["cycles"] == 7
    assert again["plain"]["kernels"]["b"] == recorded["settings"]["plain"]["kernels"]["b"]
    assert again["fast"] == recorded["settings"]["fast"]
    assert merged(SUITE, None, {"plain": {"a": FAILED}}) == {}


def test_results_of_another_schema_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    for text in ("", "[]", json.dumps({"schema": 0})):
        path.write_text(text)
        with pytest.raises(InputError, match=r"results\.json"):
            read_results(path)


def test_tables_as_markdown_and_as_a_page() -> None:
    found = results({"a": kernel(1000, 400, 100), "b": FAILED})
    tables = tables_of(SUITE, found, {"plain": {"a": {"exploration": 1.25, "total": 4.0}}})
    lines = markdown(SUITE, tables).splitlines()
    (head,) = [line for line in lines if line.startswith("| kernel | cycles")]
    (row,) = [line for line in lines if line.startswith("| a | 1,000")]
    cells = dict(zip(head.split(" | "), row.split(" | "), strict=True))
    assert cells["cycles seer"] == "100" and cells["cycles / auto"] == "0.250"
    assert cells["hot loop"] == "L1: II 2, ports of x"
    assert cells["published cycles / input"] == "0.250"
    assert cells["cycles / published |"] == "0.400 |"
    (mean,) = [line for line in lines if line.startswith("| geometric mean")]
    assert mean.endswith("| 0.400 |")
    assert "- b failed: the RTL of seer differs | from the C" in lines
    (search,) = [line for line in lines if line.startswith("| a | 1.2")]
    assert "1,234" in search and "fusion, unroll ×2" in search and "candidates" in search
    assert all(line.count(" | ") == head.count(" | ") for line in lines if line.startswith("| b |"))

    text = page(SUITE, "0", tables)
    assert "Some &lt;kernels&gt;" in text and "<kernels>" not in text
    assert '<a href="plain/a/">a</a>' in text
    assert text.count("<table>") == 2 and "L1: II 2, ports of x" in text and "geometric mean" in text


def test_plots_show_each_kernel_that_has_a_result() -> None:
    one = kernel(1000, 400, 100)
    one["front"] = [[100, 90.0], [400, 50.0]]
    found = results({"a": one, "b": FAILED})
    bars, front = plots_of(SUITE, found["settings"]["plain"])
    assert bars.wide and bars.svg.count("<rect") == 3 + 3 and ">0.25<" in bars.svg and ">b<" not in bars.svg
    assert front.svg.count("<circle") == 2 and "a:" in front.title
    for plot in (bars, front):
        ElementTree.fromstring(plot.svg)
        assert plot.svg in page(SUITE, "0", [], [bars, front])
    assert plots_of(SUITE, results({"b": FAILED})["settings"]["plain"]) == []


def test_the_front_table_tells_what_each_kernel_gains() -> None:
    lines = front_table(results({"a": kernel(1000, 400, 100, 150.0)}), "plain").splitlines()
    assert lines[2] == "| a | 1,000 | 400 | 100 | 10.00 | 4.00 | 1.50 |"
    assert lines[3] == "| geometric mean |  |  |  | 10.00 | 4.00 | 1.50 |"


def test_a_goal_that_is_missed_is_explained() -> None:
    goals = {"a": {"cycles": 90.0, "to_input": 0.1, "to_auto_pipelined": 0.2}}
    plain, fast = SUITE.settings
    suite = replace(SUITE, settings=(replace(plain, goals=goals), fast))
    told = kernel(1000, 400, 100)
    told["designs"]["seer"]["hot_loop"] |= {"because": "II 2: x has one port", "lift": "a partition of x"}
    (table, _) = tables_of(suite, results({"a": told}), {})
    why = "L1 takes 90% of them: II 2: x has one port; what would lift it: a partition of x"
    missed = [
        f"a: 100 cycles, 90 are wanted; {why}",
        f"a: 0.250 of the cycles of the auto-pipelined input, 0.2 is wanted; {why}",
    ]
    assert table.notes == missed
    assert all(f"- {line}" in markdown(suite, [table]) for line in missed)
    front = front_table(results({"a": told}), "plain", goals).splitlines()
    assert front[-2:] == [f"- {line}" for line in missed] and front[-3] == ""
    # What was recorded without an explanation has its bound.
    assert "wanted; L1: II 2, ports of x" in front_table(
        results({"a": kernel(1000, 400, 100)}), "plain", goals
    )


def test_what_a_reader_must_know_is_noted() -> None:
    guessed = kernel(10, 9, 8)
    guessed["designs"]["seer"] |= {"simulated": False, "area_source": "model"}
    guessed["reproducible"] = False
    (table, _) = tables_of(SUITE, results({"a": guessed}), {})
    assert len(table.notes) == 3
    assert "a: cycles are predicted, not simulated" in table.notes
