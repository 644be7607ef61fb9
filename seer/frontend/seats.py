"""Pointer variables that are written: which array they point into at each place of a function.

A variable may leave one array for another where it is certain which of the two it points into wherever it is
read. Statements are lowered in the order of the source, so that is: the place that set it last stands in a
block around the reader, and no loop leads from a place that sets it back to a reader that another one served.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from clang.cindex import Cursor

from seer.frontend._libclang import refuse
from seer.frontend.kinds import Kind
from seer.frontend.storage import Place, Pointer, Root
from seer.frontend.types import INT
from seer.frontend.values import Emitter, Value, constant
from seer.lang.mlir_bindings import ir, memref

__all__ = ["PointerVariable"]

_LOOPS = ("affine.for", "scf.for", "scf.while")


@dataclass(frozen=True, eq=False)
class _Seat:
    """An array that a variable was set to point into, by the operation `store`."""

    target: Pointer
    store: Any


@dataclass(eq=False)
class PointerVariable:
    """A pointer that is written. `register` holds the offset, and further ones the subscripts of what the
    array is a member of (`s[i].name`)."""

    name: str
    kind: Kind
    register: Any
    _seats: list[_Seat] = field(default_factory=list)
    _reads: list[tuple[Any, _Seat]] = field(default_factory=list)
    _subscripts: list[Any] = field(default_factory=list)

    @property
    def targets(self) -> tuple[Pointer, ...]:
        """What it has been set to point into so far."""
        return tuple(seat.target for seat in self._seats)

    @property
    def registers(self) -> tuple[Any, ...]:
        return (self.register, *self._subscripts)

    def read(self, cursor: Cursor) -> Pointer | None:
        """What it points to at the insertion point; None if it has not been set yet."""
        if not self._seats:
            return None
        seat = self._seats[-1]
        if len({s.target.root() for s in self._seats}) > 1 and not _serves(
            seat.store, ir.InsertionPoint.current.block
        ):
            self._refuse(cursor, seat)
        load = memref.LoadOp(self.register, [])
        self._reads.append((load, seat))
        pointer, base = seat.target, seat.target.base
        indices = tuple(
            Value(INT, ssa=memref.LoadOp(register, []).result)
            for register, _ in zip(self._subscripts, base.indices, strict=False)
        )
        offset = Value(INT, ssa=load.result) if pointer.extents else constant(0, INT)
        return Pointer(Place(base.storage, base.kind, base.path, indices), pointer.extents, offset, self.kind)

    def point(self, pointer: Pointer, emitter: Emitter, cursor: Cursor) -> None:
        """Let it point there from the insertion point on; `pointer` is rooted, and to objects of `kind`."""
        if not pointer.extents and pointer.offset.const != 0:
            found = f"a pointer beside the single object `{pointer.base.storage.name}` is not supported"
            refuse(cursor, found, "point into an array")
        self._check_loops(pointer.root(), cursor)
        while len(self._subscripts) < len(pointer.base.indices):
            self._subscripts.append(self._new_subscript(emitter))
        for register, index in zip(self._subscripts, pointer.base.indices, strict=False):
            memref.StoreOp(emitter.ssa(emitter.convert(index, INT)), register, [])
        store = memref.StoreOp(emitter.ssa(emitter.convert(pointer.offset, INT)), self.register, [])
        last = self._seats[-1] if self._seats else None
        if (
            last is None
            or last.target.root() != pointer.root()
            or not _serves(last.store, ir.InsertionPoint.current.block)
        ):
            self._seats.append(_Seat(pointer, store))

    def _new_subscript(self, emitter: Emitter) -> Any:
        with ir.InsertionPoint(self.register.owner):
            register = memref.AllocaOp(ir.MemRefType.get([], emitter.integer(INT.width)), [], [])
        register.attributes["seer.name"] = ir.StringAttr.get(self.name)
        return register.result

    def _check_loops(self, root: Root, cursor: Cursor) -> None:
        """Refuse to point into `root` where a loop leads back to a reader that expects another array."""
        others = [(load, seat) for load, seat in self._reads if seat.target.root() != root]
        if not others:
            return
        for loop in _around(ir.InsertionPoint.current.block):
            if loop.name not in _LOOPS:
                continue
            for load, seat in others:
                inside = loop in list(_around(load.operation.block))
                if inside and not (
                    loop in list(_around(seat.store.operation.block))
                    and _serves(seat.store, load.operation.block)
                ):
                    self._refuse(cursor, seat)

    def _refuse(self, cursor: Cursor, seat: _Seat) -> None:
        others = [s for s in self._seats if s.target.root() != seat.target.root()]
        name = (others[-1] if others else seat).target.base.storage.name
        found = f"pointer `{self.name}` to more than one array (`{name}` before) is not supported here"
        hint = "use one pointer variable per array, or set it again before this use"
        refuse(cursor, found, hint)


def _around(block: Any) -> Iterator[Any]:
    """The operations around a block, from the innermost on."""
    operation = block.owner.operation
    while operation is not None and operation.name != "func.func":
        yield operation
        operation = operation.parent.operation if operation.parent is not None else None


def _serves(store: Any, block: Any) -> bool:
    """Whether what stands in `block`, behind `store`, is reached from there only."""
    home = store.operation.block
    return home == block or any(operation.block == home for operation in _around(block))
