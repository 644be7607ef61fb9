"""The campaign on the frontend: random C programs, each run by every implementation there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.fuzz import campaign
from seer.fuzz.campaign import CALLS, kernel_of
from seer.fuzz.children import check
from seer.fuzz.findings import Finding, Source
from seer.fuzz.kernels import Kernel
from seer.fuzz.legs import LEGS, Legs

__all__ = ["Campaign"]


@dataclass(frozen=True)
class Campaign(campaign.Campaign):
    """`cc` compiles the programs; if empty, the compiler here. `bit_int`: with `_BitInt(N)`."""

    cc: tuple[str, ...] = ()
    bit_int: bool = False

    @property
    def batch(self) -> int:
        return 20

    def kernel(self, number: int) -> Kernel:
        return kernel_of(self.seed, number, self.bit_int)

    def check(self, sources: Sequence[Source], leg: str | None = None) -> list[Finding]:
        wanted = LEGS if leg is None else tuple(name for name in LEGS if name == leg)
        return check(sources, Legs(CALLS, self.cc, wanted))
