"""Nests whose bounds are read and clipped, from C to a schedule without draining or recurrence."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from seer.frontend import load
from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import Block, For, Local, LocalArray, Statement
from seer.lang.traverse import bodies, loop_free, statements, with_bodies
from seer.rewrites.control._rule import ControlRule
from seer.rewrites.control.hoisting import Hoisting
from seer.rewrites.control.promotion import Promotion
from seer.rewrites.control.turning import Turning
from seer.schedule import Target, auto_pipelined, cycles, drain_free, schedule
from seer.schedule.formula import parts
from seer.schedule.model import PipelinedLoop
from seer.schedule.replay import replay
from seer.verify.loop_equivalence import check

KERNEL = """
#include <stdint.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
void line(int32_t many[6], int32_t at[6][5], int32_t sum[6][5]) {
    for (int c = 0; c < 6; c++) {
        for (int d = MAX(0, c - 1); d < MIN(6, c + 2); d++) {
            int own = many[c], other = many[d];
            for (int p = 0; p < own; p++) {
                int32_t total = sum[c][p], here = at[c][p];
                for (int q = 0; q < other; q++) {
                    int32_t apart = here - at[d][q];
                    if (apart != 0) total = total * apart + apart;
                }
                sum[c][p] = total;
            }
        }
    }
}
"""
TARGET = Target.load("xc7", memory_ports=1)


@dataclass
class Recorded:
    params: Mapping[str, int]
    arrays_before: Mapping[str, list[int]]


def rewritten(block: Block, wanted: Callable[[Statement], bool], rule: ControlRule) -> Block:
    """`block` with the first proved offer of a rule for each wanted statement, inner ones first."""
    made: list[Statement] = []
    for statement in block:
        inner = with_bodies(statement, [rewritten(body, wanted, rule) for body in bodies(statement)])
        offers = rule.attempt((inner,)).offers if wanted(inner) else ()
        proved = [o for o in offers if check(o.before, o.replacement, o.correspondence, execute=False).proved]
        made += proved[0].replacement if proved else (inner,)
    return tuple(made)


def has_level(level: int) -> Callable[[Statement], bool]:
    return lambda s: isinstance(s, For) and s.iv.level == level


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Program]:
    """The kernel as written, and with its nest in order."""
    path = tmp_path_factory.mktemp("line") / "line.c"
    path.write_text(KERNEL)
    program = load([path], "line")
    body = rewritten(program.body, lambda s: isinstance(s, Local), Promotion())
    body = rewritten(body, has_level(1), Hoisting())
    body = rewritten(body, has_level(2), Turning())
    body = rewritten(body, has_level(1), Hoisting())
    return program, replace(program, body=body)


def test_rows_stay_at_hand_along_the_neighbours(programs: tuple[Program, Program]) -> None:
    _, after = programs
    (around,) = [s for s in statements(after.body) if isinstance(s, For) and not _is_rectangle(s)]
    assert around.iv.level == 1
    inside = [s for s in statements(around.body) if isinstance(s, For)]
    assert [s.iv.level for s in inside] == [2, 3]
    # The sums of five points: none of them waits for another.
    assert (inside[1].iv.lower, inside[1].iv.upper) == (0, 5)
    rows = [s.array for s in statements(after.body) if isinstance(s, Local) and s.array.type.shape == (5,)]
    assert rows and all(isinstance(row, LocalArray) for row in rows)


def _is_rectangle(loop: For) -> bool:
    return loop_free(loop.body) or loop.iv.level == 0 or loop.iv.level == 2


def test_it_goes_on_without_draining_at_an_interval_of_one(programs: tuple[Program, Program]) -> None:
    before, after = programs
    plain = schedule(before, auto_pipelined(before), TARGET, share="none")
    found = schedule(after, drain_free(after, auto_pipelined(after)), TARGET, share="none")
    hot = [p.node for p in parts(found) if isinstance(p.node, PipelinedLoop) and p.node.around]
    assert [node.initiation_interval for node in hot] == [1]
    rng = random.Random(1)
    for least in (0, 0, 4):
        many = [rng.randrange(least, 6) for _ in range(6)]
        call = {"many": many, "at": [rng.randrange(99) for _ in range(30)], "sum": list(range(30))}
        expected = interpreter.run(before, call, {})
        result = replay(found, call, {}, registers=0x5A5A5A5A)
        assert result.faults == []
        assert {name: result.arrays[name] for name in expected} == expected
        taken = cycles(found, Recorded({}, call))
        assert result.cycles == taken
        if least:
            assert taken < 0.6 * cycles(plain, Recorded({}, call))
