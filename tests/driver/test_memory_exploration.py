"""Exploration finds what the rules for memories make of a kernel, among many other forms of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from seer import frontend
from seer.driver.explore import Best, Request, explore
from seer.driver.options import Limits, Options
from seer.lang.program import Program

FILTER = """
void filter(const float in[34*40], float out[34*40], const float k[9]) {
  for (int r = 0; r < 32; r++)
    for (int c = 0; c < 38; c++) {
      float s = 0;
      for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) s += k[i*3 + j] * in[(r + i)*40 + c + j];
      out[r*40 + c] = s;
    }
}"""

TAPS = """
void taps(const int x[300], const int h[3], int y[300]) {
  for (int n = 1; n < 299; n++) y[n] = h[0] * x[n-1] + h[1] * x[n] + h[2] * x[n+1];
}"""


def test_a_loop_that_stands_alone_has_a_window_too(tmp_path: Path) -> None:
    file = tmp_path / "kernel.c"
    file.write_text(TAPS, encoding="utf-8")
    best = _explored(frontend.load([file], "taps", [], [], {}, {}), rounds=2)
    assert min(found.point.cycles for found in best.front) <= 300 + 20


def test_a_window_is_found_behind_loops_over_it_and_a_sum_of_floats(tmp_path: Path) -> None:
    file = tmp_path / "kernel.c"
    file.write_text(FILTER, encoding="utf-8")
    best = _explored(frontend.load([file], "filter", [], [], {}, {}), rounds=2)
    assert min(found.point.cycles for found in best.front) <= 34 * 40 + 80


def _explored(program: Program, rounds: int) -> Best:
    options = Options(rules="control", memory_ports=1, share="none", limits=replace(Limits(), rounds=rounds))
    seen: list[Any] = []
    explore(Request(program, options, ({},)), seen.append)
    return [message for message in seen if isinstance(message, Best)][-1]
