"""Merge sort: exploration finds merges that take a cycle an element."""

from __future__ import annotations

from pathlib import Path

from seer.driver.result import loop_reports
from tests.driver.test_merged_loops import best

TEXT = """
#include <stdint.h>
void f(int32_t v[300])
{
    int32_t t[300];
    for (unsigned width = 1; width < 300; width *= 2)
        for (unsigned lo = 0; lo + width < 300; lo += 2 * width) {
            unsigned mid = lo + width, hi = mid + width, i, j, k;
            if (hi > 300) hi = 300;
            for (i = lo; i < mid; i++) t[i] = v[i];
            for (j = 0; j < hi - mid; j++) t[hi - 1 - j] = v[mid + j];
            i = lo;
            j = hi - 1;
            for (k = lo; k < hi; k++) {
                if (t[j] < t[i]) v[k] = t[j--];
                else v[k] = t[i++];
            }
        }
}
"""


def test_a_merge_takes_a_cycle_an_element(tmp_path: Path) -> None:
    result = best(TEXT, tmp_path)
    plain, seer = result.designs["auto_pipelined"], result.designs["seer"]
    # As it is written a merge waits four cycles for what it loads; in the end for nothing.
    assert "deciding (keeping 2 ahead)" in [count.rule for count in result.rules if count.united]
    assert all(loop.ii in (None, 1) for loop in loop_reports(seer.schedule))
    assert seer.predicted_cycles < 0.75 * plain.predicted_cycles
    assert {step.proof.kind for step in result.steps} <= {"axiom", "isl"}
