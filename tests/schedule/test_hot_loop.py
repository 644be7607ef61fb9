"""What is said of the loop that takes most cycles, by what bounds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.lang.terms import For, Loop
from seer.lang.traverse import loop_free, statements
from seer.schedule import Target, auto_pipelined, drain_free, schedule
from seer.schedule.formula import parts
from seer.schedule.hot_loop import HotLoop, hot_loop
from seer.schedule.spent import loop_cycles

TARGET = Target.load("xc7", memory_ports=1)
SUM = "for (int j = 0; j < 64; j++) { s += a[j] * 3 + a[63 - j]; }"
NEST = "for (int i = 0; i < 64; i++) {{ int x = b[i]{}; for (int j = 0; j < 2; j++) s += a[j]{}; b[i] = x; }}"
FEW, LONG = NEST.format("", " * x * x"), NEST.format(" / 7 / 9", "")
HEAD = "#include <stdint.h>\nvoid f(int a[64], int b[64]) {{ int s = 0; {} b[0] = s; }}"


def found(code: str, folder: Path, pipelined: str) -> HotLoop:
    file = folder / "f.c"
    file.write_text(HEAD.format(code))
    program = frontend.load([file], "f")
    chosen: frozenset[Loop] = auto_pipelined(program)
    if pipelined == "none":
        chosen = frozenset()
    elif pipelined == "inner":
        inner = (s for s in statements(program.body) if isinstance(s, For) and loop_free(s.body))
        chosen = frozenset(inner)
    elif pipelined == "nest":
        chosen = drain_free(program, chosen)
    made = schedule(program, chosen, TARGET, share="none")
    cycles = loop_cycles(made, [{}])
    hot = hot_loop(made, cycles, TARGET)
    assert hot is not None and cycles[hot.position] == max(cycles)
    return hot


@pytest.mark.parametrize(
    ("code", "pipelined", "because", "lift"),
    [
        (SUM, "auto", "II 2: 2 accesses to a in each iteration share 1 port", "ARRAY_PARTITION variable=a"),
        (SUM, "none", "each iteration takes", "iterations that overlap"),
        (FEW, "inner", "II 1, but after its 2 iterations it drains for", "goes on without draining"),
        (LONG, "inner", "the last iterations of a pipelined one drain for up to", "before these loops have"),
        (LONG, "nest", "beside the loop in it", "perfection"),
    ],
)
def test_what_bounds_it_and_what_would_lift_it(
    code: str, pipelined: str, because: str, lift: str, tmp_path: Path
) -> None:
    hot = found(code, tmp_path, pipelined)
    assert because in hot.because
    assert lift in hot.lift


def test_a_design_without_loops_has_none(tmp_path: Path) -> None:
    file = tmp_path / "f.c"
    file.write_text(HEAD.format("s = a[0];"))
    made = schedule(frontend.load([file], "f"), frozenset(), TARGET)
    assert hot_loop(made, loop_cycles(made, [{}]), TARGET) is None
    assert len(parts(made)) == 1
