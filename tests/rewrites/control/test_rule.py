"""What every control rule does with fragments that its work fails on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from seer.lang.terms import Block
from seer.rewrites.control import _rule
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer
from tests.verify.loop_terms import A, const, store

FRAGMENT: Block = (store(A, const(0), const(1)),)


@dataclass(frozen=True)
class _Deep(ControlRule):
    """A --> A, by descending for ever."""

    name: ClassVar[str] = "deep"
    summary: ClassVar[str] = "A --> A"
    conditions: ClassVar[str] = "none"
    takes: ClassVar[FragmentKind] = "straight"

    def _attempt(self, fragment: Block) -> Attempt:
        return self._attempt(fragment)


def test_a_rule_that_descends_too_deep_refuses() -> None:
    attempt = _Deep().attempt(FRAGMENT)
    assert not attempt.offers
    assert "deeper" in attempt.refusals[0]


def test_a_check_that_descends_too_deep_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(*arguments: object, **options: object) -> object:
        return deep(*arguments, **options)

    monkeypatch.setattr(_rule, "check", deep)
    verdict = _Deep().checked(Offer("deep", "deep", "test", FRAGMENT, FRAGMENT, None, {}))
    assert not verdict.accepted
    assert "deeper" in verdict.reason
