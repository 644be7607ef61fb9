"""Proof obligations about floats in SMT's theory of floating-point numbers (bitwuzla).

A float is a bit pattern in SeerLang and a number in SMT, where there is one NaN. Operations return the
canonical NaN, so that equal numbers are equal patterns where both sides are results of operations; where a
side may pass on an operand's NaN as it is, nothing is proved here.
"""

from __future__ import annotations

from typing import Any

import bitwuzla
from bitwuzla import Kind, Option, Result, RoundingMode

from seer.egraph.obligations import Obligation
from seer.egraph.smt import Translator
from seer.lang.floats import canonical_nan
from seer.lang.operators import OPERATORS, mask
from seer.lang.terms import Const, Expr, Op
from seer.lang.traverse import subexpressions

__all__ = ["is_within_reach", "prove"]

_FORMATS = {32: (8, 24), 64: (11, 53)}
_ROUNDED = {
    "fadd": Kind.FP_ADD,
    "fsub": Kind.FP_SUB,
    "fmul": Kind.FP_MUL,
    "fdiv": Kind.FP_DIV,
    "fsqrt": Kind.FP_SQRT,
}
_EXACT = {"fneg": Kind.FP_NEG, "fabs": Kind.FP_ABS}
_COMPARED = {"feq": Kind.FP_EQUAL, "flt": Kind.FP_LT, "fle": Kind.FP_LEQ}
_FROM_INTEGERS = ("sitofp", "uitofp")
_HARD = {"fptrunc": tuple(_ROUNDED)} | dict.fromkeys(_ROUNDED, _FROM_INTEGERS)
"""Operators with operands that the solver does not get far with: what is rounded twice, and sums and products
that need no rounding."""
_INTEGRAL = {
    "ffloor": RoundingMode.RTN,
    "fceil": RoundingMode.RTP,
    "ftrunc": RoundingMode.RTZ,
    "froundeven": RoundingMode.RNE,
}


def is_within_reach(obligation: Obligation) -> bool:
    """Whether the solver is asked at all, by form, so that the answer is the same on every machine: sides of
    one type with a known NaN, and nothing that the solver does not get far with."""
    left, right = obligation.left, obligation.right
    if _gives_float(left) and not (_is_canonical(left) and _is_canonical(right)):
        return False
    nodes = [node for node in subexpressions(left, right) if isinstance(node, Op)]
    if any(node.name == "fsqrt" for node in nodes):
        return False
    if any(node.name == "fdiv" and isinstance(node.operands[1], Const) for node in nodes):
        return False
    return not any(
        isinstance(o, Op) and o.name in _HARD.get(node.name, ()) for node in nodes for o in node.operands
    )


def _gives_float(node: Expr) -> bool:
    """Whether a side is a float by its own operator; a selection is what its arms are."""
    if isinstance(node, Op) and node.name == "select":
        return any(_gives_float(operand) for operand in node.operands[1:])
    return isinstance(node, Op) and OPERATORS[node.name].float_result


def _is_canonical(node: Expr) -> bool:
    match node:
        case Const(bits, value):
            infinity = canonical_nan(bits) & ~(1 << (bits - (10 if bits == 32 else 13)))
            return value & mask(bits - 1) <= infinity or value == canonical_nan(bits)
        case Op("select", _, (_, a, b)):
            return _is_canonical(a) and _is_canonical(b)
        case Op(name):
            return OPERATORS[name].float_result
        case _:
            return False


def prove(obligation: Obligation, seconds: float) -> bool | None:
    """True if proved, False if there is a counterexample, None if the solver gave up."""
    manager = bitwuzla.TermManager()
    options = bitwuzla.Options()
    options.set(Option.TIME_LIMIT_PER, int(seconds * 1000))
    solver = bitwuzla.Bitwuzla(manager, options)
    translator = _Floats(manager)
    for param, interval in obligation.operands:
        translator.declare(param, interval)
    as_number = _gives_float(obligation.left)
    sides = [
        translator.number(side) if as_number else translator.term(side)
        for side in (obligation.left, obligation.right)
    ]
    solver.assert_formula(manager.mk_term(Kind.DISTINCT, sides))
    answer = solver.check_sat()
    return None if answer == Result.UNKNOWN else answer == Result.UNSAT


