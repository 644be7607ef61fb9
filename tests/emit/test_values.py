"""Literals next to other operands: the C type that C gives the operation holds what both of them are."""

from __future__ import annotations

from random import Random

import pytest

from seer.emit.values import ADDITIVE, POSTFIX, Value, cast, compatible, literal
from seer.lang.interpreter import run
from seer.lang.operators import mask
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Const, Expr, Load, Op, Store, TopArray

LITERALS = [0, 1, 31, *(n for k in (7, 8, 31, 32, 33, 63) for n in ((1 << k) - 1, 1 << k)), 0x8ECD16B0]
SOURCES = [(8, True), (8, False), (16, True), (32, True), (32, False), (33, True), (64, True), (64, False)]
ARITHMETIC = ("add", "sub", "mul", "and", "or", "xor")
PARTIAL = ("shl", "lshr", "ashr", "sdiv", "udiv", "srem", "urem")
COMPARISONS = ("eq", "ne", "ult", "ule", "slt", "sle")


def spelled(value: int, bits: int, signed: bool) -> Value:
    return Value("x", POSTFIX, bits, signed, value, value)


@pytest.mark.parametrize(
    ("value", "bits", "signed", "text"),
    [
        (0x8ECD16B0, 32, True, "0x8ecd16b0u"),
        (0x8ECD16B0, 64, True, "0x8ecd16b0ll"),
        (0x8ECD16B0, 64, False, "0x8ecd16b0ull"),
        (5, 64, True, "5ll"),
        (5, 64, False, "5ull"),
        (-5, 64, True, "-5ll"),
        (-(1 << 31), 64, True, "-2147483648ll"),
        (-(1 << 31), 32, True, "(-2147483647 - 1)"),
        (-(1 << 63), 64, True, "(-9223372036854775807ll - 1)"),
        (mask(32), 32, False, "0xffffffffu"),
        (1 << 32, 32, False, "0x100000000ull"),
        (1 << 63, 32, True, "0x8000000000000000ull"),
    ],
)
def test_literals_have_at_least_the_bits_asked_for(value: int, bits: int, signed: bool, text: str) -> None:
    made = literal(value, signed, least=bits)
    assert made.text == text and made.type.holds(value, value) and made.bits >= bits


def test_casts_of_literals_have_exactly_the_type() -> None:
    for value in (*LITERALS, *(-n for n in LITERALS)):
        for bits in (32, 64):
            for signed in (True, False):
                made = cast(literal(value), bits, signed)
                assert (made.bits, made.signed) == (bits, signed), (value, made)


def test_a_literal_of_32_bits_next_to_a_negative_number_is_wider_than_both() -> None:
    negative = Value("v", POSTFIX, 32, True, -128, 127)
    assert [value.text for value in compatible(negative, literal(0x8ECD16B0))] == ["v", "0x8ecd16b0ll"]
    assert [value.text for value in compatible(literal(1 << 31), negative)] == ["0x80000000ll", "v"]
    # Not where nothing is negative, or the other operand is wide enough.
    assert compatible(literal(1 << 31), spelled(7, 32, True))[0].text == "0x80000000u"
    wide = Value("w", ADDITIVE, 64, True, -(1 << 40), 1 << 40)
    assert [value.text for value in compatible(wide, literal(1 << 31))] == ["w", "0x80000000u"]


def expression(draw: Random, loads: dict[tuple[int, bool], Load], width: int, depth: int) -> Expr:
    """An expression of `width` bits, in which literals stand next to variables of every type."""

    def inner() -> Expr:
        return expression(draw, loads, width, depth - 1)

    choice = draw.random() if depth else draw.random() * 0.45
    if choice < 0.2:
        value = draw.choice(LITERALS)
        return Const(width, (value if draw.random() < 0.7 else -value) & mask(width))
    if choice < 0.45:
        (bits, signed), load = draw.choice(list(loads.items()))
        if bits == width:
            return load
        return Op("trunc" if bits > width else "sext" if signed else "zext", width, (load,))
    if choice < 0.65:
        return Op(draw.choice(ARITHMETIC), width, (inner(), inner()))
    if choice < 0.8:
        return Op(draw.choice(PARTIAL), width, (inner(), inner()))
    return Op("select", width, (Op(draw.choice(COMPARISONS), 1, (inner(), inner())), inner(), inner()))


def program_of(seed: int, count: int) -> Program:
    """`count` stores of expressions of 32, 40 and 64 bits."""
    draw = Random(seed)
    sources = {
        (bits, signed): Argument(f"v{n}", TopArray(ArrayType(bits, (4,)), f"v{n}"), signed, "")
        for n, (bits, signed) in enumerate(SOURCES)
    }
    results, body = [], []
    for width in (32, 40, 64):
        array = TopArray(ArrayType(width, (count,)), f"r{width}")
        results.append(Argument(array.name, array, draw.random() < 0.5, ""))
        for place in range(count):
            loads = {}
            for key, source in sources.items():
                assert isinstance(source.term, TopArray)
                loads[key] = Load(source.term, (Const(8, draw.randrange(4)),))
            body.append(Store(array, (Const(16, place),), expression(draw, loads, width, 2)))
    return Program(f"kernel{seed}", (*sources.values(), *results), tuple(body))


def test_literals_in_mixed_expressions(run_all) -> None:
    """Comparisons, choices, arithmetic, shifts and divisions, against the interpreter."""
    draw = Random(4)
    batch = []
    for seed in range(3):
        program = program_of(seed, 50)
        inputs = []
        for _ in range(6):
            arrays = {}
            for array in program.arrays:
                edges = [n & mask(array.type.width) for k in LITERALS for n in (k, -k)]
                arrays[array.name] = [draw.choice(edges) for _ in range(array.type.shape[0])]
            inputs.append((arrays, {}))
        batch.append((program, inputs))
    for (program, inputs), results in zip(batch, run_all(batch), strict=True):
        for (arrays, params), after in zip(inputs, results, strict=True):
            assert after == run(program, arrays, params)
