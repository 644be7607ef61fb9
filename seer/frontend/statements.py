"""Statements of a function body, one method for each kind that is supported."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import (
    STEPS,
    CursorKind,
    StorageClass,
    TypeKind,
    binary_operator,
    expression_children,
    location,
    refuse,
    strip,
    type_kind,
    unary_operator,
)
from seer.frontend.bounds import Bounds
from seer.frontend.expressions import Expressions
from seer.frontend.loops import Loops
from seer.frontend.scope import ArrayBinding, Scalar, Scope
from seer.frontend.types import INT, CType, array_type, promoted, scalar_type
from seer.frontend.values import Emitter, Value, constant
from seer.frontend.variables import Variables
from seer.lang.affine import Affine
from seer.lang.mlir_bindings import ir, memref

__all__ = ["Statements"]

_log = logging.getLogger(__name__)

_PLAIN = "only for loops, assignments and declarations are supported so far"
_REFUSED = {
    CursorKind.IF_STMT: ("an if statement", "use `condition ? a : b`, or move the condition into the value"),
    CursorKind.WHILE_STMT: ("a while loop", "write a for loop that counts"),
    CursorKind.DO_STMT: ("a do loop", "write a for loop that counts"),
    CursorKind.SWITCH_STMT: ("a switch statement", "use `condition ? a : b`"),
    CursorKind.CASE_STMT: ("a case label", "use `condition ? a : b`"),
    CursorKind.BREAK_STMT: ("a break statement", "let the loop run to its end"),
    CursorKind.CONTINUE_STMT: ("a continue statement", "use `condition ? a : b`"),
    CursorKind.GOTO_STMT: ("a goto statement", "write a for loop that counts"),
    CursorKind.INDIRECT_GOTO_STMT: ("a goto statement", "write a for loop that counts"),
    CursorKind.ASM_STMT: ("inline assembly", "write it in C"),
    CursorKind.MS_ASM_STMT: ("inline assembly", "write it in C"),
    CursorKind.CXX_TRY_STMT: ("a try block", _PLAIN),
    CursorKind.CXX_FOR_RANGE_STMT: ("a range-based for loop", "write a for loop that counts"),
}
_TYPE_DECLARATIONS = {
    CursorKind.TYPEDEF_DECL,
    CursorKind.TYPE_ALIAS_DECL,
    CursorKind.ENUM_DECL,
    CursorKind.STRUCT_DECL,
    CursorKind.UNION_DECL,
    CursorKind.CLASS_DECL,
    CursorKind.STATIC_ASSERT,
}


class Statements:
    """Lowers statements at the current insertion point; `result` holds the function's return value."""

    def __init__(
        self, scope: Scope, variables: Variables, entry: ir.Operation, result: tuple[ir.Value, CType] | None
    ) -> None:
        self._scope = scope
        self._variables = variables
        self._result = result
        self._emitter = Emitter()
        self._expressions = Expressions(scope, self._emitter)
        self._bounds = Bounds(scope)
        self._loops = Loops(scope, self._emitter, entry)

    def function_body(self, body: Cursor) -> None:
        """The statements of a function; a return may stand last only."""
        statements = list(body.get_children())
        last = statements[-1] if statements else None
        if self._result is not None and (last is None or last.kind is not CursorKind.RETURN_STMT):
            refuse(last or body, "this function may end without returning a value", "end it with `return`")
        for statement in statements:
            if statement is last and statement.kind is CursorKind.RETURN_STMT:
                with mlir_location(statement):
                    self._return(statement)
            else:
                self.statement(statement)

    def declare(self, variable: Cursor, type: CType, start: Value | None, form: Affine | None = None) -> None:
        """Make a register for a variable that starts as `start` and, if fixed, stays equal to `form`."""
        register = memref.AllocaOp(ir.MemRefType.get([], self._emitter.integer(type.width)), [], [])
        register.attributes["seer.name"] = ir.StringAttr.get(variable.spelling)
        self._scope.bindings[variable] = Scalar(type, memref=register.result, form=form)
        if start is not None:
            value = self._emitter.convert(start, type)
            memref.StoreOp(self._emitter.ssa(value), register.result, [])

    def statement(self, cursor: Cursor, label: str | None = None) -> None:
        """Lower one statement; `label` is the label that stands before it."""
        with mlir_location(cursor):
            match cursor.kind:
                case CursorKind.COMPOUND_STMT:
                    for child in cursor.get_children():
                        self.statement(child)
                case CursorKind.DECL_STMT:
                    for child in cursor.get_children():
                        self._declaration(child)
                case CursorKind.LABEL_STMT:
                    for child in cursor.get_children():
                        self.statement(child, cursor.spelling)
                case CursorKind.FOR_STMT:
                    self._loops.lower(cursor, label, self.statement)
                case CursorKind.NULL_STMT:
                    pass
                case CursorKind.UNEXPOSED_STMT:
                    self._attributed(cursor, label)
                case CursorKind.RETURN_STMT:
                    hint = "return once, in the last statement of the function"
                    refuse(cursor, "a return inside the function is not supported", hint)
                case kind if kind in _REFUSED:
                    what, hint = _REFUSED[kind]
                    refuse(cursor, f"{what} is not supported", hint)
                case kind if kind.is_expression():
                    self._expression(strip(cursor))
                case _:
                    refuse(cursor, "this kind of statement is not supported", _PLAIN)

    def _attributed(self, cursor: Cursor, label: str | None) -> None:
        # A loop under `#pragma unroll` and the like, which clang knows and therefore does not report.
        children = [child for child in cursor.get_children() if child.kind.is_statement()]
        if len(children) != 1 or children[0].kind is not CursorKind.FOR_STMT:
            refuse(cursor, "this kind of statement is not supported", _PLAIN)
        _log.warning("%s: the pragma or attribute before this loop is ignored", location(children[0]))
        self.statement(children[0], label)

    def _declaration(self, variable: Cursor) -> None:
        if variable.kind in _TYPE_DECLARATIONS:
            return  # what a type cannot be is said where a variable has it
        if variable.kind is not CursorKind.VAR_DECL:
            refuse(variable, "only variables and types may be declared in a function", _PLAIN)
        if variable.storage_class in (StorageClass.STATIC, StorageClass.EXTERN):
            hint = "pass it as an argument"
            refuse(variable, f"variable `{variable.spelling}` that outlives the call is not supported", hint)
        if array_type(variable.type, variable) is not None:
            hint = "pass it as an argument, or use scalars"
            refuse(variable, f"local array `{variable.spelling}` is not supported", hint)
        type = scalar_type(variable.type, variable)
        start = next((c for c in variable.get_children() if c.kind.is_expression()), None)
        usage = self._variables.of(variable)
        if not usage.outside and not usage.writes and start is None:
            return  # nothing but a loop counter, or not used at all
        value = None if start is None else self._expressions.converted(start, type)
        if usage.fixed and value is not None and value.number is not None:
            self._scope.bindings[variable] = Scalar(type, value=value, form=Affine(value.number))
            return
        with mlir_location(variable):
            form = self._form(start, type) if start is not None and usage.fixed else None
            self.declare(variable, type, value, form)

    def _form(self, start: Cursor, type: CType) -> Affine | None:
        with contextlib.suppress(InputError):
            return self._bounds.converted(self._bounds.form(start), type, start)
        return None

    def _expression(self, cursor: Cursor) -> None:
        if cursor.kind is CursorKind.BINARY_OPERATOR and binary_operator(cursor) == "=":
            target, source = cursor.get_children()
            self._assign(strip(target), source, None)
        elif cursor.kind is CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            target, source = cursor.get_children()
            self._assign(strip(target), source, binary_operator(cursor)[:-1])
        elif cursor.kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) in STEPS:
            target = strip(next(cursor.get_children()))
            self._assign(target, constant(1, INT), STEPS[unary_operator(cursor)])
        elif cursor.kind is CursorKind.CSTYLE_CAST_EXPR and type_kind(cursor.type) is TypeKind.VOID:
            for child in expression_children(cursor):
                self._expression(strip(child))
        else:
            self._expressions.value(cursor)  # a value that nobody uses: checked, then dropped

    def _assign(self, target: Cursor, source: Cursor | Value, operator: str | None) -> None:
        """`target = source`, or `target operator= source`."""
        if target.kind is CursorKind.ARRAY_SUBSCRIPT_EXPR:
            array, indices = self._expressions.element(target)
            place, type = array.memref, array.element
        else:
            place, type = self._register(target)
            indices = []
        if isinstance(source, Value):
            value, computed = source, source.type
        else:
            value, computed = self._expressions.value(source), promoted(scalar_type(source.type, source))
        if operator is not None:
            value = self._emitter.convert(value, computed)
            before = Value(type, ssa=memref.LoadOp(place, indices).result)
            value = self._expressions.compound(operator, before, type, value)
        memref.StoreOp(self._emitter.ssa(self._emitter.convert(value, type)), place, indices)

    def _register(self, target: Cursor) -> tuple[ir.Value, CType]:
        if target.kind is not CursorKind.DECL_REF_EXPR:
            if target.kind is CursorKind.UNARY_OPERATOR and unary_operator(target) == "*":
                hint = "use array arguments and subscripts"
                refuse(target, "an assignment through a pointer is not supported", hint)
            refuse(target, "an assignment to this is not supported", "assign to scalars or array elements")
        binding = self._scope.bindings.get(target.referenced)
        match binding:
            case Scalar(type=type, memref=place) if place is not None:
                return place, type
            case ArrayBinding():
                refuse(target, f"an assignment to the array `{target.spelling}`", "assign to its elements")
            case None:
                hint = "pass it as an argument"
                refuse(target, f"global variable `{target.spelling}` is not supported", hint)
            case _:
                refuse(target, f"an assignment to `{target.spelling}` is not supported here")

    def _return(self, cursor: Cursor) -> None:
        value = next((c for c in cursor.get_children() if c.kind.is_expression()), None)
        if value is None or self._result is None:
            return
        place, type = self._result
        memref.StoreOp(self._emitter.ssa(self._expressions.converted(value, type)), place, [])


def mlir_location(cursor: Cursor) -> Any:
    """The MLIR location of a cursor, to be entered around what is built for it."""
    place = location(cursor)
    return ir.Location.file(place.file, place.line, place.column)
