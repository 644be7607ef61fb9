"""What the kernels of this folder compute, on Python's integers; nothing here uses seer.

Each model gets its arguments by name, numbers as they are and arrays as lists, and changes the lists. An
array of one element stands for a reference. What it returns is what the kernel returns.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any


def unsigned(x: int, width: int) -> int:
    return x & ((1 << width) - 1)


def signed(x: int, width: int) -> int:
    x = unsigned(x, width)
    return x - (1 << width) if x >> (width - 1) else x


def quotient(x: int, y: int) -> int:
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


def remainder(x: int, y: int) -> int:
    return x - quotient(x, y) * y


def reverse(x: int, width: int) -> int:
    return int(format(x, f"0{width}b")[::-1], 2)


def checksum(data: list[int], start: int) -> int:
    crc = start
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc >> 15 else 0)) & 0xFFFF
    return crc


def filter(**a: list[int]) -> None:
    for i in range(16):
        total = sum(tap * a["in"][i + k] for k, tap in enumerate([-3, 12, 31, 12, -32]))
        a["out"][i] = signed(total, 20) >> 2


def packing(bytes: list[int], word: list[int], nibbles: list[int], swapped: list[int]) -> None:
    packed = sum(byte << 8 * i for i, byte in enumerate(bytes))
    nibbles[:] = [packed >> 4 * i & 15 for i in range(16)]
    d, c, b, a = bytes[:4]
    # Four bytes and one bit: the highest bit is lost.
    swapped[0] = unsigned(d << 25 | (c & 15) << 21 | c >> 4 << 17 | b << 9 | a << 1 | 1, 32)
    word[0] = reverse(packed, 64)


def population(x: list[int], counts: list[int], zeros: list[int], odd: list[int], last: list[int]) -> None:
    for n, number in enumerate(x):
        counts[n] = number.bit_count()
        zeros[n] = 24 - number.bit_length()
        odd[n] = number.bit_count() & 1
        last[n] = signed(number & -number, 24)


def saturation(a: list[int], b: list[int], sums: list[int], clipped: list[int]) -> int:
    exact = [x + y for x, y in zip(a, b, strict=True)]
    sums[:] = [min(127, max(-128, x)) for x in exact]
    clipped[0] = sum(x != y for x, y in zip(sums, exact, strict=True))
    return clipped[0] or -1


def records(by: int, **a: list[int]) -> int:
    red, green, blue = a["image.red"], a["image.green"], a["image.blue"]
    whole = 0
    for i in range(3):
        red[i] = min(31, red[i] + by)
        green[i] = unsigned(green[i] + by, 6)
        blue[i] = blue[i] & 15 | (a["image.offset"][2 * i + (by & 1)] < 0) << 4
        whole ^= red[i] << 11 | green[i] << 5 | blue[i]
    a["one.green"][0] |= 32
    a["one.red"][0] = a["one.green"][0] & 31
    a["one.blue"][0] = ((whole + by & 63) >> 2 << 2 | 10) & 31
    a["one.offset"][0] = signed(a["one.offset"][0] - 1, 3)
    return whole


def wide(x: list[int], y: list[int], z: list[int], by: int, out: list[int]) -> None:
    for i in range(3):
        product = y[i] * unsigned(by, 64)
        total = unsigned(x[i] + x[(i + 1) % 3] * 3 - product, 128)
        out[i] = total ^ (unsigned(x[i] << 17, 128) | x[i] >> 111)
        z[i] = signed(z[i] * z[i] + by, 100)
        x[i] = max(x[i], product)
        if z[i] < by and x[i] != 0:
            mask = (1 << 50) - 1
            out[i] = out[i] & ~(mask << 50) | (z[i] & mask) << 50


def division(**a: Any) -> None:
    for i in range(8):
        divisor, other = a["b"][i] | 1, a["c"][i] or -1
        x, y = a["a"][i], a["b"][i]
        a["q"][i] = signed(quotient(x, divisor) + quotient(y, other), 16)
        a["r"][i] = remainder(x, divisor) - remainder(y, other) + remainder(x, other)
        e = quotient(quotient(a["d"], other), divisor)
        a["e"][i] = signed(e - remainder(quotient(x, other), 7), 33)


def sequence(start: int, seen: list[int], history: list[int]) -> int:
    state, steps, past = start, 0, history[0]
    while True:
        bit = state >> 6 & 1 ^ state >> 5 & 1
        state = unsigned(state << 1, 7) | bit
        past = unsigned(past << 1, 40) | bit
        if steps == 3:
            past ^= 1 << 39
        steps += 1
        if state == start or steps >= 150:
            break
    seen[:] = [unsigned(~state, 7), reverse(state, 7)]
    history[0] = past & ~(1 << 5) if state == 127 else past
    return steps


def conversions(x: int, n: int, by: int, bytes: list[int], wide: list[int], kept: list[int]) -> int:
    bytes[:] = [
        unsigned(x, 8),
        unsigned(unsigned(x, 32) >> n, 8),
        unsigned(-n, 8),
        int(x == 0 or n & 1 == 1),
    ]
    rotated = signed(x << (by & 15), 11) >> 3
    wide[:] = [x * by, unsigned(x, 32), rotated, 1 << n, 100 - x * 2 + 1]
    amount = remainder(by, 8)
    moved = x >> amount if amount >= 0 else signed(x << -amount, 11)
    kept[:] = [
        signed(moved + 4, 24),
        signed(by if n else -by, 24),
        unsigned(x, 4) & 97,
        signed(x ^ signed(by, 24), 24),
    ]
    kept[3] = signed(kept[3] + (n == 1), 24)
    result = x * 0.5 if n in (1, 5) else n + 0.25
    return struct.unpack("<Q", struct.pack("<d", result))[0]


def manual(val1: int, val2: int, val3: int, val4: int, results: list[int], all: list[int]) -> None:
    all[:] = [
        unsigned(val1, 10),
        val2,
        unsigned(val1, 7),
        unsigned(signed(val2, 6), 10),
        unsigned(val4, 7) << 3 | unsigned(val3, 3),
        unsigned(val3, 3) << 7 | unsigned(val4, 7),
        0,
    ]
    results[:] = [1, 43, 0, 1, 0, 0, 0, 0, 0, 0]


MODELS: dict[str, Callable[..., int | None]] = {
    model.__name__: model
    for model in (
        checksum, filter, packing, population, saturation, records, wide, division, sequence, conversions,
        manual,
    )
}  # fmt: skip
