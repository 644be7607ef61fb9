"""Reads the hierarchy of an FST file: enough of the format to find the names of signals."""

from __future__ import annotations

from pathlib import Path

__all__ = ["end_time", "signals"]

_HEADER, _HIERARCHY_LZ4 = 0, 6
_SCOPE, _UP = 254, 255


def blocks(data: bytes) -> dict[int, bytes]:
    """The content of each kind of block."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 1 : at + 9], "big")
        found[data[at]] = data[at + 9 : at + 1 + length]
        at += 1 + length
    return found


def end_time(file: Path) -> int:
    """The last time of the wave, in its unit."""
    return int.from_bytes(blocks(file.read_bytes())[_HEADER][8:16], "big")


def unpacked(data: bytes, size: int) -> bytes:
    """An LZ4 block."""
    out = bytearray()
    at = 0

    def length(first: int) -> int:
        nonlocal at
        total = first
        while first == 15 or (total > 15 and data[at - 1] == 255):
            total += data[at]
            at += 1
            first = 0
        return total

    while at < len(data):
        token = data[at]
        at += 1
        count = length(token >> 4)
        out += data[at : at + count]
        at += count
        if at >= len(data):
            break
        offset = data[at] | data[at + 1] << 8
        at += 2
        for _ in range(length(token & 15) + 4):
            out.append(out[-offset])
    assert len(out) == size
    return bytes(out)


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(0, at)
    return data[at:end].decode(), end + 1


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def signals(file: Path) -> dict[str, int]:
    """The width of each signal, by its name with the scopes around it."""
    packed = blocks(file.read_bytes())[_HIERARCHY_LZ4]
    data = unpacked(packed[8:], int.from_bytes(packed[:8], "big"))
    found: dict[str, int] = {}
    scopes: list[str] = []
    at = 0
    while at < len(data):
        tag = data[at]
        if tag == _SCOPE:
            name, at = _text(data, at + 2)
            _, at = _text(data, at)
            scopes.append(name)
        elif tag == _UP:
            scopes.pop()
            at += 1
        elif tag <= 29:
            name, at = _text(data, at + 2)
            width, at = _number(data, at)
            _, at = _number(data, at)
            found[".".join([*scopes, name])] = width
        else:
            raise ValueError(f"tag {tag} at {at}")
    return found
