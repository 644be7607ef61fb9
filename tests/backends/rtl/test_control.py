"""Loops: exact cycles and the right iteration's values, on schedules written by hand."""

import pytest

from seer.backends.rtl import generate, simulate
from seer.backends.rtl.verilator import lint
from seer.lang.affine import Affine
from seer.schedule.model import Region


@pytest.fixture
def run(tmp_path):
    def run(schedule, calls):
        verilog = generate(schedule)
        lint(verilog, schedule.program.name, tmp_path / "lint.log")
        simulation = simulate(schedule, verilog, calls, tmp_path, limit=20_000)
        assert simulation.examples == ()
        return [c.cycles for c in simulation.calls]

    return run


def test_values_live_on_across_overlapping_iterations(handmade, region, call, run):
    """One loop for each initiation interval; x and the counter are used at many distances."""
    design = handmade("lifetimes")
    design.array("a", 32, 20)
    nodes, cycles, after = [], 0, {"a": [7 * k + 3 for k in range(20)]}
    for interval, uses, trips in [
        (1, [1, 2, 5, 9], 20),
        (2, [1, 2, 3, 4, 8], 20),
        (3, [1, 3, 4, 7], 20),
        (5, [2, 6], 20),
        (3, [1], 1),
        (4, [1, 2], 2),
    ]:
        body = region()
        i = body("iv", 32, level=0)
        address = body("trunc", 5, i)
        x = body("load", 32, address, memory="a")
        total = body("const", 32, value=0)
        for use in uses:
            scaled = body("mul", 32, x, body("const", 32, value=use), at=use)
            total = body("add", 32, total, body("xor", 32, scaled, i, at=use), at=use)
        end = uses[-1] + 1
        name = f"y{len(nodes)}"
        design.array(name, 32, 20)
        body("store", 32, address, total, at=end, memory=name, port=1)
        nodes.append(design.pipelined(interval, body.region(end + 1), design.counter(0, 0, trips)))
        cycles += interval * (trips - 1) + end + 1
        after[name] = [sum((7 * k + 3) * use ^ k for use in uses) for k in range(trips)] + [0] * (20 - trips)
    before = {name: [0] * 20 for name in after} | {"a": after["a"]}
    twice = [call({}, before, after)] * 2
    assert run(design.schedule(*nodes), twice) == [cycles] * 2


def test_flattened_nest_with_a_recurrence_in_a_register(handmade, region, call, run):
    """i in -3, -1, 1, 3; j in 0..2; k = 7: sum += i * 5 + j + k where j is not 1; then ap_return = sum."""
    design = handmade("nest")
    design.register("sum", 16)
    design.array("ap_return", 16)
    clear = region()
    clear("write", 16, clear("const", 16, value=100), memory="sum")
    body = region()
    i, j, k = (body("trunc", 16, body("iv", 32, level=level)) for level in range(3))
    partial = body("add", 16, body("mul", 16, i, body("const", 16, value=5)), j)
    taken = body("ne", 1, j, body("const", 16, value=1))
    old = body("read", 16, at=2, memory="sum")
    new = body("add", 16, old, body("add", 16, partial, k, at=1), at=2)
    body("write", 16, new, at=2, memory="sum", predicate=taken)
    loop = design.pipelined(
        1,
        body.region(3),
        design.counter(0, -3, 4, 2),
        design.counter(1, 0, 3),
        design.counter(2, 7, 8),
    )
    finish = region()
    finish("write", 16, finish("read", 16, at=1, memory="sum"), at=1, memory="ap_return")
    total = 100 + sum(i * 5 + j + 7 for i in (-3, -1, 1, 3) for j in (0, 2))
    calls = [call({}, {}, {"ap_return": [total % 2**16]})] * 2
    schedule = design.schedule(clear.region(1), loop, finish.region(2))
    assert run(schedule, calls) == [1 + (12 - 1 + 3) + 2] * 2


def test_bounds_over_parameters_and_outer_counters(handmade, region, call, run):
    """for i in 0..n by 3: for j in 2i - m .. n (pipelined, II 2); for j in i..4 (sequential): count them."""
    design = handmade("triangle")
    for name in ("n", "m"):
        design.param(name, 8)
    for name in ("pipelined", "sequential", "last_j"):
        design.array(name, 32)

    def counting(register: str, at: int, with_j: bool) -> Region:
        body = region()
        one = body("const", 32, value=1)
        body(
            "write",
            32,
            body("add", 32, body("read", 32, at=at, memory=register), one, at=at),
            at=at,
            memory=register,
        )
        if with_j:
            body("write", 32, body("iv", 32, level=1), at=at, memory="last_j")
        return body.region(at + 1)

    n, i = Affine.build(0, {"n": 1}), Affine.build(0, {0: 1})
    inner = design.pipelined(
        2,
        counting("pipelined", 1, True),
        design.counter(1, i.scaled(2) + Affine.build(0, {"m": -1}), n, 1, (-127, 127)),
    )
    other = design.sequential(
        design.counter(1, i, 4, 1, (0, 4)), counting("sequential", 0, False), region().region(2)
    )
    outer = design.sequential(design.counter(0, 0, n, 3, (0, 127)), inner, other)
    calls, cycles = [], []
    for n_, m_ in [(0, 0), (-5, 3), (1, 0), (7, 2), (12, 100), (30, -20), (127, -128)]:
        expected = {"pipelined": [0], "sequential": [0], "last_j": [0]}
        taken = 1
        for i_ in range(0, n_, 3):
            trips = max(0, n_ - (2 * i_ - m_))
            expected["pipelined"][0] += trips
            if trips:
                expected["last_j"] = [n_ - 1]
            expected["sequential"][0] += max(0, 4 - i_)
            taken += 1 + (2 * (trips - 1) + 2 if trips else 0) + 1 + 3 * max(0, 4 - i_)
        calls.append(call({"n": n_ % 256, "m": m_ % 256}, {name: [0] for name in expected}, expected))
        cycles.append(taken)
    assert run(design.schedule(outer), calls) == cycles


