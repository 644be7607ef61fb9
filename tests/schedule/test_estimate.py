"""The area estimate adds up what a schedule builds."""

from __future__ import annotations

from seer.lang.terms import ArrayType, Expr, Load, Local, LocalArray, Statement, Store
from seer.schedule import SHARING, Area, Target, area_estimate, auto_pipelined, schedule
from seer.schedule.memories import memory_area, memory_of
from tests.schedule.programs import array, const, counter, loop, op, program, scalar

TARGET = Target.load("xc7")
A, B = array("a", 32, 64), array("b", 32, 64)


def estimate(*body: Statement) -> Area:
    p = program([A, B], *body)
    return area_estimate(schedule(p, auto_pipelined(p), TARGET), TARGET)


def test_units_count() -> None:
    i = counter(0, 64)
    product = estimate(loop(i, Store(B, (i,), op("mul", Load(A, (i,)), Load(B, (i,))))))
    copy = estimate(loop(i, Store(B, (i,), Load(A, (i,)))))
    assert product.dsp == 3 and copy.dsp == 0 and copy.bram == 0


def test_registers_between_cycles_count() -> None:
    i = counter(0, 64)
    # The sum waits one cycle for the port of its store: 32 bits more, and the subscript longer.
    added = estimate(loop(i, Store(B, (i,), op("add", Load(A, (i,)), Load(B, (i,))))))
    copy = estimate(loop(i, Store(B, (i,), Load(A, (i,)))))
    assert added.ff >= copy.ff + 32
    assert added.lut >= copy.lut + 32


def test_locals_that_stay_are_registers() -> None:
    i, s = counter(0, 64), scalar(0)
    total = Store(s, (), op("add", Load(s, ()), Load(A, (i,))))
    found = estimate(Local(s, (Store(s, (), const(0)), loop(i, total), Store(B, (const(0),), Load(s, ())))))
    assert found.ff >= 32


def test_unrolling_costs_area() -> None:
    i, j = counter(0, 64), counter(0, 32)

    def body(at: Expr) -> Store:
        return Store(B, (at,), op("add", Load(A, (at,)), 7))

    twice = loop(j, body(op("mul", j, 2)), body(op("add", op("mul", j, 2), 1)))
    assert estimate(twice).weighted(TARGET) > estimate(loop(i, body(i))).weighted(TARGET)


def luts(value: Expr) -> int:
    i = counter(0, 20)
    return estimate(loop(i, Store(B, (i,), value))).lut


def test_constants_cost_no_look_up_tables() -> None:
    load, other = Load(A, (counter(0, 20),)), Load(B, (op("add", counter(0, 20), 1),))
    assert luts(op("add", load, 1)) < luts(op("add", load, other)) - 20
    assert luts(op("xor", load, 0x5555)) < luts(op("xor", load, other)) - 20


def test_bitwise_operators_in_a_row_fit_one_look_up_table() -> None:
    first, second = Load(A, (counter(0, 20),)), Load(A, (op("add", counter(0, 20), 1),))
    pair = op("xor", first, second)
    assert luts(op("and", pair, Load(B, (counter(0, 20),)))) == luts(pair)


def test_a_shared_unit_counts_once_with_its_multiplexers() -> None:
    i = counter(0, 20)
    at = [Load(A, (op("add", i, k),)) for k in range(4)]
    scaled = loop(i, Store(B, (i,), op("mul", op("xor", at[0], at[1]), op("xor", at[2], at[3]))))
    p = program([A, B], scaled, scaled)
    areas = {
        share: area_estimate(schedule(p, auto_pipelined(p), TARGET, share=share), TARGET) for share in SHARING
    }
    assert areas["none"].dsp == areas["loop"].dsp == 6 and areas["all"].dsp == 3
    assert areas["all"].lut > areas["none"].lut
    assert areas["all"].weighted(TARGET) < areas["none"].weighted(TARGET)


def test_bits_that_nobody_reads_take_nothing() -> None:
    load, other = Load(A, (counter(0, 20),)), Load(B, (op("add", counter(0, 20), 1),))
    whole = luts(op("add", load, other))
    assert luts(op("and", op("add", load, other), 0xFF)) <= whole - 16


def test_registers_behind_one_port_are_one() -> None:
    """What the port shows is kept for the next cycle, in both loops in the same register."""
    i = counter(0, 64)

    def body(value: int) -> Statement:
        return loop(
            i, Store(B, (i,), op("mul", op("add", Load(A, (i,)), value), Load(A, (op("xor", i, 1),))))
        )

    once, twice = estimate(body(3)), estimate(body(3), body(5))
    assert twice.ff < 2 * once.ff - 20


def test_registers_of_one_constant_are_none() -> None:
    i, s = counter(0, 64), scalar(0)
    use = loop(i, Store(B, (i,), op("add", Load(A, (i,)), Load(s, ()))))
    constant = estimate(Local(s, (Store(s, (), const(5)), use)))
    varying = estimate(Local(s, (Store(s, (), Load(A, (const(1),))), use)))
    assert varying.ff >= constant.ff + 30


def test_a_division_by_a_constant_takes_fewer_steps() -> None:
    load = Load(A, (counter(0, 20),))
    whole, narrow = luts(op("urem", load, 12)), luts(op("urem", op("and", load, 0xFFFF), 12))
    assert narrow < whole - 300


def test_both_ports_of_block_ram_read_half_its_widest_word() -> None:
    """512 words of 32 bits: what Yosys takes where one port reads and one writes, and where either reads."""
    memory = memory_of(LocalArray(ArrayType(32, (512,)), 0), "m", TARGET)
    assert memory.kind == "block"
    assert [memory_area(memory, TARGET, *ports).bram for ports in ((1, 1), (1, 0), (2, 1), (2, 2))] == [
        1,
        1,
        2,
        2,
    ]
