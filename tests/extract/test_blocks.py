"""What is kept of loops and blocks."""

from __future__ import annotations

from seer.driver.options import Limits
from seer.extract.front import Extraction, Point
from seer.extract.skeletons import diverse
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Store,
    TopArray,
)
from seer.lang.traverse import statements, subexpressions
from seer.schedule import Target
from tests.extract.graphs import Graph

TARGET = Target.load("xc7")
A, B, C = (TopArray(ArrayType(32, (64,)), name) for name in "abc")
TOTAL = LocalArray(ArrayType(32, ()), 0)
IV = Iv(32, 0, 0, 60, 1)


def op(name: str, *operands: Expr) -> Op:
    return Op(name, 32, operands)


def const(value: int) -> Const:
    return Const(32, value)


def loop(body: Block) -> For:
    return For(IV, const(0), const(60), body)


def extracted(body: Block, *united: tuple[Expr, Expr], share: str = "all") -> list[Point]:
    """The front of a program in which these expressions are equal."""
    program = Program("p", tuple(Argument(a.name, a, False, "int") for a in (A, B, C)), body)
    graph = Graph()
    root = graph.add(body, "B")
    for first, second in united:
        graph.unite(graph.add(first), graph.add(second))
    snapshot = graph.snapshot(root)
    return Extraction(program, TARGET, [{}], Limits(), share=share).run(snapshot, {})


def has(statement: For, expression: Expr) -> bool:
    stores = [inner for inner in statements((statement,)) if isinstance(inner, Store)]
    return any(expression in subexpressions(store.value) for store in stores)


def test_each_loop_chooses_for_itself() -> None:
    # The first loop hands its value on, so it wants few levels; the second wants few operators.
    start = op("add", Load(TOTAL, ()), Load(A, (IV,)))
    slow = start
    for number in range(2):
        slow = op("xor", op("add", slow, const(3 + number)), Load(B, (IV,)))
    fast = op("add", op("mul", Load(A, (IV,)), Load(B, (IV,))), Load(TOTAL, ()))
    summed = loop((Store(TOTAL, (), slow),))
    stored = loop((Store(C, (IV,), slow),))
    body: Block = (Local(TOTAL, (Store(TOTAL, (), const(0)), summed, stored)),)
    points = extracted(body, (slow, fast), share="none")
    chosen = [[s for s in statements(point.body) if isinstance(s, For)] for point in points]
    assert any(has(first, fast) and has(second, slow) for first, second in chosen)
    assert any(has(first, slow) and has(second, slow) for first, second in chosen)


def test_what_came_in_is_a_point_whatever_is_kept() -> None:
    points = extracted((loop((Store(C, (IV,), Load(A, (IV,))),)),))
    assert points[0].cycles < points[-1].cycles
    assert points[0].pipelined and not points[-1].pipelined
    assert points[0].loops[0].ii == 1


def test_equal_places_may_choose_differently() -> None:
    # One value in two statements of one region: all combinations are candidates where they are few.
    small, large = op("add", Load(A, (IV,)), const(1)), op("mul", Load(A, (IV,)), Load(A, (IV,)))
    body: Block = (loop((Store(B, (IV,), small), Store(C, (IV,), op("xor", small, const(5))))),)
    points = extracted(body, (small, large))
    assert all(point.estimate.dsp == 0 for point in points)


def test_the_best_by_each_criterion_are_kept() -> None:
    found = [(1, 9, 5), (2, 8, 5), (9, 1, 5), (5, 5, 1), (6, 6, 6)]
    criteria = (lambda t: (t[0],), lambda t: (t[1],), lambda t: (t[2],))
    assert diverse(found, 3, criteria) == [(1, 9, 5), (9, 1, 5), (5, 5, 1)]
    assert diverse(found, 4, criteria) == [(1, 9, 5), (9, 1, 5), (5, 5, 1), (2, 8, 5)]
    assert diverse(found, 9, criteria) == found


def test_a_second_extraction_schedules_nothing_that_the_first_did() -> None:
    body: Block = (loop((Store(C, (IV,), op("mul", Load(A, (IV,)), Load(B, (IV,)))),)),)
    program = Program("p", tuple(Argument(a.name, a, False, "int") for a in (A, B, C)), body)
    graph = Graph()
    snapshot = graph.snapshot(graph.add(body, "B"))
    extraction = Extraction(program, TARGET, [{}], Limits())
    first = extraction.run(snapshot, {})
    before = extraction.schedules
    assert extraction.run(snapshot, {}) == first
    assert extraction.schedules == before > 0
