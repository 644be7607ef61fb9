"""Areas of parts put together against the estimated area of the whole."""

from __future__ import annotations

import random

import pytest

from seer.extract.price import Pricer
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Block, Const, For, Iv, Load, Local, LocalArray, Loop, Store
from seer.lang.traverse import loop_free, statements
from seer.schedule import Target, area_estimate, schedule
from tests.extract.graphs import ARRAYS, RandomProgram

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


def test_a_memory_counts_once_and_multiplexers_grow() -> None:
    large = LocalArray(ArrayType(16, (4096,)), 0)
    iv = Iv(16, 0, 0, 60, 1)
    fill = For(iv, Const(16, 0), Const(16, 60), (Store(large, (iv,), iv),))
    read = For(iv, Const(16, 0), Const(16, 60), (Store(ARRAYS[0], (iv,), Load(large, (iv,))),))
    arguments = tuple(Argument(array.name, array, True, "short") for array in ARRAYS)
    program = Program("p", arguments, (Local(large, (fill, read)),))
    pricer = Pricer(program, TARGET, [{}])
    parts = [pricer.price((loop,), frozenset()) for loop in (fill, read)]
    whole = pricer.price(program.body, frozenset())
    first, second = (part.vector for part in parts if part is not None)
    assert whole is not None
    both = first.followed_by(second)
    assert first.bram == second.bram == both.bram == whole.vector.bram > 0
    assert both.total < first.total + second.total - 100 * both.bram
    assert both.total == pytest.approx(whole.vector.total, rel=0.1)
    again = both.followed_by(first)
    assert again.bram == both.bram
    assert again.total > both.total


@pytest.mark.parametrize("seed", range(8))
def test_no_part_is_smaller_than_nothing(seed: int) -> None:
    program = RandomProgram(random.Random(seed)).program()
    pricer = Pricer(program, TARGET, [{}])
    for loop in (s for s in statements(program.body) if isinstance(s, For)):
        price = pricer.price((loop,), frozenset())
        assert price is not None
        assert price.vector.total > pricer.empty().total
        assert price.vector.units.rest >= 0
