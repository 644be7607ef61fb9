"""Accesses that never take place in the same iteration share ports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from seer.lang import interpreter
from seer.lang.program import Program
from seer.lang.terms import Expr, If, Load, Op, Statement, Store
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import Operation, PipelinedLoop, Schedule, regions
from seer.schedule.operations import Draft
from seer.schedule.predicates import Predicates, exclusive
from seer.schedule.replay import replay
from tests.schedule.programs import array, const, counter, loop, op, program

A, B, S = array("a", 32, 64), array("b", 32, 64), array("s", 32, 64)
I = counter(0, 30)  # noqa: E741
TARGETS = {ports: Target.load("xc7", memory_ports=ports) for ports in (1, 2)}


def at(source: object, offset: int) -> Load:
    assert source in (A, B, S)
    return Load(A if source is A else B if source is B else S, (op("add", I, offset),))


def put(offset: int, value: Expr) -> Store:
    return Store(B, (op("add", I, offset),), value)


def cases(*sides: Sequence[Statement]) -> Program:
    """Like a switch on s[i]: side k where it is k, the last one otherwise."""
    chain: tuple[Statement, ...] = tuple(sides[-1])
    for k in range(len(sides) - 2, -1, -1):
        chain = (If(op("eq", Load(S, (I,)), k), tuple(sides[k]), chain),)
    return program([A, B, S], loop(I, *chain))


def pipelined(p: Program, ports: int) -> tuple[Schedule, PipelinedLoop]:
    """The schedule of a program of one loop, which passes all checks."""
    target = TARGETS[ports]
    found = schedule(p, auto_pipelined(p), target)
    assert static_faults(found, target) == []
    contents = {"a": [3 * k + 1 for k in range(64)], "b": [0] * 64, "s": [k * k % 5 for k in range(64)]}
    for registers in (0, 0x5A5A5A5A):
        result = replay(found, contents, {}, registers)
        assert result.faults == []
        assert {name: result.arrays[name] for name in contents} == interpreter.run(p, contents, {})
    (node,) = found.body
    assert isinstance(node, PipelinedLoop)
    return found, node


def accesses(node: PipelinedLoop, kind: str, memory: str) -> list[Operation]:
    return [o for o in node.region.operations if o.kind == kind and o.memory == memory]


def test_stores_of_different_cases_share_a_port() -> None:
    p = cases([put(0, const(1))], [put(1, const(2))], [put(2, const(3))], [put(3, const(4))])
    _, node = pipelined(p, 1)
    stores = accesses(node, "store", "b")
    assert len(stores) == 4 and len({(o.port, o.start_cycle) for o in stores}) == 1
    assert node.initiation_interval == 1


def test_loads_get_predicates_where_that_lets_them_share() -> None:
    sides = [[put(k, op("add", at(A, k), at(A, k + 9)))] for k in range(4)]
    _, node = pipelined(cases(*sides), 2)
    assert node.initiation_interval == 1
    assert all(o.predicate is not None for o in accesses(node, "load", "a"))
    _, node = pipelined(cases(*sides), 1)
    assert (node.initiation_interval, node.bound_by) == (2, "ports of a")


def test_loads_without_competition_are_made_in_any_case() -> None:
    _, node = pipelined(cases([put(0, at(A, 0))], [put(1, at(A, 1))]), 2)
    assert [o.predicate for o in accesses(node, "load", "a")] == [None, None]


def test_arms_of_a_select_share() -> None:
    condition = op("slt", Load(S, (I,)), const(2))
    value = Op("select", 32, (condition, at(A, 0), at(A, 5)))
    _, node = pipelined(program([A, B, S], loop(I, put(0, value))), 1)
    assert node.initiation_interval == 1


def test_a_load_that_both_sides_need_is_made_always() -> None:
    sides = [[put(0, op("add", at(A, 0), at(A, 1)))], [put(1, op("add", at(A, 0), at(A, 2)))]]
    _, node = pipelined(cases(*sides), 1)
    loads = accesses(node, "load", "a")
    assert [o.predicate is None for o in loads] == [True, False, False]
    assert node.initiation_interval == 2


def test_nested_conditions() -> None:
    x, y = op("slt", Load(S, (I,)), const(3)), op("eq", at(S, 1), 0)
    inner = If(y, (put(0, at(A, 0)),), (put(1, at(A, 1)),))
    other = If(y, (put(2, at(A, 2)),), (put(3, op("xor", at(A, 3), at(A, 4))),))
    p = program([A, B, S], loop(I, If(x, (inner,), (other,))))
    _, node = pipelined(p, 2)
    assert node.initiation_interval == 1


def test_exclusive_accesses_to_one_element_need_no_cycle_between_them() -> None:
    """Both sides store where the data says; only different iterations can meet."""
    where = op("and", at(A, 0), 63)
    sides = [[Store(B, (where,), const(1))], [Store(B, (op("xor", where, 1),), const(2))]]
    found = cases(*sides)
    _, node = pipelined(found, 1)
    assert node.initiation_interval == 1
    assert len({o.start_cycle for o in accesses(node, "store", "b")}) == 1


def test_a_condition_behind_the_load_does_not_guard_it() -> None:
    """The second load precedes a store that precedes the load that decides."""
    first = Store(B, (I,), at(A, 1))
    decides = op("slt", const(3), at(B, 0))
    sides = If(decides, (put(9, at(A, 1)),), (put(10, at(A, 2)),))
    pipelined(program([A, B, S], loop(I, first, sides)), 1)


@pytest.mark.parametrize("change", ["predicate", "cycle", "negated"])
def test_the_checker_wants_proof(change: str) -> None:
    found, node = pipelined(cases([put(0, at(A, 0))], [put(1, at(A, 1))], [put(2, at(A, 2))]), 1)
    operations = list(node.region.operations)
    load = accesses(node, "load", "a")[1]
    store = accesses(node, "store", "b")[1]
    match change:
        case "predicate":
            operations[load.id] = replace(load, predicate=None)
        case "cycle":
            moved = load.start_cycle + node.initiation_interval
            operations[load.id] = replace(load, start_cycle=moved)
        case "negated":
            # The load of another case: what is stored here is then read under the wrong condition.
            other = accesses(node, "load", "a")[0]
            operations[load.id] = replace(load, predicate=other.predicate)
    changed = replace(node, region=replace(node.region, operations=tuple(operations)))
    faults = static_faults(replace(found, body=(changed,)), TARGETS[1])
    wanted = "is needed where its predicate does not hold" if change == "negated" else "shares port"
    assert any(wanted in fault for fault in faults)
    operations = [*node.region.operations]
    operations[store.id] = replace(store, predicate=None)
    changed = replace(node, region=replace(node.region, operations=tuple(operations)))
    assert any("shares port" in fault for fault in static_faults(replace(found, body=(changed,)), TARGETS[1]))


def test_literals() -> None:
    drafts = [
        Draft("load", 32),
        Draft("const", 32, value=0),
        Draft("const", 32, value=1),
        Draft("const", 1, value=1),
        Draft("eq", 1, (0, 1)),
        Draft("eq", 1, (0, 2)),
        Draft("ne", 1, (0, 1)),
        Draft("slt", 1, (0, 2)),
        Draft("and", 1, (5, 7)),
        Draft("xor", 1, (8, 3)),
        Draft("or", 1, (4, 7)),
        Draft("xor", 1, (10, 3)),
        Draft("zext", 8, (7,)),
        Draft("const", 8, value=0),
        Draft("ne", 1, (12, 13)),
    ]
    known = Predicates(drafts)

    def apart(u: int, v: int) -> bool:
        assert exclusive(known.literals(u), known.literals(v)) == exclusive(
            known.literals(v), known.literals(u)
        )
        return exclusive(known.literals(u), known.literals(v))

    for u, v in [(4, 5), (4, 6), (4, 8), (8, 9), (11, 4), (11, 7), (10, 11), (11, 8), (11, 14)]:
        assert apart(u, v), (u, v)
    for u, v in [(4, 7), (5, 6), (5, 7), (9, 4), (9, 7), (10, 4), (14, 7), (4, 4)]:
        assert not apart(u, v), (u, v)


def test_regions_without_conditions_are_left_alone() -> None:
    p = program([A, B, S], loop(I, put(0, op("add", op("add", at(A, 0), at(A, 1)), at(A, 2)))))
    found = schedule(p, auto_pipelined(p), TARGETS[1])
    assert all(o.predicate is None for region in regions(found.body) for o in region.operations)
