"""Verilog of single combinational operators, with the total meaning of `seer.lang.operators`."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COMBINATIONAL", "Signal", "add_scaled", "expression", "extend", "literal", "vector"]


@dataclass(frozen=True)
class Signal:
    """A named value of `width` bits, or a constant (`value`), as it stands in Verilog text."""

    text: str
    width: int
    value: int | None = None


def vector(width: int) -> str:
    """The range of a declaration, nothing for one bit."""
    return f"[{width - 1}:0] " if width > 1 else ""


def literal(width: int, value: int) -> Signal:
    """A sized constant; `value` in [0, 2^width)."""
    digits = f"{width}'d{value}" if value < 1024 else f"{width}'h{value:x}"
    return Signal(digits, width, value)


_INFIX = {
    "add": "+", "sub": "-", "mul": "*", "and": "&", "or": "|", "xor": "^",
    "shl": "<<", "lshr": ">>", "eq": "==", "ne": "!=", "ult": "<", "ule": "<=",
}  # fmt: skip
_SIGNED_INFIX = {"slt": "<", "sle": "<="}

COMBINATIONAL = frozenset({*_INFIX, *_SIGNED_INFIX, "ashr", "select", "zext", "sext", "trunc"})
"""The operators that `expression` can spell."""


def expression(kind: str, width: int, operands: list[Signal]) -> str:
    """The right side of an assignment to a wire of `width` bits.

    It must stand alone there: the signedness of `>>>` depends on its context in Verilog. Operands of
    trunc, zext and sext must be names, not constants.
    """
    texts = [operand.text for operand in operands]
    match kind:
        case "ashr":
            return f"$signed({texts[0]}) >>> {texts[1]}"
        case "select":
            return f"{texts[0]} ? {texts[1]} : {texts[2]}"
        case "zext":
            return extend(operands[0], width, signed=False)
        case "sext":
            return extend(operands[0], width, signed=True)
        case "trunc":
            return f"{texts[0]}[{width - 1}:0]"
        case _ if kind in _SIGNED_INFIX:
            return f"$signed({texts[0]}) {_SIGNED_INFIX[kind]} $signed({texts[1]})"
        case _:
            return f"{texts[0]} {_INFIX[kind]} {texts[1]}"


def extend(operand: Signal, width: int, signed: bool) -> str:
    """`operand` at `width` bits: extended by its sign or zeros, or cut."""
    missing = width - operand.width
    if operand.value is not None:
        value = operand.value
        if signed and value >> (operand.width - 1):
            value -= 1 << operand.width
        return literal(width, value & ((1 << width) - 1)).text
    if missing == 0:
        return operand.text
    if missing < 0:
        return f"{operand.text}[{width - 1}:0]"
    if not signed:
        return f"{{{missing}'d0, {operand.text}}}"
    top = f"{operand.text}[{operand.width - 1}]" if operand.width > 1 else operand.text
    return f"{{{{{missing}{{{top}}}}}, {operand.text}}}"


def add_scaled(total: str, term: str, factor: int) -> str:
    """`total + factor * term` by shifts and additions, all of one width."""
    sign = "+" if factor >= 0 else "-"
    magnitude = abs(factor)
    for shift in range(magnitude.bit_length()):
        if magnitude >> shift & 1:
            shifted = f"({term} << {shift})" if shift else term
            total = f"{total} {sign} {shifted}"
    return total
