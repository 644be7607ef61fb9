"""Memories inside the design: what is built, and that it computes and counts as it should."""

import random
from dataclasses import replace

from seer.backends.rtl import generate, simulate, synthesise
from seer.backends.rtl.verilator import lint
from seer.lang import interpreter
from seer.lang.terms import ArrayType, Load, Local, LocalArray, Op, Statement, Store, Table
from seer.schedule import Target, auto_pipelined, cycles, schedule
from tests.schedule.programs import array, counter, loop, op, program

A, B = array("a", 32, 64), array("b", 100, 64)
I = counter(0, 64)  # noqa: E741


def through(level: int, width: int, words: int, rest: tuple[Statement, ...]) -> Statement:
    """Every element of a goes through a local array, two of its words in each iteration."""
    buffer = LocalArray(ArrayType(width, (words,)), level)
    iv = counter(0, words)
    bits = Op("trunc" if width < 32 else "sext", width, (Load(A, (op("and", iv, 63),)),))
    fill = loop(iv, Store(buffer, (iv,), bits))
    near, far = (Load(buffer, (op("urem", op("add", I, k), words),)) for k in (0, 1))
    total = op("sub" if width == 100 else "mul", near, op("add", far, 3))
    back = total if width == 100 else Op("sext", 100, (total,))
    return Local(buffer, (fill, loop(I, Store(B, (I,), op("xor", Load(B, (I,)), back))), *rest))


def every_kind(name: str):
    values = [random.Random(4).getrandbits(40) for _ in range(96)]
    small = Table(ArrayType(11, (32,)), tuple(v & 2047 for v in values[:32]))
    large = Table(ArrayType(40, (96,)), tuple(values))
    row = op("urem", Load(A, (I,)), 96)
    looked_up = op(
        "add", Op("zext", 40, (Load(small, (op("and", Load(A, (I,)), 31),)),)), Load(large, (row,))
    )
    tables = loop(I, Store(B, (I,), op("xor", Load(B, (I,)), Op("zext", 100, (looked_up,)))))
    nested = through(2, 16, 4, (tables,))
    p = program([A, B], through(0, 100, 300, (through(1, 24, 30, (nested,)),)))
    return replace(p, name=name)


def test_every_kind_is_built(call, tmp_path):
    p = every_kind("kinds")
    design = schedule(p, auto_pipelined(p), Target.load("xc7"))
    kinds = {m.kind for m in design.memories if not m.external}
    assert kinds == {"block", "distributed", "registers", "block_rom", "lut_rom"}
    rng = random.Random(1)
    calls = []
    for _ in range(3):
        before = {
            "a": [rng.getrandbits(32) for _ in range(64)],
            "b": [rng.getrandbits(100) for _ in range(64)],
        }
        calls.append(call({}, before, interpreter.run(p, before, {})))
    verilog = generate(design)
    lint(verilog, p.name, tmp_path / "lint.log")
    simulation = simulate(design, verilog, calls, tmp_path)
    assert simulation.examples == ()
    assert [c.cycles for c in simulation.calls] == [cycles(design, c) for c in calls]


def test_block_memories_are_counted(tmp_path):
    p = every_kind("kinds")
    design = schedule(p, auto_pipelined(p), Target.load("xc7"))
    found = synthesise(generate(design), p.name, tmp_path)
    # 100 x 70 and a table of 40 x 96 bits, at 36 bits or fewer a block and port.
    assert 4 <= found.bram <= 8
