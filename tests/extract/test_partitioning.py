"""Partitions that a design's accesses ask for, and what they are worth."""

from __future__ import annotations

import pytest

from seer.extract.partitioning import Accesses, partitions_for, port_bound
from seer.extract.price import Pricer
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    Array,
    ArrayType,
    Block,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Loop,
    Op,
    Store,
    TopArray,
)
from seer.lang.traverse import statements
from seer.schedule import Target
from seer.schedule.lower import lower
from seer.schedule.partition import Partition
from tests.verify.loop_terms import at, const, load, op

TARGET = Target.load("xc7")
ROW = LocalArray(ArrayType(32, (64,)), 0)
IN = TopArray(ArrayType(32, (64,)), "a")
OUT = TopArray(ArrayType(32, (64,)), "b")


def program(body: Block, *arrays: TopArray) -> Program:
    return Program("p", tuple(Argument(a.name, a, False, "int") for a in arrays), body)


def sums(row: Array, places: list[Expr], iv: Iv) -> Block:
    """A loop that adds up, in one element of OUT, elements of a row that the same loop writes."""
    written = tuple(Store(row, (place,), op("add", Load(row, (place,)), iv)) for place in places)
    return (For(iv, const(iv.lower), const(iv.upper), written),)


def asked(row: Array, places: list[Expr], iv: Iv, kind: str = "locals") -> list[str]:
    """The partitions for a pipelined loop over these places."""
    loops = sums(row, places, iv)
    body: Block = (Local(row, loops),) if isinstance(row, LocalArray) else loops
    found = program(body, *(a for a in (row,) if isinstance(a, TopArray)))
    lowered = lower(found, frozenset(s for s in statements(body) if isinstance(s, For)))
    return [partition.options for partition in partitions_for(lowered, TARGET, kind)]


def test_neighbours_of_an_unrolled_loop_are_in_banks_of_their_own() -> None:
    for factor in (2, 4, 8):
        iv = Iv(32, 0, 0, 64, factor)
        places = [at(iv, 1, k) for k in range(factor)]
        assert asked(ROW, places, iv) == [f"cyclic factor={factor} dim=1"]


def test_a_stride_that_is_odd_is_told_apart_by_a_factor_that_is() -> None:
    iv = Iv(32, 0, 0, 60, 12)
    assert asked(ROW, [at(iv, 1, 4 * k) for k in range(3)], iv) == ["cyclic factor=3 dim=1"]


def test_halves_are_blocks() -> None:
    iv = Iv(32, 0, 0, 31, 1)
    # In every cyclic partition by a power of two these are in one bank, and others divide.
    assert asked(ROW, [iv, at(iv, 1, 32)], iv) == ["block factor=2 dim=1"]


def test_constant_places_of_a_short_array_are_registers() -> None:
    short = LocalArray(ArrayType(32, (6,)), 0)
    iv = Iv(32, 0, 0, 9, 1)
    (found,) = asked(short, [const(0), const(1), const(2), const(3), const(4)], iv)
    assert found in ("complete dim=1", "cyclic factor=5 dim=1")


def test_what_the_ports_suffice_for_stays_whole() -> None:
    iv = Iv(32, 0, 0, 64, 1)
    assert asked(ROW, [iv], iv) == []


def test_places_that_data_decide_cannot_be_told_apart() -> None:
    iv = Iv(32, 0, 0, 64, 1)
    places = [load(IN, iv), load(IN, at(iv, 1, 1))]
    accesses = Accesses(tuple((place,) for place in places), ())
    assert port_bound(ROW, accesses, TARGET, free=True) == port_bound(ROW, accesses, TARGET) == 2


def test_arguments_are_cut_where_they_may_be() -> None:
    iv = Iv(32, 0, 0, 64, 4)
    places: list[Expr] = [at(iv, 1, k) for k in range(4)]
    assert asked(OUT, places, iv) == []
    assert asked(OUT, places, iv, "all") == ["cyclic factor=4 dim=1"]


def test_what_the_user_has_cut_stays_as_it_is() -> None:
    iv = Iv(32, 0, 0, 64, 2)
    body: Block = (Local(ROW, sums(ROW, [iv, at(iv, 1, 1)], iv)),)
    lowered = lower(program(body), frozenset(s for s in statements(body) if isinstance(s, For)))
    assert partitions_for(lowered, TARGET, "locals", [Partition("row", "block", 2, 1, (ROW,))]) == ()


@pytest.mark.parametrize(("kind", "gains"), [("none", False), ("locals", True)])
def test_a_design_is_priced_with_its_banks(kind: str, gains: bool) -> None:
    """Two elements an iteration: through one port each iteration takes two cycles, in banks one."""
    fill, back = Iv(32, 0, 0, 64, 1), Iv(32, 0, 0, 64, 2)
    total: Expr = Op("add", 32, (Load(ROW, (back,)), Load(ROW, (at(back, 1, 1),))))
    filled = For(fill, const(0), const(64), (Store(ROW, (fill,), Load(IN, (fill,))),))
    read = For(back, const(0), const(64), (Store(OUT, (back,), total),))
    body: Block = (Local(ROW, (filled, read)),)
    pipelined: frozenset[Loop] = frozenset({filled, read})
    pricer = Pricer(program(body, IN, OUT), TARGET, [{}], "none", (), kind)
    choices = pricer.assignments(body, pipelined)
    wholes = [pricer.whole(body, pipelined, chosen) for chosen in choices]
    quick = pricer.quick(body, pipelined)
    assert quick is not None and all(whole is not None for whole in wholes)
    cycles = [whole.cycles for whole in wholes if whole is not None]
    assert min(cycles) == quick.cycles
    assert (len(choices) == 2 and cycles[1] == cycles[0] - 32) is gains


def test_a_small_array_that_a_recurrence_reads_becomes_registers() -> None:
    """A count of four kinds: from a memory the old count comes a cycle later than from registers."""
    counts = LocalArray(ArrayType(32, (4,)), 0)
    iv, last = Iv(32, 0, 0, 64, 1), Iv(32, 0, 0, 4, 1)
    kind = (op("and", Load(IN, (iv,)), const(3)),)
    clear = For(last, const(0), const(4), (Store(counts, (last,), const(0)),))
    count = For(iv, const(0), const(64), (Store(counts, kind, op("add", Load(counts, kind), const(1))),))
    out = For(last, const(0), const(4), (Store(OUT, (last,), Load(counts, (last,))),))
    body: Block = (Local(counts, (clear, count, out)),)
    pipelined: frozenset[Loop] = frozenset({clear, count, out})
    plain, free = (Pricer(program(body, IN, OUT), TARGET, [{}], "none", (), k) for k in ("none", "locals"))
    before, after = plain.whole(body, pipelined), free.quick(body, pipelined)
    assert before is not None and after is not None
    # One cycle an iteration in place of two.
    assert before.cycles - after.cycles > 60
    wholes = [free.whole(body, pipelined, chosen) for chosen in free.assignments(body, pipelined)]
    assert min(whole.cycles for whole in wholes if whole is not None) == after.cycles
