"""All rules and laws on random programs with branches, floats and tables keep their meaning."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import cast

import pytest

from seer.egraph.explore import EGraph
from seer.egraph.limits import Limits
from seer.egraph.proof import Prover
from seer.egraph.scoping import ill_formed
from seer.lang.interpreter import run
from seer.lang.random_programs import random_inputs, random_program
from seer.lang.terms import Block
from seer.verify.replay import replay


@pytest.mark.parametrize("seed", range(12))
def test_what_is_extracted_means_what_went_in(seed: int, prover: Prover):
    program = random_program(Random(seed), branches=True, floats=True, tables=True, registers=True)
    egraph = EGraph(limits=Limits(nodes=3000), prover=prover)
    egraph.add(program)
    egraph.run(3)
    snapshot = egraph.snapshot()
    found = cast(Block, snapshot.cheap_extract(snapshot.root))
    assert ill_formed(found) is None
    assert replay(program.body, found, egraph.explain(program.body, found)) == []
    for number in range(4):
        arrays, params = random_inputs(Random(number), program)
        expected = run(program, arrays, params, number)
        assert run(replace(program, body=found), arrays, params, number) == expected
