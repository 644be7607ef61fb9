"""Area as a vector of what an FPGA is made of, and the one figure where one is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seer.schedule.target import Target

__all__ = ["Area"]


@dataclass(frozen=True)
class Area:
    """Look-up tables, flip-flops, DSP blocks and 18-kbit block RAMs."""

    lut: int = 0
    ff: int = 0
    dsp: int = 0
    bram: int = 0

    def __add__(self, other: Area) -> Area:
        return Area(self.lut + other.lut, self.ff + other.ff, self.dsp + other.dsp, self.bram + other.bram)

    def fits(self, capacity: Area) -> bool:
        """Whether a device has that much; a capacity of 0 is no limit."""
        pairs = (
            (self.lut, capacity.lut),
            (self.ff, capacity.ff),
            (self.dsp, capacity.dsp),
            (self.bram, capacity.bram),
        )
        return all(need <= have or have == 0 for need, have in pairs)

    def weighted(self, target: Target) -> float:
        """One figure: each kind times its weight in the target file, by default LUT + FF/2 + 100·DSP +
        200·BRAM."""
        w = target.weights
        return w.lut * self.lut + w.ff * self.ff + w.dsp * self.dsp + w.bram * self.bram
