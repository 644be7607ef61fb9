"""What is proved of each rule: at all small widths, and at instances of wide ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seer.egraph.proof import Prover
from seer.egraph.rules import Rule
from seer.egraph.wide_instances import wide_instances
from seer.errors import InputError

__all__ = ["WIDTHS", "RuleProof", "survey"]

WIDTHS = (8, 16, 32, 64)
"""Widths at which instances are proved."""


@dataclass(frozen=True)
class RuleProof:
    """The proof of one rule: kinds of the proofs of its instances by width, `open` where a solver gave up.

    A width without instances is one at which the rule's conditions hold for none of the drawn numbers.
    """

    rule: Rule
    wide: Mapping[int, tuple[str, ...]]


def survey(
    rules: Iterable[Rule], prover: Prover, widths: Sequence[int] = WIDTHS, each: int = 2
) -> Iterator[RuleProof]:
    """Each rule proved at all widths up to 4, then `each` instances at every one of `widths`.

    Raises InputError, with the counterexample, for a rule that does not hold at small widths. An instance
    that is refuted is no error: there the rule does not fire.
    """
    for rule in rules:
        refutation = prover.refute(rule)
        if refutation is not None:
            raise InputError(
                f"the rule is refused: {refutation}", rule.location, f"the rule reads: {rule.summary}"
            )
        wide: dict[int, tuple[str, ...]] = {}
        for width in widths:
            kinds: dict[str, None] = {}
            for env in wide_instances(rule, width, each):
                found = prover.prove(rule, env)
                if not isinstance(found, str):
                    kinds[found.kind] = None
                else:
                    kinds["open" if "not decided" in found else "refused"] = None
            wide[width] = tuple(kinds)
        yield RuleProof(rule, wide)
