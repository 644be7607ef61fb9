"""Tables of no dimension are constants."""

from __future__ import annotations

from seer.lang.terms import ArrayType, Load, Store, Table
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.model import regions
from seer.schedule.replay import replay
from tests.schedule.programs import array, counter, loop, op, program


def test_a_table_of_no_dimension_is_no_register() -> None:
    factor = Load(Table(ArrayType(32, ()), (5,)), ())
    i, a = counter(0, 4), array("a", 32, 4)
    made = program([a], loop(i, Store(a, (i,), op("mul", Load(a, (i,)), factor))))
    for loops in (frozenset(), auto_pipelined(made)):
        found = schedule(made, loops, Target.load("xc7"))
        assert [memory.name for memory in found.memories] == ["a"]
        assert all(op.kind != "read" for region in regions(found.body) for op in region.operations)
        result = replay(found, {"a": [1, 2, 3, 4]}, {}, registers=0x5A5A5A5A)
        assert result.arrays["a"] == [5, 10, 15, 20] and not result.faults
