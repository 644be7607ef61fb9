"""Areas of parts put together against the estimated area of the whole."""

from __future__ import annotations

import random

import pytest

from seer.extract.price import Pricer
from seer.extract.vector import PartVector
from seer.lang.terms import Block, For, Loop
from seer.lang.traverse import loop_free, statements
from seer.schedule import Target, area_estimate, schedule
from tests.extract.graphs import RandomProgram

TARGET = Target.load("xc7")


def innermost(body: Block) -> frozenset[Loop]:
    return frozenset(s for s in statements(body) if isinstance(s, For) and loop_free(s.body))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("pipelined", [False, True])
def test_without_sharing_the_parts_give_the_whole(seed: int, pipelined: bool) -> None:
    program = RandomProgram(random.Random(seed)).program()
    loops = innermost(program.body) if pipelined else frozenset()
    whole = schedule(program, loops, TARGET, share="none")
    price = Pricer(program, TARGET, [{}], "none").price(program.body, loops)
    assert price is not None
    estimate = area_estimate(whole, TARGET)
    assert price.vector.total == pytest.approx(estimate.weighted(TARGET))
    assert (price.vector.dsp, price.vector.bram) == (estimate.dsp, estimate.bram)


@pytest.mark.parametrize("seed", range(6))
def test_with_sharing_the_parts_come_near_the_whole(seed: int) -> None:
    program = RandomProgram(random.Random(seed)).program()
    loops = innermost(program.body)
    whole = area_estimate(schedule(program, loops, TARGET), TARGET).weighted(TARGET)
    price = Pricer(program, TARGET, [{}]).price(program.body, loops)
    assert price is not None
    assert price.vector.total == pytest.approx(whole, rel=0.15)


def test_a_memory_and_its_ports_count_once() -> None:
    program = RandomProgram(random.Random(0)).program()
    one = Pricer(program, TARGET, [{}], "none").price(program.body, frozenset())
    assert one is not None
    both = one.vector.followed_by(one.vector)
    assert both.loads == one.vector.loads
    assert one.vector.total < both.total < 2 * one.vector.total + 1
    assert one.vector.covers(both) and not both.covers(one.vector)
    assert isinstance(both, PartVector)
