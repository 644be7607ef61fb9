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

_MATH = ("sqrt", "fabs", "sqrtf", "fabsf")
"""Functions of math.h that there are units for."""


@dataclass(frozen=True)
class Campaign(campaign.Campaign):
    """Programs whose reference is the compiler here."""

    attempts: int = 60

    @property
    def batch(self) -> int:
        return 6

    def kernel(self, number: int) -> Kernel:
        return kernel_of(self.seed, number, math=_MATH)

    def check(self, sources: Sequence[Source], leg: str | None = None) -> list[Finding]:
        return check(sources, HardwareLegs(CALLS, leg))
