"""The campaign on the hardware stages: random C programs, each scheduled and simulated in several ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.fuzz import campaign
from seer.fuzz.campaign import CALLS, kernel_of
from seer.fuzz.children import check
from seer.fuzz.findings import Finding, Source
from seer.fuzz.hardware_legs import HardwareLegs
from seer.fuzz.kernels import Kernel

__all__ = ["Campaign"]


@dataclass(frozen=True)
class Campaign(campaign.Campaign):
    """Programs whose reference is the compiler here."""

    attempts: int = 60

    @property
    def batch(self) -> int:
        return 6

    def kernel(self, number: int) -> Kernel:
        return kernel_of(self.seed, number)

    def check(self, sources: Sequence[Source], leg: str | None = None) -> list[Finding]:
        return check(sources, HardwareLegs(CALLS, leg))
