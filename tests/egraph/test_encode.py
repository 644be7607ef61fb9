"""Terms into the e-graph and out again."""

from random import Random

import pytest

from seer.egraph.explore import EGraph
from seer.egraph.proof import Prover
from seer.egraph.rules import RuleBook
from seer.lang.random_programs import random_program
from seer.lang.terms import ArrayType, Const, Expr, Load, Op, Store, TopArray

OUT = TopArray(ArrayType(32, ()), "out")


def empty(prover: Prover) -> EGraph:
    return EGraph(RuleBook(()), prover=prover)


def sixty_rounds(operator: str = "xor") -> Expr:
    term: Expr = Load(OUT, ())
    for number in range(60):
        term = Op(operator, 32, (term, Op("lshr", 32, (term, Const(32, number % 31 + 1)))))
    return term


@pytest.mark.parametrize("seed", range(20))
def test_a_program_comes_out_as_it_went_in(seed: int, prover: Prover):
    body = random_program(Random(seed), branches=True, floats=True, tables=True, registers=True).body
    egraph = empty(prover)
    root = egraph.add(body)
    assert egraph.snapshot().cheap_extract(root) == body


def test_shared_nodes_are_put_in_once(prover: Prover):
    egraph = empty(prover)
    body = (Store(OUT, (), sixty_rounds()),)
    root = egraph.add(body)
    snapshot = egraph.snapshot()
    assert sum(len(nodes) for nodes in snapshot.classes.values()) < 200
    assert snapshot.cheap_extract(root) == body


def test_deep_terms_and_long_blocks_fit(prover: Prover):
    term: Expr = Load(OUT, ())
    for number in range(3000):
        term = Op("xor", 32, (term, Const(32, number)))
    body = (Store(OUT, (), term), *(Store(OUT, (), Const(32, number)) for number in range(2000)))
    egraph = empty(prover)
    root = egraph.add(body)
    assert egraph.snapshot().cheap_extract(root) == body


def test_constants_of_128_bits_are_exact(prover: Prover):
    out = TopArray(ArrayType(128, ()), "wide")
    body = (Store(out, (), Const(128, (1 << 128) - 1)), Store(out, (), Const(128, 1 << 127)))
    egraph = empty(prover)
    root = egraph.add(body)
    assert egraph.snapshot().cheap_extract(root) == body


def test_a_term_that_was_never_added_has_no_class(prover: Prover):
    egraph = empty(prover)
    egraph.add((Store(OUT, (), Const(32, 1)),))
    snapshot = egraph.snapshot()
    assert snapshot.class_of(Const(32, 1)) is not None
    assert snapshot.class_of(Const(32, 2)) is None
    assert snapshot.class_of(Op("add", 32, (Const(32, 1), Const(32, 1)))) is None
