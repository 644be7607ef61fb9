"""Which bits of a region's values synthesis keeps: those that may vary, and of these the ones that are read.

A forward pass finds known bits and copies of signs, a backward pass the bits that are read. Both take words
at once, as masks. Unlike `seer.lang.intervals` they know no more than a synthesis tool does: what a counter's
register, a memory or a parameter holds is any value of its width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from seer.schedule.model import Operation

__all__ = ["Bits", "Counters", "known_bits", "wanted_bits"]

Counters = tuple[tuple[int, int, bool], ...]
"""The counters in scope: level, bits of the register, whether it is signed."""


class Bits(NamedTuple):
    """A value of which `varying` bits may vary and `ones` are always set. Bits from `top` on are copies
    of bit top − 1 (`signed`) or known."""

    varying: int
    ones: int
    top: int
    signed: bool

    @property
    def own(self) -> int:
        """The bits that vary, copies of the sign left out."""
        return self.varying & ((1 << self.top) - 1)


_BIT = Bits(1, 0, 1, False)


def known_bits(
    operations: Sequence[Operation], counters: Counters, registers: Mapping[str, int]
) -> list[Bits]:
    """The bits of each operation's value; `registers` has masks of the bits that registers may set."""
    scope = {level: (bits, signed) for level, bits, signed in counters}
    found: list[Bits] = []
    for op in operations:
        if op.kind == "read" and (op.memory or "") in registers:
            mask = registers[op.memory or ""]
            found.append(Bits(mask, 0, mask.bit_length(), False))
            continue
        found.append(_forward(op, [found[o] for o in op.operands], operations, scope))
    return found


def _whole(width: int) -> Bits:
    return Bits((1 << width) - 1, 0, width, False)


def _forward(
    op: Operation,
    args: list[Bits],
    operations: Sequence[Operation],
    scope: Mapping[int, tuple[int, bool]],
) -> Bits:
    w = op.width
    mask = (1 << w) - 1
    match op.kind:
        case "const":
            value = op.value or 0
            signed = bool(value >> (w - 1))
            top = (value ^ mask).bit_length() + 1 if signed else value.bit_length()
            return Bits(0, value, min(w, top), signed)
        case "add" | "sub":
            return _sum(args[0], args[1], w, op.kind == "sub")
        case "select" | "or" | "and" | "xor":
            return _bitwise(op.kind, args, w)
        case "zext":
            return Bits(args[0].varying, args[0].ones, *_positive(args[0], operations[op.operands[0]].width))
        case "sext":
            a, inner = args[0], operations[op.operands[0]].width
            fill = mask & ~((1 << inner) - 1)
            sign = 1 << (inner - 1)
            if a.varying & sign:
                return Bits(a.varying | fill, a.ones, min(a.top, inner), True)
            ones = a.ones | fill if a.ones & sign else a.ones
            return Bits(a.varying, ones, min(inner, a.top), bool(a.ones & sign))
        case "trunc":
            return Bits(args[0].varying & mask, args[0].ones & mask, min(w, args[0].top), args[0].signed)
        case "eq" | "ne" | "ult" | "ule" | "slt" | "sle":
            return _BIT
        case "iv":
            bits, signed = scope.get(op.level or 0, (w, False))
            if bits >= w:
                return _whole(w)
            return Bits(mask if signed else (1 << bits) - 1, 0, bits, signed)
        case "shl" | "lshr" | "ashr":
            return _shifted(op.kind, args[0], operations[op.operands[1]].value, w)
        case "mul":
            a, b = args
            if a.signed or b.signed:
                top, signed = a.top + b.top + (not a.signed) + (not b.signed), True
            else:
                top, signed = a.top + b.top, False
            low = _lowest(a) + _lowest(b)
            return _span(low, min(top, w), w, signed and top < w)
        case "udiv" if args[1].ones and not args[0].signed:
            return _span(0, args[0].top, w, False)
        case "urem" if not args[0].signed:
            # By 0 it is the dividend.
            bound = args[1].ones and not args[1].signed
            return _span(0, min(args[0].top, args[1].top) if bound else args[0].top, w, False)
        case _:
            return _whole(w)


def _lowest(a: Bits) -> int:
    """Below it all bits are 0."""
    some = a.varying | a.ones
    return (some & -some).bit_length() - 1 if some else a.top


def _span(low: int, top: int, width: int, signed: bool) -> Bits:
    """Bits low … top − 1 vary, and copies of the last above if `signed`."""
    high = width if signed else top
    return Bits(((1 << high) - 1) & ~((1 << min(low, high)) - 1), 0, top, signed)


def _positive(a: Bits, width: int) -> tuple[int, bool]:
    return (width if a.signed else a.top), False


def _sum(a: Bits, b: Bits, w: int, difference: bool) -> Bits:
    low = min(_lowest(a), _lowest(b))
    if a.signed or b.signed or difference:
        top = max(a.top + (not a.signed), b.top + (not b.signed)) + 1
        return _span(low, min(top, w), w, top < w)
    return _span(low, min(max(a.top, b.top) + 1, w), w, False)


