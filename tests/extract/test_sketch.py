"""The first look at large e-graphs."""

from __future__ import annotations

import pytest

from seer.driver.options import Limits
from seer.extract import front
from seer.extract.features import features
from seer.extract.front import Extraction, Point
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Block, Const, Expr, For, Iv, Load, Op, Store, TopArray
from seer.schedule import Target
from tests.extract.graphs import Graph

TARGET = Target.load("xc7")
A, B = (TopArray(ArrayType(32, (64,)), name) for name in "ab")
OUTER, INNER = Iv(32, 0, 0, 16, 1), Iv(32, 1, 0, 32, 1)


def op(name: str, *operands: Expr) -> Op:
    return Op(name, 32, operands)


def const(value: int) -> Const:
    return Const(32, value)


def accumulation(index: Expr) -> Block:
    return (Store(A, (index,), op("mul", Load(A, (index,)), Load(B, (INNER,)))),)


def loop(iv: Iv, body: Block) -> For:
    return For(iv, const(0), const(iv.upper), body)


@pytest.mark.parametrize(
    ("index", "recurs"),
    [(INNER, False), (op("add", INNER, const(3)), False), (const(3), True), (OUTER, True)],
)
def test_what_moves_with_the_counter_is_no_recurrence(index: Expr, recurs: bool) -> None:
    found = features(accumulation(index), None, TARGET, INNER)
    assert (found.recurrence > 1) is recurs


def test_two_subscripts_that_move_may_meet() -> None:
    body = (Store(A, (INNER,), op("mul", Load(A, (op("sub", INNER, const(1)),)), const(5))),)
    assert features(body, None, TARGET, INNER).recurrence > 1


def nests(count: int) -> tuple[Program, Graph, int]:
    """So many nests, each with a form in which every iteration waits for the one before and one in which
    none does."""
    graph = Graph()
    slow = [loop(OUTER, (loop(INNER, accumulation(op("add", OUTER, const(k)))),)) for k in range(count)]
    body = tuple(slow)
    root = graph.add(body, "B")
    for k, statement in enumerate(slow):
        fast = loop(OUTER, (loop(INNER, accumulation(op("add", INNER, const(k)))),))
        graph.unite(graph.add(statement), graph.add(fast))
    program = Program("p", tuple(Argument(a.name, a, False, "int") for a in (A, B)), body)
    return program, graph, root


def extracted(count: int) -> tuple[list[Point], int]:
    program, graph, root = nests(count)
    extraction = Extraction(program, TARGET, [{}], Limits(), share="none")
    return extraction.run(graph.snapshot(root), {}), extraction.schedules


def test_a_large_graph_has_the_front_that_all_of_its_nodes_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "SMALL", 0)
    chosen, _ = extracted(2)
    monkeypatch.setattr(front, "SMALL", 1_000)
    every, _ = extracted(2)
    assert chosen[0].measures == every[0].measures
    assert chosen[-1].measures == every[-1].measures


def test_a_form_that_is_no_good_is_not_scheduled(monkeypatch: pytest.MonkeyPatch) -> None:
    program, graph, root = nests(1)
    worse = program.body[0]
    for k in range(2, 20):
        body = accumulation(op("mul", op("mul", OUTER, const(k)), op("mul", OUTER, const(k + 1))))
        graph.unite(graph.add(worse), graph.add(loop(OUTER, (loop(INNER, body),))))
    counts = {}
    for most in (0, 1_000):
        monkeypatch.setattr(front, "SMALL", most)
        extraction = Extraction(program, TARGET, [{}], Limits(), share="none")
        points = extraction.run(graph.snapshot(root), {})
        counts[most] = extraction.schedules, points[0].measures
    assert counts[0][0] < counts[1_000][0] / 2
    assert counts[0][1] == counts[1_000][1]
