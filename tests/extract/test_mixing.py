"""Designs between two of a front."""

from __future__ import annotations

from seer.extract.mixing import between
from seer.extract.price import Price
from seer.extract.refine import Refined
from seer.extract.vector import PartVector
from seer.lang.terms import ArrayType, Block, Const, For, If, Iv, Load, Local, LocalArray, Op, Store, TopArray
from seer.lang.traverse import statements
from seer.schedule import Target
from seer.schedule.area import Area
from tests.extract.graphs import Graph

TARGET = Target.load("xc7")
A, B = (TopArray(ArrayType(32, (8,)), name) for name in "ab")
IV = Iv(32, 0, 0, 8, 1)
REGISTER = LocalArray(ArrayType(32, ()), 0)


def const(value: int) -> Const:
    return Const(32, value)


def loop(value: int) -> For:
    return For(IV, const(0), const(8), (Store(A, (IV,), const(value)),))


def quick(value: int) -> Local:
    """Another form of the loop, united with it below."""
    return Local(REGISTER, (loop(value + 100),))


SMALL: Block = (loop(0), If(Op("ult", 1, (Load(B, (const(0),)), const(3))), (loop(1),), ()), loop(2))
FAST: Block = (quick(0), If(Op("ult", 1, (Load(B, (const(0),)), const(3))), (quick(1),), ()), loop(2))
CYCLES = {100: 50, 101: 10}
AREA = {100: 40, 101: 2}


def price(design: Refined) -> Price:
    """Each quick form saves cycles for area, and so does a pipelined loop."""
    values = [
        s.value.value for s in statements(design.block) if isinstance(s, Store) and isinstance(s.value, Const)
    ]
    cycles = 1000.0 - sum(CYCLES.get(value, 0) for value in values) - 5 * len(design.pipelined)
    area = sum(AREA.get(value, 0) for value in values) + 50 * len(design.pipelined)
    return Price(cycles, PartVector(TARGET, shared=False).plus(Area(lut=area)))


def mixes(small: Refined, fast: Refined) -> list[Refined]:
    graph = Graph()
    root = graph.add(SMALL, "B")
    graph.add(FAST, "B")
    for value in (0, 1):
        graph.unite(graph.add(loop(value), "S"), graph.add(quick(value), "S"))
    return list(between(graph.snapshot(root), small, fast, price))


def test_what_is_worth_most_of_its_area_comes_first() -> None:
    fast = Refined(FAST, frozenset({loop(2)}))
    found = mixes(Refined(SMALL, frozenset()), fast)
    first, second = found
    condition = SMALL[1]
    assert isinstance(condition, If)
    assert first.block == (loop(0), If(condition.condition, (quick(1),), ()), loop(2)) and not first.pipelined
    assert (
        second.block == (quick(0), If(condition.condition, (quick(1),), ()), loop(2)) and not second.pipelined
    )


def test_pipelining_alone_is_a_place_to_differ() -> None:
    fast = Refined(SMALL, frozenset({loop(0), loop(2)}))
    found = mixes(Refined(SMALL, frozenset()), fast)
    assert [(design.block, design.pipelined) for design in found] == [(SMALL, frozenset({loop(0)}))]


def test_designs_that_differ_in_one_place_or_in_their_blocks_have_none_between() -> None:
    small = Refined(SMALL, frozenset())
    assert mixes(small, Refined((quick(0), *SMALL[1:]), frozenset())) == []
    assert mixes(small, Refined(SMALL[1:], frozenset())) == []
    assert mixes(small, small) == []
