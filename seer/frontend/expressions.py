"""C expressions without side effects, with C's promotions and conversions made explicit.

Operands that C would skip (`&&`, `||`, `?:`) are evaluated too and then selected: every operation of
SeerLang is total, so that is exact. Implicit conversions are nodes of libclang's tree whose type
differs from their operand's; types, never tokens, decide.
"""

from __future__ import annotations

from typing import NoReturn

from clang.cindex import Cursor

from seer.frontend._libclang import (
    STEPS,
    CursorKind,
    binary_operator,
    expression_children,
    float_value,
    fold,
    integer_value,
    refuse,
    strip,
    unary_operator,
)
from seer.frontend.floating import FLOAT_ARITHMETIC, FLOAT_COMPARISONS
from seer.frontend.scope import ArrayBinding, Scalar, Scope
from seer.frontend.types import CType, common_type, promoted, scalar_type
from seer.frontend.values import Emitter, Value, constant
from seer.lang.mlir_bindings import arith, ir, memref

__all__ = ["Expressions"]

_LITERALS = {
    CursorKind.INTEGER_LITERAL,
    CursorKind.CHARACTER_LITERAL,
    CursorKind.CXX_BOOL_LITERAL_EXPR,
    CursorKind.CXX_UNARY_EXPR,  # sizeof and alignof
}
_CASTS = {
    CursorKind.CSTYLE_CAST_EXPR,
    CursorKind.CXX_STATIC_CAST_EXPR,
    CursorKind.CXX_FUNCTIONAL_CAST_EXPR,
    CursorKind.INIT_LIST_EXPR,  # `int x = {n};`
}
_TRANSPARENT = {CursorKind.PAREN_EXPR, CursorKind.UNEXPOSED_EXPR}
_SIGNLESS = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor", "<<": "shl"}
_BY_SIGN = {"/": ("sdiv", "udiv"), "%": ("srem", "urem"), ">>": ("ashr", "lshr")}
_EQUALITIES = {"==": "eq", "!=": "ne"}
_ORDERS = {"<": ("lt", False), ">": ("lt", True), "<=": ("le", False), ">=": ("le", True)}
_LOGICAL = {"&&": "and", "||": "or"}


