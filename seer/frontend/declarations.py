"""Declarations of arrays, structs, pointers and references, and objects that expressions make."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import NoReturn

from clang.cindex import Cursor, Type

from seer.frontend._libclang import (
    CursorKind,
    StorageClass,
    TypeKind,
    expression_children,
    refuse,
    strip,
    type_kind,
)
from seer.frontend.branches import choose
from seer.frontend.initialisers import constant_bits, constant_contents, read_initialiser
from seer.frontend.kinds import ArrayOf, Kind, PointerTo, Record, kind_of, leaves
from seer.frontend.lvalues import Lvalues, is_aggregate, is_pointer
from seer.frontend.scope import Scalar, Scope
from seer.frontend.seats import PointerVariable
from seer.frontend.storage import Place, Pointer
from seer.frontend.tables import Tables, initialiser
from seer.frontend.types import INT, CType, is_arithmetic, scalar_type
from seer.frontend.values import Emitter, Value, constant
from seer.frontend.variables import Usage
from seer.lang.affine import Affine
from seer.lang.mlir_bindings import ir, memref

__all__ = ["Declarations", "is_constant"]

_TABLE = 16
"""Arrays of more elements than this that start with constants are copied from a table in a loop."""


def is_constant(type: Type) -> bool:
    """Whether an object of this type, or each of its elements, is declared `const`."""
    type = type.get_canonical()
    while type_kind(type) in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY):
        if type.is_const_qualified():
            return True
        type = type.element_type.get_canonical()
    return type.is_const_qualified()


class Declarations:
    """Binds variables in a scope; `value` lowers an arithmetic expression, `call` one that makes a struct."""

    def __init__(
        self,
        scope: Scope,
        emitter: Emitter,
        tables: Tables,
        value: Callable[[Cursor], Value],
        call: Callable[[Cursor], Place | None],
    ) -> None:
        self._scope = scope
        self._emitter = emitter
        self._tables = tables
        self._value = value
        self._call = call
        self.lvalues = Lvalues(scope, emitter, value, self.made)

    def declare(self, variable: Cursor, usage: Usage) -> bool:
        """Bind a variable that is no plain scalar; False if it is one."""
        static = variable.storage_class in (StorageClass.STATIC, StorageClass.EXTERN)
        if static and not is_constant(variable.type):
            hint = "declare it `const`, or at file scope: what it holds between calls is then an argument"
            refuse(variable, f"variable `{variable.spelling}` that outlives the call is not supported", hint)
        if variable.storage_class is StorageClass.EXTERN:
            return True  # where it is used, its definition is looked up
        if is_arithmetic(variable.type):
            return static and self._constant_scalar(variable)
        kind = kind_of(variable.type, variable)
        start = initialiser(variable)
        if isinstance(kind, PointerTo):
            self._pointer(variable, kind, start, usage)
        elif not (is_constant(variable.type) and start is not None and self.constant(variable)):
            self._object(variable, kind, start)
        return True

    def constant(self, variable: Cursor) -> Place | None:
        """The table of a constant array or struct, bound to its name."""
        place = self._tables.constant(variable)
        if place is not None:
            self._scope.bindings[variable] = place
        return place

    def _constant_scalar(self, variable: Cursor) -> bool:
        type = scalar_type(variable.type, variable)
        start = initialiser(variable)
        bits = 0 if start is None else constant_bits(start, type)
        if bits is None:
            refuse(variable, f"the value of `{variable.spelling}` is no constant", "give it a constant value")
        value = Value(type, bits)
        form = None if value.number is None else Affine(value.number)
        self._scope.bindings[variable] = Scalar(type, value=value, form=form)
        return True

    def constant_elsewhere(self, cursor: Cursor, type: CType) -> int | None:
        """The bits of a constant number that another file may define, or None."""
        start = initialiser(self._tables.definition(cursor.referenced, cursor))
        return None if start is None else constant_bits(start, type)

    def _pointer(self, variable: Cursor, kind: PointerTo, start: Cursor | None, usage: Usage) -> None:
        if kind.reference:
            if start is None:
                refuse(variable, f"reference `{variable.spelling}` is not set", "initialise it")
            self._scope.bindings[variable] = self.lvalues.place(start)
            return
        pointer = None if start is None else self.lvalues.pointer(start)
        self.bind_pointer(variable, kind, pointer, usage)

    def bind_pointer(self, variable: Cursor, kind: PointerTo, pointer: Pointer | None, usage: Usage) -> None:
        """Bind a pointer variable that starts as `pointer`; one that is written is kept in a register."""
        if pointer is not None and usage.fixed:
            self._scope.bindings[variable] = self.lvalues.viewed(pointer, kind.target, variable)
            return
        register = memref.AllocaOp(ir.MemRefType.get([], self._emitter.integer(INT.width)), [], [])
        register.attributes["seer.name"] = ir.StringAttr.get(variable.spelling)
        made = PointerVariable(variable.spelling, kind.target, register.result)
        self._scope.bindings[variable] = made
        if pointer is not None:
            self.lvalues.point(made, pointer, variable)

    def _object(self, variable: Cursor, kind: Kind, start: Cursor | None) -> None:
        if isinstance(kind, ArrayOf) and kind.extent is None:
            refuse(variable, f"array `{variable.spelling}` has no size", "give it a constant size")
        place = self.lvalues.access.allocate(variable.spelling, kind)
        if start is not None:
            self.start(place, start)
        self._scope.bindings[variable] = place

    def start(self, place: Place, source: Cursor) -> None:
        """Initialise an object; what a list leaves out starts as zero."""
        access = self.lvalues.access
        inner = strip(source)
        if isinstance(place.kind, Record) and inner.kind is not CursorKind.INIT_LIST_EXPR:
            if inner.kind is CursorKind.CALL_EXPR and _constructor(inner) and not list(inner.get_arguments()):
                return
            access.copy(place, self.lvalues.place(source), source)
            return
        starts = read_initialiser(place.kind, source)
        elements = sum(prod(leaf.shape) for leaf in leaves(place.kind))
        if elements > _TABLE:
            contents = constant_contents(place.kind, source)
            if contents is not None and any(any(values) for values in contents.values()):
                access.copy(place, self._tables.table(place.storage.name, place.kind, contents), source)
                return
        if len(starts) < elements:
            access.fill(place, constant(0, INT), source)
        for entry in starts:
            part = place
            for step in entry.steps:
                part = part.member(step) if isinstance(step, str) else part.element(constant(step, INT))
            if isinstance(entry.source, int):
                value = constant(entry.source, INT)
            elif isinstance(part.kind, CType):
                value = self._value(entry.source)
            else:
                access.copy(part, self.lvalues.place(entry.source), entry.source)
                continue
            if len(starts) == elements or self._emitter.convert(value, _scalar(part)).const != 0:
                access.store(part, value, source)

    # Objects without a name

    def made(self, cursor: Cursor) -> Place | None:
        """The object that an expression makes, or a constant or file-scope variable that it names."""
        match cursor.kind:
            case CursorKind.DECL_REF_EXPR:
                return self._outside(cursor)
            case CursorKind.STRING_LITERAL:
                return self._tables.text(cursor)
            case CursorKind.COMPOUND_LITERAL_EXPR:
                place = self.lvalues.access.allocate("literal", kind_of(cursor.type, cursor))
                self.start(place, expression_children(cursor)[-1])
                return place
            case CursorKind.CXX_FUNCTIONAL_CAST_EXPR if is_aggregate(cursor.type):
                place = self.lvalues.access.allocate("literal", kind_of(cursor.type, cursor))
                self.start(place, expression_children(cursor)[-1])
                return place
            case CursorKind.CALL_EXPR if is_aggregate(cursor.type):
                return self._copied(cursor) or self._call(cursor)
            case CursorKind.CONDITIONAL_OPERATOR if _in_c(cursor) and not is_pointer(cursor.type):
                return self._one_of(cursor)
        return None

    def _source(self, cursor: Cursor) -> Place:
        """What is copied, in C++."""
        inner = strip(cursor)
        return (
            self._one_of(inner)
            if inner.kind is CursorKind.CONDITIONAL_OPERATOR
            else self.lvalues.place(cursor)
        )

    def _one_of(self, cursor: Cursor) -> Place:
        """A copy of the struct that `condition ? one : other` gives."""
        condition, one, other = cursor.get_children()
        place = self.lvalues.access.allocate("chosen", kind_of(cursor.type, cursor))
        value = self._value(condition)
        known = self._emitter.known_truth(value)
        choose(
            self._emitter.truth(value) if known is None else known,
            lambda: self.start(place, one),
            lambda: self.start(place, other),
        )
        return place

    def _copied(self, call: Cursor) -> Place | None:
        """What C++ spells as a call but does by itself: copies of structs."""
        arguments = list(call.get_arguments())
        called = call.referenced
        if called is None or called.kind not in (CursorKind.CONSTRUCTOR, CursorKind.CXX_METHOD):
            return None
        if called.kind is CursorKind.CONSTRUCTOR:
            if len(arguments) == 1 and (called.is_copy_constructor() or called.is_move_constructor()):
                return self._source(arguments[0])
            refuse(call, f"constructor of `{call.spelling}` is not supported", "initialise it with braces")
        written = any(child.kind is CursorKind.COMPOUND_STMT for child in called.get_children())
        if (
            call.spelling != "operator="
            or len(arguments) != 2
            or (written and not called.is_default_method())
        ):
            refuse(call, f"method `{call.spelling}` is not supported", "use a function")
        target = self.lvalues.place(arguments[0])
        self.lvalues.access.copy(target, self._source(arguments[1]), call)
        return target

    def _outside(self, cursor: Cursor) -> Place | None:
        declaration = cursor.referenced
        if declaration.kind is not CursorKind.VAR_DECL or not is_aggregate(declaration.type):
            return None
        if not is_constant(declaration.type):
            return None
        defined = self._tables.definition(declaration, cursor)
        place = self._tables.constant(defined)
        if place is None:
            self._refuse_table(cursor)
        self._scope.bindings[declaration] = place
        return place

    def _refuse_table(self, cursor: Cursor) -> NoReturn:
        refuse(cursor, f"the contents of `{cursor.spelling}` are no constants", "give it constant contents")


def _constructor(call: Cursor) -> bool:
    return call.referenced is not None and call.referenced.kind is CursorKind.CONSTRUCTOR


def _scalar(place: Place) -> CType:
    return place.kind if isinstance(place.kind, CType) else INT


def _in_c(cursor: Cursor) -> bool:
    """Whether this is C, where `?:` makes a new object; in C++ it may name one that is then written."""
    return cursor.translation_unit.spelling.endswith(".c")
