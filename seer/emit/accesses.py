"""Elements of arrays: their subscripts, and the checks that some loads need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seer.emit.values import RELATIONAL, Value, arithmetic, infix, literal
from seer.lang.interpreter import out_of_bounds_value
from seer.lang.operators import mask, to_signed
from seer.lang.terms import Array, Const, Expr, Load, Op

if TYPE_CHECKING:
    from seer.emit.expressions import Expressions

__all__ = ["Accesses"]


class Accesses:
    """Emits elements and subscripts for `Expressions`."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def element(self, node: Load) -> str:
        """The text that reads a memory, with a check of the subscripts where one is needed."""
        if not self._expressions.is_checked(node):
            return self.place(node.array, node.indices)
        tests = []
        for index, extent in zip(node.indices, node.array.type.shape, strict=True):
            if self._expressions.intervals.of(index).uhi >= extent:
                tests.append(self.below(index, extent))
        outside = out_of_bounds_value(node.array.type)
        type = self._expressions.variables.type_of(node.array)
        if type.floating:
            other = self._expressions.floating(Const(node.width, outside)).text
        elif node.width > 64:
            other = self._expressions.wide_constant(outside, node.width).text
        else:
            other = literal(to_signed(outside, node.width) if type.signed else outside).text
        if type.arbitrary:
            # Both arms of ?: must have one type.
            other = f"{type.spelling}({other})"
        return f"({' && '.join(tests)} ? {self.place(node.array, node.indices)} : {other})"

    def below(self, index: Expr, extent: int) -> str:
        """The test that a subscript is less than an extent."""
        if index.width > 64:
            limit = self._expressions.wide_constant(extent, index.width)
            return f"{self._expressions.wide(index).text} < {limit.text}"
        value = self._expressions.unsigned(index)
        return infix("<", value, literal(extent, value.signed), RELATIONAL)

    def place(self, array: Array, indices: tuple[Expr, ...]) -> str:
        """The lvalue of an element."""
        extents = array.type.shape
        texts = [self.subscript(index, extent).text for index, extent in zip(indices, extents, strict=True)]
        return self._expressions.variables.element(array, texts)

    def subscript(self, node: Expr, extent: int) -> Value:
        """`node` where it is known to be less than `extent`: the shorter of the readings that agree."""
        readings = self._expressions
        if extent > 1 << (node.width - 1):
            return readings.modular(node, 64) if node.width > 64 else readings.unsigned(node)
        if node.width > 64:
            return self._expressions.modular(node, 64)
        plain = self._plain_sum(node, extent)
        if plain is not None:
            return plain
        a, b = self._expressions.signed(node), self._expressions.unsigned(node)
        return a if len(a.text) <= len(b.text) else b

    def _plain_sum(self, node: Expr, extent: int) -> Value | None:
        """A 32-bit sum or difference in plain int, if its overflow would leave the array in any case."""
        if not isinstance(node, Op) or node.name not in ("add", "sub") or node.bits != 32:
            return None
        if node in self._expressions.named:
            return None
        a, b = (self._expressions.signed(operand) for operand in node.operands)
        exact = arithmetic("+" if node.name == "add" else "-", replace(a, bits=64), replace(b, bits=64), 64)
        wraps_inside = exact.lo < extent - (1 << 32) or exact.hi > mask(32) or extent > mask(31)
        if wraps_inside or not (a.signed and b.signed and a.bits == b.bits == 32):
            return None
        return Value(exact.text, exact.level, 32, True, exact.lo, exact.hi)
