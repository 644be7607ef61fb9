"""Each structural law fires, keeps the meaning, is replayed, and its check refuses what it does not say."""

from __future__ import annotations

import random
from typing import cast

import pytest

from seer.egraph.explore import EGraph
from seer.egraph.proof import ProofRecord
from seer.egraph.rules import RuleBook, laws
from seer.lang.random_programs import random_program
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
    While,
)
from seer.rewrites.control.forwarding import Forwarding
from seer.verify.laws import LAWS
from seer.verify.loop_equivalence import check
from seer.verify.places import at, replaced
from seer.verify.replay import replay
from tests.verify.loop_terms import A, B, X, const, differs, load, op, store

TRUE, FALSE = Const(1, 1), Const(1, 0)
CONDITION = Op("slt", 1, (const(3), load(X, const(0))))
OTHER = Op("slt", 1, (const(5), load(X, const(1))))
STORE, SECOND = store(A, const(1), load(B, const(1))), store(A, const(1), const(7))
PREDICATED = Store(STORE.array, STORE.indices, STORE.value, OTHER)
NOT = Op("xor", 1, (CONDITION, TRUE))
NEVER = Iv(32, 0, 4, 4, 1)

CASES: dict[str, tuple[Block, Block]] = {
    "group-nil": ((Group(()), STORE), (STORE,)),
    "group-cons": ((Group((STORE, SECOND)),), (STORE, Group((SECOND,)))),
    "for-never": ((For(Iv(32, 0, 2, 4, 1), const(4), const(2), (STORE,)),), (Group(()),)),
    "for-empty-hull": ((For(NEVER, const(4), load(X, const(0)), (STORE,)),), (Group(()),)),
    "for-nothing": ((For(Iv(32, 0, 0, 4, 1), const(0), const(4), ()),), (Group(()),)),
    "while-never": ((While(FALSE, (STORE,)),), (Group(()),)),
    "if-true": ((If(TRUE, (STORE, SECOND), (SECOND,)),), (Group((STORE, SECOND)),)),
    "if-false": ((If(FALSE, (STORE,), (SECOND,)),), (Group((SECOND,)),)),
    "if-same": ((If(CONDITION, (SECOND,), (SECOND,)),), (Group((SECOND,)),)),
    "if-not": ((If(NOT, (STORE,), (SECOND,)),), (If(CONDITION, (SECOND,), (STORE,)),)),
    "if-store": ((If(CONDITION, (STORE,)),), (Store(A, STORE.indices, STORE.value, CONDITION),)),
    "if-predicated-store": (
        (If(CONDITION, (PREDICATED,)),),
        (Store(A, STORE.indices, STORE.value, Op("and", 1, (CONDITION, OTHER))),),
    ),
    "store-never": ((Store(A, STORE.indices, STORE.value, FALSE),), (Group(()),)),
    "local-nothing": ((Local(LocalArray(A.type, 0), ()),), (Group(()),)),
}


def test_every_law_is_checked_here_and_has_a_case():
    assert LAWS.keys() == CASES.keys() == set(laws().names)


@pytest.mark.parametrize("name", CASES)
def test_the_law_fires_and_is_replayed(name: str):
    before, after = CASES[name]
    egraph = EGraph(RuleBook(()))
    egraph.add(after)
    egraph.add(before)
    egraph.step()
    snapshot = egraph.snapshot()
    assert snapshot.class_of(before) == snapshot.class_of(after)
    steps = egraph.explain(before, after)
    assert [step.rule for step in steps] == [name]
    assert replay(before, after, steps) == []


@pytest.mark.parametrize("name", [name for name in CASES if name != "for-empty-hull"])
def test_the_law_keeps_the_meaning(name: str):
    assert not differs(*CASES[name], (A, B, X))


@pytest.mark.parametrize("name", CASES)
def test_the_check_refuses_other_sides(name: str):
    left, right = (side if name.startswith("group") else side[0] for side in CASES[name])
    others = [side if name.startswith("group") else side[0] for case in CASES.values() for side in case]
    others += [Group((SECOND,)), If(CONDITION, (STORE,), (SECOND,)), If(OTHER, (SECOND,), (STORE,))]
    assert LAWS[name](left, right)
    for other in others:
        assert not LAWS[name](left, other) or other == right
    if not isinstance(left, tuple):
        assert not LAWS[name](If(CONDITION, (left,), (left, left)), right)


@pytest.mark.parametrize("term", [While(CONDITION, (STORE,)), If(CONDITION, (STORE,), (SECOND, STORE))])
def test_places_in_branches(term: Statement):
    block = (STORE, term)
    assert at(block, (1, 0)) is CONDITION
    assert at(block, (1, 1, 0)) is STORE
    changed = replaced(block, (1, 0), OTHER)
    assert at(changed, (1, 0)) is OTHER and replaced(changed, (1, 0), CONDITION) == block
    shorter = replaced(block, (1, 1), ())
    assert at(shorter, (1, 1)) == () and at(shorter, (1, 0)) is CONDITION


@pytest.mark.parametrize("seed", range(25))
def test_laws_on_random_programs(seed: int):
    program = random_program(random.Random(seed), branches=True, floats=True, tables=True, registers=True)
    egraph = EGraph(RuleBook(()))
    egraph.add(program)
    egraph.run(4)
    found = cast(Block, egraph.snapshot().cheap_extract(egraph.snapshot().root))
    assert replay(program.body, found, egraph.explain(program.body, found)) == []


def test_a_dead_store_before_a_common_one_is_replayed():
    register = LocalArray(ArrayType(32, ()), 0)
    value = op("add", load(B, const(0)), const(1))
    last = Store(register, (), value)
    before = (STORE, Store(register, (), op("mul", Load(register, ()), const(3))), last)
    egraph = EGraph(RuleBook(()))
    egraph.add(before)
    (offer,) = Forwarding().apply(before)
    verdict = check(before, offer.replacement, None)
    assert verdict.kind == "axiom" and offer.replacement == (STORE, last)
    egraph.unite(before, offer.replacement, "forwarding", ProofRecord(verdict.kind, verdict.reason))
    assert replay(before, offer.replacement, egraph.explain(before, offer.replacement)) == []
