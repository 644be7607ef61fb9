"""Every operator and unit, at odd widths, against the definition in seer.lang.operators."""

import random

import pytest

from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import lint
from seer.lang.operators import OPERATORS, mask

WIDTHS = [1, 7, 17, 32, 33, 64, 100]
UNITS = {
    "mul": [
        (1, 1),
        (8, 1),
        (17, 1),
        (17, 3),
        (32, 0),
        (32, 1),
        (32, 2),
        (32, 3),
        (33, 4),
        (40, 3),
        (64, 4),
        (64, 7),
        (65, 8),
        (86, 10),
        (119, 11),
        (128, 6),
        (128, 12),
    ],
    "add": [(2, 1), (33, 1), (64, 2), (127, 1)],
    "sub": [(3, 1), (64, 1), (99, 3), (128, 1)],
    "udiv": [(1, 0), (8, 0), (8, 8), (32, 32), (33, 5), (64, 64)],
    "sdiv": [(1, 1), (8, 0), (8, 10), (17, 20), (32, 34), (64, 66)],
    "urem": [(7, 0), (8, 9), (32, 4)],
    "srem": [(1, 0), (8, 5), (8, 9), (32, 34)],
}
"""Widths and latencies at which each kind of unit is tried."""


def interesting(rng: random.Random, width: int) -> int:
    special = [0, 1, mask(width), 1 << (width - 1), mask(width) >> 1, width & mask(width)]
    return rng.choice(
        [*special, rng.randrange(1 << width), rng.randrange(1 << width) >> rng.randrange(width)]
    )


def results(width: int) -> list[tuple[str, int]]:
    """Operators (not the units) that apply at this operand width, with their result widths."""
    units = set(UNITS) - {"mul", "add", "sub"}
    shapes = {"same": width, "compare": 1, "select": width, "widen": width + 5, "narrow": (width + 1) // 2}
    return [
        (o.name, shapes[o.shape])
        for o in OPERATORS.values()
        if o.name not in units and not o.is_float and not (o.shape == "narrow" and width == 1)
    ]


def operands_of(kind: str, x: int, y: int, c: int) -> list[int]:
    return {1: [x], 2: [x, y], 3: [c, x, y]}[OPERATORS[kind].arity]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("operators")


def test_operators_compute_what_the_language_says(handmade, region, call, log):
    design, body = handmade("operators"), region()
    expected: list[tuple[str, str, int, int]] = []
    design.param("c", 1)
    condition = body("param", 1, symbol="c")
    for width in WIDTHS:
        for name in ("x", "y"):
            design.param(f"{name}{width}", width)
        x, y = (body("param", width, symbol=f"{name}{width}") for name in ("x", "y"))
        for kind, result in results(width):
            value = body(kind, result, *operands_of(kind, x, y, condition))
            register = f"{kind}{width}"
            design.array(register, result)
            body("write", result, value, memory=register)
            expected.append((register, kind, width, result))
    schedule = design.schedule(body.region(1))
    verilog = generate(schedule)
    lint(verilog, "operators", log / "lint.log")

    rng = random.Random(1)
    calls = []
    for _ in range(200):
        params = {"c": rng.randrange(2)}
        params |= {f"{name}{width}": interesting(rng, width) for width in WIDTHS for name in ("x", "y")}
        after = {}
        for register, kind, width, result in expected:
            values = operands_of(kind, params[f"x{width}"], params[f"y{width}"], params["c"])
            after[register] = [OPERATORS[kind].evaluate(width, result, *values)]
        calls.append(call(params, {register: [0] for register in after}, after))
    simulation = simulate(schedule, verilog, calls, log, limit=100)
    assert simulation.examples == ()
    assert {c.cycles for c in simulation.calls} == {1}


def test_units_give_their_result_after_their_latency(handmade, region, call, log):
    design, body = handmade("units"), region()
    design.param("now", 1)
    length = 0
    checks = []
    widths = sorted({width for points in UNITS.values() for width, _ in points})
    for width in widths:
        # Registers that change in every cycle: only the operands of cycle 1 give the result.
        for name in ("x", "y"):
            design.array(f"{name}{width}", width)
            old = body("read", width, at=1, memory=f"{name}{width}")
            inverse = body("xor", width, old, body("const", width, value=mask(width)), at=1)
            body("write", width, inverse, at=1, memory=f"{name}{width}")
    for kind, points in UNITS.items():
        for width, latency in points:
            x, y = (body("read", width, at=1, memory=f"{name}{width}") for name in ("x", "y"))
            value = body(kind, width, x, y, at=1, latency=latency)
            register = f"{kind}{width}_{latency}"
            design.array(register, width)
            body("write", width, value, at=1 + latency, memory=register)
            length = max(length, 2 + latency)
            checks.append((register, kind, width))
    schedule = design.schedule(body.region(length))
    verilog = generate(schedule)
    lint(verilog, "units", log / "lint.log")

    rng = random.Random(2)
    calls = []
    for _ in range(300):
        values = {f"{name}{w}": interesting(rng, w) for w in widths for name in ("x", "y")}
        after = {name: [value ^ mask(int(name[1:]))] for name, value in values.items()}
        for register, kind, width in checks:
            pair = (values[f"x{width}"], values[f"y{width}"])
            after[register] = [OPERATORS[kind].evaluate(width, width, *pair)]
        before = {name: [values.get(name, 0)] for name in after}
        calls.append(call({"now": 0}, before, after))
    simulation = simulate(schedule, verilog, calls, log, limit=100)
    assert simulation.examples == ()
    assert {c.cycles for c in simulation.calls} == {length}


def test_products_of_extended_factors(handmade, region, call, log):
    """A module within the cycle takes its factors before they are extended, each with its sign."""
    design, body = handmade("products"), region()
    rng = random.Random(3)
    shapes = [
        (width, a, kind_a, b, kind_b)
        for width, a, b in ((16, 8, 8), (32, 16, 16), (32, 32, 5), (33, 17, 12), (64, 24, 40), (9, 1, 8))
        for kind_a, kind_b in (("zext", "zext"), ("sext", "sext"), ("sext", "zext"))
    ]
    for position, (width, a, kind_a, b, kind_b) in enumerate(shapes):
        factors = []
        for name, bits, kind in ((f"a{position}", a, kind_a), (f"b{position}", b, kind_b)):
            design.param(name, bits)
            value = body("param", bits, symbol=name)
            factors.append(body(kind, width, value) if bits < width else value)
        design.array(f"y{position}", width)
        body("write", width, body("mul", width, *factors), memory=f"y{position}")
    schedule = design.schedule(body.region(1))
    verilog = generate(schedule)
    lint(verilog, "products", log / "lint_products.log")
    assert "seer_mul_w32_l0_s16_u16" in verilog and "seer_mul_w16_l0_u8_u8" in verilog
    calls = []
    for _ in range(100):
        params, after = {}, {}
        for position, (width, a, kind_a, b, kind_b) in enumerate(shapes):
            values = []
            for name, bits, kind in ((f"a{position}", a, kind_a), (f"b{position}", b, kind_b)):
                params[name] = interesting(rng, bits)
                wide = params[name] if bits == width else OPERATORS[kind].evaluate(bits, width, params[name])
                values.append(wide)
            after[f"y{position}"] = [OPERATORS["mul"].evaluate(width, width, *values)]
        calls.append(call(params, {register: [0] for register in after}, after))
    simulation = simulate(schedule, verilog, calls, log, limit=100)
    assert simulation.examples == ()
