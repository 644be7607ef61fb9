"""What every control rule is: a transformation of a few neighbouring statements, offered and not trusted."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from seer.errors import InputError
from seer.lang.mlir_bindings import PassError, ir
from seer.lang.terms import Block, For, Loop
from seer.verify.correspondence import Correspondence
from seer.verify.instances import NotProved
from seer.verify.loop_equivalence import Verdict, check
from seer.verify.step_claim import Steps

__all__ = ["Attempt", "ControlRule", "FragmentKind", "Offer", "ProofKind", "Refused"]


FragmentKind = Literal["pair", "triple", "loop", "nest", "body", "straight", "branches"]
"""Two neighbouring loops; two loops and what stands between them; a counted loop without loops in it; a
loop around loops, a while loop or the scope of a local array; a loop of any kind without loops in it; a
block without loops and branches, or one scope of such a block; or one without loops that has branches."""
ProofKind = Literal["instances", "values", "symbolic", "steps"]
"""How offers are proved: the same store instances in a legal order, the same values in every array,
symbolic execution of straight-line code, or of both blocks from one meeting to the next
(docs/control_rules.md)."""
_TOO_DEEP = "would descend deeper into expressions than there is room for"
_STATEMENTS = {"pair": 2, "triple": 3, "loop": 1, "nest": 1, "body": 1}


class Refused(Exception):
    """A rule does not apply to a fragment; the message says why."""


@dataclass(frozen=True)
class Offer:
    """`before` might be replaced by `replacement`; `seer.verify.loop_equivalence.check` decides.

    `correspondence` is the claim to be checked and to be kept in the certificate; None claims that symbolic
    execution of straight-line code is enough. `origins` names, for each
    loop of the replacement, the loops of `before` whose labels it carries. `description` tells the rule and
    its options, `route` the compiler pass that made the replacement.
    """

    rule: str
    description: str
    route: str
    before: Block
    replacement: Block
    correspondence: Correspondence | Steps | None
    origins: Mapping[For, tuple[For, ...]] | Mapping[Loop, tuple[Loop, ...]] = field(compare=False)
    supersedes: bool = False
    """Whether no rule needs the fragment as it was any more."""


@dataclass(frozen=True)
class Attempt:
    """What came of a rule on one fragment: offers, or reasons why there is none."""

    offers: tuple[Offer, ...] = ()
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlRule(ABC):
    """A control rule; options are fields.

    A fragment is what `takes` says. It may use induction variables, Locals and
    arrays bound outside; its own loops have the levels that follow theirs, and a replacement keeps to
    that numbering. Locals of a replacement have levels above those that the fragment uses.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    """`before --> after`, one line."""
    conditions: ClassVar[str]
    takes: ClassVar[FragmentKind]
    """What a fragment is."""
    takes_too: ClassVar[tuple[FragmentKind, ...]] = ()
    """What else it may be, of as many statements."""

    @property
    def description(self) -> str:
        """The rule with its options."""
        return self.name

    checked_by: ClassVar[ProofKind] = "values"

    needless_after: ClassVar[tuple[str, ...]] = ()
    """Rules of which this one is a step: where one of them has succeeded, it need not be tried."""

    copies: ClassVar[bool] = False
    """Whether the result repeats code, which pays mostly for the loops of good designs."""

    needs_banks: ClassVar[bool] = False
    """Whether the result gains only where arrays may be cut into banks: elsewhere it is not tried."""

    @property
    def leaves_loops(self) -> bool:
        """Whether the result has as many loops as the fragment."""
        return True

    def placed(self, locals_around: int, loops_around: int) -> ControlRule:
        """The rule for a fragment with so many Locals and counted loops around it."""
        return self

    def decided(self) -> ControlRule:
        """The rule for a fragment in a loop whose iterations data decide."""
        return self

    def attempt(self, fragment: Block) -> Attempt:
        """Offers and refusals for `fragment`; remembered, so that asking again is free."""
        return _attempt(self, fragment)

    def checked(self, offer: Offer) -> Verdict:
        """What the check says of an offer. Where symbolic execution is to prove it, it must: conditions are
        met by too few states for executing code on some of them to mean much."""
        execute = self.checked_by != "symbolic"
        try:
            return check(offer.before, offer.replacement, offer.correspondence, execute=execute)
        except RecursionError:
            return Verdict(False, "executed", f"the check {_TOO_DEEP}")

    def apply(self, fragment: Block) -> list[Offer]:
        """The offers of `attempt`."""
        return list(self.attempt(fragment).offers)

    @abstractmethod
    def _attempt(self, fragment: Block) -> Attempt:
        """The work; may raise Refused, and what passes and their output raise."""


@functools.lru_cache(maxsize=4096)
def _attempt(rule: ControlRule, fragment: Block) -> Attempt:
    statements = _STATEMENTS.get(rule.takes)
    if statements is not None and len(fragment) != statements:
        return Attempt(refusals=(f"{rule.name} takes {statements} statements",))
    try:
        return rule._attempt(fragment)
    except Refused as refusal:
        return Attempt(refusals=(str(refusal),))
    except NotProved as failure:
        return Attempt(refusals=(failure.reason,))
    except (PassError, InputError, ir.MLIRError) as error:
        return Attempt(refusals=(str(error),))
    except RecursionError:
        # One fragment is no reason to lose what has been found of the others.
        return Attempt(refusals=(f"{rule.name} {_TOO_DEEP}",))
