"""Binary floating-point formats, and an operand taken apart."""

from __future__ import annotations

from dataclasses import dataclass

from seer.backends.rtl.floating.cells import MERGED_NS, any_of, every, gate
from seer.backends.rtl.floating.netlist import Bits, Netlist, join
from seer.errors import BackendError

__all__ = ["Format", "Operand", "format_of", "unpack"]


@dataclass(frozen=True)
class Format:
    """IEEE 754's interchange layout: sign, biased exponent, fraction."""

    exponent: int
    fraction: int

    @property
    def width(self) -> int:
        return 1 + self.exponent + self.fraction

    @property
    def precision(self) -> int:
        """Bits of a significand, the hidden one included."""
        return self.fraction + 1

    @property
    def bias(self) -> int:
        return (1 << (self.exponent - 1)) - 1

    @property
    def largest(self) -> int:
        """The exponent field of infinities and NaNs."""
        return (1 << self.exponent) - 1

    @property
    def canonical_nan(self) -> int:
        """The NaN that operations return."""
        return self.largest << self.fraction | 1 << (self.fraction - 1)


_FORMATS = {32: Format(8, 23), 64: Format(11, 52)}


def format_of(width: int) -> Format:
    """The format of a float of this width."""
    if width not in _FORMATS:
        raise BackendError(f"the rtl backend has no floats of {width} bits")
    return _FORMATS[width]


@dataclass(frozen=True)
class Operand:
    """A float taken apart; `exponent` is the biased field, at least 1 (the last bit of a subnormal's set)."""

    sign: Bits
    field: Bits
    exponent: Bits
    fraction: Bits
    hidden: Bits
    """Whether it is normal: the bit in front of the fraction."""
    special: Bits
    """Whether it is an infinity or a NaN."""
    nan: Bits

    @property
    def significand(self) -> Bits:
        return join(self.hidden, self.fraction)


def unpack(n: Netlist, form: Format, name: str, x: Bits) -> Operand:
    """Sign, exponent, significand and class of an operand."""
    field = x.part(form.width - 2, form.fraction)
    fraction = x.low(form.fraction)
    hidden = any_of(n, f"{name}_normal", field)
    special = every(n, f"{name}_special", field)
    some = any_of(n, f"{name}_fraction", fraction)
    nan = gate(n, f"{name}_nan", "{0} & {1}", special, some)
    last = n.let(f"{name}_exponent", 1, "{0} | ~{1}", [field.bit(0), hidden], MERGED_NS)
    exponent = join(field.part(form.exponent - 1, 1), last)
    return Operand(x.top, field, exponent, fraction, hidden, special, nan)
