"""Stores of some lanes of a word: found where the others are kept, exact in check, replay and hardware."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import generate
from seer.backends.rtl.batch import Job, simulate_batch
from seer.backends.rtl.simulate import Simulation
from seer.backends.rtl.verilator import lint
from seer.lang import interpreter
from seer.lang.operators import mask
from seer.lang.program import Program
from seer.lang.terms import Block, Expr, If, Load, Op, Store
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.model import Operation, PipelinedLoop, Region, Schedule, regions
from tests.backends.rtl.conftest import RecordedCall
from tests.schedule.programs import array, const, counter, loop, op, program
from tests.schedule.test_mutations import contents_of, faults

TARGET = Target.load("xc7", memory_ports=1)
I = counter(0, 32)  # noqa: E741

PACK = """
#include <stdint.h>
void pack(const uint8_t in[64], uint32_t out[16]) {
    for (int i = 0; i < 64; i++) {
        uint32_t s = (i & 3) * 8;
        out[i >> 2] = (out[i >> 2] & ~(0xffu << s)) | ((uint32_t)in[i] << s);
    }
}
"""


def stores(found: Schedule) -> list[Operation]:
    return [op for region in regions(found.body) for op in region.operations if op.kind == "store"]


def loaded(found: Schedule) -> set[str | None]:
    return {op.memory for region in regions(found.body) for op in region.operations if op.kind == "load"}


def checked(p: Program, seed: int = 0) -> Schedule:
    """With everything pipelined, without a fault on some contents."""
    found = schedule(p, auto_pipelined(p), TARGET)
    assert faults(found, TARGET, contents_of(p, seed), {}) == []
    return found


def test_lanes_chosen_at_run_time(tmp_path: Path) -> None:
    file = tmp_path / "pack.c"
    file.write_text(PACK)
    found = checked(frontend.load([file], "pack"))
    (loop_,) = found.body
    assert isinstance(loop_, PipelinedLoop) and loop_.initiation_interval == 1
    assert loaded(found) == {"in"} and [len(store.operands) for store in stores(found)] == [3]
    verilog = generate(found)
    assert "wire [3:0] out_we0" in verilog and "out_q" not in verilog
    lint(verilog, "pack", tmp_path / "lint.log")


A, B = array("a", 32, 32), array("b", 32, 32)
WORD, NEW = Load(A, (I,)), Load(B, (I,))
UPPER, LOWER = op("and", NEW, 0xFFFF0000), op("and", NEW, 0xFFFF)


@pytest.mark.parametrize(
    ("value", "enables"),
    [
        (op("or", op("and", WORD, 0xFFFF0000), LOWER), 0b0011),
        (op("or", op("shl", NEW, 24), op("and", WORD, 0xFFFFFF)), 0b1000),
        (op("xor", op("and", WORD, 0xFF0000FF), op("and", op("mul", NEW, 3), 0xFFFF00)), 0b0110),
        (op("or", op("shl", op("lshr", WORD, 8), 8), op("lshr", NEW, 24)), 0b0001),
        (Op("select", 32, (op("slt", NEW, 0), op("or", op("and", WORD, 0xFFFF), UPPER), WORD)), None),
        (op("or", op("and", WORD, 0xFFFF00FF), const(0x1200)), 0b0010),
        (op("or", op("and", WORD, 0xFFFFF000), op("and", NEW, 0xFFF)), None),  # half a lane
        (op("or", op("and", WORD, 0xFFFF0000), op("and", op("add", WORD, NEW), 0xFFFF)), None),
        (op("or", op("and", WORD, 0xFFFF0000), NEW), None),  # may change what is kept
        (op("or", op("lshr", op("and", WORD, 0xFFFF0000), 8), op("and", NEW, 0xFF)), None),  # moved
        (op("or", op("and", WORD, 0), NEW), None),
    ],
)
def test_what_is_kept(value: Expr, enables: int | None) -> None:
    found = checked(program([A, B], loop(I, Store(A, (I,), value))))
    (store,) = stores(found)
    (region,) = regions(found.body)
    shown = region.operations[store.operands[2]].value if len(store.operands) == 3 else None
    assert shown == enables
    if enables is not None:
        assert loaded(found) <= {"b"}


def test_the_word_must_be_the_one_that_is_stored_to() -> None:
    other = op("or", op("and", Load(A, (op("xor", I, 1),)), 0xFFFF0000), LOWER)
    assert [len(s.operands) for s in stores(checked(program([A, B], loop(I, Store(A, (I,), other)))))] == [2]
    # What the first store changes, the second would keep as it was before.
    keeps = op("or", op("and", WORD, 0xFFFF0000), LOWER)
    where = op("and", NEW, 31)
    both = Store(A, (where,), NEW), Store(A, (I,), keeps)
    assert [len(s.operands) for s in stores(checked(program([A, B], loop(I, *both))))] == [2, 3]


def test_a_value_read_before_another_store_is_not_kept() -> None:
    """x = a[i]; a[b[i] & 31] = b[i]; a[i] = (x & 0xffff0000) | (b[i] & 0xffff)"""
    x = array("x", 32)
    keeps = op("or", op("and", Load(x, ()), 0xFFFF0000), LOWER)
    body = Store(x, (), WORD), Store(A, (op("and", NEW, 31),), NEW), Store(A, (I,), keeps)
    found = checked(program([A, B, x], loop(I, *body)))
    assert [len(s.operands) for s in stores(found)] == [2, 2]


def test_the_check_refuses_enables_that_memories_have_not() -> None:
    found = checked(program([A, B], loop(I, Store(A, (I,), op("or", op("and", WORD, 0xFFFF0000), LOWER)))))
    whole = tuple(replace(memory, lane_bits=0) for memory in found.memories)
    assert faults(replace(found, memories=whole), TARGET, contents_of(found.program, 1), {})


def other_enables(found: Schedule) -> Schedule:
    """The lanes of each store exchanged for the others."""

    def changed(region: Region) -> Region:
        enabling = {
            op.operands[2] for op in region.operations if op.kind == "store" and len(op.operands) == 3
        }
        operations = tuple(
            replace(op, value=(op.value or 0) ^ mask(op.width)) if op.id in enabling else op
            for op in region.operations
        )
        return replace(region, operations=operations)

    (node,) = found.body
    assert isinstance(node, PipelinedLoop)
    return replace(found, body=(replace(node, region=changed(node.region)),))


def test_other_lanes_are_noticed() -> None:
    found = checked(program([A, B], loop(I, Store(A, (I,), op("or", op("and", WORD, 0xFFFF0000), LOWER)))))
    wrong = other_enables(found)
    assert wrong != found and faults(wrong, TARGET, contents_of(found.program, 1), {}) == ["a differs"]


# -- random programs ------------------------------------------------------------------------------------


class Stores:
    """Stores that keep parts of words of some width, by constants or at run time, under conditions."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.width = self.rng.choice([12, 16, 24, 32, 40, 64])
        self.lanes = -(-self.width // 8)
        self.words = array("words", self.width, 32)
        self.data = array("data", self.width, 32)
        self.other = array("other", 32, 32)

    def program(self) -> Program:
        body = [self.one() for _ in range(self.rng.randint(1, 3))]
        return program([self.words, self.data, self.other], loop(I, *(s for part in body for s in part)))

    def one(self) -> Block:
        place = self.rng.choice([I, I, op("and", Load(self.other, (I,)), 31)])
        if self.rng.random() < 0.3:
            condition = op("slt", Load(self.other, (I,)), self.rng.getrandbits(32))
            otherwise = (self.store(place),) if self.rng.random() < 0.5 else ()
            return (If(condition, (self.store(place),), otherwise),)
        return (self.store(place),)

    def store(self, place: Expr) -> Store:
        word, new = Load(self.words, (place,)), Load(self.data, (I,))
        value = self.chosen(word, new) if self.rng.random() < 0.3 and self.width % 8 == 0 else None
        return Store(self.words, (place,), self.fixed(word, new) if value is None else value)

    def mask(self) -> int:
        lanes = self.rng.getrandbits(self.lanes)
        found = sum(0xFF << 8 * k for k in range(self.lanes) if lanes >> k & 1)
        noise = 1 << self.rng.randrange(self.width) if self.rng.random() < 0.15 else 0
        return (found ^ noise) & mask(self.width)

    def fixed(self, word: Expr, new: Expr) -> Expr:
        ones = self.mask()
        kept = op("and", word, ones ^ mask(self.width) if self.rng.random() < 0.9 else self.mask())
        match self.rng.randrange(4):
            case 0:
                return op(self.rng.choice(["or", "xor", "add"]), kept, op("and", new, ones))
            case 1:
                inner = self.fixed(word, new)
                return op("or", op("and", inner, ones ^ mask(self.width)), op("and", new, ones))
            case 2:
                by = 8 * self.rng.randrange(self.lanes)
                low = op(self.rng.choice(["shl", "lshr"]), new, by)
                return op("or", kept, low if self.rng.random() < 0.3 else op("and", low, ones))
            case _:
                condition = op("ult", self.rng.choice([new, new, word]), self.rng.getrandbits(self.width))
                return Op("select", self.width, (condition, op("or", kept, op("and", new, ones)), word))

    def chosen(self, word: Expr, new: Expr) -> Expr:
        """With s = 8 · (i mod so many): (word & ~(lanes << s)) | (new << s)"""
        which = op("and", I, self.rng.choice([1, 3, 7]))
        index = (
            which if self.width == 32 else Op("zext" if self.width > 32 else "trunc", self.width, (which,))
        )
        shift = op(*self.rng.choice([("mul", index, 8), ("shl", index, 3), ("mul", index, 4)]))
        ones = self.rng.choice([0xFF, 0xFFFF, 0xFF00FF & mask(self.width), 0xFE])
        there = op("shl", const(ones, self.width), shift)
        low = op("and", new, self.rng.choice([ones, ones, mask(self.width)]))
        value = self.rng.choice([op("shl", low, shift), op("and", new, there)])
        return op("or", op("and", word, op("xor", there, mask(self.width))), value)


def test_random_stores(tmp_path: Path) -> None:
    narrow, jobs = 0, list[Job]()
    for seed in range(120):
        p = Stores(seed).program()
        found = checked(p, seed)
        narrow += any(len(store.operands) == 3 for store in stores(found))
        if seed < 12:
            before = contents_of(p, seed)
            jobs.append(Job(found, [RecordedCall({}, before, interpreter.run(p, before, {}))]))
    assert narrow > 60
    outcomes = simulate_batch(jobs, tmp_path)
    wrong = [o for o in outcomes if not isinstance(o, Simulation) or o.mismatches]
    assert wrong == []
