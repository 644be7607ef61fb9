"""The handshake as cocotb sees it: runs of a design whose two arrays are memories in here.

Each array is as many as the design has banks of it (cyclic: element i in bank i mod so many).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, ReadOnly, RisingEdge

PREDICTED: dict[str, int] = json.loads(os.environ["PREDICTED"])
"""Cycles of a run by n."""
BANKS: dict[str, int] = json.loads(os.environ["BANKS"])
"""Banks of each array."""


@dataclass
class Memories:
    """The words of a and b. What a read shows holds for one cycle."""

    a: list[int]
    b: list[int] = field(default_factory=lambda: [0] * 16)

    async def serve(self, dut) -> None:
        ports = sorted(name[: -len("_ce0")] for name in dir(dut) if name.endswith("_ce0"))
        banks = {name: [port for port in ports if port.split("_")[0] == name] for name in ("a", "b")}
        assert {name: len(found) for name, found in banks.items()} == BANKS

        def accessed(port: str, number: int) -> int | None:
            """The element that a bank's port is asked for."""
            enabled = getattr(dut, f"{port}_ce0").value == 1
            count = BANKS[port.split("_")[0]]
            return int(getattr(dut, f"{port}_address0").value) * count + number if enabled else None

        while True:
            await FallingEdge(dut.ap_clk)
            await ReadOnly()
            asked = {port: accessed(port, number) for number, port in enumerate(banks["a"])}
            stored: dict[int, int] = {}
            for number, port in enumerate(banks["b"]):
                element = accessed(port, number)
                if element is not None and getattr(dut, f"{port}_we0").value == 1:
                    stored[element] = int(getattr(dut, f"{port}_d0").value)
            await RisingEdge(dut.ap_clk)
            for port, element in asked.items():
                shown = 0x5A5A5A5A if element is None else self.a[element]
                getattr(dut, f"{port}_q0").value = shown
            for element, value in stored.items():
                self.b[element] = value


async def begin(dut) -> Memories:
    """Clock, memories and a reset of two cycles."""
    memories = Memories([k * k + 1 for k in range(16)])
    cocotb.start_soon(Clock(dut.ap_clk, 10, unit="ns").start())
    cocotb.start_soon(memories.serve(dut))
    dut.ap_start.value = 0
    dut.n.value = 0
    dut.ap_rst.value = 1
    for _ in range(2):
        await RisingEdge(dut.ap_clk)
    dut.ap_rst.value = 0
    await FallingEdge(dut.ap_clk)
    return memories


async def until_done(dut, limit: int = 200) -> int:
    """Cycles until the falling edge in which ap_done is high, from a falling edge in front of a start."""
    for cycle in range(limit):
        await FallingEdge(dut.ap_clk)
        if dut.ap_done.value == 1:
            assert dut.ap_ready.value == 1
            return cycle
        assert dut.ap_ready.value == 0
    raise AssertionError(f"no ap_done within {limit} cycles")


def check(dut, memories: Memories, n: int) -> None:
    sums = [sum(memories.a[: k + 1]) for k in range(n)]
    assert memories.b[:n] == [3 * s for s in sums]
    assert int(dut.ap_return.value) == (sums[-1] if n else 0)


@cocotb.test()
async def one_run(dut) -> None:
    memories = await begin(dut)
    assert (dut.ap_idle.value, dut.ap_done.value) == (1, 0)
    for n in (5, 0, 16, 1):
        dut.n.value = n
        dut.ap_start.value = 1
        assert await until_done(dut) == PREDICTED[str(n)]
        check(dut, memories, n)
        dut.ap_start.value = 0
        for _ in range(4):
            await FallingEdge(dut.ap_clk)
            assert (dut.ap_idle.value, dut.ap_done.value, dut.ap_ready.value) == (1, 0, 0)
        check(dut, memories, n)


@cocotb.test()
async def start_that_is_held_gives_one_run_after_the_other(dut) -> None:
    memories = await begin(dut)
    dut.ap_start.value = 1
    dut.n.value = 7
    first = await until_done(dut)
    check(dut, memories, 7)
    for n in (3, 12, 0, 9):
        # The edge that ends the cycle with ready belongs to the run before; the one after it takes the start.
        dut.n.value = n
        memories.b[:] = [0] * 16
        assert await until_done(dut) == 1 + PREDICTED[str(n)]
        check(dut, memories, n)
        assert dut.ap_idle.value == 0
    assert first == PREDICTED["7"]


@cocotb.test()
async def done_lasts_one_cycle(dut) -> None:
    await begin(dut)
    dut.n.value = 2
    dut.ap_start.value = 1
    await until_done(dut)
    dut.ap_start.value = 0
    seen = 0
    for _ in range(50):
        await FallingEdge(dut.ap_clk)
        seen += int(dut.ap_done.value)
    assert seen == 0


@cocotb.test()
async def reset_in_the_middle_drops_the_run(dut) -> None:
    memories = await begin(dut)
    for after in range(1, PREDICTED["16"]):
        dut.n.value = 16
        dut.ap_start.value = 1
        for _ in range(after):
            await FallingEdge(dut.ap_clk)
            assert dut.ap_done.value == 0
        dut.ap_rst.value = 1
        dut.ap_start.value = 0
        await FallingEdge(dut.ap_clk)
        dut.ap_rst.value = 0
        memories.b[:] = [0] * 16
        for _ in range(25):
            await FallingEdge(dut.ap_clk)
            assert (dut.ap_done.value, dut.ap_idle.value) == (0, 1)
        assert memories.b == [0] * 16, f"a run that was reset after {after} cycles goes on"
        dut.n.value = 4
        dut.ap_start.value = 1
        assert await until_done(dut) == PREDICTED["4"]
        check(dut, memories, 4)
        dut.ap_start.value = 0
        await FallingEdge(dut.ap_clk)
