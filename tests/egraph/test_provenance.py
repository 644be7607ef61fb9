"""The match log proves everything that the e-graph has united."""

from itertools import pairwise
from random import Random

import pytest

from seer.egraph.congruence import Congruence
from seer.egraph.explore import EGraph
from seer.egraph.limits import Limits
from seer.egraph.nodes import NodeTable
from seer.egraph.proof import Prover
from seer.lang.random_programs import random_program
from seer.lang.terms import ArrayType, Expr, Load, Op, Store, TopArray
from seer.verify.replay import replay

X, Y, Z = (Load(TopArray(ArrayType(8, ()), name), ()) for name in "xyz")


def op(name: str, *operands: Expr) -> Expr:
    return Op(name, 8, operands)


def test_congruence_follows_from_equations():
    table = NodeTable()
    closure = Congruence(table)
    x, y, z = (table.add(leaf, "E") for leaf in (X, Y, Z))
    fx, fy = (table.add(op("add", leaf, leaf), "E") for leaf in (X, Y))
    assert not closure.equal(fx, fy)
    closure.tell(x, y, 0)
    assert closure.equal(fx, fy)
    fz = table.add(op("add", Z, X), "E")
    assert not closure.equal(fz, fx)
    closure.tell(z, y, 1)
    assert closure.equal(fz, fx)
    assert not closure.equal(x, fx)


def test_a_path_uses_only_what_was_told():
    table = NodeTable()
    closure = Congruence(table)
    leaves = [table.add(Load(TopArray(ArrayType(8, ()), f"x{i}"), ()), "E") for i in range(8)]
    for number, (left, right) in enumerate(pairwise(leaves)):
        closure.tell(left, right, number)
    path = closure.path(leaves[6], leaves[1])
    assert [edge.equation for edge in path] == [5, 4, 3, 2, 1]
    assert [(edge.before, edge.after) for edge in path] == list(
        zip(leaves[6:1:-1], leaves[5:0:-1], strict=True)
    )
    with pytest.raises(ValueError, match="not equal"):
        closure.path(leaves[0], table.add(op("add", X, X), "E"))


@pytest.mark.parametrize("seed", [1, 3, 8, 13])
def test_every_node_of_the_e_graph_is_proved_equal_to_its_class(seed: int, prover: Prover):
    egraph = EGraph(prover=prover, limits=Limits(nodes=3_000))
    egraph.add(random_program(Random(seed), registers=True))
    egraph.run(4)
    egraph._learn(egraph._tables())
    snapshot = egraph.snapshot()
    provenance = egraph._provenance
    representatives = {
        number: egraph._representatives[handle] for number, handle in enumerate(egraph._tables().handles)
    }
    closure = provenance.close()
    for number, nodes in snapshot.classes.items():
        for node in nodes:
            kids = tuple(representatives[child] for child in node.children)
            member = provenance.table.make(node.op, node.values, kids)
            assert closure.equal(member, representatives[number]), node


def test_the_chain_does_not_visit_a_term_twice(prover: Prover):
    egraph = EGraph(prover=prover)
    term = op("add", op("add", op("sub", X, Y), Y), op("xor", op("xor", X, Y), Y))
    before = (Store(TopArray(ArrayType(8, ()), "o"), (), term),)
    after = (Store(TopArray(ArrayType(8, ()), "o"), (), op("add", X, X)),)
    egraph.add(before)
    egraph.run(6)
    steps = egraph.explain(before, after)
    visited = [before, *(step.after for step in steps)]
    assert len(set(visited)) == len(visited)
    assert replay(before, after, steps) == []


def test_derivations_run_both_ways(prover: Prover):
    egraph = EGraph(prover=prover)
    out = TopArray(ArrayType(8, ()), "o")
    before, after = (Store(out, (), op("sub", op("add", X, Y), Y)),), (Store(out, (), X),)
    egraph.add(before)
    egraph.run(3)
    for first, last, forward in ((before, after, True), (after, before, False)):
        steps = egraph.explain(first, last)
        assert [(step.rule, step.forward) for step in steps] == [("add-sub-right", forward)]
        assert replay(first, last, steps) == []
