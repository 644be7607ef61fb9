"""Proof obligations by normal form in a polynomial ring.

An expression of w bits that is built by addition, subtraction, multiplication and constant left shifts is
a polynomial over Z/2^w in its other parts (atoms); truncation is a ring homomorphism, and an extension
passes through where bounds prove that nothing below it wraps. Division by a constant, with its remainder and
constant right shifts, is one kind of atom, whatever it is divided by; any other remainder is what the
quotient leaves. A shift to the left by a variable b is a product with the atom 2^b. Selections are told apart
by their conditions, case by case. Two expressions with one normal form are equal; different normal forms
prove nothing. This decides at once what bit-blasting cannot, such as a·b + a·c = a·(b + c) at 32 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from math import gcd

from seer.egraph.obligations import Obligation
from seer.lang.intervals import Interval
from seer.lang.terms import Const, Expr, Op, Param
from seer.lang.traverse import subexpressions

__all__ = ["prove"]

Monomial = tuple["Atom", ...]
Atom = tuple[object, ...]
Polynomial = dict[Monomial, int]

_CONDITIONS = 4
"""Conditions of selections that are told apart at most."""

_MONOMIALS = 512
"""Size of a polynomial beyond which the proof is given up."""


def prove(obligation: Obligation) -> bool:
    """True if both sides have one normal form modulo 2^width, whatever their selections decide."""
    obligation = _by_magnitudes(obligation)
    conditions = dict.fromkeys(
        node.operands[0]
        for node in subexpressions(obligation.left, obligation.right)
        if isinstance(node, Op) and node.name == "select" and not isinstance(node.operands[0], Const)
    )
    if len(conditions) > _CONDITIONS:
        conditions = {}
    return all(
        any(
            _equal(*_decided(obligation, dict(zip(conditions, case, strict=True))), whole)
            for whole in (False, True)
        )
        for case in product((0, 1), repeat=len(conditions))
    )


def _by_magnitudes(obligation: Obligation) -> Obligation:
    """Signed division by a positive constant as that of the magnitude, with the sign of the operand."""
    made: dict[Expr, Expr] = {}
    for node in subexpressions(obligation.left, obligation.right):
        made[node] = node
        if not isinstance(node, Op):
            continue
        parts = tuple(made[operand] for operand in node.operands)
        made[node] = Op(node.name, node.bits, parts)
        divisor = parts[-1]
        positive = isinstance(divisor, Const) and 0 < divisor.value < 1 << (divisor.bits - 1)
        if node.name in ("sdiv", "srem") and positive:
            bits, kind, zero = node.bits, "u" + node.name[1:], Const(node.bits, 0)
            magnitude = Op(kind, bits, (Op("sub", bits, (zero, parts[0])), divisor))
            negative = Op("slt", 1, (parts[0], zero))
            other = Op(kind, bits, (parts[0], divisor))
            made[node] = Op("select", bits, (negative, Op("sub", bits, (zero, magnitude)), other))
    return Obligation(made[obligation.left], made[obligation.right], obligation.operands)


def _decided(obligation: Obligation, case: Mapping[Expr, int]) -> tuple[Expr, Expr, dict[Param, Interval]]:
    """Both sides where the conditions have the given values."""
    made: dict[Expr, Expr] = {}
    for node in subexpressions(obligation.left, obligation.right):
        match node:
            case Op(name, bits, operands):
                parts = tuple(made[operand] for operand in operands)
                chosen = parts[0].value if name == "select" and isinstance(parts[0], Const) else None
                made[node] = Op(name, bits, parts) if chosen is None else parts[2 - chosen]
            case _:
                made[node] = node
        if node in case:
            made[node] = Const(1, case[node])
    return made[obligation.left], made[obligation.right], dict(obligation.operands)


def _equal(left: Expr, right: Expr, bounds: dict[Param, Interval], whole: bool) -> bool:
    normal = _NormalForm(bounds, whole)
    try:
        return normal.modulo(left, left.width) == normal.modulo(right, right.width)
    except _TooLarge:
        return False


class _TooLarge(Exception):
    pass


@dataclass
class _NormalForm:
    """Normal forms of expressions, given bounds of the parameters.

    `whole` says what a remainder by a variable is: a number of its own where nothing below it wraps, or else
    what the quotient leaves.
    """

    bounds: dict[Param, Interval]
    whole: bool = False
    _modular: dict[tuple[Expr, int], Polynomial] = field(default_factory=dict)
    _exact: dict[tuple[Expr, bool], tuple[Polynomial, int, int] | None] = field(default_factory=dict)

    def modulo(self, e: Expr, bits: int) -> Polynomial:
        """The unsigned value of `e` modulo 2^bits, as a polynomial with coefficients in [0, 2^bits)."""
        key = (e, bits)
        if key not in self._modular:
            self._modular[key] = _reduced(self._one_reading(self._modulo(e, bits), bits), bits)
        return self._modular[key]

    def _one_reading(self, p: Polynomial, bits: int) -> Polynomial:
        """Both readings of a parameter are one number modulo a power that its width reaches."""
        wide = {param.name for param in self.bounds if param.bits >= bits}
        if not any(atom[0] == "signed" and atom[1] in wide for m in p for atom in m):
            return p
        total: Polynomial = {}
        for monomial, c in p.items():
            atoms = [("unsigned", a[1]) if a[0] == "signed" and a[1] in wide else a for a in monomial]
            key = tuple(sorted(atoms, key=repr))
            total[key] = total.get(key, 0) + c
        return total

    def _modulo(self, e: Expr, bits: int) -> Polynomial:
        if bits > e.width:
            exact = self.exact(e, signed=False)
            return exact[0] if exact is not None else self._atom(e, bits)
        match e:
            case Const(_, value):
                return {(): value}
            case Op("add", _, (a, b)):
                return _sum(self.modulo(a, bits), self.modulo(b, bits), 1)
            case Op("sub", _, (a, b)):
                return _sum(self.modulo(a, bits), self.modulo(b, bits), -1)
            case Op("mul", _, (a, b)):
                return _product(self.modulo(a, bits), self.modulo(b, bits))
            case Op("shl", width, (a, Const(_, amount))):
                return _scaled(self.modulo(a, bits), 1 << amount) if amount < width else {}
            case Op("udiv" | "urem" | "lshr", _, (_, Const())) if exact := self.exact(e, signed=False):
                return exact[0]
            case Op("shl", _, (a, b)):
                # 2^b is 0 modulo 2^width where b is the width or more.
                power: Atom = ("power", _frozen(self.modulo(b, b.width)))
                return _product(self.modulo(a, bits), {(power,): 1})
            case Op("udiv" | "urem", _, _) if self.whole and (exact := self.exact(e, signed=False)):
                return exact[0]
            case Op("urem" | "srem" as name, width, (a, b)):
                quotient = self._atom(Op(f"{name[0]}div", width, (a, b)), bits)
                return _sum(self.modulo(a, bits), _product(quotient, self.modulo(b, bits)), -1)
            case Op("trunc", _, (a,)):
                return self.modulo(a, bits)
            case Op("zext", _, (a,)):
                return self.modulo(a, bits)
            case Op("sext", _, (a,)):
                if bits <= a.width:
                    return self.modulo(a, bits)
                exact = self.exact(a, signed=True)
                return exact[0] if exact is not None else self._atom(e, bits)
            case _:
                return self._atom(e, bits)

    def exact(self, e: Expr, *, signed: bool) -> tuple[Polynomial, int, int] | None:
        """The value of `e` over the integers with its bounds, where nothing below wraps; else None."""
        key = (e, signed)
        if key not in self._exact:
            self._exact[key] = self._exactly(e, signed)
        return self._exact[key]

    def _exactly(self, e: Expr, signed: bool) -> tuple[Polynomial, int, int] | None:
        whole = Interval.full(e.width)
        least, most = (whole.slo, whole.shi) if signed else (whole.ulo, whole.uhi)
        match e:
            case Const(bits, value):
                number = value - (1 << bits) if signed and value >> (bits - 1) else value
                return {(): number}, number, number
            case Param():
                bounds = self.bounds[e]
                low, high = (bounds.slo, bounds.shi) if signed else (bounds.ulo, bounds.uhi)
                # Where the sign bit is clear both readings are one number.
                nonnegative = bounds.uhi <= whole.shi or bounds.slo >= 0
                if nonnegative:
                    low, high = max(bounds.ulo, bounds.slo, 0), min(bounds.uhi, bounds.shi)
                atom: Atom = ("signed" if signed and not nonnegative else "unsigned", e.name)
                return {(atom,): 1}, low, high
            case Op("add" | "sub" | "mul" as name, _, (a, b)):
                x, y = self.exact(a, signed=signed), self.exact(b, signed=signed)
                if x is None or y is None:
                    return None
                if name == "mul":
                    corners = [s * t for s in x[1:] for t in y[1:]]
                    result = _product(x[0], y[0])
                else:
                    sign = 1 if name == "add" else -1
                    corners = [s + sign * t for s in x[1:] for t in y[1:]]
                    result = _sum(x[0], y[0], sign)
                low, high = min(corners), max(corners)
                return (result, low, high) if least <= low and high <= most else None
            case Op("shl", width, (a, Const(_, amount))) if amount < width:
                x = self.exact(a, signed=signed)
                if x is None:
                    return None
                low, high = x[1] << amount, x[2] << amount
                return (_scaled(x[0], 1 << amount), low, high) if least <= low and high <= most else None
            case Op("udiv" | "urem" | "lshr" as name, width, (a, Const(_, by))):
                divisor = (1 << by if by < width else 0) if name == "lshr" else by
                x = self.exact(a, signed=False)
                if x is None or divisor == 0:
                    return None
                quotient, low, high = _quotient(x, divisor)
                if name == "urem":
                    quotient = _sum(x[0], _scaled(quotient, divisor), -1)
                    low, high = (x[1], x[2]) if high == 0 else (0, min(x[2], divisor - 1))
                return (quotient, low, high) if high <= most else None
            case Op("udiv" | "urem" as name, _, (a, b)):
                x, y = self.exact(a, signed=False), self.exact(b, signed=False)
                if x is None or y is None or (name == "udiv" and y[1] == 0):
                    return None
                atom = (name, "exact", _frozen(x[0]), _frozen(y[0]))
                high = x[2] // y[1] if name == "udiv" else x[2]
                return ({(atom,): 1}, 0, high) if high <= most else None
            case Op("zext", _, (a,)):
                return self.exact(a, signed=False)
            case Op("trunc", _, (a,)):
                x = self.exact(a, signed=signed)
                return x if x is not None and least <= x[1] and x[2] <= most else None
            case Op("sext", _, (a,)):
                x = self.exact(a, signed=True)
                return x if x is not None and (signed or x[1] >= 0) else None
            case _:
                return None

    def _atom(self, e: Expr, bits: int) -> Polynomial:
        """An opaque part: the same polynomial for parts that are equal, or have equal operands."""
        match e:
            case Param(_, name):
                return {(("unsigned", name),): 1}
            case Op(name, width, operands):
                parts = tuple(_frozen(self.modulo(o, o.width)) for o in operands)
                return {((name, width, operands[-1].width, parts),): 1}
            case _:
                return {(("term", repr(e)),): 1}


def _quotient(x: tuple[Polynomial, int, int], divisor: int) -> tuple[Polynomial, int, int]:
    """⌊P ÷ d⌋ for a polynomial P ≥ 0 over the integers, with its bounds.

    ⌊g·P ÷ g·d⌋ = ⌊P ÷ d⌋, ⌊⌊P ÷ c⌋ ÷ d⌋ = ⌊P ÷ c·d⌋, and ⌊m·P ÷ d⌋ = ⌊P ÷ c⌋ where 0 ≤ m·c − d and
    (m·c − d)·P < d: the fraction of P ÷ c is at most (c − 1) ÷ c, and m·P ÷ d exceeds P ÷ c by less
    than 1 ÷ c (Granlund and Montgomery 1994).
    """
    p, low, high = x
    if high < divisor:
        return {}, 0, 0
    factor = gcd(*p.values()) if p else 0
    common = gcd(factor, divisor)
    if common > 1:
        p = {m: c // common for m, c in p.items()}
        low, high, divisor, factor = low // common, high // common, divisor // common, factor // common
    if factor > 1:
        for by in (divisor // factor, divisor // factor + 1):
            excess = factor * by - divisor
            if by > 1 and excess >= 0 and excess * (high // factor) < divisor:
                p = {m: c // factor for m, c in p.items()}
                return _quotient((p, low // factor, high // factor), by)
    if divisor == 1:
        return p, low, high
    if len(p) == 1:
        ((monomial, coefficient),) = p.items()
        if coefficient == 1 and len(monomial) == 1 and monomial[0][0] == "quotient":
            _, inner, by = monomial[0]
            return {(("quotient", inner, by * divisor),): 1}, low // divisor, high // divisor  # type: ignore[operator]
    return {(("quotient", _frozen(p), divisor),): 1}, low // divisor, high // divisor


def _frozen(p: Polynomial) -> tuple[tuple[Monomial, int], ...]:
    return tuple(sorted(p.items(), key=repr))


def _reduced(p: Polynomial, bits: int) -> Polynomial:
    if len(p) > _MONOMIALS:
        raise _TooLarge
    reduced = {monomial: c % (1 << bits) for monomial, c in p.items()}
    return {monomial: c for monomial, c in reduced.items() if c}


def _sum(p: Polynomial, q: Polynomial, sign: int) -> Polynomial:
    total = dict(p)
    for monomial, c in q.items():
        total[monomial] = total.get(monomial, 0) + sign * c
    return {monomial: c for monomial, c in total.items() if c}


def _scaled(p: Polynomial, factor: int) -> Polynomial:
    return {monomial: c * factor for monomial, c in p.items()}


def _product(p: Polynomial, q: Polynomial) -> Polynomial:
    if len(p) * len(q) > _MONOMIALS:
        raise _TooLarge
    total: Polynomial = {}
    for m, c in p.items():
        for n, d in q.items():
            monomial = tuple(sorted((*m, *n), key=repr))
            total[monomial] = total.get(monomial, 0) + c * d
    return {monomial: c for monomial, c in total.items() if c}
