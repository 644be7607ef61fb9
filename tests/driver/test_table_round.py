"""Loads from constant tables at constant places: found behind datapath rules, and replayed."""

from __future__ import annotations

from typing import cast

import pytest

from seer.driver.table_round import RULE, TableRound
from seer.egraph.explore import EGraph
from seer.lang.program import Program
from seer.lang.terms import ArrayType, Block, Const, Expr, Load, Op, Store, Table
from seer.verify.replay import replay
from seer.verify.table_elements import element
from tests.verify.loop_terms import A, W, X, const, load, op, store

FLAT = Table(ArrayType(W, (3,)), (5, 6, 7))
SQUARE = Table(ArrayType(W, (2, 2)), (1, 2, 3, 4))


def _explored(block: Block) -> tuple[EGraph, Block]:
    egraph = EGraph()
    egraph.add(block)
    egraph.run(4)
    TableRound(egraph, Program("f", (), block)).run()
    egraph.run(4)
    snapshot = egraph.snapshot()
    return egraph, cast(Block, snapshot.cheap_extract(snapshot.root))


def test_a_coefficient_is_a_constant() -> None:
    place = op("sub", op("mul", const(1), const(3)), const(2))
    block = (store(A, const(0), op("mul", Load(FLAT, (place,)), load(X, const(1)))),)
    egraph, found = _explored(block)
    (made,) = found
    assert isinstance(made, Store)
    assert not any(isinstance(e, Load) and e.array is FLAT for e in made.value.operands)  # type: ignore[attr-defined]
    steps = egraph.explain(block, found)
    assert RULE in [step.rule for step in steps]
    assert replay(block, found, steps) == []


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (Load(SQUARE, (const(1), const(0))), 3),
        (Load(SQUARE, (const(1), const(2))), None),
        (Load(FLAT, (const(3),)), None),
        (Load(FLAT, (load(X, const(0)),)), None),
        (Load(X, (const(1),)), None),
        (const(1), None),
    ],
)
def test_only_known_places_inside_are_constants(read: Expr, value: int | None) -> None:
    assert element(read) == (None if value is None else Const(W, value))


def test_another_value_is_not_replayed() -> None:
    block = (store(A, const(0), Load(FLAT, (const(1),))),)
    egraph, found = _explored(block)
    assert found == (store(A, const(0), const(6)),)
    (step,) = egraph.explain(block, found)
    wrong = (store(A, const(0), const(7)),)
    forged = type(step)(block, wrong, step.path, step.rule, True, (), step.proof)
    assert replay(block, wrong, [forged]) != []


def test_a_program_without_tables_is_not_looked_at() -> None:
    egraph = EGraph()
    block = (store(A, const(0), Op("add", W, (const(1), const(2)))),)
    egraph.add(block)
    assert TableRound(egraph, Program("f", (), block)).run() == 0
