"""Calls: functions of the given files are inlined, functions of the C library become operators."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import CursorKind, StorageClass, TypeKind, refuse, type_kind
from seer.frontend.bounds import Bounds
from seer.frontend.declarations import Declarations
from seer.frontend.kinds import ArrayOf, Kind, PointerTo, Record, kind_of
from seer.frontend.library import Library
from seer.frontend.references import writes_through
from seer.frontend.scope import Scalar, Scope
from seer.frontend.storage import Place
from seer.frontend.types import INT, CType
from seer.frontend.values import Emitter, Value, constant
from seer.frontend.variables import Variables
from seer.lang.affine import Affine

__all__ = ["Body", "Calls", "Frames"]


class Body(Protocol):
    """Lowers the body of one function; its registers are made where it is called."""

    def declare(
        self, variable: Cursor, type: CType, start: Value | None, form: Affine | None = None
    ) -> None: ...

    def inlined(self, body: Cursor) -> Cursor | None:
        """Lower a body; the expression that it returns at its end is left to the caller."""
        ...


@dataclass
class Frames:
    """The functions that are being inlined, outermost first, and where to find others.

    `definitions` are the functions with external linkage of all files by name.
    """

    definitions: Mapping[str, Cursor]
    active: list[Cursor] = field(default_factory=list)
    usages: dict[Cursor, Variables] = field(default_factory=dict)

    def variables(self, body: Cursor) -> Variables:
        if body not in self.usages:
            self.usages[body] = Variables(body)
        return self.usages[body]


class Calls:
    """Lowers calls in a scope; `body_of` makes what lowers a callee's body, given where its result goes."""

    def __init__(
        self,
        scope: Scope,
        emitter: Emitter,
        frames: Frames,
        value: Any,
        body_of: Any,
    ) -> None:
        self._scope = scope
        self._emitter = emitter
        self._frames = frames
        self._value = value
        self._body_of = body_of
        self.declarations: Declarations
        self._bounds = Bounds(scope)

    def attach(self, declarations: Declarations) -> None:
        """Name what declares the parameters of callees."""
        self.declarations = declarations
        self._library = Library(self._emitter, declarations.lvalues, self._value)

    def value(self, cursor: Cursor) -> Value:
        """The arithmetic value of a call; 0 if it returns nothing."""
        definition = self.definition(cursor)
        if definition is None:
            result = self._library.call(cursor)
            if result is None:
                self._refuse_unknown(cursor)
            return result
        made = self._inline(cursor, definition)
        return constant(0, INT) if made is None else made if isinstance(made, Value) else self._load(made)

    def object(self, cursor: Cursor) -> Place | None:
        """The struct that a call returns."""
        definition = self.definition(cursor)
        if definition is None:
            self._refuse_unknown(cursor)
        made = self._inline(cursor, definition)
        return made if isinstance(made, Place) else None

    def definition(self, cursor: Cursor) -> Cursor | None:
        """The function of the given files that a call names."""
        declaration = cursor.referenced
        if declaration is None:
            return None
        if declaration.kind is CursorKind.CXX_METHOD and declaration.is_static_method():
            return declaration.get_definition()
        if declaration.kind not in (CursorKind.FUNCTION_DECL, CursorKind.FUNCTION_TEMPLATE):
            return None
        return declaration.get_definition() or self._frames.definitions.get(declaration.spelling)

    def _load(self, place: Place) -> Value:
        return self.declarations.lvalues.access.load(place)

    def _inline(self, cursor: Cursor, definition: Cursor) -> Value | Place | None:
        active = self._frames.active
        if definition in active:
            cycle = [f.spelling for f in active[active.index(definition) :]] + [definition.spelling]
            refuse(cursor, f"recursion is not supported: {' → '.join(cycle)}", "write it with a loop")
        body = next(c for c in definition.get_children() if c.kind is CursorKind.COMPOUND_STMT)
        if type_kind(definition.type) is TypeKind.FUNCTIONPROTO and definition.type.is_function_variadic():
            refuse(cursor, f"`{cursor.spelling}` has a variable number of arguments", "name every argument")
        result = self._result(definition, cursor)
        variables = self._frames.variables(body)
        frame: Body = self._body_of(variables, result)
        # Arguments are the caller's: `f(f(x))` is no recursion.
        self._bind(cursor, definition, variables, frame)
        active.append(definition)
        try:
            returned = frame.inlined(body)
            if returned is None:
                return result
            return self._returned(returned, result)
        finally:
            active.pop()
            self._forget(definition)

    def _forget(self, function: Cursor) -> None:
        """Drop what the variables of a function stood for: its next call may be where that does not reach."""
        bindings = self._scope.bindings
        own = [
            variable
            for variable in bindings
            if variable.semantic_parent == function
            and variable.storage_class not in (StorageClass.STATIC, StorageClass.EXTERN)
        ]
        for variable in own:
            del bindings[variable]

    def _result(self, definition: Cursor, cursor: Cursor) -> Place | None:
        """Where a callee leaves its result."""
        if type_kind(definition.result_type.get_canonical()) is TypeKind.VOID:
            return None
        kind = kind_of(definition.result_type, definition)
        if isinstance(kind, PointerTo):
            refuse(cursor, f"`{cursor.spelling}` returns a pointer or reference", "return a value")
        return self._later(definition.spelling, kind)

    def _later(self, name: str, kind: Kind) -> Place:
        return self.declarations.lvalues.access.allocate(f"{name}_result", kind)

    def _returned(self, returned: Cursor, result: Place | None) -> Value | Place | None:
        if result is None:
            return None
        if isinstance(result.kind, CType):
            return self._emitter.convert(self._value(returned), result.kind)
        self.declarations.start(result, returned)
        return result

    def _bind(self, cursor: Cursor, definition: Cursor, variables: Variables, frame: Body) -> None:
        arguments = list(cursor.get_arguments())
        parameters = list(definition.get_arguments())
        if len(arguments) != len(parameters):
            refuse(
                cursor, f"`{cursor.spelling}` is called with {len(arguments)} arguments", "give all of them"
            )
        arguments = [
            _given(argument, parameter) for argument, parameter in zip(arguments, parameters, strict=True)
        ]
        lvalues = self.declarations.lvalues
        made: list[Any] = []
        for argument, parameter in zip(arguments, parameters, strict=True):
            kind = lvalues.kind(parameter.type, parameter)
            match kind:
                case PointerTo(reference=True):
                    if writes_through(parameter.type):
                        made.append(lvalues.place(argument))
                    else:
                        made.append(self._referenced(argument, kind))
                case PointerTo():
                    made.append(lvalues.pointer(argument))
                case Record():
                    place = lvalues.access.allocate(parameter.spelling or "argument", kind)
                    self.declarations.start(place, argument)
                    made.append(place)
                case CType():
                    made.append(self._emitter.convert(self._value(argument), kind))
                case ArrayOf():
                    refuse(parameter, "this parameter is not supported", "use a pointer")
        for argument, parameter, bound in zip(arguments, parameters, made, strict=True):
            usage = variables.of(parameter)
            kind = lvalues.kind(parameter.type, parameter)
            if isinstance(bound, Place):
                self._scope.bindings[parameter] = bound
            elif isinstance(kind, PointerTo):
                self.declarations.bind_pointer(parameter, kind, bound, usage)
            elif isinstance(kind, CType) and usage.fixed:
                form = self._form(argument, kind, bound)
                self._scope.bindings[parameter] = Scalar(kind, value=bound, form=form)
            elif isinstance(kind, CType):
                frame.declare(parameter, kind, bound)

    def _referenced(self, argument: Cursor, kind: PointerTo) -> Place:
        """What a reference parameter names; a value is given a place of its own."""
        lvalues = self.declarations.lvalues
        with contextlib.suppress(InputError):
            return lvalues.place(argument)
        place = lvalues.access.allocate("argument", kind.target)
        if isinstance(kind.target, CType):
            lvalues.access.store(place, self._value(argument), argument)
        else:
            self.declarations.start(place, argument)
        return place

    def _form(self, argument: Cursor, type: CType, value: Value) -> Affine | None:
        if value.number is not None:
            return Affine(value.number)
        with contextlib.suppress(InputError):
            return self._bounds.converted(self._bounds.form(argument), type, argument)
        return None

    def _refuse_unknown(self, cursor: Cursor) -> NoReturn:
        name = f" of `{cursor.spelling}`" if cursor.spelling else " through a pointer"
        hint = "add the file that defines it, or write its body in place of the call"
        refuse(cursor, f"a function call{name} is not supported: no definition is known", hint)


def _given(argument: Cursor, parameter: Cursor) -> Cursor:
    """The argument, or the parameter's default (C++) where the call leaves it out."""
    if argument.location.file is not None:
        return argument
    defaults = [child for child in parameter.get_children() if child.kind.is_expression()]
    return defaults[-1] if defaults else argument
