"""Constant tables as dense attributes of MLIR, both ways."""

from __future__ import annotations

from typing import Any

import numpy as np

from seer.lang.mlir_bindings import ir
from seer.lang.mlir_floats import float_width
from seer.lang.operators import to_signed, to_unsigned
from seer.lang.terms import Table

__all__ = ["dense", "dense_values"]

_NATIVE = (8, 16, 32, 64)
"""Widths whose elements the bindings take and give as arrays."""


def dense(table: Table) -> ir.Attribute:
    """The dense attribute of a table, row-major."""
    type, shape = table.type, table.type.shape
    if type.width in _NATIVE and table.values:
        contents = np.array(table.values, dtype=f"uint{type.width}").reshape(shape)
        element = ir.IntegerType.get_signless(type.width)
        return ir.DenseElementsAttr.get(contents, type=element, shape=list(shape))
    tensor = "x".join([*map(str, shape), f"i{type.width}"])
    numbers = [str(to_signed(v, type.width) if type.width > 1 else v) for v in table.values]
    return ir.Attribute.parse(f"dense<{_nested(numbers, shape)}> : tensor<{tensor}>")


def _nested(numbers: list[str], shape: tuple[int, ...]) -> str:
    if not shape:
        return numbers[0]
    for extent in reversed(shape[1:]):
        numbers = [
            f"[{', '.join(numbers[start : start + extent])}]" for start in range(0, len(numbers), extent)
        ]
    return f"[{', '.join(numbers)}]" if numbers else ""


def dense_values(attribute: Any, count: int, width: int) -> tuple[int, ...]:
    """The `count` elements of a dense attribute of integers or floats, as bit patterns of `width` bits."""
    if not count:
        return ()
    is_float = float_width(attribute.type.element_type) is not None
    if is_float or width in _NATIVE:
        contents = np.array(attribute).reshape(-1).view(f"uint{width}")
        values = [int(value) for value in contents]
    else:
        values = _spelled(str(attribute), width)
    return tuple(values * count) if len(values) == 1 else tuple(values)


def _spelled(text: str, width: int) -> list[int]:
    """The elements of an integer attribute from its text, of which a long one is spelled as raw bytes."""
    body = text[text.index("<") + 1 : text.rindex("> :")]
    if body.startswith('"0x'):
        raw = bytes.fromhex(body[3:-1])
        if width == 1:
            return [raw[position // 8] >> position % 8 & 1 for position in range(8 * len(raw))]
        size = -(-width // 8)
        starts = range(0, len(raw), size)
        return [to_unsigned(int.from_bytes(raw[s : s + size], "little"), width) for s in starts]
    words = body.replace("[", " ").replace("]", " ").replace(",", " ").split()
    return [
        to_unsigned({"true": 1, "false": 0}[w] if w in ("true", "false") else int(w), width) for w in words
    ]
