"""Loop bounds as affine forms of constants, parameters and enclosing induction variables.

A bound is taken as a number, not modulo 2^width: where C's arithmetic is unsigned, or a conversion
could change the number, intervals must prove that it does not; where it is signed, an overflow would
be undefined behaviour and is taken not to happen.
"""

from __future__ import annotations

from clang.cindex import Cursor

from seer.frontend._libclang import (
    CursorKind,
    binary_operator,
    expression_children,
    fold,
    refuse,
    unary_operator,
)
from seer.frontend.ap_calls import CONVERSION, ap_call, is_ap_call
from seer.frontend.constants import integer_value
from seer.frontend.scope import Scalar, Scope, Span
from seer.frontend.types import CType, is_ap, scalar_type
from seer.frontend.values import constant
from seer.lang.affine import Affine
from seer.lang.operators import OPERATORS, to_unsigned

__all__ = ["Bounds"]

_HINT = "bounds may use constants, integer arguments, enclosing loop counters, and +, - and * by constants"
_CONVERSIONS = {
    CursorKind.PAREN_EXPR,
    CursorKind.UNEXPOSED_EXPR,
    CursorKind.CSTYLE_CAST_EXPR,
    CursorKind.CXX_STATIC_CAST_EXPR,
    CursorKind.CXX_FUNCTIONAL_CAST_EXPR,
    CursorKind.INIT_LIST_EXPR,
}
_LEAVES = {
    CursorKind.INTEGER_LITERAL,
    CursorKind.CHARACTER_LITERAL,
    CursorKind.CXX_UNARY_EXPR,
    CursorKind.DECL_REF_EXPR,
}
_DIVISIONS = {"/": ("sdiv", "udiv"), "%": ("srem", "urem"), ">>": ("ashr", "lshr")}
_AP_OPERATORS = (CONVERSION, "operator+", "operator-", "operator*")
_BITWISE = {"&": "and", "|": "or", "^": "xor"}


