"""A C function as a `func.func` of the exchange form."""

from __future__ import annotations

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, TypeKind, refuse, type_kind
from seer.frontend.scope import ArrayBinding, Scalar, Scope, Span
from seer.frontend.statements import Statements, mlir_location
from seer.frontend.types import CType, array_type, scalar_type
from seer.frontend.values import Value
from seer.frontend.variables import Variables
from seer.lang.affine import Affine
from seer.lang.mlir_bindings import func, ir
from seer.lang.program import RETURN_NAME

__all__ = ["lower_function"]


def lower_function(function: Cursor) -> None:
    """Write `function`, a definition, at the current insertion point; raises InputError."""
    body = next(child for child in function.get_children() if child.kind is CursorKind.COMPOUND_STMT)
    parameters = list(function.get_arguments())
    _check_signature(function, parameters)
    types: list[ir.Type] = []
    attributes: list[ir.Attribute] = []
    elements: list[tuple[CType, tuple[int, ...] | None]] = []
    for parameter in parameters:
        element, shape = _argument_type(parameter)
        elements.append((element, shape))
        types.append(_mlir_type(element, shape))
        attributes.append(_attributes(parameter.spelling, element))
    returned = _return_type(function)
    if returned is not None:
        types.append(_mlir_type(returned, ()))
        attributes.append(_attributes(RETURN_NAME, returned))
    with mlir_location(function):
        operation = func.FuncOp(function.spelling, ir.FunctionType.get(types, []))
        operation.arg_attrs = ir.ArrayAttr.get(attributes)
        entry = operation.add_entry_block()
        result = None if returned is None else (entry.arguments[len(parameters)], returned)
        with ir.InsertionPoint(entry):
            scope, variables = Scope(), Variables(body)
            statements = Statements(scope, variables, entry, result)
            for parameter, argument, (element, shape) in zip(
                parameters, entry.arguments, elements, strict=False
            ):
                if shape is not None:
                    scope.bindings[parameter] = ArrayBinding(argument, element, shape)
                else:
                    _bind_scalar(parameter, Value(element, ssa=argument), scope, variables, statements)
            statements.function_body(body)
            func.ReturnOp([])


def _bind_scalar(
    parameter: Cursor, value: Value, scope: Scope, variables: Variables, statements: Statements
) -> None:
    usage = variables.of(parameter)
    if usage.fixed:
        name, type = parameter.spelling, value.type
        scope.parameters[name] = value
        scope.spans[name] = Span(type.lowest, type.highest)
        # Symbols of affine forms are the signed reading of an argument.
        form = Affine.build(0, {name: 1}) if type.signed else None
        scope.bindings[parameter] = Scalar(type, value=value, form=form)
    elif usage.outside or usage.writes:
        with mlir_location(parameter):
            statements.declare(parameter, value.type, value)


def _check_signature(function: Cursor, parameters: list[Cursor]) -> None:
    if function.type.kind is TypeKind.FUNCTIONPROTO and function.type.is_function_variadic():
        refuse(function, "a variable number of arguments is not supported", "name every argument")
    for parameter in parameters:
        if not parameter.spelling:
            refuse(parameter, "an argument without a name is not supported", "name every argument")
        if parameter.spelling == RETURN_NAME:
            refuse(parameter, f"the name `{RETURN_NAME}` is taken by the return value", "rename the argument")


def _argument_type(parameter: Cursor) -> tuple[CType, tuple[int, ...] | None]:
    array = array_type(parameter.type, parameter)
    element, shape = array or (scalar_type(parameter.type, parameter), None)
    if element.is_bool:
        refuse(
            parameter, f"argument `{parameter.spelling}` of type bool is not supported", "use unsigned char"
        )
    return element, shape


def _return_type(function: Cursor) -> CType | None:
    if type_kind(function.result_type.get_canonical()) is TypeKind.VOID:
        return None
    returned = scalar_type(function.result_type, function)
    if returned.is_bool:
        refuse(function, "a return value of type bool is not supported", "return unsigned char")
    return returned


def _mlir_type(element: CType, shape: tuple[int, ...] | None) -> ir.Type:
    integer = ir.IntegerType.get_signless(element.width)
    return integer if shape is None else ir.MemRefType.get(list(shape), integer)


def _attributes(name: str, element: CType) -> ir.Attribute:
    return ir.DictAttr.get(
        {
            "seer.name": ir.StringAttr.get(name),
            "seer.signed": ir.BoolAttr.get(element.signed),
            "seer.c_type": ir.StringAttr.get(element.name),
        }
    )