class _Floats(Translator):
    """Integers and truth values as bit vectors, floats as numbers."""

    def __init__(self, manager: Any) -> None:
        super().__init__(manager)
        self._numbers: dict[Expr, Any] = {}

    def term(self, root: Expr) -> Any:
        """The bits of an integer. No side of a rule is deep."""
        if root not in self._terms:
            if isinstance(root, Op):
                for operand in () if OPERATORS[root.name].float_operands else root.operands:
                    self.term(operand)
            self._terms[root] = self._bits(root)
        return self._terms[root]

    def number(self, root: Expr) -> Any:
        """The number that a float is."""
        if root not in self._numbers:
            self._numbers[root] = self._number(root)
        return self._numbers[root]

    def _make(self, kind: Kind, args: list[Any], indices: list[int] | None = None) -> Any:
        return self._manager.mk_term(kind, args, indices or [])

    def _rounding(self, mode: RoundingMode = RoundingMode.RNE) -> Any:
        return self._manager.mk_rm_value(mode)

    def _bits(self, node: Expr) -> Any:
        if not (isinstance(node, Op) and OPERATORS[node.name].float_operands):
            if isinstance(node, Op) and OPERATORS[node.name].float_result:
                raise ValueError("the bits of a float have no counterpart in SMT")
            return self._node(node)
        numbers = [self.number(operand) for operand in node.operands]
        match node.name:
            case "fne":
                return self._bit(self._make(Kind.NOT, [self._make(Kind.FP_EQUAL, numbers)]))
            case "fptosi" | "fptoui":
                return self._integer(node.name == "fptosi", node.bits, node.operands[0].width, numbers[0])
            case name if name in _COMPARED:
                return self._bit(self._make(_COMPARED[name], numbers))
            case _:
                raise ValueError("the bits of a float have no counterpart in SMT")

    def _integer(self, signed: bool, bits: int, width: int, number: Any) -> Any:
        """Truncated, and 1 followed by zeros where that does not fit."""
        sort = self._manager.mk_fp_sort(*_FORMATS[width])
        whole = self._make(Kind.FP_RTI, [self._rounding(RoundingMode.RTZ), number])

        def bound(power: int, sign: int) -> Any:
            value = self._manager.mk_bv_value(self._manager.mk_bv_sort(bits + 2), sign * (1 << power))
            to_number = [self._rounding(), value]
            return self._make(Kind.FP_TO_FP_FROM_SBV, to_number, list(_FORMATS[width]))

        least = bound(bits - 1, -1) if signed else self._manager.mk_fp_pos_zero(sort)
        fits = self._make(
            Kind.AND,
            [
                self._make(Kind.FP_GEQ, [whole, least]),
                self._make(Kind.FP_LT, [whole, bound(bits - 1 if signed else bits, 1)]),
            ],
        )
        kind = Kind.FP_TO_SBV if signed else Kind.FP_TO_UBV
        converted = self._make(kind, [self._rounding(RoundingMode.RTZ), number], [bits])
        return self._make(Kind.ITE, [fits, converted, self.value(bits, 1 << (bits - 1))])

    def _number(self, node: Expr) -> Any:
        match node:
            case Op("select", _, (condition, a, b)):
                chosen = self._make(Kind.EQUAL, [self.term(condition), self.value(1, 1)])
                return self._make(Kind.ITE, [chosen, self.number(a), self.number(b)])
            case Op(name, bits, operands) if name in _FROM_INTEGERS:
                kind = Kind.FP_TO_FP_FROM_SBV if name == "sitofp" else Kind.FP_TO_FP_FROM_UBV
                return self._make(kind, [self._rounding(), self.term(operands[0])], list(_FORMATS[bits]))
            case Op(name, bits, operands) if OPERATORS[name].float_operands:
                numbers = [self.number(operand) for operand in operands]
                if name in _EXACT:
                    return self._make(_EXACT[name], numbers)
                if name in _ROUNDED:
                    return self._make(_ROUNDED[name], [self._rounding(), *numbers])
                if name in _INTEGRAL:
                    return self._make(Kind.FP_RTI, [self._rounding(_INTEGRAL[name]), *numbers])
                if name in ("fpext", "fptrunc"):
                    return self._make(
                        Kind.FP_TO_FP_FROM_FP, [self._rounding(), *numbers], list(_FORMATS[bits])
                    )
                raise ValueError(f"{name} has no counterpart in SMT")
            case _:
                return self._make(Kind.FP_TO_FP_FROM_BV, [self.term(node)], list(_FORMATS[node.width]))
