"""How often loops run that rules make, where data decide it: as often as those that they are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from seer import frontend
from seer.driver.control import ControlRound
from seer.driver.iteration_counts import measured_iterations
from seer.egraph.explore import EGraph
from seer.egraph.rules import library
from seer.lang.loop_bounds import reads_registers
from seer.lang.terms import For
from seer.lang.traverse import statements
from seer.rewrites.control.promotion import Promotion
from seer.rewrites.control.turning import Turning

KERNEL = """#include <stdint.h>
void total(int32_t many[6], int32_t at[6][8], int32_t sum[6][8])
{
    for (int c = 0; c < 6; c++) {
        int other = many[c];
        for (int p = 0; p < 8; p++) {
            int32_t total = sum[c][p];
            for (int q = 0; q < other; q++) {
                total = total * at[c][q] + p;
            }
            sum[c][p] = total;
        }
    }
}
"""


@dataclass
class Recorded:
    arrays_before: dict[str, list[int]]
    params: dict[str, int] = field(default_factory=dict)


def test_loops_of_a_turned_nest_run_as_often_as_before(tmp_path: Path) -> None:
    (tmp_path / "total.c").write_text(KERNEL)
    program = frontend.load([tmp_path / "total.c"], "total")
    call = Recorded({"many": [3, 5, 4, 3, 5, 4], "at": [0] * 48, "sum": [0] * 48})
    measured = measured_iterations(program, [call])
    assert list(measured.values()) == [4]

    egraph = EGraph(library())
    egraph.add(program)
    control = ControlRound(egraph, [Promotion(), Turning()], dict(program.origins), 10)
    control.iterations.update(measured)
    for _ in range(2):
        control.run([program.body], everywhere=False)
        while egraph.step([]).changed:
            pass
    assert any("turning" in line and "united" in line for line in control.trace)
    made = [loop for loop in control.iterations if isinstance(loop, For) and loop not in measured]
    assert made and all(reads_registers(loop) for loop in made)
    assert {control.iterations[loop] for loop in made} == {4}
    assert not any(loop in list(statements(program.body)) for loop in made)
