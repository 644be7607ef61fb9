"""A C function as a `func.func` of the exchange form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import CursorKind, TypeKind, location, refuse, type_kind
from seer.frontend.calls import Frames
from seer.frontend.file_scope import file_variables
from seer.frontend.kinds import ArrayOf, Record
from seer.frontend.scope import ArrayBinding, Scalar, Scope, Span
from seer.frontend.signature import Parameter, file_variable, parameter_of, result_of, struct_definitions
from seer.frontend.statements import Statements, mlir_location
from seer.frontend.storage import Place, Pointer, Storage
from seer.frontend.tables import Tables
from seer.frontend.types import INT, CType
from seer.frontend.values import Value, constant
from seer.frontend.variables import Variables, only_read
from seer.lang.affine import Affine, Unsigned
from seer.lang.mlir_bindings import func, ir
from seer.lang.mlir_objects import set_declarations
from seer.lang.program import RETURN_NAME

__all__ = ["lower_function"]


def lower_function(
    function: Cursor,
    definitions: Mapping[str, Cursor] | None = None,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
) -> None:
    """Write `function`, a definition, at the current insertion point; raises InputError.

    `definitions` are the functions and constants of all files that it may use, by name; `shapes` the sizes
    of arrays that their declarations leave open.
    """
    body = next(child for child in function.get_children() if child.kind is CursorKind.COMPOUND_STMT)
    cursors = list(function.get_arguments())
    _check_signature(function, cursors)
    known = definitions or {}
    sizes = shapes or {}
    _check_names(function, sizes, cursors)
    parameters = [parameter_of(cursor, body, known, sizes.get(cursor.spelling)) for cursor in cursors]
    names = {parameter.name for parameter in parameters}
    outside = file_variables(function, known)
    for declarations in outside:
        if declarations[0].spelling in names:
            refuse(
                declarations[0],
                f"`{declarations[0].spelling}` is a file-scope variable and a parameter",
                None,
            )
    globals_ = [file_variable(declarations[0]) for declarations in outside]
    returned = result_of(function)
    everything = [*parameters, *globals_, *([returned] if returned else [])]
    parts = [part for parameter in everything for part in parameter.parts]
    with mlir_location(function):
        types = [part.type for part in parts]
        operation = func.FuncOp(function.spelling, ir.FunctionType.get(types, []))
        operation.arg_attrs = ir.ArrayAttr.get([part.attributes for part in parts])
        structs = [(cursor.spelling, cursor.type) for cursor in (*cursors, *(g.cursor for g in globals_))]
        structs.append((RETURN_NAME, function.result_type))
        set_declarations(operation.operation, struct_definitions(structs))
        entry = operation.add_entry_block()
        arguments = iter(entry.arguments)
        given = {parameter.name: [next(arguments) for _ in parameter.parts] for parameter in everything}
        with ir.InsertionPoint(entry):
            scope, variables = Scope(), Variables(body)
            result = None if returned is None else _memory(returned, given[RETURN_NAME])
            frames = Frames(known, [function])
            statements = Statements(scope, variables, entry, result, Tables(entry, known), frames)
            for declarations, variable in zip(outside, globals_, strict=True):
                for declaration in declarations:
                    scope.bindings[declaration] = _memory(variable, given[variable.name])
            for parameter in parameters:
                _bind(parameter, given[parameter.name], body, scope, variables, statements)
            statements.function_body(body)
            func.ReturnOp([])


def _memory(parameter: Parameter, values: list[Any]) -> Place:
    parts = {part.leaf.path: value for part, value in zip(parameter.parts, values, strict=True)}
    return Place(Storage(parameter.name, parts), parameter.kind)


def _bind(
    parameter: Parameter,
    values: list[Any],
    body: Cursor,
    scope: Scope,
    variables: Variables,
    statements: Statements,
) -> None:
    kind, cursor = parameter.kind, parameter.cursor
    if parameter.pointer:
        scope.bindings[cursor] = Pointer(_memory(parameter, values), (), constant(0, INT), kind)
    elif isinstance(kind, ArrayOf) and type_kind(cursor.type.get_canonical()) is TypeKind.POINTER:
        _bind_moving(_memory(parameter, values), cursor, variables, statements)
    elif isinstance(kind, Record) and _by_value(parameter):
        scope.bindings[cursor] = _passed_by_value(parameter, values, body, statements)
    elif parameter.parts and not parameter.parts[0].by_value:
        place = _memory(parameter, values)
        usage = variables.of(cursor)
        if isinstance(kind, ArrayOf) and usage.writes and parameter.parts[0].object is None:
            _bind_moving(place, cursor, variables, statements)
        elif isinstance(kind, ArrayOf) and not parameter.parts[0].leaf.path:
            leaf = parameter.parts[0].leaf
            scope.bindings[cursor] = ArrayBinding(values[0], leaf.type, leaf.shape)
        else:
            scope.bindings[cursor] = place
    elif isinstance(kind, CType):
        _bind_scalar(cursor, Value(kind, ssa=values[0]), scope, variables, statements)


def _by_value(parameter: Parameter) -> bool:
    return all(part.object is not None and part.object.passing == "value" for part in parameter.parts)


def _passed_by_value(parameter: Parameter, values: list[Any], body: Cursor, statements: Statements) -> Place:
    """A struct argument itself, or the function's own copy of one that it may write."""
    parts: dict[tuple[str, ...], Any] = {
        part.leaf.path: Value(part.leaf.type, ssa=value) if part.by_value else value
        for part, value in zip(parameter.parts, values, strict=True)
    }
    given = Place(Storage(parameter.name, parts), parameter.kind)
    if only_read(parameter.cursor, body):
        return given
    access = statements.declarations.lvalues.access
    copy = access.allocate(parameter.name, parameter.kind)
    access.copy(copy, given, parameter.cursor)
    return copy


