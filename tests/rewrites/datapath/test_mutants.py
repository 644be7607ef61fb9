"""Broken versions of rules are refused, or shown to be no different."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from seer.egraph.proof import Prover
from seer.egraph.rules import Rule, library
from seer.egraph.wide_instances import wide_instances
from seer.errors import InputError
from tests.rewrites.datapath.mutants import mutants

WIDTHS = (8, 16, 32, 64)
SEED = 1


def verdict(mutant: Rule, prover: Prover, each: int) -> str:
    """`refused` (at small widths, or at some numbers), `equivalent`, or what is left open."""
    try:
        refutation = prover.refute(mutant)
    except (KeyError, InputError):
        return "refused"  # a number without a value, or a width that is no variable: it does not load
    if refutation is not None:
        return "refused"
    proved = 0
    for width in WIDTHS:
        for env in wide_instances(mutant, width, each):
            found = prover.prove(mutant, env)
            if not isinstance(found, str):
                proved += 1
            elif "not decided" not in found:
                return "refused"
            elif each > 1 and prover_of_last_resort(mutant, env) is None:
                return f"open: {found}"
    return "equivalent" if proved else "open: no instance"


def prover_of_last_resort(mutant: Rule, env: dict[str, int]) -> object | None:
    """Two more minutes for what five seconds did not decide."""
    from seer.egraph.proof import ProofCache

    found = Prover(ProofCache(None), smt_seconds=120).prove(mutant, env)
    return None if isinstance(found, str) else found


def sample(count: int) -> list[Rule]:
    everything = [mutant for rule in library() for mutant in mutants(rule)]
    return random.Random(SEED).sample(everything, min(count, len(everything)))


def test_there_are_enough_mutants_of_every_kind():
    kinds = Counter(
        next(
            k
            for k in ("dropped", "weakened", "swapped", "flipped", "read", "moved")
            if k in m.text.rsplit(";", 1)[1]
        )
        for rule in library()
        for m in mutants(rule)
    )
    assert sum(kinds.values()) >= 1000 and min(kinds.values()) >= 20


def test_a_sample_of_mutants_is_refused_or_equivalent(prover: Prover):
    verdicts = {m.text: verdict(m, prover, 1) for m in sample(150)}
    assert {v for v in verdicts.values() if v.startswith("open")} == set()
    assert Counter(verdicts.values())["refused"] > 100


@pytest.mark.soak
def test_a_thousand_mutants_are_refused_or_equivalent(prover: Prover):
    verdicts = {m.text: verdict(m, prover, 3) for m in sample(1000)}
    assert {t: v for t, v in verdicts.items() if v.startswith("open")} == {}
