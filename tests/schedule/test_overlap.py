"""Nodes that begin before those in front of them have ended: at exact times, checked access by access."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.generate import generate
from seer.backends.rtl.simulate import Simulation
from seer.backends.rtl.verilator import lint
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.lang.terms import Loop
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.check_rings import ring_faults
from seer.schedule.control import LONGEST_SHIFT
from seer.schedule.model import Node, Parallel, Schedule, SequentialLoop, regions
from seer.schedule.partition import Ring
from seer.schedule.replay import replay

TARGET = Target.load("xc7")
TEXT = """
void stream(int a[64], int b[64]) {
    int t[64];
    for (int i = 0; i < 64; i++) t[i] = a[i] * 3 + 1;
    for (int i = 0; i < 64; i++) b[i] = t[i] * t[i];
}
void slower(int a[64], int b[64]) {
    int t[64];
    for (int i = 0; i < 64; i++) t[i] = a[i] / 7;
    for (int i = 0; i < 64; i++) { b[i] = t[i]; b[63 - i] ^= t[i]; }
}
void backwards(int a[64], int b[64]) {
    int t[64];
    for (int i = 0; i < 64; i++) t[i] = a[i] * 3 + 1;
    for (int i = 0; i < 64; i++) b[i] = t[63 - i];
}
void window(int a[12][16], int b[10][14]) {
    int t[12][16];
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 16; j++) t[i][j] = a[i][j] * 5;
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 14; j++) b[i][j] = t[i][j] + t[i + 2][j + 2];
}
void swapped(int a[12][16], int b[12][16]) {
    int t[12][16];
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 16; j++) t[i][j] = a[i][j] * 5;
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 16; j++) b[i][j] = t[i ^ 1][j];
}
void stages(int a[96], int b[96]) {
    int s[96], t[96];
    for (int i = 0; i < 96; i++) s[i] = a[i] + 7;
    for (int i = 0; i < 48; i++) { t[2 * i] = s[i] * s[i]; t[2 * i + 1] = s[i + 48]; }
    for (int i = 0; i < 96; i++) b[i] = t[i] - 1;
}
void rows(int a[8][8], int b[8]) {
    int t[8][8];
    for (int i = 0; i < 8; i++) {
        int last = 0;
        for (int j = 0; j < 8; j++) { last = last * 3 + a[i][j]; t[i][j] = last; }
    }
    for (int i = 0; i < 8; i++) b[i] = t[i][7] ^ t[i][0];
}
int sums(int a[32], int b[32]) {
    int t[32], s = 0;
    for (int i = 0; i < 32; i++) { t[i] = a[i] * b[i]; s += a[i]; }
    for (int i = 0; i < 32; i++) b[i] = t[i] + s;
    return s;
}
void looked_up(int a[32], int b[32], unsigned p[32]) {
    int t[32];
    for (int i = 0; i < 32; i++) t[i] = a[i] + 1;
    for (int i = 0; i < 32; i++) b[i] = t[p[i] & 31];
}
void uncertain(int a[32], int b[32]) {
    int t[32];
    for (int i = 0; i < 32; i++) t[i & 15] = i;
    for (int i = 0; i < 32; i++) if (a[i] > 0) t[i] = a[i];
    for (int i = 0; i < 32; i++) b[i] = a[i] > 0 || i < 16 ? t[i] : 0;
}
void frames(int a[4][24], int b[4][24]) {
    int t[24];
    for (int f = 0; f < 4; f++) {
        for (int i = 0; i < 24; i++) t[i] = a[f][i] * 3;
        for (int i = 0; i < 24; i++) b[f][i] = t[i] + (f > 0 ? b[f - 1][23 - i] : 0);
    }
}
void frames_beside(int a[3][16], int b[3][16], int c[16], unsigned char n) {
    int t[16];
    for (int f = 0; f < 3; f++) {
        for (int i = 0; i < 16; i++) t[i] = a[f][i] + f;
        for (int i = 0; i < 16; i++) b[f][i] = t[i] * 5;
    }
    for (int i = 0; i < n; i++) c[i & 15] = c[i & 15] / 3;
}
void products(int a[32], int b[32]) {
    int t[32];
    for (int i = 0; i < 32; i++) t[i] = a[i] * a[i];
    for (int i = 0; i < 32; i++) b[i] = t[i] * t[i];
}
void decided(int a[64], int b[64], int n) {
    int t[64];
    if (n > 3)
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < 64; i++) t[i] = a[i] * 3 + k;
            for (int i = 0; i < 64; i++) b[i] = t[i] * t[i];
        }
}
void triangle(int a[32], int b[32]) {
    int t[32];
    for (int k = 0; k < 8; k++) {
        for (int i = 0; i < k; i++) t[i] = a[i] + k;
        for (int i = 0; i < k; i++) b[i] ^= t[i] * 3;
    }
}
void again(int a[32], int b[32]) {
    for (int i = 0; i < 32; i++) b[i] = a[i] * 9;
    for (int i = 0; i < 32; i++) a[i] = b[31 - (i ^ 31)];
}
"""
EARLY = ("stream", "slower", "window", "swapped", "stages", "rows", "again", "frames", "frames_beside")
"""Those in which something begins early if loops are pipelined."""
OTHERS = ("backwards", "sums", "looked_up", "uncertain", "decided", "triangle")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("overlap") / "overlap.c"
    file.write_text(TEXT)
    return file


def made(
    source: Path,
    top: str,
    parallel: bool = True,
    pipelined: bool = True,
    target: Target = TARGET,
    limits: dict[str, int] | None = None,
    share: str = "all",
) -> Schedule:
    program = frontend.load([source], top)
    loops: frozenset[Loop] = auto_pipelined(program) if pipelined else frozenset()
    found = schedule(program, loops, target, limits, parallel=parallel, share=share)
    assert static_faults(found, target) == []
    return found


def begun(found: Schedule) -> list[tuple[int, ...]]:
    return [node.starts for node in walk(found.body) if isinstance(node, Parallel) and node.starts]


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, (Parallel, SequentialLoop)):
            yield from walk(node.nodes if isinstance(node, Parallel) else node.body)


def taken(found: Schedule) -> int:
    return cycles(found, {"n": 9})


@pytest.mark.parametrize("top", EARLY)
def test_consumers_begin_early(top: str, source: Path) -> None:
    found, before = made(source, top), made(source, top, parallel=False)
    assert begun(found) and taken(found) < taken(before)


def test_what_reads_in_order_follows_at_once(source: Path) -> None:
    found = made(source, "stream")
    # 64 iterations each, and the depth of both loops: about as long as one of them.
    assert taken(found) < 64 + 16
    assert taken(made(source, "stream", parallel=False)) > 2 * 64


def test_how_early_depends_on_the_order_of_accesses(source: Path) -> None:
    (start,) = begun(made(source, "window"))
    # The last element that an iteration reads is written two rows and two columns later.
    assert 2 * 16 + 2 < start[1] < 2 * 16 + 2 + 12
    assert begun(made(source, "backwards")) == []
    # Any word may be looked up: all are written before.
    (start,) = begun(made(source, "looked_up"))
    assert start[1] > 32


def test_a_register_that_one_writes_keeps_them_in_order(source: Path) -> None:
    found, before = made(source, "sums"), made(source, "sums", parallel=False)
    # The result may be handed out while the second loop runs.
    assert taken(before) - 1 <= taken(found) <= taken(before)


def test_it_is_done_in_loops_too(source: Path) -> None:
    found, before = made(source, "frames"), made(source, "frames", parallel=False)
    (loop,) = found.body
    assert isinstance(loop, SequentialLoop) and len(begun(found)) == 1
    assert taken(found) < taken(before) - 4 * 16 and rings(found)["t"] <= 8
    # Beside what takes an unknown time, the whole loop may still run.
    beside = made(source, "frames_beside")
    outer = [node for node in beside.body if isinstance(node, Parallel)]
    assert len(begun(beside)) == 1 and outer and not outer[0].starts


def test_nothing_runs_side_by_side_where_data_decide(source: Path) -> None:
    assert made(source, "decided").body == made(source, "decided", parallel=False).body


def test_the_check_refuses_unknown_times_in_loops(source: Path) -> None:
    found = made(source, "frames")
    (loop,) = found.body
    assert isinstance(loop, SequentialLoop)
    (node,) = [node for node in loop.body if isinstance(node, Parallel)]
    wrong = replace(found, body=(replace(loop, body=(replace(node, starts=()),)),))
    assert any("no known times" in fault for fault in static_faults(wrong, TARGET))


def test_one_port_keeps_them_in_order(source: Path) -> None:
    one = Target.load("xc7", memory_ports=1)
    # Both access b, a port of the caller; a local array in LUT RAM has one to read and one to write.
    assert taken(made(source, "again", target=one)) == taken(made(source, "again", False, target=one))
    assert taken(made(source, "stream", target=one)) < 80


def test_limited_units_keep_them_in_order(source: Path) -> None:
    free = made(source, "products", parallel=False)
    units = {op.unit for region in regions(free.body) for op in region.operations if op.kind == "mul"}
    (unit,) = [unit for unit in units if unit is not None]
    assert begun(made(source, "products"))
    limited = made(source, "products", limits={unit: 1})
    assert taken(limited) == taken(made(source, "products", parallel=False, limits={unit: 1}))


@pytest.mark.parametrize("top", EARLY)
@pytest.mark.parametrize("pipelined", [False, True])
def test_the_check_refuses_what_begins_earlier(top: str, pipelined: bool, source: Path) -> None:
    """A cycle earlier than the earliest is wrong: the check finds it, and so does the replay."""
    found = made(source, top, pipelined=pipelined)
    for node in walk(found.body):
        if not isinstance(node, Parallel) or not node.starts:
            continue
        for branch, start in enumerate(node.starts):
            if start == 0:
                continue
            early = replace(node, starts=(*node.starts[:branch], start - 1, *node.starts[branch + 1 :]))
            wrong = replace(found, body=exchanged(found.body, node, early))
            assert static_faults(wrong, TARGET), (top, branch)
            contents = {a.name: list(range(prod(a.type.shape))) for a in found.program.arrays}
            assert replay(wrong, contents, {"n": 9}).faults, (top, branch)


def exchanged(nodes: tuple[Node, ...], old: Node, new: Node) -> tuple[Node, ...]:
    """The nodes with one of them, or of those in loops, exchanged."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, SequentialLoop):
            node = replace(node, body=exchanged(node.body, old, new))
        elif isinstance(node, Parallel) and node is not old:
            node = replace(node, branches=tuple(exchanged(branch, old, new) for branch in node.branches))
        found.append(new if node is old else node)
    return tuple(found)