class Expressions:
    """Lowers expressions in a scope, at the emitter's insertion point."""

    def __init__(self, scope: Scope, emitter: Emitter) -> None:
        self._scope = scope
        self._emitter = emitter

    def value(self, root: Cursor) -> Value:
        """The value of an expression, of its C type (a loop counter may come in a wider one)."""
        return fold(root, self._operands, self._combine)

    def converted(self, root: Cursor, type: CType) -> Value:
        return self._emitter.convert(self.value(root), type)

    def element(self, cursor: Cursor) -> tuple[ArrayBinding, list[ir.Value]]:
        """The array and the index values of a subscript expression."""
        array, subscripts = self._subscripts(cursor)
        return array, [self._index(self.value(subscript)) for subscript in subscripts]

    def arithmetic(self, operator: str, type: CType, left: Value, right: Value) -> Value:
        """An arithmetic, bitwise or shift operator of C on operands converted to `type`."""
        if type.floating:
            return self._emitter.apply(FLOAT_ARITHMETIC[operator], type, left, right)
        name = _SIGNLESS.get(operator) or _BY_SIGN[operator][0 if type.signed else 1]
        return self._emitter.operate(name, type, left, right)

    def compound(self, operator: str, left: Value, left_type: CType, right: Value) -> Value:
        """`left operator right` as a compound assignment computes it; `right` has its promoted type."""
        shift = operator in ("<<", ">>")
        type = promoted(left_type) if shift else common_type(left_type, right.type)
        convert = self._emitter.convert
        return self.arithmetic(operator, type, convert(left, type), convert(right, type))

    def _operands(self, cursor: Cursor) -> list[Cursor]:
        kind = cursor.kind
        if kind in _LITERALS or kind in (CursorKind.DECL_REF_EXPR, CursorKind.FLOATING_LITERAL):
            return []
        if kind in _TRANSPARENT or kind in _CASTS:
            children = expression_children(cursor)
            if len(children) != 1:
                refuse(cursor, "this kind of expression is not supported", "write it with plain operators")
            if kind not in _CASTS and strip(cursor).kind is CursorKind.CALL_EXPR:
                self._refuse_call(strip(cursor))
            return children
        if kind is CursorKind.ARRAY_SUBSCRIPT_EXPR:
            return self._subscripts(cursor)[1]
        if kind is CursorKind.CONDITIONAL_OPERATOR:
            return list(cursor.get_children())
        if kind is CursorKind.UNARY_OPERATOR:
            self._check_unary(cursor)
            return list(cursor.get_children())
        if kind is CursorKind.BINARY_OPERATOR:
            operator = binary_operator(cursor)
            if operator == "=":
                self._refuse_effect(cursor, "an assignment")
            if operator == ",":
                refuse(cursor, "the comma operator is not supported", "write separate statements")
            return list(cursor.get_children())
        if kind is CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            self._refuse_effect(cursor, "an assignment")
        if kind is CursorKind.CALL_EXPR:
            self._refuse_call(cursor)
        self._refuse_kind(cursor)

    def _combine(self, cursor: Cursor, operands: list[Value]) -> Value:
        kind = cursor.kind
        if kind is CursorKind.DECL_REF_EXPR:
            return self._reference(cursor)
        type = scalar_type(cursor.type, cursor)
        if kind is CursorKind.FLOATING_LITERAL:
            literal = float_value(cursor)
            if literal is None:
                refuse(cursor, "this constant cannot be evaluated", "write it as a decimal number")
            return constant(literal, type)
        if kind in _LITERALS:
            number = integer_value(cursor)
            if number is None:
                refuse(cursor, "this constant cannot be evaluated", "write it as an integer literal")
            return constant(number, type)
        if kind in _TRANSPARENT or kind in _CASTS:
            (operand,) = expression_children(cursor)
            if kind in _TRANSPARENT and scalar_type(operand.type, operand) == type:
                return operands[0]  # a loop counter keeps the wider type that it may be held in
            return self._emitter.convert(operands[0], type)
        if kind is CursorKind.ARRAY_SUBSCRIPT_EXPR:
            array, _ = self._subscripts(cursor)
            indices = [self._index(operand) for operand in operands]
            return Value(array.element, ssa=memref.LoadOp(array.memref, indices).result)
        if kind is CursorKind.UNARY_OPERATOR:
            return self._unary(unary_operator(cursor), type, operands[0])
        if kind is CursorKind.CONDITIONAL_OPERATOR:
            condition, left, right = operands
            convert = self._emitter.convert
            return self._emitter.select(condition, convert(left, type), convert(right, type))
        children = list(cursor.get_children())
        types = [scalar_type(child.type, child) for child in children]
        left, right = (self._emitter.convert(v, t) for v, t in zip(operands, types, strict=True))
        return self._binary(cursor, type, left, right)

    def _binary(self, cursor: Cursor, type: CType, left: Value, right: Value) -> Value:
        operator = binary_operator(cursor)
        if operator in _LOGICAL:
            return self._emitter.logical(_LOGICAL[operator], type, left, right)
        if operator in _EQUALITIES:
            name = _EQUALITIES[operator]
            name = FLOAT_COMPARISONS[name] if left.type.floating else name
            return self._emitter.operate(name, type, left, right)
        if operator in _ORDERS:
            order, swapped = _ORDERS[operator]
            if swapped:
                left, right = right, left
            if left.type.floating:
                return self._emitter.operate(FLOAT_COMPARISONS[order], type, left, right)
            sign = "s" if left.type.signed else "u"
            return self._emitter.operate(sign + order, type, left, right)
        if operator in _SIGNLESS or operator in _BY_SIGN:
            convert = self._emitter.convert
            return self.arithmetic(operator, type, convert(left, type), convert(right, type))
        refuse(cursor, f"operator `{operator}` is not supported")

    def _unary(self, operator: str, type: CType, operand: Value) -> Value:
        if operator == "!":
            return self._emitter.negation(operand, type)
        operand = self._emitter.convert(operand, type)
        if operator == "-" and type.floating:
            return self._emitter.apply("fneg", type, operand)
        if operator == "-":
            return self._emitter.operate("sub", type, constant(0, type), operand)
        if operator == "~":
            return self._emitter.operate("xor", type, operand, constant(-1, type))
        return operand

    def _reference(self, cursor: Cursor) -> Value:
        declaration = cursor.referenced
        if declaration.kind is CursorKind.ENUM_CONSTANT_DECL:
            return constant(declaration.enum_value, scalar_type(cursor.type, cursor))
        match self._scope.bindings.get(declaration):
            case Scalar(value=Value() as value):
                return value
            case Scalar(type=type, memref=register):
                return Value(type, ssa=memref.LoadOp(register, []).result)
            case ArrayBinding():
                refuse(cursor, f"array `{cursor.spelling}` used as a pointer", "give every subscript")
        type = scalar_type(cursor.type, cursor)
        number = integer_value(cursor)
        if number is None or not cursor.type.is_const_qualified():
            hint = "pass it as an argument, or make it a `const` integer with a constant value"
            refuse(cursor, f"global variable `{cursor.spelling}` is not supported", hint)
        return constant(number, type)

    def _subscripts(self, cursor: Cursor) -> tuple[ArrayBinding, list[Cursor]]:
        subscripts: list[Cursor] = []
        base = cursor
        while base.kind is CursorKind.ARRAY_SUBSCRIPT_EXPR:
            inner, subscript = base.get_children()
            subscripts.insert(0, subscript)
            base = strip(inner)
        if base.kind is not CursorKind.DECL_REF_EXPR:
            refuse(cursor, "only arrays named directly may be subscripted", "write `array[index]`")
        binding = self._scope.bindings.get(base.referenced)
        if not isinstance(binding, ArrayBinding):
            found = f"`{base.spelling}` is no array argument"
            refuse(cursor, f"{found}: global arrays and pointers are not supported", "pass it as an argument")
        if len(subscripts) != len(binding.shape):
            found = f"`{base.spelling}` has {len(binding.shape)} dimensions and {len(subscripts)} subscripts"
            refuse(cursor, found, "give every subscript")
        return binding, subscripts

    def _index(self, value: Value) -> ir.Value:
        return arith.IndexCastUIOp(ir.IndexType.get(), self._emitter.ssa(value)).result

    def _check_unary(self, cursor: Cursor) -> None:
        operator = unary_operator(cursor)
        if operator in STEPS:
            self._refuse_effect(cursor, "an increment or decrement")
        if operator == "&":
            refuse(cursor, "taking an address is not supported", "use array arguments and subscripts")
        if operator == "*":
            refuse(cursor, "dereferencing a pointer is not supported", "use array arguments and subscripts")
        if operator not in ("+", "-", "~", "!", "__extension__"):
            refuse(cursor, f"operator `{operator}` is not supported")

    def _refuse_effect(self, cursor: Cursor, what: str) -> NoReturn:
        refuse(cursor, f"{what} inside an expression is not supported", "make it a statement of its own")

    def _refuse_call(self, cursor: Cursor) -> NoReturn:
        if cursor.spelling == "__seer_assert":
            refuse(cursor, "`assert` is not supported yet", "remove it, or compile with -D NDEBUG")
        name = f" of `{cursor.spelling}`" if cursor.spelling else ""
        refuse(cursor, f"a function call{name} is not supported", "write its body in place of the call")

    def _refuse_kind(self, cursor: Cursor) -> NoReturn:
        if cursor.kind is CursorKind.STRING_LITERAL:
            refuse(cursor, "a string is not supported", "use integer arrays")
        if cursor.kind in (CursorKind.MEMBER_REF_EXPR, CursorKind.COMPOUND_LITERAL_EXPR):
            refuse(cursor, "struct members and compound literals are not supported", "use scalars and arrays")
        refuse(cursor, "this kind of expression is not supported", "write it with plain operators")