class Bounds:
    """Reads bound expressions in a scope; raises InputError at whatever no bound may hold."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def form(self, root: Cursor) -> Affine:
        """The affine form of a bound expression, a number of the expression's C type."""
        return fold(root, self._operands, self._combine)

    def converted(self, form: Affine, type: CType, place: Cursor) -> Affine:
        """The form of the expression `place` after C's conversion to `type`, which must not change it."""
        return self._exact(form, type, self._operand_span(form, place), place)

    def span(self, form: Affine, type: CType) -> Span:
        """Bounds of an expression of C type `type`: where its form leaves the type, C is undefined."""
        span = self._scope.span(form)
        low, high = max(span.low, type.lowest), min(span.high, type.highest)
        return Span(low, high) if low <= high else span

    def _exact(self, form: Affine, type: CType, span: Span, place: Cursor) -> Affine:
        if not form.terms:
            number = constant(form.constant, type).number
            return Affine(form.constant if number is None else number)
        if not type.holds(span.low, span.high):
            found = f"the conversion of a loop bound in {_range(span)} to `{type.name}` may change it"
            refuse(place, found, "give counter and bound one signed type")
        return form

    def _operands(self, cursor: Cursor) -> list[Cursor]:
        if is_ap_call(cursor):
            return self._ap_operands(cursor)
        if cursor.kind in _CONVERSIONS:
            children = _converted(cursor)
            if len(children) != 1:
                refuse(cursor, "this expression is not supported in a loop bound", _HINT)
            return children
        if cursor.kind in _LEAVES:
            return []
        if cursor.kind is CursorKind.BINARY_OPERATOR and binary_operator(cursor) in (
            "+", "-", "*", "<<", *_DIVISIONS, *_BITWISE,
        ):  # fmt: skip
            return list(cursor.get_children())
        if cursor.kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) in ("+", "-", "~"):
            return list(cursor.get_children())
        if cursor.kind is CursorKind.ARRAY_SUBSCRIPT_EXPR:
            refuse(cursor, "a loop bound that reads an array is not supported", _HINT)
        if cursor.kind is CursorKind.CALL_EXPR:
            refuse(cursor, f"a call of `{cursor.spelling}` in a loop bound is not supported", _HINT)
        refuse(cursor, "this operation is not supported in a loop bound", _HINT)

    def _ap_operands(self, cursor: Cursor) -> list[Cursor]:
        call = ap_call(cursor)
        if call.name not in _AP_OPERATORS or len(call.operands) not in (1, 2):
            refuse(cursor, "this operation on ap_int is not supported in a loop bound", _HINT)
        return list(call.operands)

    def _ap(self, cursor: Cursor, operands: list[Affine]) -> Affine:
        """Results of operators on ap_int are wide enough for all numbers; conversions may not be."""
        call, type = ap_call(cursor), scalar_type(cursor.type, cursor)
        left = operands[0]
        if call.name is CONVERSION:
            return self._exact(left, type, self._operand_span(left, call.operands[0]), cursor)
        if len(operands) == 1:
            return left.scaled(1 if call.name == "operator+" else -1)
        right = operands[1]
        if call.name != "operator*":
            return left + right.scaled(1 if call.name == "operator+" else -1)
        if left.terms and right.terms:
            refuse(cursor, "`*` of operands that vary is not supported in a loop bound", _HINT)
        return left.scaled(right.constant) if left.terms else right.scaled(left.constant)

    def _combine(self, cursor: Cursor, operands: list[Affine]) -> Affine:
        if is_ap_call(cursor):
            return self._ap(cursor, operands)
        if cursor.kind is CursorKind.DECL_REF_EXPR:
            return self._reference(cursor)
        type = scalar_type(cursor.type, cursor)
        if cursor.kind in _LEAVES:
            number = integer_value(cursor)
            if number is None:
                refuse(cursor, "this expression is not supported in a loop bound", _HINT)
            return Affine(number)
        if cursor.kind in _CONVERSIONS:
            operand = _converted(cursor)[0]
            return self._exact(operands[0], type, self._operand_span(operands[0], operand), cursor)
        if cursor.kind is CursorKind.UNARY_OPERATOR:
            match unary_operator(cursor):
                case "-":
                    return self._checked(operands[0].scaled(-1), type, cursor)
                case "~":
                    return self._checked(operands[0].scaled(-1) + Affine(-1), type, cursor)
                case _:
                    return operands[0]
        return self._binary(cursor, type, *operands)

    def _binary(self, cursor: Cursor, type: CType, left: Affine, right: Affine) -> Affine:
        operator = binary_operator(cursor)
        if operator in ("+", "-"):
            return self._checked(left + right.scaled(1 if operator == "+" else -1), type, cursor)
        if operator == "*" and left.terms and not right.terms:
            left, right = right, left
        if operator == "*" and not left.terms:
            return self._checked(right.scaled(left.constant), type, cursor)
        if operator == "<<" and not right.terms and 0 <= right.constant < type.width:
            return self._checked(left.scaled(1 << right.constant), type, cursor)
        if left.terms or right.terms or operator == "*" or operator == "<<":
            refuse(cursor, f"`{operator}` of operands that vary is not supported in a loop bound", _HINT)
        name = _BITWISE.get(operator) or _DIVISIONS[operator][0 if type.signed else 1]
        width = type.width
        bits = [to_unsigned(side.constant, width) for side in (left, right)]
        return Affine(type.number(OPERATORS[name].evaluate(width, width, *bits)))

    def _checked(self, form: Affine, type: CType, cursor: Cursor) -> Affine:
        if type.signed and form.terms:
            return form
        return self._exact(form, type, self._scope.span(form), cursor)

    def _operand_span(self, form: Affine, operand: Cursor) -> Span:
        return self.span(form, scalar_type(operand.type, operand))

    def _reference(self, cursor: Cursor) -> Affine:
        declaration = cursor.referenced
        if declaration is None:  # the value of a template's parameter
            number = integer_value(cursor)
            if number is None:
                refuse(cursor, f"the loop bound reads `{cursor.spelling}`, which is no constant", _HINT)
            return Affine(number)
        if declaration.kind is CursorKind.ENUM_CONSTANT_DECL:
            return Affine(declaration.enum_value)
        binding = self._scope.bindings.get(declaration)
        if binding is not None and not isinstance(binding, Scalar):
            refuse(cursor, f"the loop bound reads `{cursor.spelling}`, which may change", _HINT)
        if binding is None:
            number = integer_value(cursor)
            if number is None or not cursor.type.is_const_qualified():
                refuse(cursor, f"the loop bound reads `{cursor.spelling}`, which is no constant", _HINT)
            return Affine(number)
        if binding.form is None:
            if binding.memref is None:
                refuse(cursor, f"the loop bound reads `{cursor.spelling}`, which is no affine form", _HINT)
            hint = f"use a variable that is set once, from an affine expression, instead ({_HINT})"
            refuse(cursor, f"the loop bound reads `{cursor.spelling}`, which may change", hint)
        return binding.form


def _converted(cursor: Cursor) -> list[Cursor]:
    """The operand of a conversion; the arguments of a template that its type names are children, too."""
    children = expression_children(cursor)
    return children[-1:] if is_ap(cursor.type) else children


def _range(span: Span) -> str:
    return f"{span.low}..{span.high}"
