"""Where C objects are kept: places in memories, pointers to places, and access to both.

An object of a struct type is kept in one memory per arithmetic part (struct of arrays), so a place is an
object, the members that were selected, and all subscripts so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from clang.cindex import Cursor

from seer.frontend._libclang import refuse
from seer.frontend.kinds import ArrayOf, Kind, Leaf, Record, leaves
from seer.frontend.scope import ArrayBinding, Scalar
from seer.frontend.types import INT, LONG, CType
from seer.frontend.values import Emitter, Value, constant
from seer.lang.mlir_bindings import affine, arith, ir, memref

__all__ = ["Access", "Place", "Pointer", "Root", "Storage", "place_of"]


@dataclass(frozen=True, eq=False)
class Storage:
    """One object: a memref, or a value that never changes, for each of its arithmetic parts by path."""

    name: str
    parts: Mapping[tuple[str, ...], Any]


@dataclass(frozen=True)
class Place:
    """An object or a part of one. `indices` are the subscripts so far, from the outermost on; of an
    element, `container` is the array that it was taken from."""

    storage: Storage
    kind: Kind
    path: tuple[str, ...] = ()
    indices: tuple[Value, ...] = ()
    container: Place | None = None

    def member(self, name: str) -> Place:
        if not isinstance(self.kind, Record):
            raise TypeError(f"no struct: {self.kind}")
        return Place(self.storage, self.kind.member(name), (*self.path, name), self.indices)

    def element(self, index: Value) -> Place:
        if not isinstance(self.kind, ArrayOf):
            raise TypeError(f"no array: {self.kind}")
        return Place(self.storage, self.kind.element, self.path, (*self.indices, index), self)


Root = tuple[Any, tuple[str, ...], int, tuple[int, ...]]


@dataclass(frozen=True)
class Pointer:
    """`offset` objects of `kind` after the first one in `base`, an array whose outer dimensions `extents`
    are counted through row by row; without extents, the object `base` itself."""

    base: Place
    extents: tuple[int, ...]
    offset: Value
    kind: Kind

    def root(self) -> Root:
        """What two pointers into one array have in common, apart from their offsets and the subscripts of
        what that array is a member of."""
        first = next(iter(self.base.storage.parts.values()))
        return first, self.base.path, len(self.base.indices), self.extents


class Access:
    """Reads and writes places at the emitter's insertion point."""

    def __init__(self, emitter: Emitter) -> None:
        self._emitter = emitter

    def load(self, place: Place) -> Value:
        """The value of a place of arithmetic type."""
        part = place.storage.parts[place.path]
        if isinstance(part, Value):
            return part
        return self._typed(place, memref.LoadOp(part, self.subscripts(place)).result)

    def store(self, place: Place, value: Value, cursor: Cursor) -> None:
        part = place.storage.parts[place.path]
        if isinstance(part, Value):
            refuse(cursor, f"an assignment to `{place.storage.name}` is not supported here", "copy it first")
        if not isinstance(place.kind, CType):
            refuse(cursor, "an assignment of an array is not supported", "assign its elements")
        bits = self._emitter.ssa(self._emitter.convert(value, place.kind))
        memref.StoreOp(bits, part, self.subscripts(place))

    def subscripts(self, place: Place) -> list[ir.Value]:
        return [
            arith.IndexCastUIOp(ir.IndexType.get(), self._emitter.ssa(index)).result
            for index in place.indices
        ]

    def copy(self, target: Place, source: Place, cursor: Cursor) -> None:
        """Assign all parts of an object; the two are one object, or do not overlap."""
        for leaf in leaves(target.kind):
            to, value = _part(target, leaf), _part(source, leaf)

            def copy_element(at: list[Value], to: Place = to, value: Place = value) -> None:
                self.store(_indexed(to, at), self.load(_indexed(value, at)), cursor)

            self.each(leaf.shape, copy_element)

    def fill(self, target: Place, value: Value, cursor: Cursor) -> None:
        """Store one value, converted, to every arithmetic part of an object."""
        for leaf in leaves(target.kind):
            to = _part(target, leaf)
            self.each(leaf.shape, lambda at, to=to: self.store(_indexed(to, at), value, cursor))

    def each(self, shape: tuple[int, ...], body: Callable[[list[Value]], None]) -> None:
        """Run `body` for all subscripts of a shape, in loops."""
        if not shape:
            body([])
            return
        loop = affine.AffineForOp(0, shape[0], 1)
        width = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), INT.width)
        loop.attributes["seer.width"] = width
        with ir.InsertionPoint(loop.body):
            counter = arith.IndexCastOp(self._emitter.integer(INT.width), loop.induction_variable).result
            self.each(shape[1:], lambda inner: body([Value(INT, ssa=counter), *inner]))
            affine.AffineYieldOp([])

    def allocate(self, name: str, kind: Kind) -> Place:
        """A new Local, or one for each part of a struct."""
        parts = {}
        for leaf in leaves(kind):
            type = ir.MemRefType.get(list(leaf.shape), self._emitter.integer(leaf.type.width))
            register = memref.AllocaOp(type, [], [])
            register.attributes["seer.name"] = ir.StringAttr.get(".".join((name, *leaf.path)))
            parts[leaf.path] = register.result
        return Place(Storage(name, parts), kind)

    # Pointers

    def decayed(self, array: Place) -> Pointer:
        """A pointer to the first element of an array."""
        if not isinstance(array.kind, ArrayOf):
            raise TypeError(f"no array: {array.kind}")
        return Pointer(array, (array.kind.extent or 1,), constant(0, INT), array.kind.element)

    def address(self, place: Place) -> Pointer:
        """A pointer to a place; to the very first element of an array of arrays, it may walk all rows."""
        container = place.container
        if container is None or not isinstance(container.kind, ArrayOf):
            return Pointer(place, (), constant(0, INT), place.kind)
        offset, extents = place.indices[-1], (container.kind.extent or 1,)
        while _zero(offset) and container.container is not None and _zero(container.indices[-1]):
            container = container.container
            if not isinstance(container.kind, ArrayOf):
                break
            extents = (container.kind.extent or 1, *extents)
        return Pointer(container, extents, offset, place.kind)

    def flattened(self, pointer: Pointer, kind: Kind) -> Pointer | None:
        """A pointer to rows as one to their elements of `kind`; None if its rows do not consist of these."""
        extents, inner = list(pointer.extents), pointer.kind
        size = 1
        while isinstance(inner, ArrayOf) and inner != kind:
            extents.append(inner.extent or 1)
            size *= inner.extent or 1
            inner = inner.element
        if inner != kind:
            return None
        return Pointer(pointer.base, tuple(extents), self._scaled(pointer.offset, size), kind)

    def rooted(self, pointer: Pointer) -> Pointer:
        """The same pointer, counted from the start of the outermost array that it points into."""
        while pointer.base.container is not None and pointer.extents:
            container = pointer.base.container
            if not isinstance(container.kind, ArrayOf):
                break
            start = self._scaled(pointer.base.indices[-1], prod(pointer.extents))
            extents = (container.kind.extent or 1, *pointer.extents)
            pointer = Pointer(container, extents, self.sum(start, pointer.offset), pointer.kind)
        return pointer

    def moved(self, pointer: Pointer, by: Value, backwards: bool = False) -> Pointer:
        offset = self.sum(pointer.offset, by, backwards)
        return Pointer(pointer.base, pointer.extents, offset, pointer.kind)

    def at(self, pointer: Pointer, cursor: Cursor, index: Value | None = None) -> Place:
        """The place `index` objects after what the pointer points to."""
        if index is not None:
            pointer = self.moved(pointer, index)
        if not pointer.extents:
            if not _zero(pointer.offset):
                refuse(
                    cursor, f"a subscript of the single object `{pointer.base.storage.name}`", "use an array"
                )
            return pointer.base
        place, rest = pointer.base, pointer.offset
        for position, _ in enumerate(pointer.extents[:-1]):
            inner = prod(pointer.extents[position + 1 :])
            place = place.element(self._divided("udiv", rest, inner))
            rest = self._divided("urem", rest, inner)
        return place.element(rest)

    def sum(self, left: Value, right: Value, minus: bool = False) -> Value:
        """The sum or difference of two offsets."""
        if _zero(right):
            return left
        if _zero(left) and not minus:
            return right
        type = INT if max(left.type.width, right.type.width) <= INT.width else LONG
        left, right = self._emitter.convert(left, type), self._emitter.convert(right, type)
        return self._emitter.operate("sub" if minus else "add", type, left, right)

    def _scaled(self, offset: Value, size: int) -> Value:
        if size == 1 or _zero(offset):
            return offset
        type = INT if offset.type.width <= INT.width else LONG
        return self._emitter.operate("mul", type, self._emitter.convert(offset, type), constant(size, type))

    def _divided(self, operator: str, offset: Value, by: int) -> Value:
        type = INT if offset.type.width <= INT.width else LONG
        return self._emitter.operate(operator, type, self._emitter.convert(offset, type), constant(by, type))

    def _typed(self, place: Place, bits: ir.Value) -> Value:
        if not isinstance(place.kind, CType):
            raise TypeError(f"no arithmetic type: {place.kind}")
        return Value(place.kind, ssa=bits)


def _part(place: Place, leaf: Leaf) -> Place:
    return Place(place.storage, leaf.type, (*place.path, *leaf.path), place.indices)


def _indexed(place: Place, at: list[Value]) -> Place:
    return Place(place.storage, place.kind, place.path, (*place.indices, *at))


def _zero(value: Value) -> bool:
    return value.const == 0


def place_of(binding: Any, name: str) -> Place | None:
    """The place of a variable that is kept in memory."""
    match binding:
        case Place():
            return binding
        case ArrayBinding(register, element, shape):
            kind: Kind = element
            for extent in reversed(shape):
                kind = ArrayOf(kind, extent)
            return Place(Storage(name, {(): register}), kind)
        case Scalar(type=type, memref=register) if register is not None:
            return Place(Storage(name, {(): register}), type)
        case _:
            return None
