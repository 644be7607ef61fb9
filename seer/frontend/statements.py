"""Statements of a function body, one method for each kind that is supported."""

from __future__ import annotations

import contextlib

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import (
    CursorKind,
    StorageClass,
    refuse,
)
from seer.frontend.bounds import Bounds
from seer.frontend.calls import Frames
from seer.frontend.control import Jump, Target, falls, jumps
from seer.frontend.expressions import Expressions
from seer.frontend.flow import Flow, mlir_location
from seer.frontend.late import Reads
from seer.frontend.loops import Loops
from seer.frontend.objects import Objects
from seer.frontend.scope import Scalar, Scope
from seer.frontend.storage import Place
from seer.frontend.structure import Structure
from seer.frontend.tables import Tables, initialiser
from seer.frontend.types import CType, is_arithmetic, scalar_type
from seer.frontend.values import Emitter, Value
from seer.frontend.variables import Variables
from seer.frontend.writes import Writes
from seer.lang.affine import Affine
from seer.lang.mlir_bindings import ir, memref

__all__ = ["Statements", "mlir_location"]

_PLAIN = "declare variables and types only"
_TYPE_DECLARATIONS = {
    CursorKind.TYPEDEF_DECL,
    CursorKind.TYPE_ALIAS_DECL,
    CursorKind.ENUM_DECL,
    CursorKind.STRUCT_DECL,
    CursorKind.UNION_DECL,
    CursorKind.CLASS_DECL,
    CursorKind.STATIC_ASSERT,
    CursorKind.FUNCTION_DECL,
}


class Statements:
    """Lowers statements at the current insertion point; `result` holds the function's return value."""

    def __init__(
        self,
        scope: Scope,
        variables: Variables,
        entry: ir.Operation,
        result: Place | None,
        tables: Tables,
        frames: Frames,
    ) -> None:
        self._scope = scope
        self._variables = variables
        self._result = result
        self._emitter = Emitter()

        def body_of(variables: Variables, result: Place | None) -> Statements:
            return Statements(scope, variables, entry, result, tables, frames)

        objects = Objects(scope, self._emitter, tables, frames, body_of)
        self._expressions = Expressions(scope, self._emitter, objects)
        self.declarations = self._expressions.declarations
        self._bounds = Bounds(scope)
        self._hoisted: set[Cursor] = set()
        expressions = self._expressions
        reads = Reads(expressions.value, expressions.effects, Writes(expressions.definition))
        self._flow = Flow(
            self._expressions,
            self._emitter,
            Loops(scope, self._emitter, entry, reads, variables),
            self._plain,
            self._return,
            self._declare_empty,
        )

    def function_body(self, body: Cursor) -> None:
        """The statements of a function."""
        returned = Target("pending")
        nodes = Structure(self._expressions.effects).function(body, returned)
        if self._result is not None and falls(nodes):
            last = list(body.get_children())[-1:]
            refuse(
                last[0] if last else body,
                "this function may end without returning a value",
                "end it with `return`",
            )
        self._flow.body(nodes, returned)

    def inlined(self, body: Cursor) -> Cursor | None:
        """The body of a callee; the expression that it returns at its end is left to the caller."""
        returned = Target("pending")
        nodes = Structure(self._expressions.effects).function(body, returned)
        if nodes and isinstance(nodes[-1], Jump) and returned not in jumps(nodes[:-1]) and falls(nodes[:-1]):
            self._flow.body(nodes[:-1])
            return next((c for c in nodes[-1].cursor.get_children() if c.kind.is_expression()), None)
        if self._result is not None and falls(nodes):
            refuse(body, "this function may end without returning a value", "end it with `return`")
        self._flow.body(nodes, returned)
        return None

    def declare(self, variable: Cursor, type: CType, start: Value | None, form: Affine | None = None) -> None:
        """Make a register for a variable that starts as `start` and, if fixed, stays equal to `form`."""
        register = memref.AllocaOp(ir.MemRefType.get([], self._emitter.integer(type.width)), [], [])
        register.attributes["seer.name"] = ir.StringAttr.get(variable.spelling)
        self._scope.bindings[variable] = Scalar(type, memref=register.result, form=form)
        if start is not None:
            value = self._emitter.convert(start, type)
            memref.StoreOp(self._emitter.ssa(value), register.result, [])

    def _plain(self, cursor: Cursor) -> None:
        """An expression, a declaration, or one of the variables that it declares."""
        match cursor.kind:
            case CursorKind.DECL_STMT:
                for child in cursor.get_children():
                    self._declaration(child)
            case CursorKind.VAR_DECL:
                self._declaration(cursor)
            case _:
                self._expressions.effect(cursor)

    def _declare_empty(self, variable: Cursor) -> None:
        """Make a register for a variable before the statement that declares it, or for one that counts."""
        if variable.storage_class in (StorageClass.STATIC, StorageClass.EXTERN):
            return
        self._hoisted.add(variable)
        with mlir_location(variable):
            if is_arithmetic(variable.type):
                self.declare(variable, scalar_type(variable.type, variable), None)
                return
            if initialiser(variable) is not None:
                found = f"`{variable.spelling}`, declared with a value in a switch, is not supported"
                refuse(variable, found, "put the case in braces")
            self._expressions.declarations.declare(variable, self._variables.of(variable))

    def _declaration(self, variable: Cursor) -> None:
        if variable.kind in _TYPE_DECLARATIONS:
            return  # what a type cannot be is said where a variable has it
        if variable.kind is not CursorKind.VAR_DECL:
            refuse(variable, "only variables and types may be declared in a function", _PLAIN)
        hoisted = variable in self._hoisted
        with mlir_location(variable):
            if not hoisted and self._expressions.declarations.declare(variable, self._variables.of(variable)):
                return
        if hoisted and not is_arithmetic(variable.type):
            return
        type = scalar_type(variable.type, variable)
        start = initialiser(variable)
        usage = self._variables.of(variable)
        if not usage.outside and not usage.writes and start is None:
            return  # nothing but a loop counter, or not used at all
        value = None if start is None else self._expressions.converted(start, type)
        if hoisted:
            if value is not None:
                self._expressions.elements.store(
                    self._expressions.elements.register(variable), value, variable
                )
            return
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

    def _return(self, cursor: Cursor) -> None:
        value = next((c for c in cursor.get_children() if c.kind.is_expression()), None)
        if value is None or self._result is None:
            return
        if isinstance(self._result.kind, CType):
            self._expressions.lvalues.access.store(self._result, self._expressions.value(value), cursor)
        else:
            self._expressions.declarations.start(self._result, value)