def test_interval_longer_than_the_body_leaves_no_token_behind(handmade, region, call, run):
    """A loop of depth 1 and II 4 is entered again before its last interval would have ended."""
    design = handmade("stale")
    design.array("count", 8)
    body = region()
    one = body("const", 8, value=1)
    body("write", 8, body("add", 8, body("read", 8, memory="count"), one), memory="count")
    inner = design.pipelined(4, body.region(1), design.counter(1, 0, 2))
    outer = design.sequential(design.counter(0, 0, 5), inner)
    calls = [call({}, {"count": [start]}, {"count": [start + 10]}) for start in (0, 9)]
    assert run(design.schedule(outer), calls) == [5 * (4 + 1)] * 2


def test_one_port_shared_by_loads_and_predicated_stores(handmade, region, call, run):
    """y[0..3] = x[3..0] through one port each, y[3] only if x[0] > 9; then y[4] = 5 only if it is not."""
    design = handmade("ports")
    design.array("x", 16, 4)
    design.array("y", 16, 5)
    body = region()
    loads = []
    for k in range(4):
        address = body("const", 2, value=k)
        loads.append(body("load", 16, address, at=k, memory="x"))
    big = body("ult", 1, body("const", 16, value=9), loads[0], at=4)
    for k in range(4):
        address = body("const", 3, value=k)
        rest = {"predicate": big} if k == 3 else {}
        body("store", 16, address, loads[3 - k], at=4 + k, memory="y", port=0, **rest)
    never = body("xor", 1, big, body("const", 1, value=1), at=8)
    address = body("const", 3, value=4)
    body("store", 16, address, body("const", 16, value=5), at=8, memory="y", port=0, predicate=never)
    calls = [
        call({}, {"x": [10, 2, 3, 4], "y": [0] * 5}, {"x": [10, 2, 3, 4], "y": [4, 3, 2, 10, 0]}),
        call({}, {"x": [9, 2, 3, 4], "y": [8] * 5}, {"x": [9, 2, 3, 4], "y": [4, 3, 2, 8, 5]}),
    ]
    assert run(design.schedule(body.region(9)), calls) == [9, 9]


def test_wide_elements_and_single_words(handmade, region, call, run):
    design = handmade("wide")
    design.array("a", 100, 3)
    design.array("b", 65, 1)
    body = region()
    a = body("load", 100, body("const", 2, value=2), memory="a")
    low = body("trunc", 65, a, at=1)
    body("store", 65, body("const", 1, value=0), low, at=1, memory="b", port=0)
    top = (1 << 99) + (1 << 64) + 5
    contents = [1, 1 << 70, top]
    calls = [call({}, {"a": contents, "b": [0]}, {"a": contents, "b": [(1 << 64) + 5]})]
    assert run(design.schedule(body.region(2)), calls) == [2]


def test_an_empty_program_takes_one_cycle(handmade, call, run):
    design = handmade("nothing")
    design.array("a", 8, 4)
    assert run(design.schedule(), [call({}, {"a": [1, 2, 3, 4]}, {"a": [1, 2, 3, 4]})] * 2) == [1, 1]


def test_an_old_register_value_outlives_the_write(handmade, region, call, run):
    """swap x, y in a straight line, where x's old value is used in and after the cycle of its new one."""
    design = handmade("swap")
    for name in ("x", "y", "z"):
        design.array(name, 8)
    body = region()
    x, y = body("read", 8, memory="x"), body("read", 8, memory="y")
    body("write", 8, y, at=1, memory="x")
    body("write", 8, x, at=1, memory="y")
    old = body("sub", 8, x, y, at=2)
    both = body("add", 8, old, body("sub", 8, x, body("read", 8, at=2, memory="x"), at=3), at=3)
    body("write", 8, both, at=3, memory="z")
    calls = [call({}, {"x": [7], "y": [3], "z": [0]}, {"x": [3], "y": [7], "z": [8]})]
    assert run(design.schedule(body.region(4)), calls) == [4]