def test_the_check_refuses_unknown_times(source: Path) -> None:
    found = made(source, "stream")
    (node,) = [node for node in found.body if isinstance(node, Parallel)]
    for starts in ((0,), (0, 5, 5), (-1, 5)):
        assert static_faults(replace(found, body=(replace(node, starts=starts),)), TARGET)
    sums = made(source, "sums", parallel=False)
    side_by_side = tuple((node,) for node in sums.body)
    wrong = Parallel(side_by_side, tuple(range(len(side_by_side))))
    assert any("may not run beside" in fault for fault in static_faults(replace(sums, body=(wrong,)), TARGET))


def rings(found: Schedule) -> dict[str, int]:
    """The words of arrays that stand in fewer than they have elements."""
    return {m.name: m.words for m in found.memories if isinstance(m.array, Ring)}


def test_an_array_read_in_the_order_in_which_it_is_written_becomes_a_few_words(source: Path) -> None:
    found, before = made(source, "stream"), made(source, "stream", parallel=False)
    assert rings(found)["t"] <= 8 and rings(before) == {}
    assert {m.name: m.elements_addressed for m in found.memories}["t"] == 64
    # Two rows, or what the pipelines hold more, of 12.
    assert 2 * 16 <= rings(made(source, "swapped"))["t"] <= 4 * 16
    for top in ("backwards", "looked_up", "sums", "uncertain"):
        assert rings(made(source, top)) == {}


