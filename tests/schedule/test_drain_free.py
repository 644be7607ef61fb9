"""Loops that go on before the pipelined loop in them has drained: legal, exact in cycles, or refused."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path

import pytest

from seer.backends.rtl.batch import Job, simulate_batch
from seer.errors import InputError
from seer.frontend import load
from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import For
from seer.lang.traverse import statements
from seer.schedule import Target, auto_pipelined, cycles, drain_free, schedule
from seer.schedule.check import static_faults
from seer.schedule.entries import EntryDistances
from seer.schedule.formula import parts
from seer.schedule.model import PipelinedLoop, Schedule, SequentialLoop
from seer.schedule.replay import replay

ONE_PORT = Target.load("xc7", memory_ports=1)

KERNELS = """
#include <stdint.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
void columns(int32_t a[9][9], int32_t x[9], int32_t y[9]) {
    for (int i = 0; i < 9; i++) for (int j = 0; j <= i; j++) y[j] = y[j] * 3 + a[i][j] * x[j];
}
void rows(int32_t a[9][9], int32_t y[9]) {
    for (int i = 0; i < 9; i++) for (int j = i; j < 9; j++) y[i] = y[i] * 3 + a[i][j];
}
void sparse(int32_t from[9], int32_t value[64], uint8_t column[64], int32_t x[16], int32_t out[64]) {
    for (int i = 0; i < 8; i++) {
        int b = from[i] & 63, e = from[i + 1] & 63;
        for (int j = b; j < e; j++) out[j] = value[j] * x[column[j] & 15] + i;
    }
}
void histogram(uint8_t length[6], uint8_t index[6][8], int32_t h[16]) {
    for (int i = 0; i < 6; i++) {
        int n = length[i] & 7;
        for (int j = 0; j < n; j++) h[index[i][j] & 15] += i + 1;
    }
}
void cells(uint8_t many[4][4], int32_t at[4][4][5], int32_t out[4][4][5]) {
    for (int a = 0; a < 4; a++) for (int b = 0; b < 4; b++) {
        int32_t sum[5], own[5];
        for (int p = 0; p < 5; p++) { sum[p] = 0; own[p] = at[a][b][p]; }
        for (int c = MAX(0, a - 1); c < MIN(4, a + 2); c++) {
            for (int d = MAX(0, b - 1); d < MIN(4, b + 2); d++) {
                int n = MIN(5, many[c][d]);
                for (int q = 0; q < n; q++)
                    for (int p = 0; p < 5; p++) sum[p] = sum[p] * 3 + own[p] * at[c][d][q];
            }
        }
        for (int p = 0; p < 5; p++) out[a][b][p] = sum[p];
    }
}
void carried(uint8_t many[7], int32_t a[7][6], int32_t out[8]) {
    int32_t t = 1;
    for (int i = 0; i < 7; i++) {
        int n = many[i] & 3;
        int32_t weight = i * 5 + n;
        for (int j = 0; j < n; j++) { t = t * weight + a[i][j]; out[j] = t; }
    }
    out[7] = t;
}
void both(int32_t a[8][8], uint8_t n[8]) {
    for (int i = 0; i < 8; i++) { int m = n[i] & 7; a[i][7] = m; for (int j = 0; j < m; j++) a[i][j] += i; }
}
void sums(int32_t from[9], int32_t value[64], uint8_t column[64], int32_t x[16], int32_t y[8]) {
    for (int i = 0; i < 8; i++) {
        int32_t sum = i;
        int b = from[i] & 63, e = from[i + 1] & 63;
        for (int j = b; j < e; j++) sum = sum * 3 + value[j] * x[column[j] & 15];
        y[i] = sum;
    }
}
void windows(int32_t a[6][6], int32_t y[6][6]) {
    for (int i = 0; i < 6; i++) for (int j = 0; j < 6; j++) {
        int32_t sum = 0, most = 0;
        for (int k = MAX(0, i - 1); k < MIN(6, i + 2); k++) {
            for (int l = MAX(0, j - 1); l < MIN(6, j + 2); l++) { sum += a[k][l] * a[k][l]; most += k; }
        }
        y[i][j] = sum + most;
    }
}
void pairs(uint8_t many[1], int32_t a[8][2], int32_t y[2]) {
    int n = many[0] & 7;
    for (int i = 0; i < n; i++) for (int j = 0; j < 2; j++) y[j] = y[j] * y[j] + a[i][j];
}
"""
NAMES = ("columns", "rows", "sparse", "histogram", "cells", "carried", "pairs", "sums", "windows")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nests") / "kernels.c"
    path.write_text(KERNELS)
    return path


@dataclass
class Recorded:
    params: Mapping[str, int]
    arrays_before: Mapping[str, list[int]]
    arrays_after: Mapping[str, list[int]] = field(default_factory=dict)


def contents(program: Program, rng: random.Random) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for array in program.arrays:
        most = min(rng.choice((4, 8, 256, 1 << 31)), 1 << array.type.width)
        found[array.name] = [rng.randrange(most) for _ in range(prod(array.type.shape))]
        if array.name == "from":
            found[array.name].sort()
    return found


def nest(program: Program, target: Target = ONE_PORT, share: str = "none") -> Schedule:
    pipelined = drain_free(program, auto_pipelined(program))
    assert pipelined != auto_pipelined(program)
    return schedule(program, pipelined, target, share=share)


def checked(found: Schedule, target: Target, rng: random.Random) -> Recorded:
    """A call on which schedule, replay and interpreter agree."""
    program = found.program
    assert static_faults(found, target) == []
    before = contents(program, rng)
    after = interpreter.run(program, before, {})
    result = replay(found, before, {}, registers=0x5A5A5A5A)
    assert result.faults == []
    assert {name: result.arrays[name] for name in after} == after
    assert result.cycles == cycles(found, Recorded({}, before))
    return Recorded({}, before, {name: list(values) for name, values in after.items()})


@pytest.mark.parametrize("share", ["none", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_nests_are_checked_and_replayed(name: str, share: str, source: Path) -> None:
    program = load([source], name)
    for seed, target in enumerate((ONE_PORT, Target.load("xc7"))):
        found = nest(program, target, share)
        for _ in range(3):
            checked(found, target, random.Random(seed))


def test_the_hardware_takes_the_same_cycles(source: Path, tmp_path: Path) -> None:
    rng = random.Random(7)
    jobs: list[Job] = []
    for name in NAMES:
        found = nest(load([source], name), share="all" if name == "cells" else "none")
        jobs.append(Job(found, [checked(found, ONE_PORT, rng) for _ in range(2)]))
    for job, simulation in zip(jobs, simulate_batch(jobs, tmp_path), strict=True):
        assert not isinstance(simulation, Exception), simulation
        assert [call.mismatches for call in simulation.calls] == [0, 0]
        assert [call.cycles for call in simulation.calls] == [cycles(job.schedule, c) for c in job.calls]


def test_no_cycles_are_lost_between_entries(source: Path) -> None:
    """Each pair of cells takes its iterations, four cycles to read how many there are and a guard."""
    program = load([source], "cells")
    found = nest(program)
    (inner,) = (part for part in parts(found) if part.what == "pipelined" and part.cycles == "1·5")
    assert isinstance(inner.node, PipelinedLoop) and inner.node.initiation_interval == 1
    full = {array.name: [5] * prod(array.type.shape) for array in program.arrays}
    pairs = 10 * 10
    assert cycles(found, Recorded({}, full)) < pairs * (25 + 8) + 16 * 40
    drained = schedule(program, auto_pipelined(program), ONE_PORT, share="none")
    assert cycles(drained, Recorded({}, full)) > pairs * 25 * 2


def test_what_touches_the_same_memory_beside_the_loop_is_refused(source: Path) -> None:
    program = load([source], "both")
    assert drain_free(program, auto_pipelined(program)) == auto_pipelined(program)
    loops = frozenset(s for s in statements(program.body) if isinstance(s, For))
    with pytest.raises(InputError, match="a is accessed beside"):
        schedule(program, loops, ONE_PORT)


def test_a_dependence_between_entries_that_is_ignored_shows(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EntryDistances, "least", lambda *_: None)
    # At a clock of its own: schedules are remembered.
    found = nest(load([source], "pairs"), Target.load("xc7", clock_ns=5.5, memory_ports=1))
    before = {"many": [7], "a": list(range(16)), "y": [1, 2]}
    result = replay(found, before, {})
    assert result.faults
    assert result.arrays["y"] != interpreter.run(found.program, before, {})["y"]


def test_what_changes_beside_the_loop_is_read_in_its_first_cycle(source: Path) -> None:
    found = nest(load([source], "carried"))
    (inner,) = (p.node for p in parts(found) if isinstance(p.node, PipelinedLoop) and p.node.around)
    reads = [op for op in inner.region.operations if op.kind == "read" and op.memory in inner.moving]
    assert reads
    assert all(op.start_cycle == 0 for op in reads)


def test_a_nest_that_does_not_wait_at_its_end_shows(source: Path) -> None:
    found = nest(load([source], "pairs"))
    before_it, head = found.body
    assert isinstance(head, SequentialLoop) and head.drain
    early = replace(found, body=(before_it, replace(head, drain=head.drain - 1)))
    before = {"many": [7], "a": list(range(16)), "y": [1, 2]}
    assert replay(found, before, {}).faults == []
    assert replay(early, before, {}).faults == ["something ends before its last iterations have"]


def _random_kernel(rng: random.Random) -> str:
    """Two or three loops with bounds that are triangular, clipped or read, around one or two statements."""
    depth = rng.choice((2, 3))
    lines: list[str] = []
    ends: list[str] = []
    for k in range(depth):
        behind = ""
        outer = [f"i{d}" for d in range(k)]
        low, high, before = "0", str(rng.randint(1, 5)), ""
        kind = rng.choice(("constant", "triangular", "clipped", "read")) if outer else "constant"
        if kind == "triangular":
            low, high = rng.choice((("0", f"{outer[-1]} + 1"), (outer[-1], "5"), (f"{outer[0]} + 1", "5")))
        elif kind == "clipped":
            at = outer[-1]
            before = f"int l{k} = {at} > 1 ? {at} - 1 : 0, h{k} = {at} + 2 < 5 ? {at} + 2 : 5; "
            low, high = f"l{k}", f"h{k}"
        elif kind == "read":
            before = f"int h{k} = many[{outer[-1]}] & 3; "
            high = f"h{k}"
        lines.append(f"{before}for (int i{k} = {low}; i{k} < {high}; i{k}++) {{")
        if outer and rng.random() < 0.4:
            # Set before the loop and stored behind it.
            lines.insert(-1, f"t = {rng.choice((outer[-1], 't + 1'))};")
            behind = f"z[{outer[-1]}] {rng.choice(('=', '+='))} t;"
        ends.append(behind)
    inner, other = f"i{depth - 1}", f"i{rng.randrange(depth)}"
    choices = [
        f"y[{inner}] = y[{inner}] * 3 + a[{other}][{inner}];",
        f"y[{other}] += a[{inner}][{other}];",
        f"b[{other}][{inner}] = y[{inner}] + {other};",
        f"y[many[{inner}] & 7] += b[{inner}][{other}];",
        f"t = t * 5 + a[{inner}][{other}]; y[{inner}] = t;",
    ]
    lines += rng.sample(choices, rng.choice((1, 2)))
    text = "\n".join(lines) + "".join("}" + behind for behind in reversed(ends))
    arrays = "uint8_t many[8], int32_t a[8][8], int32_t b[8][8], int32_t y[8], int32_t z[8]"
    return f"#include <stdint.h>\nvoid f({arrays}) {{ int32_t t = 1;\n{text}\ny[7] += t; }}\n"


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.soak)])
def test_random_nests(seed: int, tmp_path: Path) -> None:
    count = 200 if seed else 14
    without_draining = 0
    for number in range(count):
        rng = random.Random(1000 * seed + number)
        file = tmp_path / f"f{number}.c"
        file.write_text(_random_kernel(rng))
        program = load([file], "f")
        try:
            found = schedule(program, drain_free(program, auto_pipelined(program)), ONE_PORT, share="all")
        except InputError:
            continue  # a bound that is not affine, or registers of one name
        without_draining += any(part.what == "drain-free" for part in parts(found))
        checked(found, ONE_PORT, rng)
    assert without_draining > count // 3
