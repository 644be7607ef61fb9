"""Banks and offsets of subscripts against brute force over everything that they are computed from."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import product

import pytest

from seer.lang.affine import Affine
from seer.lang.operators import OPERATORS, mask
from seer.lang.terms import Iv
from seer.schedule.bank_analysis import Subscript, Symbols, Taken, quotient_of, take_apart
from seer.schedule.linear import LinearForms
from seer.schedule.partition import Cut
from seer.schedule.value_table import Value, ValueTable
from tests.schedule.programs import array


def evaluated(table: ValueTable, given: Mapping[int, int]) -> list[int]:
    """The numbers of all values, those of counters by level and of parameters as given by position."""
    found: list[int] = []
    for position, value in enumerate(table.values):
        if position in given:
            found.append(given[position] & mask(value.width))
        elif value.kind == "const":
            found.append(value.value)
        else:
            operands = [found[operand] for operand in value.operands]
            inner = table.values[value.operands[-1]].width
            found.append(OPERATORS[value.kind].evaluate(inner, value.width, *operands))
    return found


def check(table: ValueTable, taken: Taken, cut: Cut, x: int, given: Mapping[int, int]) -> None:
    numbers = evaluated(table, given)
    choices = taken.choices
    if taken.decider is not None:
        choices = tuple(choice for choice in choices if choice.when == numbers[taken.decider])
    assert len(choices) == 1, (x, taken)
    (choice,) = choices
    assert choice.bank == cut.bank(x)
    assert numbers[choice.offset] == cut.elements(choice.bank).index(x)


def random_cut(draw: random.Random, extent: int) -> Cut:
    banks = draw.randint(2, extent)
    if draw.random() < 0.5:
        return Cut(extent, banks, 1, True)
    size = -(-extent // banks)
    return Cut(extent, -(-extent // size), size, False)


@pytest.mark.parametrize("seed", range(250))
def test_affine_subscripts(seed: int) -> None:
    draw = random.Random(seed)
    extent = draw.randint(2, 40)
    cut = random_cut(draw, extent)
    ivs = []
    for level in range(draw.randint(1, 2)):
        lower, step = draw.randint(-3, 4), draw.choice((1, 1, 2, 3, 4, 6))
        ivs.append(Iv(draw.choice((8, 32)), level, lower, lower + step * draw.randint(1, 7), step))
    aligned = {iv.level: iv.lower for iv in ivs if draw.random() < 0.7}
    symbols = Symbols({iv.level: iv for iv in ivs}, aligned)
    coefficients = {iv.level: draw.choice((1, 1, 2, 3, -1, cut.banks, cut.size, 6)) for iv in ivs}
    # So that some of the elements are inside.
    ranges = [range(iv.lower, iv.upper, iv.step if iv.level in aligned else 1) for iv in ivs]
    values = [
        sum(coefficients[iv.level] * v for iv, v in zip(ivs, at, strict=True)) for at in product(*ranges)
    ]
    constant = -min(values) + draw.randint(0, 3)
    table = ValueTable()
    positions = {iv.level: table.intern(Value("iv", iv.bits, level=iv.level)) for iv in ivs}
    form = Affine.build(constant, {**coefficients})
    taken = take_apart(table, Subscript(0, form, None), cut, symbols)
    for at, value in zip(product(*ranges), values, strict=True):
        x = value + constant
        if 0 <= x < extent:
            given = {positions[iv.level]: v for iv, v in zip(ivs, at, strict=True)}
            check(table, taken, cut, x, given)


@pytest.mark.parametrize("seed", range(150))
def test_any_subscripts(seed: int) -> None:
    """Sums of values that nothing is known of, modulo the bits that the dimension needs."""
    draw = random.Random(seed)
    extent = draw.randint(2, 40)
    cut = random_cut(draw, extent)
    bits = (extent - 1).bit_length()
    table = ValueTable()
    read = [table.intern(Value("read", 6, array=array(f"r{k}", 6))) for k in range(2)]
    resized = [table.resize(position, bits) for position in read]
    factor = table.constant(bits, draw.choice((1, 2, 4, 3)) & mask(bits))
    total = table.operation("mul", bits, (resized[0], factor))
    if draw.random() < 0.5:
        total = table.operation("add", bits, (total, resized[1]))
    total = table.operation("add", bits, (total, table.constant(bits, draw.randint(0, 5) & mask(bits))))
    linear = LinearForms(table.values).of(total)
    taken = take_apart(table, Subscript(total, None, linear), cut, Symbols({}, {}))
    for first, second in product(range(0, 64, 3), range(0, 64, 5)):
        given = {read[0]: first, read[1]: second}
        x = evaluated(table, given)[total]
        if x < extent:
            check(table, taken, cut, x, given)


def test_all_small_dimensions() -> None:
    """Those of as many banks as elements among them, where no bit of the subscript is left for the offset."""
    for extent in range(2, 9):
        bits = (extent - 1).bit_length()
        cuts = [Cut(extent, banks, 1, True) for banks in range(2, extent + 1)]
        cuts += [Cut(extent, -(-extent // size), size, False) for size in range(1, extent)]
        for cut, factor, constant in product(cuts, (1, 2, 3, -1), (-1, 0, 1, 3)):
            table = ValueTable()
            read = table.intern(Value("read", 6, array=array("r", 6)))
            scaled = (table.resize(read, bits), table.constant(bits, factor & mask(bits)))
            total = table.operation("mul", bits, scaled)
            total = table.operation("add", bits, (total, table.constant(bits, constant & mask(bits))))
            linear = LinearForms(table.values).of(total)
            taken = take_apart(table, Subscript(total, None, linear), cut, Symbols({}, {}))
            for given in range(1 << bits):
                x = evaluated(table, {read: given})[total]
                if x < extent:
                    check(table, taken, cut, x, {read: given})


def test_what_is_known_needs_no_decision() -> None:
    """A counter in steps of 6 from 1: cyclic by 3 all is known, and so are the elements next to it."""
    table, iv = ValueTable(), Iv(32, 0, 1, 40, 6)
    symbols = Symbols({0: iv}, {0: 1})
    cut = Cut(64, 3, 1, True)
    for constant, bank in ((0, 1), (1, 2), (2, 0), (-1, 0)):
        taken = take_apart(table, Subscript(0, Affine.build(constant, {0: 1}), None), cut, symbols)
        assert taken.decider is None and [choice.bank for choice in taken.choices] == [bank]
    free = take_apart(table, Subscript(0, Affine.build(0, {0: 1}), None), cut, Symbols({0: iv}, {}))
    assert free.decider is not None and len(free.choices) == 3


def test_neighbours_share_what_decides() -> None:
    table, iv = ValueTable(), Iv(32, 0, 0, 60, 1)
    symbols, cut = Symbols({0: iv}, {}), Cut(64, 3, 1, True)
    taken = [take_apart(table, Subscript(0, Affine.build(k, {0: 1}), None), cut, symbols) for k in range(3)]
    assert len({one.decider for one in taken}) == 1
    for when in range(3):
        assert sorted(c.bank for one in taken for c in one.choices if c.when == when) == [0, 1, 2]


@pytest.mark.parametrize("banks", [2, 3, 5, 8])
def test_counters_without_narrow_bounds(banks: int) -> None:
    """Their ranges say nothing, but that the elements are inside does: neighbours share what decides."""
    for cut in (Cut(20, banks, 1, True), Cut(20, -(-20 // banks), banks, False)):
        table, iv = ValueTable(), Iv(32, 0, -(1 << 31), (1 << 31) - 100, 1)
        position = table.intern(Value("iv", 32, level=0))
        deciders = set()
        for k in (-3, 0, 1, 4, 25):
            form = Affine.build(k, {0: 1})
            x = table.resize(table.operation("add", 32, (position, table.constant(32, k & mask(32)))), 5)
            taken = take_apart(table, Subscript(x, form, None), cut, Symbols({0: iv}, {}))
            if k < 25:
                deciders.add(taken.decider)
            for element in range(20):
                check(table, taken, cut, element, {position: element - k})
        assert len(deciders) == 1 or not cut.cyclic


def test_rows_and_blocks_are_known_where_ranges_say_so() -> None:
    table = ValueTable()
    row, column = Iv(32, 0, 0, 4, 1), Iv(32, 1, 0, 8, 1)
    symbols, cut = Symbols({0: row, 1: column}, {}), Cut(32, 4, 8, False)
    taken = take_apart(table, Subscript(0, Affine.build(0, {0: 8, 1: 1}), None), cut, symbols)
    assert [choice.when for choice in taken.choices] == [0, 1, 2, 3]
    assert taken.decider is not None and table.values[taken.decider].kind == "trunc"  # the row itself
    half = take_apart(table, Subscript(0, Affine.build(8, {1: 1}), None), cut, symbols)
    assert half.decider is None and half.choices[0].bank == 1


@pytest.mark.parametrize("divisor", [1, 2, 3, 5, 6, 7, 8, 10, 12, 13, 100, 127, 641])
def test_quotients(divisor: int) -> None:
    for greatest in (0, 1, divisor - 1, divisor, 3 * divisor + 1, 255, 1000):
        table = ValueTable()
        width = max(1, greatest.bit_length())
        dividend = table.intern(Value("read", width, array=array("r", width)))
        quotient = quotient_of(table, dividend, greatest, divisor)
        for x in range(greatest + 1):
            assert evaluated(table, {dividend: x})[quotient] == x // divisor
