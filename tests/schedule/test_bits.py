"""Known and wanted bits against evaluation: on random operations, and where the area follows from them."""

from __future__ import annotations

import random

import pytest

from seer.lang.operators import OPERATORS
from seer.schedule.bits import Bits, known_bits, wanted_bits
from seer.schedule.model import Operation

_BINARY = ("add", "sub", "mul", "and", "or", "xor", "shl", "lshr", "ashr", "udiv", "urem")
_COMPARISONS = ("eq", "ne", "ult", "ule", "slt", "sle")


def random_operations(rng: random.Random) -> list[Operation]:
    """Parameters and constants of several widths, then operators over them."""
    found: list[Operation] = []

    def add(kind: str, width: int, *operands: int, value: int | None = None) -> int:
        found.append(Operation(len(found), kind, width, operands, value=value))
        return len(found) - 1

    for width in (3, 8, 8, 12):
        add("param", width)
    for width in (8, 8, 12):
        add("const", width, value=rng.choice((0, 1, 3, rng.getrandbits(width), (1 << width) - 2)))
    for _ in range(14):
        a = rng.choice(found)
        same = [op for op in found if op.width == a.width]
        bit = [op for op in found if op.width == 1]
        match rng.randrange(6):
            case 0:
                add(rng.choice(("zext", "sext")), a.width + rng.randint(1, 6), a.id)
            case 1 if a.width > 1:
                add("trunc", rng.randint(1, a.width - 1), a.id)
            case 2:
                add(rng.choice(_COMPARISONS), 1, a.id, rng.choice(same).id)
            case 3 if bit:
                add("select", a.width, rng.choice(bit).id, a.id, rng.choice(same).id)
            case 4:
                amount = add("const", a.width, value=rng.randint(0, min(a.width + 1, (1 << a.width) - 1)))
                add(rng.choice(("shl", "lshr", "ashr")), a.width, a.id, amount)
            case _:
                add(rng.choice(_BINARY), a.width, a.id, rng.choice(same).id)
    return found


def evaluate(
    operations: list[Operation], params: dict[int, int], changed: dict[int, int] | None = None
) -> list[int]:
    """The values of all operations; the bits of `changed` are flipped where a value arises."""
    values: list[int] = []
    for op in operations:
        if op.kind == "const":
            value = op.value or 0
        elif op.kind == "param":
            value = params[op.id]
        else:
            width = operations[op.operands[0]].width if op.kind != "select" else op.width
            value = OPERATORS[op.kind].evaluate(width, op.width, *(values[o] for o in op.operands))
        values.append(value ^ (changed or {}).get(op.id, 0))
    return values


@pytest.mark.parametrize("seed", range(150))
def test_known_bits_hold(seed: int) -> None:
    rng = random.Random(seed)
    operations = random_operations(rng)
    known = known_bits(operations, (), {})
    for _ in range(12):
        params = {op.id: rng.getrandbits(op.width) for op in operations if op.kind == "param"}
        for op, value, bits in zip(operations, evaluate(operations, params), known, strict=True):
            assert value & ~bits.varying == bits.ones & ~bits.varying, (op, bits)
            assert not bits.ones & bits.varying
            if bits.signed:
                copies = value >> (bits.top - 1)
                assert copies in (0, (1 << (op.width - bits.top + 1)) - 1), (op, bits)


@pytest.mark.parametrize("seed", range(150))
def test_bits_that_nobody_wants_make_no_difference(seed: int) -> None:
    rng = random.Random(seed)
    operations = random_operations(rng)
    last = len(operations) - 1
    out = Operation(len(operations), "write", operations[last].width, (last,), memory="r")
    known = known_bits([*operations, out], (), {})
    wanted = wanted_bits([*operations, out], known, {})
    params = {op.id: rng.getrandbits(op.width) for op in operations if op.kind == "param"}
    before = evaluate(operations, params)
    for op in operations[:last]:
        bits = known[op.id]
        idle = bits.own & ~wanted[op.id]
        flipped = idle & rng.getrandbits(op.width)
        if bits.signed and flipped >> (bits.top - 1) & 1:
            flipped |= ((1 << op.width) - 1) & ~((1 << bits.top) - 1)
        assert evaluate(operations, params, {op.id: flipped})[last] == before[last], op


def test_counters_and_registers_bring_their_bits() -> None:
    counter = Operation(0, "iv", 32, level=1)
    state = Operation(1, "read", 32, memory="state")
    known = known_bits([counter, state], ((0, 9, False), (1, 5, True)), {"state": 0b101})
    assert known[0] == Bits(0xFFFFFFFF, 0, 5, True)
    assert known[1].varying == 0b101 and known[1].own == 0b101


def test_addresses_want_no_more_than_their_memory_has() -> None:
    at = Operation(0, "param", 32)
    load = Operation(1, "load", 16, (0,), memory="a")
    low = Operation(2, "trunc", 4, (1,))
    out = Operation(3, "write", 4, (2,), memory="r")
    operations = [at, load, low, out]
    assert wanted_bits(operations, known_bits(operations, (), {}), {"a": 6}) == [0b111111, 0b1111, 0b1111, 0]