def with_words(found: Schedule, name: str, words: int) -> Schedule:
    """The schedule with an array in so many words."""
    (memory,) = [m for m in found.memories if m.name == name]
    assert isinstance(memory.array, Ring)
    smaller = replace(memory, array=Ring.of(memory.array.whole, words), words=words)
    return replace(found, memories=tuple(smaller if m is memory else m for m in found.memories))


@pytest.mark.parametrize("top", ["stream", "swapped", "stages"])
@pytest.mark.parametrize("pipelined", [False, True])
def test_the_check_refuses_fewer_words(top: str, pipelined: bool, source: Path) -> None:
    found = made(source, top, pipelined=pipelined)
    contents = {a.name: list(range(prod(a.type.shape))) for a in found.program.arrays}
    assert rings(found)
    for name, words in rings(found).items():
        wrong = with_words(found, name, words // 2)
        if words > 2:
            assert any(f" {name}" in f or f.startswith(name) for f in static_faults(wrong, TARGET))
            assert replay(wrong, contents, {}).faults
        # Elsewhere nothing is known of its times.
        wrong = replace(found, body=tuple(n for node in found.body for n in flat(node)))
        assert any("unknown times" in fault for fault in static_faults(wrong, TARGET))


def flat(node: Node) -> tuple[Node, ...]:
    return node.nodes if isinstance(node, Parallel) else (node,)


def test_a_word_is_not_read_when_it_is_written() -> None:
    assert ring_faults("t", 2, [(0, True, 0), (1, False, 0), (2, True, 2)]) == []
    assert ring_faults("t", 2, [(0, True, 0), (2, False, 0), (2, True, 2)]) != []
    assert ring_faults("t", 2, [(0, True, 0), (1, True, 2), (2, False, 0)]) != []
    assert ring_faults("t", 2, [(0, False, 0)]) != []


ONE_PORT = Target.load("xc7", memory_ports=1)
VARIANTS = [
    *((top, True, TARGET) for top in (*EARLY, *OTHERS)),
    *((top, False, TARGET) for top in ("window", "stages", "frames")),
    *((top, True, ONE_PORT) for top in ("stream", "window", "again")),
]


@pytest.mark.parametrize("part", range(3))
def test_simulated_as_predicted(part: int, source: Path, tmp_path: Path) -> None:
    jobs: list[Job] = []
    for top, pipelined, target in VARIANTS[part::3]:
        share = "all" if target is TARGET else "none"
        found = made(source, top, pipelined=pipelined, target=target, share=share)
        if pipelined:
            lint(generate(found), top, tmp_path / "lint.log")
        calls = calls_of(found.program, Source((source,)), 1, 3)
        jobs.append(Job(found, calls))
        for call in calls:
            before = {name: array.reshape(-1).tolist() for name, array in call.arrays_before.items()}
            played = replay(found, before, call.params)
            assert played.faults == [] and played.cycles == cycles(found, call)
    starts = [start for job in jobs for found in begun(job.schedule) for start in found]
    assert max(starts) > LONGEST_SHIFT and any(0 < start <= LONGEST_SHIFT for start in starts)
    for job, outcome in zip(jobs, simulate_batch(jobs, tmp_path), strict=True):
        assert isinstance(outcome, Simulation) and not outcome.mismatches, outcome
        assert [call.cycles for call in outcome.calls] == [cycles(job.schedule, call) for call in job.calls]
