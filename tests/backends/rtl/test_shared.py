"""Shared operators in hardware: the results of the interpreter in the predicted cycles, with fewer units."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import lint
from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import Expr, If, Load, Local, Op, Statement, Store, TopArray
from seer.schedule import SHARING, Target, auto_pipelined, cycles, schedule
from seer.schedule.check import static_faults
from seer.schedule.units import instance_users
from tests.schedule.programs import RandomProgram, array, const, counter, loop, op, program, scalar

A, B, C = array("a", 32, 64), array("b", 32, 64), array("c", 32, 64)
i = counter(0, 24)


@dataclass(frozen=True)
class Recorded:
    params: Mapping[str, int]
    arrays_before: Mapping[str, Any]
    arrays_after: Mapping[str, Any]


def at(memory: TopArray, offset: int = 0) -> Load:
    return Load(memory, (op("add", i, offset),))


def low(value: Expr) -> Expr:
    return Op("trunc", 8, (value,))


def products() -> Statement:
    """Four products an iteration: two cycles of two ports each."""
    terms = [op("mul", at(A, k), at(B, k)) for k in range(4)]
    return loop(i, Store(C, (i,), op("add", op("add", *terms[:2]), op("add", *terms[2:]))))


def scaled() -> Statement:
    return loop(i, Store(A, (i,), op("mul", op("xor", at(C), 77), op("sub", at(B), 3))))


def quotients() -> Statement:
    """Divisions in both branches."""
    yes = Store(C, (i,), Op("zext", 32, (op("udiv", low(at(A)), low(at(B))),)))
    no = Store(C, (i,), Op("zext", 32, (op("udiv", low(at(B)), low(at(C))),)))
    return loop(i, If(op("slt", at(A), at(B)), (yes,), (no,)))


def accumulated() -> Statement:
    """A recurrence through a product and a register."""
    total = scalar(0)
    step = Store(total, (), op("add", op("mul", Load(total, ()), at(A)), op("mul", at(B), at(B, 1))))
    last = Store(C, (const(0),), Load(total, ()))
    return Local(total, (Store(total, (), const(1)), loop(i, step), last))


PROGRAMS = {
    "products": (products(),),
    "one_after_the_other": (products(), scaled(), scaled()),
    "quotients": (quotients(), quotients()),
    "everything": (quotients(), products(), accumulated(), scaled()),
}


def built(p: Program, target: Target, share: str, calls: list[Recorded], folder: Path) -> dict[str, int]:
    """How many instances of each operator there are; the hardware is right and as fast as predicted."""
    found: dict[str, int] = {}
    for pipelined in (frozenset(), auto_pipelined(p)):
        design = schedule(p, pipelined, target, share=share)
        assert static_faults(design, target) == []
        verilog = generate(design)
        lint(verilog, p.name, folder / "lint.log")
        simulation = simulate(design, verilog, calls, folder)
        assert simulation.examples == ()
        assert [call.cycles for call in simulation.calls] == [cycles(design, call) for call in calls]
        found = {}
        for key, _ in instance_users(design.body):
            found[key.kind] = found.get(key.kind, 0) + 1
    return found


def recorded(p: Program, seed: int) -> list[Recorded]:
    rng = random.Random(seed)
    calls: list[Recorded] = []
    for _ in range(3):
        before = {memory.name: [rng.getrandbits(32) for _ in range(64)] for memory in p.arrays}
        calls.append(Recorded({}, before, interpreter.run(p, before, {})))
    return calls


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_mode_computes_the_same_in_the_same_time(name: str, tmp_path: Path) -> None:
    p = replace(program([A, B, C], *PROGRAMS[name]), name=name)
    target = Target.load("xc7", 6.0)
    calls = recorded(p, 5)
    units = {share: built(p, target, share, calls, tmp_path) for share in SHARING}
    for kind, count in units["none"].items():
        assert units["all"][kind] <= units["loop"][kind] <= count
    assert units["all"] != units["none"]


def test_all_loops_share_one_multiplier(tmp_path: Path) -> None:
    p = program([A, B, C], scaled(), scaled(), scaled())
    target = Target.load("xc7", 6.0)
    calls = recorded(p, 6)
    counts = [built(p, target, share, calls, tmp_path)["mul"] for share in ("none", "loop", "all")]
    assert counts == [3, 3, 1]


def test_units_of_floats_are_shared(tmp_path: Path) -> None:
    """Four products an iteration, two cycles of two, in two loops: two units for all of them."""
    terms = [op("fmul", at(A, k), at(B, k)) for k in range(4)]
    total = loop(i, Store(C, (i,), op("fadd", op("fadd", *terms[:2]), op("fadd", *terms[2:]))))
    p = program([A, B, C], total, total)
    assert built(p, Target.load("xc7", 9.5), "all", recorded(p, 9), tmp_path)["fmul"] == 2


def test_combinational_units_are_shared_where_they_are_larger_than_multiplexers(tmp_path: Path) -> None:
    """At 14 ns products take no cycle; variable shifts are larger than multiplexers, too, sums are not."""
    shifted = loop(i, Store(B, (i,), op("shl", op("add", at(A), at(C)), op("and", at(B), 31))))
    p = program([A, B, C], scaled(), shifted, scaled(), shifted)
    target = Target.load("xc7", 14.0)
    calls = recorded(p, 7)
    assert built(p, target, "none", calls, tmp_path) == {}
    assert built(p, target, "loop", calls, tmp_path) == {}
    assert built(p, target, "all", calls, tmp_path) == {"mul": 1, "shl": 1}


def test_units_that_would_feed_each_other_in_a_circle_stay_apart(tmp_path: Path) -> None:
    """A product of a shifted value, and a shifted product: shared, each unit would feed the other."""
    forth = op("mul", op("shl", at(A), op("and", at(B), 31)), at(C))
    back = op("shl", op("mul", at(A), at(C)), op("and", at(B), 31))
    p = program([A, B, C], loop(i, Store(C, (i,), forth)), loop(i, Store(C, (i,), back)))
    target = Target.load("xc7", 25.0)
    assert built(p, target, "all", recorded(p, 8), tmp_path) == {"mul": 1}


@pytest.mark.parametrize("seed", [3, 8])
def test_random_programs(seed: int, tmp_path: Path) -> None:
    made = RandomProgram(seed, control=seed % 2 == 0)
    p = replace(made.program, name=f"random{seed}")
    contents, params = made.inputs()
    calls = [Recorded(params, contents, interpreter.run(p, contents, params))]
    for share in SHARING:
        built(p, Target.load("xc7", 7.0), share, calls, tmp_path)
