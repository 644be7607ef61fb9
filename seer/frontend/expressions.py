"""C expressions, with C's promotions and conversions made explicit and effects in C's order.

Operands that C would skip (`&&`, `||`, `?:`) are evaluated too and then selected where that has no
effect: every operation of SeerLang is total, so that is exact. Where it has one they stand under a
condition. Operands are evaluated from left to right, the right side of an assignment first. Implicit
conversions are nodes of libclang's tree whose type differs from their operand's; types, never tokens,
decide.
"""

from __future__ import annotations

from typing import Any, NoReturn

from clang.cindex import Cursor

from seer.frontend._libclang import (
    STEPS,
    CursorKind,
    TypeKind,
    binary_operator,
    expression_children,
    float_value,
    fold,
    refuse,
    strip,
    type_kind,
    unary_operator,
)
from seer.frontend.ap_calls import is_ap_call
from seer.frontend.arbitrary import Arbitrary
from seer.frontend.arithmetic import LOGICAL, Arithmetic
from seer.frontend.branches import Flag, choose, new_register
from seer.frontend.constants import integer_value
from seer.frontend.declarations import Declarations
from seer.frontend.effects import Effects
from seer.frontend.elements import Elements, register_place
from seer.frontend.initialisers import constant_bits
from seer.frontend.library import is_output
from seer.frontend.lvalues import is_aggregate, is_pointer
from seer.frontend.objects import Objects
from seer.frontend.scope import Scalar, Scope
from seer.frontend.storage import Place
from seer.frontend.types import INT, LONG, CType, is_ap, promoted, scalar_type
from seer.frontend.values import Emitter, Value, constant
from seer.lang.mlir_bindings import memref

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


