"""`Vectors`: calls of a program with the memories before and after; one .npz file, or a byte stream.

Contents are numbers in [0, 2^width), flat and row-major. In memory they are one-dimensional arrays of the
smallest sufficient unsigned type, above 64 bits of Python integers. The .npz holds entries
`CALL.param.NAME`, `CALL.before.NAME` and `CALL.after.NAME`, little-endian; above 64 bits an element is a
row of two 64-bit words, the low one first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from seer.emit.c_types import element_bytes
from seer.errors import InputError
from seer.lang.operators import mask
from seer.lang.program import Argument
from seer.lang.terms import Param

__all__ = ["Call", "Memories", "Vectors", "calls_from_stream", "from_stream", "memory", "to_stream"]

Memories = Mapping[str, np.ndarray]
"""Contents by array name."""

_WORD = (1 << 64) - 1


@dataclass(frozen=True, eq=False)
class Call:
    """One call: scalar arguments, the arrays before it and, once recorded, after it.

    A return value is the array `ap_return` of one element.
    """

    params: Mapping[str, int]
    arrays_before: Memories
    arrays_after: Memories = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Call)
            and self.params == other.params
            and _same(self.arrays_before, other.arrays_before)
            and _same(self.arrays_after, other.arrays_after)
        )

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Vectors:
    """Recorded calls, in order."""

    calls: tuple[Call, ...]

    def save(self, path: Path) -> None:
        """Write a .npz; equal vectors give equal bytes."""
        entries: dict[str, np.ndarray] = {"calls": np.array(len(self.calls), "<u8")}
        for number, call in enumerate(self.calls):
            for name, value in call.params.items():
                entries[f"{number}.param.{name}"] = np.array([value & _WORD, value >> 64], "<u8")
            for when, arrays in (("before", call.arrays_before), ("after", call.arrays_after)):
                for name, contents in arrays.items():
                    entries[f"{number}.{when}.{name}"] = _stored(contents)
        with path.open("wb") as file:
            np.savez_compressed(file, **entries)  # type: ignore[arg-type]

    @staticmethod
    def load(path: Path) -> Vectors:
        """Read what `save` wrote. Raises InputError for any other file."""
        try:
            with np.load(path, allow_pickle=False) as file:
                entries = {name: file[name] for name in file.files}
            count = int(entries.pop("calls"))
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise InputError(f"{path} holds no recorded calls: {error}", hint="record them again") from error
        calls = [Call({}, {}, {}) for _ in range(count)]
        for entry, contents in entries.items():
            number, kind, name = entry.split(".", 2)
            call = calls[int(number)]
            if kind == "param":
                call.params[name] = int(contents[0]) | int(contents[1]) << 64  # type: ignore[index]
            else:
                arrays = call.arrays_before if kind == "before" else call.arrays_after
                arrays[name] = _loaded(contents)  # type: ignore[index]
        return Vectors(tuple(calls))


def _same(a: Memories, b: Memories) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


def memory(width: int, contents: Iterable[int]) -> np.ndarray:
    """Contents of elements of `width` bits in their usual form."""
    size = element_bytes(width)
    values = list(contents)
    if size <= 8:
        return np.array(values, dtype=f"<u{size}")
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _stored(contents: np.ndarray) -> np.ndarray:
    if contents.dtype != object:
        return contents
    words = [[int(value) & _WORD, int(value) >> 64] for value in contents]
    return np.array(words, "<u8").reshape(len(words), 2)


def _loaded(contents: np.ndarray) -> np.ndarray:
    if contents.ndim == 1:
        return contents
    return memory(128, (int(low) | int(high) << 64 for low, high in contents))


def to_stream(arguments: Sequence[Argument], calls: Sequence[Call], after: bool = True) -> bytes:
    """Calls as a C program reads them: their number in 8 bytes, then for each call the arguments in source
    order before it and, with `after`, the arrays after it; elements of `element_bytes`, little-endian.
    """
    parts = [struct.pack("<Q", len(calls))]
    for call in calls:
        for argument in arguments:
            if isinstance(argument.term, Param):
                size = element_bytes(argument.term.bits)
                parts.append(call.params[argument.name].to_bytes(size, "little"))
            else:
                parts.append(_packed(call.arrays_before[argument.name], argument.term.type.width))
        if after:
            parts += [
                _packed(call.arrays_after[a.name], a.term.type.width)
                for a in arguments
                if not isinstance(a.term, Param)
            ]
    return b"".join(parts)


def _packed(contents: np.ndarray, width: int) -> bytes:
    size = element_bytes(width)
    if size <= 8:
        return contents.astype(f"<u{size}").tobytes()
    return b"".join(int(value).to_bytes(size, "little") for value in contents)


def from_stream(arguments: Sequence[Argument], count: int, stream: bytes) -> list[dict[str, np.ndarray]]:
    """The arrays after each of `count` calls, from a stream that holds nothing else."""
    position, results = 0, []
    for _ in range(count):
        arrays: dict[str, np.ndarray] = {}
        for argument in arguments:
            if isinstance(argument.term, Param):
                continue
            type = argument.term.type
            size, length = element_bytes(type.width), prod(type.shape)
            arrays[argument.name] = _unpacked(stream[position : position + size * length], type.width)
            position += size * length
        results.append(arrays)
    if position != len(stream):
        raise ValueError(f"a stream of {len(stream)} bytes where {position} were due")
    return results


def calls_from_stream(arguments: Sequence[Argument], stream: bytes) -> tuple[Call, ...]:
    """The calls of a stream as `to_stream` writes it, but without their number; an incomplete last call,
    which never returned, is left out.
    """
    pieces: list[tuple[Argument, bool, int]] = []
    for after in (False, True):
        for argument in arguments:
            term = argument.term
            if isinstance(term, Param):
                if not after:
                    pieces.append((argument, after, element_bytes(term.bits)))
            else:
                pieces.append((argument, after, element_bytes(term.type.width) * prod(term.type.shape)))
    size = sum(length for _, _, length in pieces)
    calls = []
    for start in range(0, len(stream) - size + 1, size) if size else ():
        params: dict[str, int] = {}
        memories: tuple[dict[str, np.ndarray], dict[str, np.ndarray]] = {}, {}
        position = start
        for argument, after, length in pieces:
            raw = stream[position : position + length]
            position += length
            if isinstance(argument.term, Param):
                params[argument.name] = int.from_bytes(raw, "little") & mask(argument.term.bits)
            else:
                memories[after][argument.name] = _unpacked(raw, argument.term.type.width)
        calls.append(Call(params, *memories))
    return tuple(calls)


def _unpacked(raw: bytes, width: int) -> np.ndarray:
    size = element_bytes(width)
    if size > 8:
        elements = (int.from_bytes(raw[n : n + size], "little") for n in range(0, len(raw), size))
        return memory(width, (element & mask(width) for element in elements))
    values = np.frombuffer(raw, f"<u{size}").copy()
    return values if width == 8 * size else values & values.dtype.type(mask(width))