def _bind_moving(place: Place, cursor: Cursor, variables: Variables, statements: Statements) -> None:
    """An array parameter that the function lets walk: C passes a pointer."""
    declarations = statements.declarations
    kind = declarations.lvalues.kind(cursor.type, cursor)
    pointer = declarations.lvalues.access.decayed(place)
    declarations.bind_pointer(cursor, kind, pointer, variables.of(cursor))  # type: ignore[arg-type]


def _bind_scalar(
    parameter: Cursor, value: Value, scope: Scope, variables: Variables, statements: Statements
) -> None:
    usage = variables.of(parameter)
    if usage.fixed:
        name, type = parameter.spelling, value.type
        form = None
        if not type.floating:
            symbol = name if type.signed else Unsigned(name, type.width)
            scope.parameters[name] = value
            scope.spans[symbol] = Span(type.lowest, type.highest)
            form = Affine.build(0, {symbol: 1})
        scope.bindings[parameter] = Scalar(type, value=value, form=form)
    elif usage.outside or usage.writes:
        with mlir_location(parameter):
            statements.declare(parameter, value.type, value)


def _check_names(function: Cursor, sizes: Mapping[str, tuple[int, ...]], parameters: list[Cursor]) -> None:
    names = [parameter.spelling for parameter in parameters]
    known = ", ".join(f"`{name}`" for name in names)
    for name in sizes:
        if name not in names:
            hint = f"its arguments are {known}" if known else "it has no arguments"
            found = f"--shape: `{function.spelling}` has no argument `{name}`"
            raise InputError(found, location(function), hint)


def _check_signature(function: Cursor, parameters: list[Cursor]) -> None:
    if function.type.kind is TypeKind.FUNCTIONPROTO and function.type.is_function_variadic():
        refuse(function, "a variable number of arguments is not supported", "name every argument")
    for parameter in parameters:
        if not parameter.spelling:
            refuse(parameter, "an argument without a name is not supported", "name every argument")
        if parameter.spelling == RETURN_NAME:
            refuse(parameter, f"the name `{RETURN_NAME}` is taken by the return value", "rename the argument")