class Expressions:
    """Lowers expressions in a scope, at the emitter's insertion point."""

    def __init__(self, scope: Scope, emitter: Emitter, objects: Objects) -> None:
        self._scope = scope
        self._emitter = emitter
        self._arithmetic = Arithmetic(emitter)
        self.effects = Effects()
        self.declarations = Declarations(scope, emitter, objects.tables, self.value, self._object)
        self.lvalues = self.declarations.lvalues
        self.elements = Elements(scope, emitter, self.lvalues)
        self._calls = objects.calls(self.declarations, self.value)
        self._arbitrary = Arbitrary(scope, emitter, self.elements, self.lvalues, self.value)

    def definition(self, call: Cursor) -> Cursor | None:
        """The function of the given files that a call names."""
        return self._calls.definition(call)

    def value(self, root: Cursor) -> Value:
        """The value of an expression, of its C type (a loop counter may come in a wider one)."""
        return fold(root, self._operands, self._combine)

    def converted(self, root: Cursor, type: CType) -> Value:
        return self._emitter.convert(self.value(root), type)

    def condition(self, root: Cursor) -> bool | Any:
        """Whether an expression is not 0, as a bit, or as a bool where that is constant."""
        value = self.value(root)
        known = self._emitter.known_truth(value)
        return self._emitter.truth(value) if known is None else known

    def effect(self, root: Cursor) -> None:
        """Evaluate an expression whose value nobody uses."""
        cursor = strip(root)
        operator = binary_operator(cursor) if cursor.kind is CursorKind.BINARY_OPERATOR else ""
        children = list(cursor.get_children())
        if operator == ",":
            for child in children:
                self.effect(child)
        elif cursor.kind in _CASTS and type_kind(cursor.type) is TypeKind.VOID:
            for child in expression_children(cursor):
                self.effect(child)
        elif is_output(cursor):
            for argument in cursor.get_arguments():
                if self.effects.any(argument):
                    self.effect(argument)
        elif operator in LOGICAL and self.effects.any(children[1]):
            left, right = children
            self._either(left, *((right, None) if operator == "&&" else (None, right)))
        elif cursor.kind is CursorKind.CONDITIONAL_OPERATOR and self.effects.any(cursor):
            self._either(*children)
        else:
            self.value(cursor)

    def _either(self, condition: Cursor, then: Cursor | None, otherwise: Cursor | None) -> None:
        """Evaluate one of two expressions for its effect."""

        def evaluate(cursor: Cursor | None) -> None:
            if cursor is not None:
                self.effect(cursor)

        choose(self.condition(condition), lambda: evaluate(then), lambda: evaluate(otherwise))

    def _object(self, call: Cursor) -> Any:
        return self._calls.object(call)

    def _operands(self, cursor: Cursor) -> list[Cursor]:
        kind = cursor.kind
        if self._on_pointers(cursor):
            return []
        if kind in _LITERALS or kind in (CursorKind.DECL_REF_EXPR, CursorKind.FLOATING_LITERAL):
            return []
        if kind in _TRANSPARENT or kind in _CASTS:
            children = _converted(cursor)
            if len(children) != 1:
                refuse(cursor, "this kind of expression is not supported", "write it with plain operators")
            if is_pointer(children[0].type) and not scalar_type(cursor.type, cursor).is_bool:
                refuse(children[0], "a pointer used as a number is not supported", "use subscripts")
            return children
        if is_ap_call(cursor):
            return self._arbitrary.operands(cursor)
        children = list(cursor.get_children())
        if kind in (CursorKind.ARRAY_SUBSCRIPT_EXPR, CursorKind.MEMBER_REF_EXPR, CursorKind.CALL_EXPR):
            return []
        if kind is CursorKind.CONDITIONAL_OPERATOR:
            skips = any(self.effects.any(child) for child in children[1:])
            return children[:1] if skips else children
        if kind is CursorKind.UNARY_OPERATOR:
            self._check_unary(cursor)
            return [] if unary_operator(cursor) in (*STEPS, "*") else children
        if kind is CursorKind.BINARY_OPERATOR:
            operator = binary_operator(cursor)
            if operator == ",":
                self.effect(children[0])
                return children[1:]
            if operator in LOGICAL and self.effects.any(children[1]):
                return children[:1]
            return children[1:] if operator == "=" else children
        if kind is CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            return children[1:]
        self._refuse_kind(cursor)

    def _combine(self, cursor: Cursor, operands: list[Value]) -> Value:
        kind = cursor.kind
        if kind is CursorKind.DECL_REF_EXPR and not is_aggregate(cursor.type):
            return self._reference(cursor)
        if is_ap_call(cursor):
            return self._arbitrary.combine(cursor, operands)
        if kind is CursorKind.CALL_EXPR and not is_aggregate(cursor.type):
            return self._calls.value(cursor)
        if self._on_pointers(cursor):
            return self._pointers(cursor)
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
            (operand,) = _converted(cursor)
            if kind in _TRANSPARENT and scalar_type(operand.type, operand) == type:
                return operands[0]  # a loop counter keeps the wider type that it may be held in
            return self._emitter.convert(operands[0], type)
        if kind in (CursorKind.ARRAY_SUBSCRIPT_EXPR, CursorKind.MEMBER_REF_EXPR) or _dereferences(cursor):
            return self.elements.load(self.elements.of(cursor))
        if kind is CursorKind.UNARY_OPERATOR:
            if unary_operator(cursor) in STEPS:
                return self._stepped(cursor)
            return self._arithmetic.unary(unary_operator(cursor), type, operands[0])
        if kind is CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            return self._compound(cursor, operands[0])
        if kind is CursorKind.CONDITIONAL_OPERATOR:
            if len(operands) == 1:
                return self._chosen(cursor, type, operands[0])
            condition, left, right = operands
            convert = self._emitter.convert
            return self._emitter.select(condition, convert(left, type), convert(right, type))
        children = list(cursor.get_children())
        match binary_operator(cursor):
            case "=":
                return self.elements.store(self.elements.of(children[0]), operands[0], cursor)
            case ",":
                return operands[0]
            case operator if operator in LOGICAL and len(operands) == 1:
                return self._short_circuit(operator, children[1], type, operands[0])
        types = [scalar_type(child.type, child) for child in children]
        left, right = (self._emitter.convert(v, t) for v, t in zip(operands, types, strict=True))
        return self._arithmetic.binary(cursor, type, left, right)

    def _compound(self, cursor: Cursor, right: Value) -> Value:
        """`target operator= right`."""
        target, source = cursor.get_children()
        right = self._emitter.convert(right, promoted(scalar_type(source.type, source)))
        place = self.elements.of(target)
        operator = binary_operator(cursor)[:-1]
        before = self.elements.load(place)
        value = self._arithmetic.compound(operator, before, before.type, right)
        return self.elements.store(place, value, cursor)

    def _stepped(self, cursor: Cursor) -> Value:
        """`++x` and `x--` and the like."""
        operator = unary_operator(cursor)
        place = self.elements.of(next(cursor.get_children()))
        before = self.elements.load(place)
        value = self._arithmetic.compound(STEPS[operator], before, before.type, constant(1, INT))
        after = self.elements.store(place, value, cursor)
        return before if operator.startswith("x") else after

    def _chosen(self, cursor: Cursor, type: CType, condition: Value) -> Value:
        """`condition ? a : b` where evaluating both would do what C does not."""
        _, left, right = cursor.get_children()
        known = self._emitter.known_truth(condition)
        if known is not None:
            return self.converted(left if known else right, type)
        place = register_place(new_register(self._emitter.integer(type.width), "chosen"), type)

        def take(side: Cursor) -> None:
            self.elements.store(place, self.value(side), cursor)

        choose(self._emitter.truth(condition), lambda: take(left), lambda: take(right))
        return self.elements.load(place)

    def _short_circuit(self, operator: str, right: Cursor, type: CType, left: Value) -> Value:
        """`left && right` or `left || right` where right must not be evaluated in vain."""
        known = self._emitter.known_truth(left)
        decides = operator == "||"
        if known is decides:
            return constant(int(decides), type)
        if known is not None:
            return self._emitter.truth_value(self.value(right), type)
        flag = Flag(self._emitter, "holds", left)

        def evaluate() -> None:
            flag.set(self.value(right))

        choose(self._emitter.truth(left), *((None, evaluate) if decides else (evaluate, None)))
        return self._emitter.from_bit(flag.value(), type)

    def _reference(self, cursor: Cursor) -> Value:
        declaration = cursor.referenced
        if declaration is None:  # the value of a template's parameter
            type = scalar_type(cursor.type, cursor)
            bits = constant_bits(cursor, type)
            if bits is None:
                refuse(cursor, f"`{cursor.spelling}` is not known here", "give it a constant value")
            return Value(type, bits)
        if declaration.kind is CursorKind.ENUM_CONSTANT_DECL:
            return constant(declaration.enum_value, scalar_type(cursor.type, cursor))
        match self._scope.bindings.get(declaration):
            case Scalar(value=Value() as value):
                return value
            case Scalar(type=type, memref=register):
                return Value(type, ssa=memref.LoadOp(register, []).result)
            case Place() as place:
                return self.lvalues.access.load(place)
        type = scalar_type(cursor.type, cursor)
        bits = constant_bits(cursor, type) if cursor.type.is_const_qualified() else None
        if bits is None and cursor.type.is_const_qualified():
            bits = self.declarations.constant_elsewhere(cursor, type)
        if bits is None:
            hint = "pass it as an argument, or make it a `const` number with a constant value"
            refuse(cursor, f"variable `{cursor.spelling}` is not known here", hint)
        return Value(type, bits)

    def _on_pointers(self, cursor: Cursor) -> bool:
        """Whether an expression works on pointers or structs, which have no value of their own."""
        kind = cursor.kind
        if is_aggregate(cursor.type):
            return kind not in _LITERALS
        if kind is not CursorKind.BINARY_OPERATOR or binary_operator(cursor) in (",", *LOGICAL):
            return (
                kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) == "!" and self._is_truth(cursor)
            )
        return all(is_pointer(child.type) for child in cursor.get_children())

    def _is_truth(self, cursor: Cursor) -> bool:
        return is_pointer(next(cursor.get_children()).type)

    def _pointers(self, cursor: Cursor) -> Value:
        """The value of an expression on pointers or structs: of a pointer, whether it points to something."""
        if is_aggregate(cursor.type):
            if is_pointer(cursor.type) and strip(cursor).kind is CursorKind.CALL_EXPR:
                return self._calls.value(strip(cursor))
            if is_pointer(cursor.type):
                self.lvalues.pointer(cursor)
            else:
                self.lvalues.place(cursor)
            return constant(1, INT)  # a pointer that is supported points to something
        if cursor.kind is CursorKind.UNARY_OPERATOR:
            return constant(0, INT)
        left, right = cursor.get_children()
        difference = self.lvalues.difference(left, right, cursor)
        if binary_operator(cursor) == "-":
            return difference
        return self._arithmetic.binary(cursor, INT, difference, constant(0, LONG))

    def _check_unary(self, cursor: Cursor) -> None:
        operator = unary_operator(cursor)
        if operator not in ("+", "-", "~", "!", "*", "__extension__", *STEPS):
            refuse(cursor, f"operator `{operator}` is not supported")

    def _refuse_kind(self, cursor: Cursor) -> NoReturn:
        refuse(cursor, "this kind of expression is not supported", "write it with plain operators")


def _converted(cursor: Cursor) -> list[Cursor]:
    """The operand of a conversion; the arguments of a template that its type names are children, too."""
    children = expression_children(cursor)
    return children[-1:] if cursor.kind in _CASTS and is_ap(cursor.type) else children


def _dereferences(cursor: Cursor) -> bool:
    return cursor.kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) == "*"
