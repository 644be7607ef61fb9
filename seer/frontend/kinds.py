"""What C objects consist of: arithmetic types, arrays, structs, and pointers to these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from clang.cindex import Cursor, Type

from seer.frontend._libclang import CursorKind, TypeKind, refuse, type_kind
from seer.frontend.types import CType, is_arithmetic, scalar_type

__all__ = ["ArrayOf", "Kind", "Leaf", "PointerTo", "Record", "element_of", "kind_of", "leaves"]

_REFERENCES = (TypeKind.LVALUEREFERENCE, TypeKind.RVALUEREFERENCE)
_FUNCTIONS = (TypeKind.FUNCTIONPROTO, TypeKind.FUNCTIONNOPROTO)


@dataclass(frozen=True)
class ArrayOf:
    """An array; `extent` is None where the type does not say."""

    element: Kind
    extent: int | None


@dataclass(frozen=True)
class Record:
    """A struct: its spelling in C and its members in order."""

    name: str
    members: tuple[tuple[str, Kind], ...]

    def member(self, name: str) -> Kind:
        return dict(self.members)[name]


@dataclass(frozen=True)
class PointerTo:
    """A pointer or a reference."""

    target: Kind
    reference: bool = False


Kind = CType | ArrayOf | Record | PointerTo


@dataclass(frozen=True)
class Leaf:
    """An arithmetic part of an object: one memory. `path` are the members that lead to it, `shape` the
    extents of all arrays passed through, `splits` how many of them were passed before each member."""

    path: tuple[str, ...]
    type: CType
    shape: tuple[int, ...]
    splits: tuple[int, ...] = ()


def kind_of(clang_type: Type, place: Cursor) -> Kind:
    """What `clang_type` consists of; raises InputError at `place` for what is not supported."""
    resolved = clang_type.get_canonical()
    if resolved.is_volatile_qualified():
        refuse(place, f"volatile type `{clang_type.spelling}` is not supported", "drop `volatile`")
    kind = type_kind(resolved)
    if kind is TypeKind.CONSTANTARRAY:
        if resolved.element_count < 1:
            refuse(place, f"array `{place.spelling}` has no elements", "give it a size of at least 1")
        element = kind_of(resolved.element_type, place)
        if isinstance(element, PointerTo):
            refuse(
                place, f"array of pointers `{place.spelling}` is not supported", "use a two-dimensional array"
            )
        return ArrayOf(element, resolved.element_count)
    if kind is TypeKind.INCOMPLETEARRAY:
        return ArrayOf(kind_of(resolved.element_type, place), None)
    if kind is TypeKind.VARIABLEARRAY:
        hint = "give it a constant size"
        refuse(place, f"variable-length array `{place.spelling}` is not supported", hint)
    if kind is TypeKind.POINTER or kind in _REFERENCES:
        pointee = resolved.get_pointee()
        if type_kind(pointee.get_canonical()) in _FUNCTIONS:
            refuse(
                place, f"function pointer of type `{clang_type.spelling}` is not supported", "call by name"
            )
        if type_kind(pointee.get_canonical()) is TypeKind.VOID:
            refuse(
                place, f"`{clang_type.spelling}` is not supported here", "give the pointer an element type"
            )
        return PointerTo(kind_of(pointee, place), kind in _REFERENCES)
    if kind is TypeKind.RECORD and not is_arithmetic(resolved):
        return _record(resolved, place)
    return scalar_type(clang_type, place)


def element_of(kind: Kind) -> Kind:
    """What one element of an array, or the object of a pointer, consists of."""
    if isinstance(kind, ArrayOf):
        return kind.element
    if isinstance(kind, PointerTo):
        return kind.target
    return kind


def _record(resolved: Type, place: Cursor) -> Record:
    declaration = resolved.get_declaration()
    name = resolved.spelling.removeprefix("const ")
    if name.startswith(("ap_fixed<", "ap_ufixed<")):
        refuse(place, f"fixed-point type `{name}` is not supported yet", "use ap_int<N> and shifts")
    if name.startswith(("hls::stream<", "stream<")):
        refuse(place, f"stream `{name}` is not supported yet", "use an array")
    if declaration.kind is CursorKind.UNION_DECL:
        refuse(place, f"union `{name}` is not supported", "use one variable per member")
    members: list[tuple[str, Kind]] = []
    for child in declaration.get_children():
        if child.kind is CursorKind.CXX_BASE_SPECIFIER:
            refuse(place, f"class `{name}` with a base class is not supported", "use a plain struct")
    for field in resolved.get_fields():
        if field.is_bitfield():
            hint = "use an integer type of its own and masks"
            refuse(field, f"bit-field `{field.spelling}` is not supported", hint)
        if not field.spelling or "(" in field.spelling:
            refuse(field, f"a member without a name in `{name}` is not supported", "name it")
        member = kind_of(field.type, field)
        if isinstance(member, PointerTo):
            refuse(field, f"struct member `{field.spelling}` is a pointer", "use an array or an index")
        if isinstance(member, ArrayOf) and member.extent is None:
            refuse(field, f"struct member `{field.spelling}` has no size", "give it a constant size")
        members.append((field.spelling, member))
    if not members:
        refuse(place, f"`{name}` has no members that are known here", "use a struct that is defined")
    return Record(name, tuple(members))


@cache
def leaves(kind: Kind) -> tuple[Leaf, ...]:
    """The arithmetic parts of an object, members in order; a pointer has none."""
    match kind:
        case CType():
            return (Leaf((), kind, ()),)
        case ArrayOf(element, extent):
            return tuple(
                Leaf(leaf.path, leaf.type, (extent or 1, *leaf.shape), tuple(s + 1 for s in leaf.splits))
                for leaf in leaves(element)
            )
        case Record(_, members):
            return tuple(
                Leaf((name, *leaf.path), leaf.type, leaf.shape, (0, *leaf.splits))
                for name, member in members
                for leaf in leaves(member)
            )
        case _:
            return ()
