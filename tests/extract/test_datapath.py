"""Nodes and cycles of a region together, for the least area."""

from __future__ import annotations

import pytest

from seer.driver.options import Limits
from seer.egraph.language import Term
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.costs import NodeCosts
from seer.extract.datapath import RegionTask, least_area
from seer.extract.expressions import Choice, Choices
from seer.extract.front import Extraction
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Const, Expr, For, Iv, Load, Op, Store, TopArray
from seer.schedule import Target
from tests.extract.graphs import Graph

TARGET = Target.load("xc7")
A, B, C = (TopArray(ArrayType(32, (64,)), name) for name in "abc")
IV = Iv(32, 0, 0, 60, 1)
X, Y, Z = (Load(array, (IV,)) for array in (A, B, C))


def op(name: str, *operands: Expr) -> Op:
    return Op(name, 32, operands)


def chain(value: Expr, length: int) -> Expr:
    """Sums one behind the other."""
    for number in range(length):
        value = op("add", value, Const(32, 3 + number))
    return value


SMALL: Expr = chain(X, 4)
FAST: Expr = op("add", op("add", op("add", X, Y), Y), op("add", Z, op("add", X, Z)))
"""Stands for the same as SMALL in these tests: fewer levels of operators, more of them."""


def united(*values: Expr) -> tuple[Graph, Snapshot, int]:
    """A graph in which SMALL and FAST are one class, and the class of the first value."""
    graph = Graph()
    numbers = [graph.add(value) for value in values]
    graph.unite(graph.add(SMALL), graph.add(FAST))
    return graph, graph.snapshot(graph.add((), "B")), graph.find(numbers[0])


def chosen(choice: Choice, root: int) -> dict[int, ENode]:
    """What a choice takes for a class and those below it."""
    found: dict[int, ENode] = {}
    stack = [root]
    while stack:
        number = stack.pop()
        if number not in found:
            found[number] = choice.nodes[number]
            stack.extend(found[number].children)
    return found


def solved(value: Expr) -> Term | None:
    """The term that the solver takes for a value that has SMALL or FAST in it, from the least delay on."""
    _, snapshot, root = united(value)
    before = chosen(Choices(snapshot, TARGET).delay, root)
    found = least_area(
        snapshot, NodeCosts(snapshot, TARGET), TARGET, RegionTask((root,), before, frozenset())
    )
    return None if found is None else Choice(found).term(root)


def least_delay(value: Expr) -> Term:
    """The term of least delay."""
    _, snapshot, root = united(value)
    return Choices(snapshot, TARGET).delay.term(root)


def test_what_has_time_becomes_small() -> None:
    slow = chain(op("mul", op("mul", Y, Z), Y), 1)
    value = op("xor", op("add", SMALL, Z), slow)
    assert least_delay(value) == op("xor", op("add", FAST, Z), slow)
    assert solved(value) == value


def test_what_the_last_value_waits_for_stays_fast() -> None:
    value = op("add", SMALL, Z)
    assert least_delay(value) == op("add", FAST, Z)
    assert solved(value) is None


def test_accesses_stay() -> None:
    # The smaller form loads twice from an array of which one element is loaded now.
    graph = Graph()
    other = Load(A, (op("add", IV, Const(32, 1)),))
    root = graph.add(op("mul", X, Y))
    graph.unite(root, graph.add(op("add", X, other)))
    snapshot = graph.snapshot(graph.add((), "B"))
    root = graph.find(root)
    node = next(node for node in snapshot.classes[root] if node.op == "Mul")
    base = Choices(snapshot, TARGET).area
    present = {**{c: base.nodes[c] for child in node.children for c in chosen(base, child)}, root: node}
    assert base.nodes[root].op == "Add"
    task = RegionTask((root,), present, frozenset())
    assert least_area(snapshot, NodeCosts(snapshot, TARGET), TARGET, task) is None


@pytest.mark.parametrize("length", [0, 2])
def test_a_design_is_refined_only_if_it_gains(length: int) -> None:
    value = op("xor", op("add", SMALL, Z), chain(X, length))
    loop = For(IV, Const(32, 0), Const(32, 60), (Store(C, (IV,), value),))
    program = Program("refined", tuple(Argument(a.name, a, False, "int") for a in (A, B, C)), (loop,))
    graph = Graph()
    root = graph.add(program.body, "B")
    graph.unite(graph.add(SMALL), graph.add(FAST))
    snapshot = graph.snapshot(root)
    extraction = Extraction(program, TARGET, [{}], Limits())
    before = extraction.run(snapshot, {})
    after = extraction.refine(snapshot, {})
    assert all(any(b.cycles <= a.cycles and b.area <= a.area for b in after) for a in before)
