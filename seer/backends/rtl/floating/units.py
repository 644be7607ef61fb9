"""The modules of floating-point operators, by operator, widths and latency."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from seer.backends.rtl.floating.addition import addition
from seer.backends.rtl.floating.comparison import comparison, sign_change
from seer.backends.rtl.floating.conversion import from_integer, narrow, to_integer, widen
from seer.backends.rtl.floating.division import division
from seer.backends.rtl.floating.formats import Format, format_of
from seer.backends.rtl.floating.fused import fused
from seer.backends.rtl.floating.integral import INTEGRAL, copied_sign, integral
from seer.backends.rtl.floating.multiplication import multiplication
from seer.backends.rtl.floating.netlist import Bits, Netlist
from seer.backends.rtl.floating.pipeline import pipeline, pruned, render
from seer.backends.rtl.floating.root import square_root
from seer.errors import BackendError

__all__ = ["FLOAT_KINDS", "float_unit", "operator_builds", "unit_text"]

FLOAT_KINDS = frozenset(
    {"fadd", "fsub", "fmul", "fdiv", "fsqrt", "fneg", "fabs", "feq", "fne", "flt", "fle"}
    | {"fma", "fcopysign", *INTEGRAL}
    | {"sitofp", "uitofp", "fptosi", "fptoui", "fpext", "fptrunc"}
)
"""The operators that there are units for."""

_Build = Callable[[Netlist], Bits]


@lru_cache(maxsize=1 << 8)
def float_unit(kind: str, width: int, result: int, latency: int) -> tuple[str, str]:
    """Name and text of the module with ports clk, a, b (for two operands), c (for three) and y.

    `width` is that of the operands, `result` that of the result; both count where `kind` converts.
    """
    converts = kind in ("sitofp", "uitofp", "fptosi", "fptoui", "fpext", "fptrunc")
    name = f"seer_{kind}_w{width}_{f'r{result}_' if converts else ''}l{latency}"
    return name, unit_text(name, _builds(kind, width, result), latency, f"{kind} after {latency} cycles.")


def unit_text(name: str, builds: list[_Build], latency: int, about: str) -> str:
    """The module of what one of `builds` describes: the one of the shortest estimated period."""
    texts: list[tuple[float, str]] = []
    for build in builds:
        whole = Netlist()
        netlist, result = pruned(whole, build(whole))
        placed = pipeline(netlist, result, latency)
        texts.append((round(placed.period_ns, 2), render(netlist, result, placed, latency, name, about)))
    return min(texts, key=lambda found: found[0])[1]


def _builds(kind: str, width: int, result: int) -> list[_Build]:
    match kind:
        case "sitofp" | "uitofp":
            target = format_of(result)
            return [lambda n: from_integer(n, target, width, kind == "sitofp")]
        case "fptosi" | "fptoui":
            source = format_of(width)
            return [lambda n: to_integer(n, source, result, kind == "fptosi")]
        case "fpext" | "fptrunc":
            source, target = format_of(width), format_of(result)
            return [lambda n: (widen if kind == "fpext" else narrow)(n, source, target)]
        case _:
            return operator_builds(kind, format_of(width))


def operator_builds(kind: str, form: Format) -> list[_Build]:
    """The structures of an operator within one format, the smaller ones first."""
    match kind:
        case "fadd" | "fsub":
            return [lambda n: addition(n, form, kind == "fsub")]
        case "fmul":
            return [lambda n: multiplication(n, form)]
        case "fma":
            return [lambda n: fused(n, form)]
        case "fdiv":
            return [lambda n: division(n, form, 1), lambda n: division(n, form, 2)]
        case "fsqrt":
            return [lambda n: square_root(n, form)]
        case "feq" | "fne" | "flt" | "fle":
            return [lambda n: comparison(n, form, kind)]
        case "fcopysign":
            return [lambda n: copied_sign(n, form)]
        case _ if kind in INTEGRAL:
            return [lambda n: integral(n, form, kind)]
        case "fneg" | "fabs":
            return [lambda n: sign_change(n, form, kind)]
        case _:
            raise BackendError(f"the rtl backend has no unit for {kind}")
