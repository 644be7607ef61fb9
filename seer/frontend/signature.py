"""The arguments of a program: parameters, file-scope variables and the result, each in arithmetic parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clang.cindex import Cursor, Type

from seer.frontend._libclang import (
    CursorKind,
    TypeKind,
    preorder,
    refuse,
    strip,
    type_kind,
    unary_operator,
)
from seer.frontend.constants import integer_value
from seer.frontend.kinds import ArrayOf, Kind, Leaf, PointerTo, kind_of, leaves
from seer.frontend.types import is_arithmetic
from seer.lang.mlir_bindings import ir
from seer.lang.mlir_objects import object_attribute
from seer.lang.program import RETURN_NAME, CObject, plain_type

__all__ = ["Parameter", "Part", "file_variable", "parameter_of", "result_of", "struct_definitions"]


@dataclass(frozen=True)
class Part:
    """One argument of the program: an arithmetic part of a parameter, by value or as a memory.

    The arrays in a struct that is passed by value are memories that the program only reads.
    """

    name: str
    leaf: Leaf
    by_value: bool
    object: CObject | None

    @property
    def type(self) -> ir.Type:
        integer = ir.IntegerType.get_signless(self.leaf.type.width)
        return integer if self.by_value else ir.MemRefType.get(list(self.leaf.shape), integer)

    @property
    def attributes(self) -> ir.Attribute:
        element = self.leaf.type
        return ir.DictAttr.get(
            {
                "seer.name": ir.StringAttr.get(self.name),
                "seer.signed": ir.BoolAttr.get(element.signed),
                "seer.c_type": ir.StringAttr.get(element.name),
                **object_attribute(self.object),
            }
        )


@dataclass(frozen=True)
class Parameter:
    """A parameter or file-scope variable, or the result. `kind` is that of the object that it names, a
    pointer's target included; `pointer` says that the name stands for a pointer to that."""

    cursor: Cursor
    name: str
    kind: Kind
    pointer: bool
    parts: tuple[Part, ...]


def parameter_of(
    cursor: Cursor,
    body: Cursor,
    definitions: Mapping[str, Cursor],
    shape: tuple[int, ...] | None = None,
) -> Parameter:
    """A parameter of the top function, which may call the functions in `definitions`; `shape` is the size
    that the user says it has."""
    kind, name, type = kind_of(cursor.type, cursor), cursor.spelling, cursor.type
    if shape is not None:
        return _sized(cursor, kind, shape)
    size = f"such as `--shape {name}=64`"
    match kind:
        case PointerTo(target, reference):
            pointee = type.get_canonical().get_pointee()
            if reference:
                return _parameter(cursor, name, target, pointee, "reference")
            if not _single(cursor, body, definitions):
                hint = f"say how many, {size}, or write its size, such as `int a[64]`"
                refuse(cursor, f"pointer `{name}` to an unknown number of elements is not supported", hint)
            return _parameter(cursor, name, target, pointee, "pointer", pointer=True)
        case ArrayOf(_, None):
            hint = f"give its size, {size}, or write the number of elements, such as `a[128]`"
            refuse(cursor, f"array `{name}` has no size in its first dimension", hint)
        case ArrayOf():
            return _parameter(cursor, name, kind, type, "pointer")
        case _:
            return _parameter(cursor, name, kind, type, "value")


def _sized(cursor: Cursor, kind: Kind, shape: tuple[int, ...]) -> Parameter:
    """A pointer, or an array without a first dimension, as an array of the size that the user gives."""
    name, type = cursor.spelling, cursor.type.get_canonical()
    if isinstance(kind, PointerTo) and not kind.reference:
        element, pointee = kind.target, type.get_pointee()
    elif isinstance(kind, ArrayOf) and kind.extent in (None, shape[0]):
        element, pointee = kind.element, type.element_type
    else:
        found = f"--shape: `{name}` is no pointer, and no array without a size of its own"
        refuse(cursor, found, "leave out this --shape")
    inner: list[int] = []
    within = element
    while isinstance(within, ArrayOf):
        inner.append(within.extent or 1)
        within = within.element
    if shape[1:] not in ((), tuple(inner)):
        rows = "x".join(map(str, (shape[0], *inner)))
        found = f"--shape {name}={'x'.join(map(str, shape))} contradicts the rows of `{name}`"
        refuse(cursor, found, f"give {name}={shape[0]}" + (f" or {name}={rows}" if inner else ""))
    return _parameter(cursor, name, ArrayOf(element, shape[0]), pointee, "pointer")


def file_variable(cursor: Cursor) -> Parameter:
    """A file-scope variable as an argument that is read and written."""
    kind = kind_of(cursor.type, cursor)
    if isinstance(kind, PointerTo):
        refuse(cursor, f"file-scope pointer `{cursor.spelling}` is not supported", "use a file-scope array")
    return _parameter(cursor, cursor.spelling, kind, cursor.type, "global")


def result_of(function: Cursor) -> Parameter | None:
    """What the top function returns; None if nothing."""
    if type_kind(function.result_type.get_canonical()) is TypeKind.VOID:
        return None
    kind = kind_of(function.result_type, function)
    if isinstance(kind, PointerTo):
        refuse(function, f"`{function.spelling}` returns a pointer or reference", "return a value")
    return _parameter(function, RETURN_NAME, kind, function.result_type, "return")


