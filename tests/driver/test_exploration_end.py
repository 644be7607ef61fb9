"""When exploration ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from seer import frontend
from seer.driver.explore import Finished, Request, explore
from seer.driver.options import Limits, Options
from seer.driver.worker import Progress

CODE = """
void f(int a[32], int b[32], int c[32]) {
  for (int i = 0; i < 32; i++) b[i] = a[i] * 3 + a[i] * 5;
  for (int i = 0; i < 32; i++) c[i] = b[i] + 1;
}"""


def test_a_round_after_its_limit_of_unions_was_met(tmp_path: Path) -> None:
    file = tmp_path / "f.c"
    file.write_text(CODE)
    limits = replace(Limits(), loop_rewrites=1)
    seen: list[Any] = []
    explore(Request(frontend.load([file], "f"), Options(limits=limits), ({},)), seen.append)
    united = [message.text.split(", ")[-1] for message in seen if isinstance(message, Progress)][1:]
    assert united == ["1 loop rewrites united", "0 loop rewrites united"]
    end = seen[-1]
    assert isinstance(end, Finished) and "loop_rewrites" in end.limits_hit
