"""Affine forms of integer expressions, where intervals prove that nothing wraps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from seer.lang.intervals import Interval, Intervals
from seer.lang.operators import mask, to_signed
from seer.lang.terms import Const, Expr, Iv, Load, LocalArray, Op, Param
from seer.lang.traverse import unknown

__all__ = ["Affine", "AffineForms", "Held", "Symbol", "Unsigned", "symbol_order", "unsigned_reading"]


@dataclass(frozen=True)
class Unsigned:
    """The unsigned reading of a parameter of `bits` bits, as a symbol of affine forms."""

    name: str
    bits: int


@dataclass(frozen=True)
class Held:
    """What a register holds, read signed, where nothing writes it as long as a form is used."""

    array: LocalArray


Symbol = int | str | Unsigned | Held
"""The level of an induction variable, the name of a parameter for its signed reading, its unsigned reading,
or a register."""


def symbol_order(symbol: Symbol) -> tuple[int, int, str]:
    """A key to sort symbols by: induction variables from the outermost on, then parameters."""
    match symbol:
        case int():
            return 0, symbol, ""
        case str():
            return 1, 0, symbol
        case Unsigned(name, bits):
            return 2, bits, name
        case Held(array):
            return 3, array.level, ""


def unsigned_reading(node: Expr) -> Unsigned | None:
    """The symbol that an expression is, if it widens a parameter as an unsigned number."""
    match node:
        case Op("zext", _, (Param(bits, name),)):
            return Unsigned(name, bits)
        case _:
            return None


@dataclass(frozen=True)
class Affine:
    """constant + Σ coefficient · symbol, exact over the integers; no zero coefficients, sorted."""

    constant: int
    terms: tuple[tuple[Symbol, int], ...] = ()

    @staticmethod
    def build(constant: int, coefficients: dict[Symbol, int]) -> Affine:
        terms = [(symbol, c) for symbol, c in coefficients.items() if c]
        return Affine(constant, tuple(sorted(terms, key=lambda term: symbol_order(term[0]))))

    @property
    def coefficients(self) -> dict[Symbol, int]:
        return dict(self.terms)

    def __add__(self, other: Affine) -> Affine:
        total = self.coefficients
        for symbol, c in other.terms:
            total[symbol] = total.get(symbol, 0) + c
        return Affine.build(self.constant + other.constant, total)

    def scaled(self, factor: int) -> Affine:
        return Affine.build(self.constant * factor, {s: c * factor for s, c in self.terms})

    @property
    def mentions(self) -> tuple[int | str | Held, ...]:
        """The induction variables (levels), parameters (names) and registers that the form depends on."""
        return tuple(_named(symbol) for symbol, _ in self.terms)

    @property
    def registers(self) -> tuple[LocalArray, ...]:
        """The registers that the form reads."""
        return tuple(symbol.array for symbol, _ in self.terms if isinstance(symbol, Held))

    def evaluate(self, values: Mapping[Symbol, int]) -> int:
        """The value, given those of induction variables by level and of parameters, read signed, by name."""
        return self.constant + sum(c * _value(symbol, values) for symbol, c in self.terms)


def _named(symbol: Symbol) -> int | str | Held:
    return symbol.name if isinstance(symbol, Unsigned) else symbol


def _value(symbol: Symbol, values: Mapping[Symbol, int]) -> int:
    return values[symbol.name] & mask(symbol.bits) if isinstance(symbol, Unsigned) else values[symbol]


class AffineForms:
    """Memoised affine forms of expressions.

    `of(e)` is the form equal to the signed reading of e at all induction values in their hulls, or None.
    With `registers`, zero-dimensional Locals, all or these, are symbols: for bounds of loops, which are read
    once, and where nothing writes them.
    """

    def __init__(
        self, intervals: Intervals | None = None, registers: bool | Collection[LocalArray] = False
    ) -> None:
        self.intervals = intervals or Intervals()
        self._registers = registers
        self._memo: dict[Expr, Affine | None] = {}

    @property
    def registers(self) -> bool | tuple[LocalArray, ...]:
        """The zero-dimensional Locals that are symbols."""
        return self._registers if isinstance(self._registers, bool) else tuple(self._registers)

    def of(self, root: Expr) -> Affine | None:
        for node in unknown(root, self._memo):
            self._memo[node] = self._node(node)
        return self._memo[root]

    def _node(self, node: Expr) -> Affine | None:
        match node:
            case Const():
                return Affine(to_signed(node.value, node.bits))
            case Iv():
                fits = node.lower < node.upper and _signed_fits(node.lower, node.upper - 1, node.bits)
                return Affine.build(0, {node.level: 1}) if fits else None
            case Param():
                return Affine.build(0, {node.name: 1})
            case Load(LocalArray() as array, ()) if self._is_symbol(array):
                return Affine.build(0, {Held(array): 1})
            case Op():
                return self._operation(node)
            case _:
                return None

    def _is_symbol(self, array: LocalArray) -> bool:
        return self._registers if isinstance(self._registers, bool) else array in self._registers

    def _operation(self, node: Op) -> Affine | None:
        args: list[Affine] = []
        for operand in node.operands:
            form = self._memo[operand]
            if form is None:
                return None
            args.append(form)
        ranges = [self.intervals.of(operand) for operand in node.operands]
        match node.name:
            case "add" | "sub":
                sign = 1 if node.name == "add" else -1
                corners = [r + sign * s for r in ranges[0].signed_bounds for s in ranges[1].signed_bounds]
                if _signed_fits(min(corners), max(corners), node.bits):
                    return args[0] + args[1].scaled(sign)
            case "mul" | "shl":
                if args[1].terms and node.name == "mul":
                    args.reverse()
                    ranges.reverse()
                if args[1].terms or (node.name == "shl" and not 0 <= args[1].constant < node.bits):
                    return None
                factor = args[1].constant if node.name == "mul" else 1 << args[1].constant
                corners = [bound * factor for bound in ranges[0].signed_bounds]
                if _signed_fits(min(corners), max(corners), node.bits):
                    return args[0].scaled(factor)
            case "sext":
                return args[0]
            case "zext" if ranges[0].slo >= 0:
                return args[0]
            case "zext" if (symbol := unsigned_reading(node)) is not None:
                return Affine.build(0, {symbol: 1})
            case "trunc" if _signed_fits(*ranges[0].signed_bounds, node.bits):
                return args[0]
        return None


def _signed_fits(lo: int, hi: int, width: int) -> bool:
    whole = Interval.full(width)
    return whole.slo <= lo and hi <= whole.shi
