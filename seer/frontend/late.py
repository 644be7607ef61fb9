"""Bounds of loops that are known only when the loop begins: they are read once, into a register or from one.

C evaluates a limit before each iteration. A loop is taken to count up to it only if nothing that runs in the
loop may write what the limit reads (seer.frontend.writes), calls included; where that is not known, it does
not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import CursorKind, refuse, same, strip
from seer.frontend.bounds import Bounds
from seer.frontend.effects import Effects
from seer.frontend.scope import ArrayBinding, Scalar, Scope, Span
from seer.frontend.seats import PointerVariable
from seer.frontend.storage import Place, Pointer
from seer.frontend.types import CType, is_arithmetic, is_integer, scalar_type
from seer.frontend.values import Value
from seer.frontend.writes import Writes, is_write, keeps_itself
from seer.lang.affine import Affine, Held
from seer.lang.operators import mask
from seer.lang.terms import ArrayType, LocalArray, Range

__all__ = ["Late", "LateBounds", "Reads", "unchanged"]

_READS = {
    CursorKind.DECL_REF_EXPR,
    CursorKind.PAREN_EXPR,
    CursorKind.UNEXPOSED_EXPR,
    CursorKind.CSTYLE_CAST_EXPR,
    CursorKind.CXX_STATIC_CAST_EXPR,
    CursorKind.INTEGER_LITERAL,
    CursorKind.CHARACTER_LITERAL,
    CursorKind.BINARY_OPERATOR,
    CursorKind.UNARY_OPERATOR,
    CursorKind.CONDITIONAL_OPERATOR,
    CursorKind.ARRAY_SUBSCRIPT_EXPR,
    CursorKind.MEMBER_REF_EXPR,
}
_WIDTHS = (8, 16, 32, 64)


@dataclass(frozen=True)
class Late:
    """A bound that is read when the loop begins: `cursor` is copied to a register of type `held`, or is the
    variable `variable`, a register already."""

    symbol: Held
    cursor: Cursor
    held: CType
    variable: Any = None


@dataclass(frozen=True)
class Reads:
    """How bounds are evaluated, and what is known of effects."""

    value: Callable[[Cursor], Value]
    effects: Effects
    writes: Writes


class LateBounds(Bounds):
    """Reads the first value and the limit of one loop; what is not affine becomes a symbol, kept in `late`.

    `parts` run in the loop.
    """

    def __init__(self, scope: Scope, limit: Cursor | None, parts: Sequence[Cursor], reads: Reads) -> None:
        super().__init__(scope)
        self._limit = limit
        self._parts = parts
        self._reads = reads
        self.late: list[Late] = []

    def check_first(self) -> None:
        """Refuse a first value that is read: what else starts in the header runs before that."""
        for bound in self.late:
            if not same(bound.cursor, self._limit):
                refuse(bound.cursor, "what else starts in this header may change its first value", None)

    def form(self, root: Cursor) -> Affine:
        try:
            return super().form(root)
        except InputError:
            return self._symbol(root)

    def _symbol(self, root: Cursor) -> Affine:
        if not is_integer(root.type) or self._reads.effects.any(root):
            refuse(root, "a loop bound that does more than give an integer is not supported", None)
        stays = unchanged(root, self._parts, self._scope, self._reads.writes)
        if same(root, self._limit) and not stays:
            refuse(root, "what this loop bound reads may change in the loop", None)
        type = scalar_type(root.type, root)
        bits = type.width if type.signed else next((w for w in _WIDTHS if w > type.width), type.width + 1)
        if bits > 64:
            refuse(root, f"a loop bound of type `{type.name}` may not fit 64 bits", None)
        content = None if type.signed else Range(0, mask(type.width))
        symbol = Held(LocalArray(ArrayType(bits, (), content), len(self._scope.held)))
        named = strip(root)
        variable = self._scope.bindings.get(named.referenced) if _is_name(named) else None
        direct = stays and type.signed and isinstance(variable, Scalar) and variable.type == type
        register = variable.memref if direct and isinstance(variable, Scalar) else None
        held = CType(f"signed {bits}-bit bound", bits, True, 5)
        self._scope.spans[symbol] = Span(type.lowest, type.highest)
        self._scope.held[symbol] = (register, held)
        self.late.append(Late(symbol, root, held, register))
        return Affine.build(0, {symbol: 1})


def unchanged(root: Cursor, parts: Sequence[Cursor], scope: Scope, writes: Writes) -> bool:
    """Whether nothing in `parts` may change the value of an expression."""
    read: list[Any] = []
    for cursor in root.walk_preorder():
        if cursor.kind not in _READS or is_write(cursor):
            return False
        if _is_name(cursor):
            memories = _memories(cursor.referenced, scope)
            if memories is None:
                return False
            read += memories
    for part in parts:
        for name in writes.names(part):
            if name is not None and name not in scope.bindings and keeps_itself(name):
                continue  # it does not exist yet, so nothing in `root` reads it
            written = None if name is None else _memories(name, scope)
            if written is None or any(memory == other for memory in written for other in read):
                return False
    return True


def _is_name(cursor: Cursor) -> bool:
    return cursor.kind is CursorKind.DECL_REF_EXPR


def _memories(declaration: Cursor | None, scope: Scope) -> list[Any] | None:
    """The memrefs that hold a variable, or what it points to; None where that is not known."""
    if declaration is None:
        return []
    match scope.bindings.get(declaration):
        case Scalar(memref=memref):
            return [] if memref is None else [memref]
        case ArrayBinding(memref=memref):
            return [memref]
        case Place() as place:
            return _parts(place)
        case Pointer(base=base):
            return _parts(base)
        case PointerVariable() as variable:
            inside = [part for target in variable.targets for part in _parts(target.base)]
            return [*variable.registers, *inside] if variable.targets else None
        case None:
            type = declaration.type
            constant = declaration.kind is CursorKind.ENUM_CONSTANT_DECL or (
                declaration.kind is CursorKind.VAR_DECL and type.is_const_qualified() and is_arithmetic(type)
            )
            return [] if constant else None
        case _:
            return None


def _parts(place: Place) -> list[Any]:
    return [part for part in place.storage.parts.values() if not isinstance(part, Value)]
