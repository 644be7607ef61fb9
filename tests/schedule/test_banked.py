"""Schedules with arrays in banks: the ports that these give, and mutants that the check refuses."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import generate, simulate
from seer.fuzz.partitions import random_partitions
from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import ArrayType, Expr, For, Load, Loop, Param, Store, Table
from seer.schedule import Target, area_estimate, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.explain import explain
from seer.schedule.model import PipelinedLoop, Schedule, regions
from seer.schedule.partition import Partition
from seer.schedule.replay import replay
from tests.backends.rtl.conftest import RecordedCall as RtlCall
from tests.schedule.mutations import conflicts_of, mutations
from tests.schedule.programs import RandomProgram, array, const, counter, loop, op, program
from tests.schedule.test_mutations import contents_of, faults
from tests.schedule.test_random_programs import RecordedCall

TARGET = Target.load("xc7")
ONE_PORT = Target.load("xc7", memory_ports=1)
A, B, M = array("a", 32, 96), array("b", 32, 96), array("m", 32, 12, 8)
I = counter(0, 90)  # noqa: E741


def summed(*terms: Expr) -> Expr:
    total = terms[0]
    for term in terms[1:]:
        total = op("add", total, term)
    return total


def stencil(taps: int) -> Program:
    """b[i] = a[i] + a[i + 1] + …"""
    loads = [Load(A, (op("add", I, k) if k else I,)) for k in range(taps)]
    return program([A, B], loop(I, Store(B, (I,), summed(*loads))))


def made(p: Program, target: Target, *partitions: Partition) -> Schedule:
    """The schedule with all loops pipelined, checked in every way on some contents."""
    found = schedule(p, auto_pipelined(p), target, partitions=partitions)
    contents = contents_of(p, 7)
    assert faults(found, target, contents, {}) == []
    assert replay(found, contents, {}).cycles == cycles(found, RecordedCall({}, contents))
    return found


def interval(found: Schedule) -> int:
    (node,) = [node for node in found.body if isinstance(node, PipelinedLoop)]
    return node.initiation_interval


@pytest.mark.parametrize(
    ("taps", "target", "partition", "expected"),
    [
        (5, TARGET, None, 3),
        (5, TARGET, Partition("a", "cyclic", 2), 2),
        (5, TARGET, Partition("a", "cyclic", 3), 1),
        (6, TARGET, Partition("a", "cyclic", 3), 1),
        (6, ONE_PORT, Partition("a", "cyclic", 3), 2),
        (6, ONE_PORT, Partition("a", "cyclic", 6), 1),
        (5, ONE_PORT, Partition("a", "cyclic", 5), 1),
        (4, ONE_PORT, Partition("a", "cyclic", 4), 1),
        (4, TARGET, Partition("a", "block", 2), 2),  # neighbours are in one block, and which is not known
    ],
)
def test_neighbours_share_no_bank(
    taps: int, target: Target, partition: Partition | None, expected: int
) -> None:
    found = made(stencil(taps), target, *([partition] if partition else []))
    assert interval(found) == expected


def unrolled(step: int, upper: int) -> For:
    iv = counter(0, upper, step=step)
    places = [op("add", iv, k) if k else iv for k in range(step)]
    return loop(iv, *(Store(B, (place,), op("add", Load(A, (place,)), 1)) for place in places))


@pytest.mark.parametrize("step", [2, 3, 4, 6])
def test_steps_tell_the_bank(step: int) -> None:
    """Unrolled by the number of banks: each access has a bank of its own, and nothing decides."""
    p = program([A, B], unrolled(step, 96))
    found = made(p, ONE_PORT, Partition("a", "cyclic", step), Partition("b", "cyclic", step))
    assert interval(found) == 1
    operations = [o for region in regions(found.body) for o in region.operations]
    assert Counter(o.memory for o in operations if o.memory) == {
        f"{n}_{k}": 1 for n in "ab" for k in range(step)
    }
    assert not any(o.predicate is not None or o.kind == "select" for o in operations)


def test_outer_counters_in_steps_tell_the_bank() -> None:
    """A tile of 4: the counter around it goes in steps of 4, so that its start decides."""
    outer = counter(0, 96, step=4)
    rows = [op("add", outer, k) if k else outer for k in range(4)]
    body = [Store(B, (row,), Load(A, (row,))) for row in rows]
    inner = loop(counter(1, 3), *body)
    p = program([A, B], loop(outer, inner, Store(B, (const(95),), outer)))
    partitions = [Partition("a", "cyclic", 4), Partition("b", "cyclic", 4)]
    found = schedule(p, frozenset({inner}), ONE_PORT, partitions=partitions)
    assert faults(found, ONE_PORT, contents_of(p, 3), {}) == []
    operations = [o for region in regions(found.body) for o in region.operations]
    assert (
        not any(o.kind == "select" for o in operations) and len({o.memory for o in operations} - {None}) == 8
    )


def test_dimensions() -> None:
    """Rows or columns apart: only the dimension that is cut counts."""
    iv = counter(0, 8)
    column = program([M, B], loop(iv, Store(B, (iv,), summed(*(Load(M, (const(r), iv)) for r in range(12))))))
    assert interval(made(column, ONE_PORT)) == 12
    assert interval(made(column, ONE_PORT, Partition("m", "cyclic", 4, dim=1))) == 3
    assert interval(made(column, ONE_PORT, Partition("m", "block", 4, dim=1))) == 3
    assert interval(made(column, ONE_PORT, Partition("m", "complete", dim=1))) == 1
    assert interval(made(column, ONE_PORT, Partition("m", "cyclic", 4, dim=2))) == 12
    both = made(column, ONE_PORT, Partition("m", "cyclic", 4, dim=0))
    assert interval(both) == 3 and len([m for m in both.memories if m.name.startswith("m_")]) == 16


def test_what_is_not_known_takes_a_port_of_every_bank() -> None:
    scattered = op("urem", Load(B, (I,)), 96)
    p = program([A, B], loop(I, Store(A, (scattered,), I)))
    found = made(p, ONE_PORT, Partition("a", "cyclic", 3))
    stores = [o for region in regions(found.body) for o in region.operations if o.kind == "store"]
    assert sorted(o.memory or "" for o in stores) == ["a_0", "a_1", "a_2"]
    assert all(o.predicate is not None for o in stores)


def test_one_word_is_loaded_once() -> None:
    """Whatever is looked up in a table that is cut completely, each of its words is read once."""
    table = Table(ArrayType(32, (6,)), (3, 1, 4, 1, 5, 9))
    looked_up = (Load(table, (op("urem", Load(B, (op("add", I, k),)), 6),)) for k in range(3))
    p = program([A, B], loop(I, Store(A, (I,), summed(*looked_up))))
    found = made(p, TARGET, Partition("table", "complete"), Partition("b", "cyclic", 2))
    loads = [o.memory for region in regions(found.body) for o in region.operations if o.kind == "load"]
    assert sorted(m for m in loads if m and m.startswith("table")) == [f"table_{k}" for k in range(6)]


def test_narrow_subscripts_are_unsigned() -> None:
    """Of a subscript as narrow as the dimension, the sign bit is a bit like any other."""
    p1, two, three = Param(1, "p"), array("t", 32, 2), Param(3, "q")
    eight = array("e", 32, 8)
    body = (Store(two, (p1,), const(7)), Store(eight, (three,), Load(two, (p1,))))
    p = program([two, eight], *body, params=[p1, three])
    partitions = [Partition("t", "complete"), Partition("e", "cyclic", 3)]
    found = schedule(p, frozenset(), TARGET, partitions=partitions)
    for value in range(8):
        params = {"p": value & 1, "q": value}
        assert faults(found, TARGET, contents_of(p, value), params) == []


POINTER = """
void pointer(_Bool a[2], int b[3][2], int n) {
    _Bool *p = a + (n & 1);
    int k = n & 1;
    for (int i = 0; i < (n & 1); i++) { *--p = 1; k--; b[n & 1][k] = 7; }
}
"""


def test_banks_of_one_word_have_no_address(tmp_path: Path) -> None:
    """The subscript k − 1, of whose bits all say which bank it is."""
    file = tmp_path / "pointer.c"
    file.write_text(POINTER)
    p = frontend.load([file], "pointer")
    n = p.params[0]
    found = schedule(
        p, frozenset(), TARGET, partitions=[Partition("a", "cyclic", 2), Partition("b", "cyclic", 2, 2)]
    )
    for value in range(4):
        assert faults(found, TARGET, contents_of(p, value), {n.name: value}) == []


def test_another_address_of_one_word_is_refused() -> None:
    p1, two = Param(2, "p"), array("t", 32, 2)
    stored = Store(two, (op("sub", p1, 1),), const(7))
    found = schedule(
        program([two], stored, params=[p1]), frozenset(), TARGET, partitions=[Partition("t", "cyclic", 2)]
    )
    assert static_faults(found, TARGET) == []
    (region,) = regions(found.body)
    for store in (o for o in region.operations if o.kind == "store"):
        address = region.operations[store.operands[0]]
        assert (address.kind, address.value) == ("const", 0)
        for changed in (replace(address, value=1), replace(address, kind="param", symbol="p", value=None)):
            operations = tuple(changed if o.id == address.id else o for o in region.operations)
            refused = static_faults(replace(found, body=(replace(region, operations=operations),)), TARGET)
            assert any("one word" in fault for fault in refused)


STEPPED = """
int stepped(int a[16], int n) {
    int first = n & 7, t = 0;
    for (int i = first; i < 16; i += 2) { a[i] = t + 5; t = a[3] * 3 + i; }
    return t;
}
"""


@pytest.mark.parametrize("partition", [None, Partition("a", "cyclic", 2), Partition("a", "block", 3)])
def test_counters_in_steps_from_where_the_run_says(partition: Partition | None, tmp_path: Path) -> None:
    """That the hull of i begins at an even number does not keep a[i] from being a[3]."""
    file = tmp_path / "stepped.c"
    file.write_text(STEPPED)
    p = frontend.load([file], "stepped")
    for pipelined in (frozenset(), auto_pipelined(p)):
        found = schedule(p, pipelined, TARGET, partitions=[partition] if partition else [])
        for value in range(8):
            assert faults(found, TARGET, contents_of(p, value), {"n": value}) == []


def test_dependences_are_those_of_the_array() -> None:
    """a[i + 4] = a[i]: the recurrence has a distance of 4 with or without banks."""
    shifted = loop(I, Store(A, (op("add", I, 4),), op("add", Load(A, (I,)), 1)))
    p = program([A], shifted)
    for partition in (Partition("a", "cyclic", 3), Partition("a", "cyclic", 4), Partition("a", "block", 4)):
        assert interval(made(p, TARGET, partition)) == 1


def test_logic_of_banks_costs() -> None:
    plain, banked = (
        area_estimate(made(stencil(3), TARGET, *partitions), TARGET)
        for partitions in ([], [Partition("a", "cyclic", 5)])
    )
    assert banked.lut > plain.lut + 100


def test_what_lifts_a_bound_is_said() -> None:
    p = stencil(5)
    (found,) = explain(made(p, TARGET), TARGET)
    assert found.kind == "ports"
    assert (
        found.lift
        == "a partition, `#pragma HLS ARRAY_PARTITION variable=a cyclic factor=3 dim=1`, gives II 1"
    )
    (banked,) = explain(made(p, ONE_PORT, Partition("a", "cyclic", 3)), ONE_PORT)
    assert banked.kind == "ports" and "accesses to a_" in banked.because
    assert "variable=a cyclic factor=5 dim=1`, gives II 1" in banked.lift
    scattered = [op("urem", Load(B, (op("add", I, k),)), 96) for k in range(3)]
    random_ = program([A, B], loop(I, Store(B, (I,), summed(*(Load(A, (s,)) for s in scattered)))))
    (hopeless,) = [e for e in explain(made(random_, ONE_PORT, Partition("b", "cyclic", 4)), ONE_PORT)]
    assert hopeless.kind == "ports" and "no partition that was tried helps" in hopeless.lift


# -- the independent check ---------------------------------------------------------------------------------


def banked_kernels() -> Iterator[tuple[Program, Target, list[Partition]]]:
    iv = counter(0, 20)
    near = op("add", iv, 1)
    swap = Store(A, (iv,), op("xor", Load(A, (near,)), Load(B, (iv,))))
    yield program([A, B], loop(iv, swap)), ONE_PORT, [Partition("a", "cyclic", 3), Partition("b", "block", 5)]
    scattered = op("and", Load(B, (iv,)), 7)
    count = Store(A, (scattered,), op("add", Load(A, (scattered,)), 1))
    yield program([A, B], loop(iv, count)), TARGET, [Partition("a", "cyclic", 2)]
    taps = (Load(A, (op("add", iv, k) if k else iv,)) for k in range(3))
    yield program([A, B], loop(iv, Store(B, (iv,), summed(*taps)))), ONE_PORT, [Partition("a", "cyclic", 3)]


def test_mutants_of_banked_schedules_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    for p, target, partitions in banked_kernels():
        contents = contents_of(p, 3)
        for pipelined in (frozenset(), auto_pipelined(p)):
            found = schedule(p, pipelined, target, share="none", partitions=partitions)
            assert faults(found, target, contents, {}) == []
            seen = conflicts_of(found, contents, {}, monkeypatch)
            for mutation in mutations(found, target, seen, True):
                assert faults(mutation.schedule, target, contents, {}), (mutation.kind, mutation.text)
                counts[mutation.kind] += 1
    assert counts["dependence"] > 10 and counts["port"] > 5 and counts["exclusive"] > 0, counts


def test_another_bank_another_word_and_no_condition_are_refused() -> None:
    iv = counter(0, 89)  # an odd number, so that nothing mends what a store does to the other bank at last
    p = program([A, B], loop(iv, Store(B, (iv,), op("add", Load(A, (iv,)), Load(A, (op("add", iv, 1),))))))
    found = made(p, TARGET, Partition("a", "cyclic", 3), Partition("b", "cyclic", 2))
    contents = contents_of(p, 5)
    (node,) = found.body
    assert isinstance(node, PipelinedLoop)
    wrong = 0

    def refused(changed_op: object) -> None:
        nonlocal wrong
        operations = list(node.region.operations)
        operations[access.id] = changed_op  # type: ignore[call-overload]
        region = replace(node.region, operations=tuple(operations))
        changed = replace(found, body=(replace(node, region=region),))
        assert faults(changed, TARGET, contents, {}), changed_op
        wrong += 1

    for access in (o for o in node.region.operations if o.kind in ("load", "store")):
        whole = (access.memory or "")[0]
        for memory in (m.name for m in found.memories if m.name[0] == whole and m.name != access.memory):
            refused(replace(access, memory=memory))
        if access.kind == "store":
            refused(replace(access, predicate=None))
        for other in (o.id for o in node.region.operations if o.id < access.id):
            same = node.region.operations[other].width == node.region.operations[access.operands[0]].width
            if same and node.region.operations[other].kind != "const" and other != access.operands[0]:
                refused(replace(access, operands=(other, *access.operands[1:])))
    assert wrong > 15


def test_memories_that_hold_something_else_are_refused() -> None:
    p = stencil(2)
    found = made(p, TARGET, Partition("a", "cyclic", 3))
    assert static_faults(replace(found, partitions=(Partition("a", "block", 3),)), TARGET)
    assert static_faults(replace(found, memories=found.memories[1:]), TARGET)
    twice = (*found.memories, replace(found.memories[0], name="again"))
    assert static_faults(replace(found, memories=twice), TARGET)
    fewer = (replace(found.memories[0], words=prod(A.type.shape)), *found.memories[1:])
    assert static_faults(replace(found, memories=fewer), TARGET)


# -- random programs ---------------------------------------------------------------------------------------


def check_random(seed: int) -> bool:
    """Whether something was partitioned."""
    generated = RandomProgram(seed, control=seed % 2 == 0)
    p, target = generated.program, (TARGET, ONE_PORT)[seed % 3 == 0]
    partitions = random_partitions(p, random.Random(seed), 0.8)
    contents, params = generated.inputs()
    expected = interpreter.run(p, contents, params)
    for pipelined in (frozenset(), auto_pipelined(p)):
        found = schedule(p, pipelined, target, partitions=partitions)
        assert static_faults(found, target) == [], seed
        result = replay(found, contents, params, registers=0x5A5A5A5A)
        assert result.faults == [], seed
        assert {name: result.arrays[name] for name in expected} == expected, seed
        assert result.cycles == cycles(found, RecordedCall(params, contents)), seed
    return bool(partitions)


def test_random_programs() -> None:
    assert sum(check_random(seed) for seed in range(20)) > 12


@pytest.mark.soak
def test_many_random_programs() -> None:
    assert sum(check_random(seed) for seed in range(400)) > 200


BINS = """
void bins(const unsigned char a[64], int out[8], const int w[64]) {
    int t[4] = {0, 0, 0, 0};
    for (int i = 0; i < 64; i++) t[a[i] & 3] += w[i];
    for (int k = 0; k < 4; k++) out[k] = t[k];
    for (int k = 0; k < 4; k++) out[k + 4] = t[3] - t[k];
}
"""


@pytest.mark.parametrize("pipelined", [True, False])
def test_elements_of_their_own_are_registers(pipelined: bool, tmp_path: Path) -> None:
    """Read without latency, so that sums take an iteration a cycle; simulated as predicted."""
    file = tmp_path / "bins.c"
    file.write_text(BINS)
    p = frontend.load([file], "bins")
    (array,) = {memory.array for memory in schedule(p, frozenset(), TARGET).memories if not memory.external}
    partition = Partition("t", "complete", arrays=(array,))
    loops: frozenset[Loop] = auto_pipelined(p) if pipelined else frozenset()
    found = schedule(p, loops, TARGET, partitions=(partition,))
    contents = contents_of(p, 5)
    assert faults(found, TARGET, contents, {}) == []
    assert {memory.kind for memory in found.memories if not memory.external} == {"register"}
    if pipelined:
        assert all(node.initiation_interval == 1 for node in found.body if isinstance(node, PipelinedLoop))
        whole = schedule(p, loops, TARGET)
        assert any(node.initiation_interval > 1 for node in whole.body if isinstance(node, PipelinedLoop))
    verilog = generate(found)
    call = RtlCall({}, contents, interpreter.run(p, contents, {}))
    simulation = simulate(found, verilog, [call], tmp_path)
    assert simulation.examples == () and simulation.cycles == cycles(found, RecordedCall({}, contents))
