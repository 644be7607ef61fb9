"""Loops around loops whose iterations data decide, the whole way: found, proved, counted, replayed."""

from __future__ import annotations

from pathlib import Path

from seer import frontend
from seer.driver.optimize import optimize
from seer.driver.options import Options
from seer.driver.output import write_result
from seer.driver.result import Result
from seer.driver.source import Source

SEARCH = """#include <stdint.h>
int f(uint8_t pattern[4], uint8_t next[4], uint8_t text[100])
{
    int q = 0, found = 0;
    for (int i = 0; i < 100; i++) {
        while (q > 0 && (pattern[q] & 3) != (text[i] & 3)) {
            q = next[q - 1] & 1;
        }
        if ((pattern[q] & 3) == (text[i] & 3)) {
            q++;
        }
        if (q >= 4) {
            found++;
            q = next[q - 1] & 1;
        }
    }
    return found;
}
"""


def best(source: str, folder: Path) -> Result:
    file = folder / "f.c"
    file.write_text(source)
    program = frontend.load([file], "f")
    options = Options(backend="none", rules="control", memory_ports=1, share="none")
    result = optimize(program, Source((file,)), options, folder)
    write_result(result, folder)
    return result


def test_a_search_is_one_loop(tmp_path: Path) -> None:
    result = best(SEARCH, tmp_path)
    assert "merging" in [step.rule for step in result.steps]
    assert {step.proof.kind for step in result.steps} <= {"axiom", "isl"}
    seer, plain = (result.designs[name].predicted_cycles for name in ("seer", "auto_pipelined"))
    assert seer <= 0.5 * plain
