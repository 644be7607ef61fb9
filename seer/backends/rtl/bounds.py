"""The bounds of loops: their values as Verilog, and the range in which these lie."""

from __future__ import annotations

from collections.abc import Mapping

from seer.backends.rtl.module import CounterSignal, ModuleBuilder
from seer.backends.rtl.operators import add_scaled, extend, literal
from seer.lang.affine import Affine, Held, Unsigned
from seer.lang.intervals import Intervals
from seer.lang.operators import to_unsigned
from seer.lang.terms import Load

__all__ = ["bound_range", "bound_value"]


def bound_value(module: ModuleBuilder, bound: Affine, width: int, scope: Mapping[int, CounterSignal]) -> str:
    """The exact value of a bound as a signed number of `width` bits."""
    text = literal(width, to_unsigned(bound.constant, width)).text if bound.constant else ""
    for symbol, factor in bound.terms:
        match symbol:
            case int():
                value = scope[symbol].at(width)
            case str():
                value = extend(module.params[symbol], width, signed=True)
            case Held():
                value = extend(module.register_of(symbol.array), width, signed=True)
            case Unsigned():
                value = extend(module.params[symbol.name], width, signed=False)
        if not text and factor > 0 and factor & (factor - 1) == 0:
            shift = factor.bit_length() - 1
            text = f"({value} << {shift})" if shift else value
        else:
            text = add_scaled(text or literal(width, 0).text, value, factor)
    return text or literal(width, 0).text


def bound_range(module: ModuleBuilder, bound: Affine, scope: Mapping[int, CounterSignal]) -> tuple[int, int]:
    """Least and greatest value a bound can take."""
    low = high = bound.constant
    for symbol, factor in bound.terms:
        if isinstance(symbol, str):
            size = 1 << (module.params[symbol].width - 1)
            ends = (-size * factor, (size - 1) * factor)
        elif isinstance(symbol, Held):
            interval = Intervals().of(Load(symbol.array, ()))
            ends = (interval.slo * factor, interval.shi * factor)
        elif isinstance(symbol, Unsigned):
            ends = (0, ((1 << symbol.bits) - 1) * factor)
        else:
            counter = scope[symbol]
            size = 1 << counter.signal.width
            span = (-(size >> 1), (size >> 1) - 1) if counter.signed else (0, size - 1)
            ends = (span[0] * factor, span[1] * factor)
        low, high = low + min(ends), high + max(ends)
    return low, high
