"""For every control rule: its golden files, random programs, and broken versions that the check refuses."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from seer.lang.terms import Block
from seer.lang.text import parse_program, print_program
from seer.lang.traverse import bodies, with_bodies
from seer.rewrites.control import _rule, control_rules
from seer.rewrites.control._golden import golden
from seer.rewrites.control._rule import Offer
from seer.verify.correspondence import Correspondence
from seer.verify.loop_equivalence import recheck
from tests.rewrites.control.campaign import differs, firings, fragments, program_of
from tests.rewrites.control.entry import Broken, Entry
from tests.rewrites.control.mutants import mutants
from tests.rewrites.control.registry import ENTRIES
from tests.rewrites.control.soak import Tally, extend

UPDATE = bool(os.environ.get("SEER_UPDATE_GOLDEN"))
every_rule = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.rule.name)


def test_every_rule_has_an_entry() -> None:
    registered = {entry.rule.name for entry in ENTRIES}
    assert registered == {rule.name for rule in control_rules()}
    assert len(registered) == len(ENTRIES)
    classes = {type(rule) for entry in ENTRIES for rule in (entry.rule, *entry.variants)}
    assert classes == {type(rule) for rule in control_rules()}


@every_rule
def test_golden(entry: Entry) -> None:
    """The first proved offer for a part of the example makes of it what the files say."""
    before = program_of(entry.example)
    found = next(_proved(entry, entry.example), None)
    assert found is not None, [
        entry.rule.attempt(f).refusals for f in fragments(entry.example, entry.rule.takes)
    ]
    after = replace(before, body=_replaced(entry.example, found))
    files = [golden(entry.rule.name, "before"), golden(entry.rule.name, "after")]
    if UPDATE:
        for file, program in zip(files, (before, after), strict=True):
            file.parent.mkdir(exist_ok=True)
            file.write_text(print_program(program), encoding="utf-8")
    texts = [file.read_text(encoding="utf-8") for file in files]
    assert texts == [print_program(before), print_program(after)]
    assert [parse_program(text) for text in texts] == [before, after]
    assert before.body != after.body
    assert not differs(before.body, after.body)


def _proved(entry: Entry, block: Block) -> Iterator[Offer]:
    for fragment in fragments(block, entry.rule.takes):
        for offer in entry.rule.attempt(fragment).offers:
            if entry.rule.checked(offer).proved:
                yield offer


def _replaced(block: Block, offer: Offer) -> Block:
    """`block` with the first place of an offer's fragment changed."""
    for start in range(len(block)):
        if block[start : start + len(offer.before)] == offer.before:
            return (*block[:start], *offer.replacement, *block[start + len(offer.before) :])
    for position, statement in enumerate(block):
        inner = bodies(statement)
        changed = [_replaced(body, offer) for body in inner]
        if changed != list(inner):
            return (*block[:position], with_bodies(statement, changed), *block[position + 1 :])
    return block


@every_rule
def test_what_is_accepted_is_equal(entry: Entry) -> None:
    seeds = range(entry.sample)
    proved = _campaign(entry, seeds)
    assert proved >= entry.fires, proved


@pytest.mark.soak
@every_rule
def test_what_is_accepted_is_equal_on_many_programs(entry: Entry) -> None:
    tally = Tally()
    while tally.fired < ENOUGH_PROGRAMS:
        extend(entry, tally)
        assert tally.drawn < 50 * ENOUGH_PROGRAMS, tally
    assert not tally.differences
    assert tally.broken, "no broken output differs"


def _campaign(entry: Entry, seeds: Iterable[int]) -> int:
    """How many offers for random programs were proved; none that was accepted makes a difference."""
    proved = 0
    for rule in (entry.rule, *entry.variants):
        for firing in firings(rule, entry.programs, list(seeds)):
            offer = firing.offer
            proved += firing.verdict.proved
            if firing.verdict.proved:
                symbolic = rule.checked_by in ("symbolic", "steps")
                assert firing.verdict.kind == ("axiom" if symbolic else "isl")
                if isinstance(offer.correspondence, Correspondence):
                    assert offer.correspondence.values == (rule.checked_by == "values")
            if firing.verdict.accepted:
                assert not differs(offer.before, offer.replacement), (firing.seed, rule)
                if offer.correspondence is not None and firing.verdict.proved:
                    data = offer.correspondence.to_json()
                    assert recheck(offer.before, offer.replacement, data).proved, firing.seed
    return proved


ENOUGH_PROGRAMS = 300
"""Programs of a long campaign on which a rule fires."""

MUTANTS = 60
"""Broken outputs of each rule in ordinary tests, at most four of one offer."""


@every_rule
def test_broken_outputs_are_refused(entry: Entry) -> None:
    refused = _broken_outputs(entry, range(entry.sample), MUTANTS)
    assert set(entry.kinds) & refused.keys() == set(entry.kinds), refused


@pytest.mark.soak
@every_rule
def test_many_broken_outputs_are_refused(entry: Entry) -> None:
    _broken_outputs(entry, range(1000, 1300), 2000)


def _broken_outputs(entry: Entry, seeds: Iterable[int], most: int) -> Counter[str]:
    """Kinds of broken outputs that differ from their fragment, each of them refused."""
    refused: Counter[str] = Counter()
    made = 0
    rng = random.Random(entry.rule.name)
    for rule in (entry.rule, *entry.variants):
        for firing in firings(rule, entry.programs, list(seeds)):
            if not firing.verdict.proved:
                continue
            offer = firing.offer
            for mutant in mutants(offer, rng, 4):
                made += 1
                if not differs(offer.before, mutant.block, 3):
                    continue
                verdict = rule.checked(replace(offer, replacement=mutant.block, correspondence=mutant.claim))
                assert not verdict.accepted, (firing.seed, mutant.kind, verdict, mutant.block)
                refused[mutant.kind] += 1
            if made >= most:
                return refused
    return refused


ENOUGH = 3
"""Differences of a broken rule that must be caught."""
BROKEN = [(entry, broken) for entry in ENTRIES for broken in entry.broken]


@pytest.mark.parametrize(
    ("entry", "broken"), BROKEN, ids=[f"{e.rule.name}-{b.name}-{b.wrong.__name__}" for e, b in BROKEN]
)
def test_broken_rules_are_refused(entry: Entry, broken: Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    _rule._attempt.cache_clear()
    monkeypatch.setattr(broken.module, broken.name, broken.wrong)
    caught = 0
    try:
        for firing in firings(entry.rule, entry.programs, range(entry.sample)):
            different = differs(firing.offer.before, firing.offer.replacement)
            assert not (different and firing.verdict.accepted), firing
            caught += different
            if caught >= ENOUGH:
                break
    finally:
        _rule._attempt.cache_clear()
    assert caught, "the broken version never differs"
