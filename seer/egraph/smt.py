"""Proof obligations by bit-vector SMT (bitwuzla)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import bitwuzla
from bitwuzla import Kind, Option, Result

from seer.egraph.obligations import Obligation, Refutation
from seer.lang.intervals import Interval
from seer.lang.operators import mask, to_unsigned
from seer.lang.terms import Const, Expr, Op, Param
from seer.lang.traverse import subexpressions

__all__ = ["SOLVER", "Translator", "prove"]

_KINDS = {
    "add": Kind.BV_ADD,
    "sub": Kind.BV_SUB,
    "mul": Kind.BV_MUL,
    "udiv": Kind.BV_UDIV,
    "urem": Kind.BV_UREM,
    "srem": Kind.BV_SREM,
    "and": Kind.BV_AND,
    "or": Kind.BV_OR,
    "xor": Kind.BV_XOR,
    "shl": Kind.BV_SHL,
    "lshr": Kind.BV_SHR,
    "ashr": Kind.BV_ASHR,
}
"""Operators that SMT-LIB defines as SeerLang does, also at zero and beyond the width."""

_COMPARISONS = {
    "eq": Kind.EQUAL,
    "ne": Kind.DISTINCT,
    "ult": Kind.BV_ULT,
    "ule": Kind.BV_ULE,
    "slt": Kind.BV_SLT,
    "sle": Kind.BV_SLE,
}


SOLVER = f"bitwuzla {version('bitwuzla')}"
"""Name and version; part of every cached proof's address."""


class Translator:
    """Expressions over parameters into terms of one solver."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self._terms: dict[Expr, Any] = {}

    def term(self, root: Expr) -> Any:
        for node in subexpressions(root):
            if node not in self._terms:
                self._terms[node] = self._node(node)
        return self._terms[root]

    def declare(self, param: Param, interval: Interval) -> Any:
        """A parameter; bits that its bounds keep at zero are zeros, so that the solver sees them as such."""
        highest = min(interval.uhi, interval.shi) if interval.slo >= 0 else interval.uhi
        bits = max(1, highest.bit_length())
        small = self._manager.mk_const(self._manager.mk_bv_sort(min(bits, param.bits)), param.name)
        if bits < param.bits:
            small = self._manager.mk_term(Kind.BV_ZERO_EXTEND, [small], [param.bits - bits])
        self._terms[param] = small
        return small

    def value(self, width: int, value: int) -> Any:
        return self._manager.mk_bv_value(self._manager.mk_bv_sort(width), value)

    def _node(self, node: Expr) -> Any:
        make = self._manager.mk_term
        match node:
            case Const(bits, value):
                return self.value(bits, value)
            case Param(bits, name):
                return self._manager.mk_const(self._manager.mk_bv_sort(bits), name)
            case Op(name, bits, operands):
                args = [self._terms[operand] for operand in operands]
                width = operands[-1].width
                if name in _KINDS:
                    return make(_KINDS[name], args)
                if name in _COMPARISONS:
                    return self._bit(make(_COMPARISONS[name], args))
                match name:
                    case "sdiv":
                        by_zero = make(Kind.EQUAL, [args[1], self.value(width, 0)])
                        return make(
                            Kind.ITE, [by_zero, self.value(width, mask(width)), make(Kind.BV_SDIV, args)]
                        )
                    case "select":
                        return make(Kind.ITE, [make(Kind.EQUAL, [args[0], self.value(1, 1)]), *args[1:]])
                    case "zext":
                        return make(Kind.BV_ZERO_EXTEND, args, [bits - width])
                    case "sext":
                        return make(Kind.BV_SIGN_EXTEND, args, [bits - width])
                    case "trunc":
                        return make(Kind.BV_EXTRACT, args, [bits - 1, 0])
        raise ValueError(f"{node!r} has no counterpart in SMT")

    def _bit(self, condition: Any) -> Any:
        return self._manager.mk_term(Kind.ITE, [condition, self.value(1, 1), self.value(1, 0)])


def prove(
    rule: str, at: tuple[tuple[str, int], ...], obligation: Obligation, seconds: float
) -> Refutation | bool:
    """True if proved, a counterexample if there is one, False if the solver gave up in time."""
    manager = bitwuzla.TermManager()
    options = bitwuzla.Options()
    options.set(Option.PRODUCE_MODELS, True)
    options.set(Option.TIME_LIMIT_PER, int(seconds * 1000))
    solver = bitwuzla.Bitwuzla(manager, options)
    translator = Translator(manager)
    for param, interval in obligation.operands:
        translator.declare(param, interval)
        for bound in _assumptions(manager, translator, param, interval):
            solver.assert_formula(bound)
    left, right = translator.term(obligation.left), translator.term(obligation.right)
    solver.assert_formula(manager.mk_term(Kind.DISTINCT, [left, right]))
    answer = solver.check_sat()
    if answer == Result.UNSAT:
        return True
    if answer != Result.SAT:
        return False

    def value(term: Any) -> int:
        return int(solver.get_value(term).value(10))

    operands = tuple((p.name, value(translator.term(p))) for p, _ in obligation.operands)
    return Refutation(rule, at, operands, value(left), value(right))


def _assumptions(manager: Any, translator: Translator, param: Param, interval: Interval) -> list[Any]:
    term, width = translator.term(param), param.bits
    whole = Interval.full(width)
    found: list[Any] = []

    def bound(kind: Kind, value: int) -> None:
        found.append(manager.mk_term(kind, [term, translator.value(width, to_unsigned(value, width))]))

    if interval.ulo > whole.ulo:
        bound(Kind.BV_UGE, interval.ulo)
    if interval.uhi < whole.uhi:
        bound(Kind.BV_ULE, interval.uhi)
    if interval.slo > whole.slo:
        bound(Kind.BV_SGE, interval.slo)
    if interval.shi < whole.shi:
        bound(Kind.BV_SLE, interval.shi)
    return found
