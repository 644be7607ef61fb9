"""Constant tables: one global memref per arithmetic part of a constant object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from clang.cindex import Cursor

from seer.frontend._libclang import (
    CursorKind,
    StorageClass,
    TypeKind,
    initial_value,
    refuse,
    strip,
    type_kind,
)
from seer.frontend.ap_calls import is_ap_call
from seer.frontend.initialisers import constant_contents, text_of
from seer.frontend.kinds import ArrayOf, Kind, kind_of, leaves
from seer.frontend.storage import Place, Storage
from seer.frontend.types import CType, is_ap
from seer.lang.mlir_bindings import ir, memref

_ARRAY_STARTS = (CursorKind.INIT_LIST_EXPR, CursorKind.STRING_LITERAL, CursorKind.COMPOUND_LITERAL_EXPR)

__all__ = ["Tables", "initialiser"]


def initialiser(variable: Cursor) -> Cursor | None:
    """The initialiser of a variable that the source gives."""
    start = initial_value(variable)
    if start is None:
        return None
    if type_kind(variable.type.get_canonical()) is TypeKind.CONSTANTARRAY:
        return start if strip(start).kind in _ARRAY_STARTS else None
    # C++ calls a constructor where the source says nothing, or `{}`; that of ap_int gives no value.
    empty = start.kind is CursorKind.CALL_EXPR and not list(start.get_arguments())
    unsaid = start.extent.end.offset - start.extent.start.offset == len(variable.spelling)
    return None if empty and unsaid and is_ap(variable.type) and is_ap_call(start) else start


class Tables:
    """Makes the tables of one module; `entry` is the first block of the function that reads them, and
    `definitions` are what other files define, by name."""

    def __init__(self, entry: Any, definitions: Mapping[str, Cursor]) -> None:
        self._entry = entry
        self._definitions = definitions
        self._made: dict[Any, Place] = {}
        self._names: set[str] = set()

    def definition(self, declaration: Cursor, cursor: Cursor) -> Cursor:
        """What defines a constant, in whatever file; raises InputError at `cursor` if that is not given."""
        found = declaration.get_definition()
        if found is not None or declaration.storage_class is not StorageClass.EXTERN:
            return found or declaration
        found = self._definitions.get(declaration.spelling)
        if found is None or found.kind is not CursorKind.VAR_DECL:
            where = "the files given do not define the constant"
            refuse(cursor, f"{where} `{declaration.spelling}`", "add the file that defines it")
        return found

    def constant(self, variable: Cursor) -> Place | None:
        """The place of a constant array or struct; None if it is no constant with known contents."""
        if variable in self._made:
            return self._made[variable]
        kind = kind_of(variable.type, variable)
        contents = constant_contents(kind, initialiser(variable))
        if contents is None:
            return None
        self._made[variable] = self.table(variable.spelling, kind, contents)
        return self._made[variable]

    def text(self, literal: Cursor) -> Place:
        """A string literal as an array of char."""
        characters = [*text_of(literal), 0]
        kind = kind_of(literal.type, literal)
        if not isinstance(kind, ArrayOf) or not isinstance(kind.element, CType):
            refuse(literal, "this string is not supported", "use an array of char")
        return self.table("text", ArrayOf(kind.element, len(characters)), {(): characters})

    def table(self, name: str, kind: Kind, contents: dict[tuple[str, ...], list[int]]) -> Place:
        parts: dict[tuple[str, ...], Any] = {}
        for leaf in leaves(kind):
            shape = list(leaf.shape)
            type = ir.MemRefType.get(shape, ir.IntegerType.get_signless(leaf.type.width))
            symbol = self._symbol(".".join((name, *leaf.path)))
            module = self._entry.owner.operation.parent.regions[0].blocks[0]
            with ir.InsertionPoint.at_block_begin(module):
                table = memref.GlobalOp(
                    symbol,
                    ir.TypeAttr.get(type),
                    sym_visibility=ir.StringAttr.get("private"),
                    initial_value=_dense(contents[leaf.path], shape, leaf.type.width),
                    constant=True,
                )
                table.attributes["seer.name"] = ir.StringAttr.get(".".join((name, *leaf.path)))
            with ir.InsertionPoint.at_block_begin(self._entry):
                parts[leaf.path] = memref.GetGlobalOp(type, symbol).result
        return Place(Storage(name, parts), kind)

    def _symbol(self, name: str) -> str:
        symbol, number = name, 1
        while symbol in self._names:
            symbol, number = f"{name}.{number}", number + 1
        self._names.add(symbol)
        return symbol


def _dense(values: list[int], shape: list[int], width: int) -> ir.Attribute:
    element = ir.IntegerType.get_signless(width)
    type = ir.RankedTensorType.get(shape, element)
    size = next((size for size in (8, 16, 32, 64) if width == size), None)
    if size is None or not values:
        attributes = [ir.IntegerAttr.get(element, _signed(value, width)) for value in values]
        return ir.DenseElementsAttr.get(attributes, type)
    contents = np.array(values, dtype=f"<u{size // 8}").reshape(shape)
    return ir.DenseElementsAttr.get(contents, signless=True, type=element, shape=shape)


def _signed(value: int, width: int) -> int:
    return value - (1 << width) if width > 1 and value >> (width - 1) else value
