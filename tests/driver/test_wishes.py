"""Pragmas of the source in the three designs of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.driver.optimize import optimize
from seer.driver.options import Options
from seer.driver.result import Result, loop_reports
from seer.driver.source import Source
from seer.driver.wishes import Wishes, honoured

KERNEL = """void f(int a[16], int b[16], int c[16]) {
    ONE: for (int i = 0; i < 16; i++) {
        %s
        b[i] = a[i] * 3;
    }
    TWO: for (int i = 0; i < 16; i++) {
        c[15 - i] = b[i] + 1;
    }
}
"""


def _run(folder: Path, pragma: str, rules: str = "none") -> Result:
    (folder / "k.c").write_text(KERNEL % pragma)
    program = frontend.load([folder / "k.c"], "f")
    wishes, _ = honoured(program, frontend.pragmas_of([folder / "k.c"]))
    options = Options(backend="none", rules=rules, wishes=wishes)
    return optimize(program, Source((folder / "k.c",)), options, folder / "out")


def _intervals(result: Result) -> dict[str, dict[str, int | None]]:
    return {
        name: {report.label: report.ii for report in loop_reports(design.schedule)}
        for name, design in result.designs.items()
    }


@pytest.mark.parametrize("rules", ["none", "datapath"])
def test_pipeline_is_honoured_in_all_designs(tmp_path: Path, rules: str) -> None:
    found = _intervals(_run(tmp_path, "#pragma HLS PIPELINE", rules))
    assert found["input"] == {"ONE": 1, "TWO": None}
    assert found["auto_pipelined"] == found["seer"] == {"ONE": 1, "TWO": 1}


@pytest.mark.parametrize("rules", ["none", "datapath"])
def test_pipeline_off_is_honoured_in_all_designs(tmp_path: Path, rules: str) -> None:
    found = _intervals(_run(tmp_path, "#pragma HLS pipeline off", rules))
    assert found["input"] == {"ONE": None, "TWO": None}
    assert found["auto_pipelined"] == found["seer"] == {"ONE": None, "TWO": 1}


def test_what_is_not_honoured_is_said(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text(
        """void f(int a[4][4]) {
#pragma HLS PIPELINE
    for (int i = 0; i < 4; i++) {
#pragma HLS PIPELINE
        for (int j = 0; j < 4; j++) {
#pragma HLS UNROLL factor=2
#pragma HLS PIPELINE II=3
            a[i][j]++;
        }
    }
}
"""
    )
    program = frontend.load([tmp_path / "k.c"], "f")
    wishes, reports = honoured(program, frontend.pragmas_of([tmp_path / "k.c"]))
    assert [place.line for place in wishes.pipeline] == [5] and wishes.sequential == ()
    assert [report.split("k.c:")[1] for report in reports] == [
        "2:9: `#pragma HLS PIPELINE` is not honoured yet: it stands in no loop",
        "4:9: `#pragma HLS PIPELINE` is not honoured yet: there are loops in the loop",
        "6:9: `#pragma HLS UNROLL factor=2` is not honoured yet: seer decides this by itself",
        "7:9: `#pragma HLS PIPELINE II=3` is not honoured yet: its II (the least possible is chosen)",
    ]


def test_nests_around_a_sequential_loop_are_not_flattened(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text(
        "void f(int a[4][4]) { for (int i = 0; i < 4; i++) for (int j = 0; j < 4; j++) a[i][j]++; }\n"
    )
    program = frontend.load([tmp_path / "k.c"], "f")
    (outer,) = program.body
    places = program.origins[outer.body[0]].locations  # type: ignore[attr-defined]
    assert len(Wishes().auto_pipelined(program)) == 2
    assert Wishes(sequential=places).auto_pipelined(program) == frozenset()
