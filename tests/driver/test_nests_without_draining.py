"""Exploration finds nests with read and clipped bounds that go on without draining, an iteration a cycle."""

from __future__ import annotations

from pathlib import Path

from seer import frontend
from seer.driver.budgets import Budgets
from seer.driver.optimize import optimize
from seer.driver.options import Limits, Options
from seer.driver.source import Source
from seer.schedule.formula import parts
from seer.schedule.model import PipelinedLoop

KERNEL = """#include <stdint.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
void line(int32_t many[6], double at[6][12], double sum[6][12])
{
    for (int c = 0; c < 6; c++) {
        for (int d = MAX(0, c - 1); d < MIN(6, c + 2); d++) {
            int other = many[d];
            for (int p = 0; p < many[c]; p++) {
                double total = sum[c][p], here = at[c][p];
                for (int q = 0; q < other; q++) {
                    double apart = here - at[d][q];
                    if (apart != 0.0) {
                        total += apart * apart;
                    }
                }
                sum[c][p] = total;
            }
        }
    }
}
"""
BENCH = """#include <stdint.h>
void line(int32_t many[6], double at[6][12], double sum[6][12]);
int main(void)
{
    int32_t many[6] = {8, 9, 12, 7, 6, 10};
    double at[6][12], sum[6][12];
    for (int k = 0; k < 72; k++) {
        at[k / 12][k % 12] = k * k % 31;
        sum[k / 12][k % 12] = k;
    }
    line(many, at, sum);
    return 0;
}
"""


def test_sums_over_read_bounds_take_an_iteration_a_cycle(tmp_path: Path) -> None:
    """Estimates of the nests that rules make count their iterations like those of the nest they were made of:
    else short loops as they are look better than all that is made of them."""
    (tmp_path / "line.c").write_text(KERNEL)
    (tmp_path / "bench.c").write_text(BENCH)
    file = tmp_path / "line.c"
    source = Source((file,), benches=(tmp_path / "bench.c",))
    budgets = Budgets(max_area="1.4x")  # with more, the rows are registers of their own, and all in parallel
    options = Options(
        backend="none",
        rules="control",
        memory_ports=1,
        share="none",
        budgets=budgets,
        limits=Limits(rounds=2),
    )
    result = optimize(frontend.load([file], "line"), source, options, tmp_path)
    seer, plain = result.designs["seer"], result.designs["auto_pipelined"]
    hot = [part.node for part in parts(seer.schedule) if isinstance(part.node, PipelinedLoop)]
    assert [node.initiation_interval for node in hot if node.around] == [1]
    assert seer.cycles <= 0.18 * plain.cycles
    assert {step.proof.kind for step in result.steps} <= {"axiom", "isl"}