def _parameter(
    cursor: Cursor, name: str, kind: Kind, type: Type, passing: str, pointer: bool = False
) -> Parameter:
    extents: list[int] = []
    inner = kind
    while isinstance(inner, ArrayOf):
        extents.append(inner.extent or 1)
        inner = inner.element
    spelled = unnamed_type(name) if _unnamed_base(type) else _base(type)
    parts = []
    for leaf in leaves(kind):
        access = _access(name, leaf, pointer)
        found = CObject(name, spelled, tuple(extents), passing, access)
        plain = not leaf.path and passing in ("value", "pointer", "return")
        full = ".".join((name, *leaf.path))
        by_value = passing == "value" and not leaf.shape
        parts.append(Part(full, leaf, by_value, None if plain else found))
    return Parameter(cursor, name, kind, pointer, tuple(parts))


def _base(type: Type) -> str:
    """The element type of an object as C spells it, without qualifiers."""
    type = type.get_canonical()
    while type_kind(type) in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY):
        type = type.element_type.get_canonical()
    if type_kind(type) is TypeKind.ENUM:
        type = type.get_declaration().enum_type.get_canonical()
    return type.spelling.removeprefix("const ")


def _access(name: str, leaf: Leaf, pointer: bool) -> str:
    text, passed = name, 0
    for number, (member, split) in enumerate(zip(leaf.path, leaf.splits, strict=True)):
        arrow = "->" if pointer and number == 0 else "."
        text += "[{}]" * (split - passed) + arrow + member
        passed = split
    if pointer and not leaf.path:
        text = f"(*{name})"
    return text + "[{}]" * (len(leaf.shape) - passed)


def _single(
    pointer: Cursor, body: Cursor, definitions: Mapping[str, Cursor], seen: tuple[Cursor, ...] = ()
) -> bool:
    """Whether a pointer is only used to reach the one object that it points to, by callees too."""
    mentions = sum(_names(cursor, pointer) for cursor in preorder(body))
    direct = 0
    for cursor in preorder(body):
        if cursor.kind is CursorKind.CALL_EXPR:
            direct += sum(
                _names(strip(argument), pointer) and _lent(cursor, number, definitions, (*seen, pointer))
                for number, argument in enumerate(cursor.get_arguments())
            )
            continue
        children = list(cursor.get_children())
        reached = (
            (cursor.kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) == "*")
            or cursor.kind is CursorKind.MEMBER_REF_EXPR
            or (cursor.kind is CursorKind.ARRAY_SUBSCRIPT_EXPR and integer_value(children[1]) == 0)
        )
        direct += bool(reached and children and _names(strip(children[0]), pointer))
    return mentions == direct


def _lent(call: Cursor, number: int, definitions: Mapping[str, Cursor], seen: tuple[Cursor, ...]) -> bool:
    """Whether a callee uses its pointer parameter so; `seen` are those that are being looked at."""
    declared = call.referenced
    definition = declared and (declared.get_definition() or definitions.get(declared.spelling))
    if definition is None:
        return False
    parameters = list(definition.get_arguments())
    if (
        number >= len(parameters)
        or type_kind(parameters[number].type.get_canonical()) is not TypeKind.POINTER
    ):
        return False
    if parameters[number] in seen:
        return True
    bodies = [child for child in definition.get_children() if child.kind is CursorKind.COMPOUND_STMT]
    return bool(bodies) and _single(parameters[number], bodies[0], definitions, seen)


def _names(cursor: Cursor, declaration: Cursor) -> bool:
    return cursor.kind is CursorKind.DECL_REF_EXPR and cursor.referenced == declaration


def struct_definitions(types: Sequence[tuple[str, Type]]) -> str:
    """C that defines the struct types among those of named objects and what they hold, inner ones first."""
    found: dict[str, str] = {}
    for name, type in types:
        _define(type, found, unnamed_type(name))
    return "\n".join(found.values())


def unnamed_type(variable: str) -> str:
    """What the type of a variable is called in C of ours if it has no name (`struct { int x; } v;`)."""
    return f"{variable}_type"


def _unnamed_base(type: Type) -> bool:
    return _unnamed_spelling(_base(type))


def _define(type: Type, found: dict[str, str], unnamed: str = "") -> None:
    type = type.get_canonical()
    while type_kind(type) in (
        TypeKind.CONSTANTARRAY,
        TypeKind.POINTER,
        TypeKind.LVALUEREFERENCE,
        TypeKind.INCOMPLETEARRAY,
    ):
        pointer = type_kind(type) in (TypeKind.POINTER, TypeKind.LVALUEREFERENCE)
        type = (type.get_pointee() if pointer else type.element_type).get_canonical()
    name = type.spelling.removeprefix("const ")
    if type_kind(type) is not TypeKind.RECORD or is_arithmetic(type) or name in found:
        return
    if _unnamed(type) and not unnamed:
        return
    for field in type.get_fields():
        _define(field.type, found)
    body = _members(type)
    if _unnamed(type):
        found[unnamed] = f"typedef struct {body} {unnamed};"
    elif name.startswith("struct "):
        found[name] = f"{name} {body};"
    else:
        found[name] = f"typedef struct {body} {plain_type(name)};"


def _members(type: Type) -> str:
    fields = []
    for field in type.get_fields():
        extents, inner = "", field.type.get_canonical()
        while type_kind(inner) is TypeKind.CONSTANTARRAY:
            extents += f"[{inner.element_count}]"
            inner = inner.element_type.get_canonical()
        spelled = f"struct {_members(inner)}" if _unnamed(inner) else plain_type(_base(inner))
        fields.append(f"{spelled} {field.spelling}{extents};")
    return f"{{ {' '.join(fields)} }}"


def _unnamed(type: Type) -> bool:
    return _unnamed_spelling(type.spelling)


def _unnamed_spelling(name: str) -> bool:
    return "(unnamed" in name or "(anonymous" in name
