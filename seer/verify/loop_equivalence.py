"""Proof that a control rule's output executes the same store instances as its input, in a legal order.

`check` takes only the two blocks and the claim which instance each store of the new block runs. With isl
it proves of the new block that
  1. each instance of the original runs exactly once, and no other does;
  2. right-hand sides, subscripts and predicates are the original's at that instance;
  3. each Local keeps one storage for each storage that the original had;
  4. any two instances that may touch one element, one of them writing, keep their order.
By induction over that order every instance then reads what it read before, so both blocks are one
function of the state. Where subscripts are not affine an array counts as touched whole; if that leaves
the question open, both blocks are executed on states that provoke collisions, and the verdict says so.

A claim that speaks of values only (`Correspondence.values`) is proved by following them to their last
writers instead: see `value_proof`. A claim about control points (`Steps`), of a rule that makes one loop of
several, is proved by stepping through both blocks: see `step_proof`.
"""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from typing import Any, Literal

from seer.lang.terms import Block
from seer.verify.correspondence import Correspondence
from seer.verify.fragment_execution import differ
from seer.verify.held_values import equal_with_held_values
from seer.verify.instance_proof import InstanceProof
from seer.verify.instances import NotProved
from seer.verify.pending_store import equal_with_pending_store
from seer.verify.step_claim import Steps
from seer.verify.step_proof import prove_steps
from seer.verify.straight_line import equal_straight_line
from seer.verify.value_proof import prove_values

__all__ = ["Verdict", "check", "recheck"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    `proved` is a proof for all states: of kind `isl`, or `axiom` where symbolic execution was enough.
    `tested` (kind `executed`) says that nothing could be proved or refuted, and that executing both blocks
    showed no difference. Neither: `reason` says why.
    """

    proved: bool
    kind: Literal["isl", "axiom", "executed"]
    reason: str
    tested: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the two blocks may be called equal, with `kind` as the kind of evidence."""
        return self.proved or self.tested


def check(
    before: Block, after: Block, correspondence: Correspondence | Steps | None, *, execute: bool = True
) -> Verdict:
    """Whether `after` is equal to `before` for all states and enclosing induction values.

    `correspondence` is a claim, trusted in nothing; None leaves symbolic execution of straight-line code,
    values that are held in registers, and execution. With `execute` False an undecided question is refused.
    """
    return _check(before, after, correspondence, execute)


def recheck(before: Block, after: Block, data: Any) -> Verdict:
    """`check` from a certificate: `data` is `Correspondence.to_json()`, or None for an executed step."""
    try:
        correspondence = None if data is None else _claim(data)
    except (KeyError, IndexError, AttributeError, TypeError, ValueError) as error:
        return Verdict(False, "isl", f"the correspondence cannot be read: {error!r}")
    return check(before, after, correspondence)


def _claim(data: Any) -> Correspondence | Steps:
    if isinstance(data, dict) and "steps" in data:
        return Steps.from_json(data)
    return Correspondence.from_json(data)


@functools.lru_cache(maxsize=4096)
def _check(
    before: Block, after: Block, correspondence: Correspondence | Steps | None, execute: bool
) -> Verdict:
    if correspondence is None and equal_straight_line(before, after):
        return Verdict(True, "axiom", "symbolic execution gives every array the same contents")
    if correspondence is None and equal_with_pending_store(before, after):
        return Verdict(True, "axiom", "symbolic execution keeps the invariant of the pending store")
    if correspondence is None and equal_with_held_values(before, after):
        return Verdict(True, "axiom", "registers hold values that nothing changes")
    try:
        if correspondence is None:
            raise NotProved("no correspondence of stores is known", undecided=True)
        if isinstance(correspondence, Steps):
            prove_steps(before, after, correspondence)
            return Verdict(True, "axiom", "symbolic execution meets the original at every step")
        if correspondence.values:
            prove_values(before, after, correspondence)
            return Verdict(True, "isl", "every array is left with the same values")
        InstanceProof(before, after, correspondence).run()
        return Verdict(True, "isl", "same instances, dependences keep their order")
    except NotProved as failure:
        _log.debug("not proved: %s", failure.reason)
        if not failure.undecided or not execute:
            return Verdict(False, "isl", failure.reason)
        reason = failure.reason
    try:
        difference = differ(before, after)
    except NotProved as failure:
        difference = failure.reason
    if difference is None:
        return Verdict(False, "executed", f"{reason}; executed without a difference", tested=True)
    return Verdict(False, "executed", f"{reason}; {difference}")
