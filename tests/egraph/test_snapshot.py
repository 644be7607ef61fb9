"""Choosing terms from a snapshot."""

import pickle

import pytest

from seer.egraph.explore import EGraph
from seer.egraph.language import EgraphError
from seer.egraph.proof import ProofRecord, Prover
from seer.egraph.rules import RuleBook
from seer.egraph.scoping import ill_formed
from seer.egraph.snapshot import ENode, Snapshot
from seer.lang.terms import (
    ArrayType,
    Const,
    Expr,
    For,
    Group,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Store,
    TopArray,
)

OUT = TopArray(ArrayType(8, ()), "out")
X = Load(TopArray(ArrayType(8, ()), "x"), ())


def op(name: str, *operands: Expr) -> Expr:
    return Op(name, 8, operands)


def test_costs_decide_what_is_taken(prover: Prover):
    egraph = EGraph(prover=prover)
    egraph.add((Store(OUT, (), op("add", X, X)),))
    egraph.run(3)
    snapshot = egraph.snapshot()

    def only(wanted: str):
        return lambda _, node: 1 if node.op in (wanted, "Num", "Load", "INil", "ICons") else 100

    number = snapshot.class_of(op("add", X, X))
    assert number is not None
    assert snapshot.cheap_extract(number) == op("mul", X, Const(8, 2))
    assert snapshot.cheap_extract(number, only("Add")) == op("add", X, X)
    assert snapshot.cheap_extract(number, only("Shl")) == op("shl", X, Const(8, 1))


def test_cyclic_classes_give_finite_terms(prover: Prover):
    egraph = EGraph(prover=prover)
    egraph.add((Store(OUT, (), op("sub", op("add", X, X), Const(8, 0))),))
    egraph.run(3)
    snapshot = egraph.snapshot()
    doubled = snapshot.class_of(op("add", X, X))
    assert doubled is not None
    assert any(doubled in node.children for node in snapshot.classes[doubled])
    assert snapshot.cheap_extract(doubled) == op("mul", X, Const(8, 2))
    cyclic = {n: next((e for e in es if n in e.children), es[0]) for n, es in snapshot.classes.items()}
    with pytest.raises(EgraphError, match="cyclic"):
        snapshot.build(doubled, cyclic)


def test_a_class_without_a_finite_term_is_left_out():
    snapshot = Snapshot({0: [ENode("Group", (1,))], 1: [ENode("Cons", (0, 1))], 2: [ENode("Nil", ())]}, 0)
    assert snapshot.cheapest() == {2: ENode("Nil", ())}


def test_a_snapshot_travels_to_another_process(prover: Prover):
    egraph = EGraph(RuleBook(()), prover=prover)
    body = (Store(OUT, (), op("add", X, X)),)
    egraph.add(body)
    copy = pickle.loads(pickle.dumps(egraph.snapshot()))
    assert copy == egraph.snapshot()
    assert copy.cheap_extract(copy.root) == body


def test_a_constant_hides_what_may_be_out_of_scope(prover: Prover):
    inner = Iv(8, 1, 3, 4, 1)
    outer = Iv(8, 0, 0, 9, 1)
    egraph = EGraph(prover=prover)
    body = (
        For(
            outer, Const(8, 0), Const(8, 9), (For(inner, Const(8, 3), Const(8, 4), (Store(OUT, (), inner),)),)
        ),
        Store(OUT, (), Const(8, 3)),
    )
    egraph.add(body)
    egraph.run(3)
    snapshot = egraph.snapshot()
    number = snapshot.class_of(Const(8, 3))
    assert number is not None
    assert number == snapshot.class_of(inner)
    assert [node.op for node in snapshot.classes[number]] == ["Num"]
    assert ill_formed(snapshot.cheap_extract(snapshot.root)) is None


I = Iv(8, 0, 0, 9, 1)  # noqa: E741
T = LocalArray(ArrayType(8, ()), 0)
LOOP = (Const(8, 0), Const(8, 9))


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ((For(I, *LOOP, (Store(OUT, (), I),)), Local(T, (Store(T, (), X),))), None),
        ((Store(OUT, (), I),), "out of its loop"),
        ((For(I, *LOOP, (Store(OUT, (), Iv(8, 0, 0, 8, 1)),)),), "out of its loop"),
        ((For(I, *LOOP, ()), Group((Store(OUT, (), I),))), "out of its loop"),
        ((Store(OUT, (), Load(T, ())),), "out of its scope"),
        ((Local(T, ()), Store(T, (), X)), "out of its scope"),
        ((Local(T, (Local(T, ()),)),), "bound again"),
        ((For(I, Const(8, 0), X, ()),), "reads memory"),
        ((For(I, Const(8, 0), op("xor", Const(8, 9), Const(8, 1)), ()),), "not affine"),
    ],
)
def test_ill_formed_programs_are_found(body: tuple, complaint: str | None):
    found = ill_formed(body)
    assert found is None if complaint is None else complaint in (found or "")


def test_united_blocks_are_chosen_between(prover: Prover):
    egraph = EGraph(RuleBook(()), prover=prover)
    body = (Store(OUT, (), X), Store(OUT, (), Const(8, 1)))
    egraph.add(body)
    egraph.unite(body, body[1:], "dead store", ProofRecord("executed", ""))
    snapshot = egraph.snapshot()
    assert snapshot.cheap_extract(snapshot.root) == body[1:]