def _bitwise(kind: str, args: list[Bits], w: int) -> Bits:
    a, b = args[-2:]
    if kind == "and":
        varying = (a.varying & (b.varying | b.ones)) | (b.varying & a.ones)
        ones = a.ones & b.ones
        tops = [x.top for x in (a, b) if not x.signed]
        return Bits(varying, ones, min(tops) if tops else max(a.top, b.top), not tops)
    if kind == "or":
        ones = a.ones | b.ones
        varying = (a.varying | b.varying) & ~ones
    elif kind == "xor":
        varying = a.varying | b.varying
        ones = (a.ones ^ b.ones) & ~varying
    else:
        if args[0].varying == 0:
            return a if args[0].ones else b
        varying = a.varying | b.varying | (a.ones ^ b.ones)
        ones = a.ones & b.ones
    if a.signed or b.signed:
        top = max(a.top + (not a.signed), b.top + (not b.signed))
        return Bits(varying, ones, min(w, top), top < w)
    return Bits(varying, ones, max(a.top, b.top), False)


def _shifted(kind: str, a: Bits, amount: int | None, w: int) -> Bits:
    mask = (1 << w) - 1
    if amount is None:
        if kind == "shl":
            return _span(_lowest(a), w, w, False)
        if kind == "lshr" and not a.signed:
            return _span(0, a.top, w, False)
        return _span(0, a.top, w, a.signed) if kind == "ashr" else _whole(w)
    if kind == "shl":
        if amount >= w:
            return Bits(0, 0, 0, False)
        top = a.top + amount
        return Bits(
            (a.varying << amount) & mask, (a.ones << amount) & mask, min(w, top), a.signed and top < w
        )
    if kind == "lshr" or (not a.signed and a.top < w):
        return Bits(a.varying >> amount, a.ones >> amount, max(0, (w if a.signed else a.top) - amount), False)
    # The sign moves down, and its copies with it.
    amount = min(amount, w - 1)
    sign = 1 << (w - 1)
    fill = mask & ~(mask >> amount)
    varying, ones = a.varying >> amount, a.ones >> amount
    if a.varying & sign:
        return Bits(varying | fill, ones, max(1, a.top - amount), True)
    return Bits(varying, ones | fill if a.ones & sign else ones, max(1, a.top - amount), bool(a.ones & sign))


def wanted_bits(
    operations: Sequence[Operation], known: Sequence[Bits], address_bits: Mapping[str, int]
) -> list[int]:
    """The bits of each value that anyone reads, as a mask; `address_bits` by memory."""
    wanted = [0] * len(operations)
    for op in reversed(operations):
        if op.predicate is not None:
            wanted[op.predicate] |= 1
        operands = op.operands
        if not operands:
            continue
        w = wanted[op.id]
        match op.kind:
            case "add" | "sub" | "mul":
                low = (1 << min(w.bit_length(), known[op.id].top)) - 1
                for operand in operands:
                    _want(wanted, operand, low, known)
            case "and":
                a, b = operands
                _want(wanted, a, w & (known[b].varying | known[b].ones), known)
                _want(wanted, b, w & (known[a].varying | known[a].ones), known)
            case "or":
                a, b = operands
                _want(wanted, a, w & ~known[b].ones, known)
                _want(wanted, b, w & ~known[a].ones, known)
            case "xor" | "trunc" | "zext":
                for operand in operands:
                    _want(wanted, operand, w, known)
            case "select":
                _want(wanted, operands[0], 1 if w else 0, known)
                _want(wanted, operands[1], w, known)
                _want(wanted, operands[2], w, known)
            case "sext":
                inner = operations[operands[0]].width
                _want(wanted, operands[0], (w | 1 << (inner - 1)) if w >> inner else w, known)
            case "shl" | "lshr" | "ashr":
                _want_shifted(op, w, wanted, known, operations)
            case "load":
                wanted[operands[0]] |= (1 << address_bits.get(op.memory or "", 32)) - 1
            case "store":
                wanted[operands[0]] |= (1 << address_bits.get(op.memory or "", 32)) - 1
                for operand in operands[1:]:
                    _want(wanted, operand, -1, known)
            case "write" | "decide":
                _want(wanted, operands[0], -1, known)
            case _:
                for operand in operands:
                    _want(wanted, operand, -1, known)
    return wanted


def _want(wanted: list[int], id_: int, bits: int, known: Sequence[Bits]) -> None:
    """Those that are copies of the sign are read as the sign."""
    a = known[id_]
    if a.signed and bits >> a.top:
        bits |= 1 << (a.top - 1)
    wanted[id_] |= bits & a.own


def _want_shifted(
    op: Operation, w: int, wanted: list[int], known: Sequence[Bits], operations: Sequence[Operation]
) -> None:
    value, by = op.operands
    amount = operations[by].value
    if amount is None:
        _want(wanted, by, -1, known)
        low = w & -w
        _want(wanted, value, (1 << w.bit_length()) - 1 if op.kind == "shl" else -low if low else 0, known)
    elif op.kind == "shl":
        _want(wanted, value, w >> amount, known)
    else:
        # Copies of the sign lie above the width: `_want` takes them for the sign.
        _want(wanted, value, w << min(amount, op.width), known)
