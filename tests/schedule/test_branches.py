"""Data-dependent control: what is predicated, what becomes a node, and the cycles of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from seer.errors import InputError, Location
from seer.lang import interpreter
from seer.lang.program import Origin, Program
from seer.lang.terms import (
    Array,
    ArrayType,
    Const,
    If,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
    Table,
    While,
)
from seer.schedule import Target, area_estimate, auto_pipelined, cycles, schedule
from seer.schedule.model import Branch, PipelinedLoop, Region, Schedule, SequentialLoop, WhileLoop, regions
from seer.schedule.profile import profile
from seer.schedule.replay import replay
from seer.schedule.slicing import control_arrays
from tests.schedule.programs import array, const, counter, loop, op, program, scalar

A, B = array("a", 32, 64), array("b", 32, 64)
TARGET = Target.load("xc7")
I = counter(0, 16)  # noqa: E741


@dataclass
class RecordedCall:
    params: Mapping[str, int]
    arrays_before: Mapping[str, list[int]]


def load(target: Array, index: int = 0) -> Load:
    return Load(target, (const(index),))


def put(target: Array, index: int, value: int) -> Store:
    return Store(target, (const(index),), const(value))


def call(a: list[int]) -> RecordedCall:
    contents = (a + [0] * 64)[:64]
    return RecordedCall({}, {"a": contents, "b": list(range(64))})


def agrees(p: Program, s: Schedule, c: RecordedCall) -> int:
    """The cycles of a call, which a replay takes, too, leaving what the interpreter leaves."""
    result = replay(s, c.arrays_before, c.params, registers=99)
    assert result.faults == []
    assert {n: result.arrays[n] for n in ("a", "b")} == interpreter.run(p, c.arrays_before, c.params)
    assert result.cycles == cycles(s, c)
    return result.cycles


def kinds(s: Schedule, kind: str) -> list[str]:
    return [op.kind for region in regions(s.body) for op in region.operations if op.kind == kind]


def sum_loop(level: int = 0) -> Statement:
    iv = counter(level, 16)
    return loop(iv, Store(B, (iv,), op("add", Load(A, (iv,)), 1)))


def test_a_condition_is_read_before_its_branch_changes_it() -> None:
    above = op("slt", const(3), load(A))
    p = program([A, B], If(above, (put(A, 0, 0), Store(B, (const(0),), Op("zext", 32, (above,))))))
    s = schedule(p, frozenset(), TARGET)
    assert [type(node) for node in s.body] == [Region]
    for first in (2, 5):
        agrees(p, s, call([first]))


def test_both_sides_store_once() -> None:
    condition = op("slt", Load(A, (I,)), const(0))
    sides = (Store(B, (I,), const(1)),), (Store(B, (I,), const(2)),)
    p = program([A, B], loop(I, If(condition, *sides)))
    s = schedule(p, auto_pipelined(p), TARGET)
    (node,) = s.body
    assert isinstance(node, PipelinedLoop) and node.initiation_interval == 1
    assert len(kinds(s, "store")) == 1
    agrees(p, s, call([(-1) ** k & 0xFFFFFFFF for k in range(64)]))


def test_a_register_that_one_side_writes() -> None:
    total = scalar(0)
    positive = op("slt", const(0), Load(A, (I,)))
    step = Store(total, (), op("add", Load(total, ()), Load(A, (I,))))
    body = (
        Store(total, (), const(0)),
        loop(I, If(positive, (step,))),
        Store(B, (const(0),), Load(total, ())),
    )
    p = program([A, B], Local(total, body))
    s = schedule(p, auto_pipelined(p), TARGET)
    assert [n.initiation_interval for n in s.body if isinstance(n, PipelinedLoop)] == [1]
    agrees(p, s, call([k - 8 & 0xFFFFFFFF for k in range(64)]))


def test_branch_takes_its_condition_and_one_side() -> None:
    p = program([A, B], put(B, 63, 1), If(op("eq", load(A), 1), (sum_loop(),)), put(B, 62, 1))
    s = schedule(p, auto_pipelined(p), TARGET)
    branch, last = s.body
    assert isinstance(branch, Branch) and isinstance(last, Region)
    # The store in front of the If shares its region; an empty side costs nothing more.
    assert "store" in [op.kind for op in branch.condition.operations] and branch.otherwise == ()
    (inner,) = branch.then
    assert isinstance(inner, PipelinedLoop)
    always = branch.condition.length + last.length
    assert agrees(p, s, call([0])) == always
    assert agrees(p, s, call([1])) == always + 15 + inner.region.length


def test_while_decides_at_the_end_of_its_body() -> None:
    count = scalar(0)
    step = Store(count, (), op("sub", Load(count, ()), 1))
    loop_ = While(op("ne", Load(count, ()), 0), (step, Store(B, (const(1),), Load(count, ()))))
    p = program([A, B], Local(count, (Store(count, (), load(A)), loop_)))
    s = schedule(p, frozenset(), TARGET)
    first, node = s.body
    assert isinstance(first, Region) and isinstance(node, WhileLoop)
    # The body computes the next iteration's condition in its own last cycle.
    assert node.body == () and node.tail is not None
    for n in (0, 1, 5):
        assert agrees(p, s, call([n])) == first.length + node.condition.length + n * node.tail.length


def test_while_that_ends_with_a_loop_runs_its_condition_again() -> None:
    count = scalar(0)
    step = Store(count, (), op("sub", Load(count, ()), 1))
    loop_ = While(op("ne", Load(count, ()), 0), (step, sum_loop()))
    p = program([A, B], Local(count, (Store(count, (), load(A)), loop_)))
    s = schedule(p, auto_pipelined(p), TARGET)
    first, node = s.body
    assert isinstance(first, Region) and isinstance(node, WhileLoop) and node.tail is None
    step_region, inner = node.body
    assert isinstance(step_region, Region) and isinstance(inner, PipelinedLoop)
    once = step_region.length + 15 + inner.region.length
    for n in (0, 1, 5):
        assert agrees(p, s, call([n])) == first.length + (n + 1) * node.condition.length + n * once


def test_equal_statements_are_counted_apart() -> None:
    # The same If twice: the first side of the first changes what the second sees.
    twice = If(op("eq", load(A), 1), (sum_loop(), put(A, 0, 2)))
    p = program([A, B], twice, twice)
    s = schedule(p, auto_pipelined(p), TARGET)
    c = call([1])
    assert [profile(p, c).taken[node.site] for node in s.body if isinstance(node, Branch)] == [1, 0]
    agrees(p, s, c)


def test_loops_inside_of_branches_are_pipelined() -> None:
    p = program(
        [A, B], If(op("eq", load(A), 1), (), (sum_loop(),)), While(op("eq", load(A), 7), (sum_loop(),))
    )
    chosen = auto_pipelined(p)
    assert chosen == {sum_loop()}
    s = schedule(p, chosen, TARGET)
    assert [type(node) for node in s.body] == [Branch, WhileLoop]


def test_a_bound_on_outer_counters_in_a_branch() -> None:
    inner = counter(1, 16)
    rows = loop(inner, Store(B, (inner,), op("add", inner, I)), upper=I)
    p = program([A, B], loop(I, If(op("eq", Load(A, (I,)), 1), (rows,))))
    s = schedule(p, auto_pipelined(p), TARGET)
    assert isinstance(s.body[0], SequentialLoop)
    agrees(p, s, call([k % 2 for k in range(64)]))


def test_cycles_need_contents_where_control_depends_on_them() -> None:
    p = program([A, B], If(op("eq", load(A), 1), (sum_loop(),)))
    with pytest.raises(ValueError):
        cycles(schedule(p, frozenset(), TARGET), {})


@pytest.mark.parametrize(
    ("width", "words", "kind", "ports"),
    [(16, 4, "registers", 4), (32, 64, "distributed", 2), (32, 256, "distributed", 2), (32, 257, "block", 2)],
)
def test_local_arrays_by_size(width: int, words: int, kind: str, ports: int) -> None:
    buffer = LocalArray(ArrayType(width, (words,)), 0)
    iv = counter(0, words)
    fill = loop(iv, Store(buffer, (iv,), Const(width, 3)))
    bits: Load | Op = Load(buffer, (const(1),))
    if width != 32:
        bits = Op("trunc" if width > 32 else "zext", 32, (bits,))
    p = program([A, B], Local(buffer, (fill, Store(A, (const(0),), bits))))
    s = schedule(p, auto_pipelined(p), TARGET)
    (memory,) = (m for m in s.memories if not m.external)
    assert (memory.kind, memory.ports, memory.words) == (kind, ports, words)
    assert (area_estimate(s, TARGET).bram > 0) == (kind == "block")


def test_tables_are_read_only_memories() -> None:
    small = Table(ArrayType(8, (16,)), tuple(range(16)))
    large = Table(ArrayType(32, (256,)), tuple(range(256)))
    both = op("add", Op("zext", 32, (Load(small, (I,)),)), Load(large, (I,)))
    p = program([A, B], loop(I, Store(B, (I,), both)))
    s = schedule(p, auto_pipelined(p), TARGET)
    assert [m.kind for m in s.memories if not m.external] == ["lut_rom", "block_rom"]
    agrees(p, s, call([]))


def test_lut_memories_read_and_write_through_different_ports() -> None:
    buffer = LocalArray(ArrayType(32, (64,)), 0)
    value = op("add", Load(buffer, (I,)), 1)
    p = program([A, B], Local(buffer, (loop(I, Store(buffer, (op("add", I, 32),), value)),)))
    s = schedule(p, auto_pipelined(p), Target.load("xc7", memory_ports=1))
    (node,) = s.body
    assert isinstance(node, PipelinedLoop) and node.initiation_interval == 1
    ports = {op.kind: op.port for op in node.region.operations if op.memory}
    assert ports == {"load": 0, "store": 1}


def test_functions_without_a_unit_are_refused_with_their_place() -> None:
    store = Store(A, (I,), Op("fexp", 32, (Load(A, (I,)),)))
    p = program([A, B], loop(I, store))
    located = Program(p.name, p.arguments, p.body, {store: Origin((), (), (Location("k.c", 7, 3),))})
    with pytest.raises(InputError) as caught:
        schedule(located, frozenset(), TARGET)
    assert "`exp` is not yet scheduled" in caught.value.message
    assert caught.value.location == Location("k.c", 7, 3)


def test_counts_leave_out_what_no_loop_depends_on() -> None:
    # Only a decides, through a register; the sums into b never matter.
    count = scalar(0)
    step = Store(count, (), op("sub", Load(count, ()), 1))
    outer = loop(counter(0, 1 << 20), Store(B, (const(0),), op("add", load(B), 1)))
    while_ = While(op("ne", Load(count, ()), 0), (step, sum_loop()))
    p = program([A, B], Local(count, (Store(count, (), load(A)), outer, while_)))
    assert control_arrays(p.body) == {A, count}
    counts = profile(p, call([3]))  # a million iterations, were they all run
    s = schedule(p, auto_pipelined(p), TARGET)
    (node,) = (n for n in s.body if isinstance(n, WhileLoop))
    assert counts.taken[node.site] == 3
    inner, first = node.body[-1], s.body[1]
    assert isinstance(inner, PipelinedLoop) and (counts.taken[inner.site], counts.entered[inner.site]) == (
        48,
        3,
    )
    assert isinstance(first, PipelinedLoop) and counts.taken[first.site] == 1 << 20
