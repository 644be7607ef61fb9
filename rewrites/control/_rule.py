"""What every control rule is: a transformation of a few neighbouring statements, offered and not trusted."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from seer.errors import InputError
from seer.lang.mlir_bindings import PassError, ir
from seer.lang.terms import Block, For
from seer.verify.correspondence import Correspondence
from seer.verify.instances import NotProved

__all__ = ["Attempt", "ControlRule", "Offer", "Refused"]


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
    correspondence: Correspondence | None
    origins: Mapping[For, tuple[For, ...]] = field(compare=False)


@dataclass(frozen=True)
class Attempt:
    """What came of a rule on one fragment: offers, or reasons why there is none."""

    offers: tuple[Offer, ...] = ()
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlRule(ABC):
    """A control rule; options are fields.

    A fragment is a block of `span` neighbouring statements. It may use induction variables, Locals and
    arrays bound outside; its own binders have the levels that follow theirs, and a replacement keeps to
    that numbering.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    """`before --> after`, one line."""
    conditions: ClassVar[str]
    span: ClassVar[int | None]
    """How many statements a fragment has; None: any straight-line block."""

    @property
    def description(self) -> str:
        """The rule with its options."""
        return self.name

    def attempt(self, fragment: Block) -> Attempt:
        """Offers and refusals for `fragment`; remembered, so that asking again is free."""
        return _attempt(self, fragment)

    def apply(self, fragment: Block) -> list[Offer]:
        """The offers of `attempt`."""
        return list(self.attempt(fragment).offers)

    @abstractmethod
    def _attempt(self, fragment: Block) -> Attempt:
        """The work; may raise Refused, and what passes and their output raise."""


@functools.lru_cache(maxsize=4096)
def _attempt(rule: ControlRule, fragment: Block) -> Attempt:
    if rule.span is not None and len(fragment) != rule.span:
        return Attempt(refusals=(f"{rule.name} takes {rule.span} statements",))
    try:
        return rule._attempt(fragment)
    except Refused as refusal:
        return Attempt(refusals=(str(refusal),))
    except NotProved as failure:
        return Attempt(refusals=(failure.reason,))
    except (PassError, InputError, ir.MLIRError) as error:
        return Attempt(refusals=(str(error),))
