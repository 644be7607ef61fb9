"""Operands for the units: special values, and random ones of the kinds at which arithmetic goes wrong."""

from __future__ import annotations

import numpy as np

from tests.backends.rtl.floating.harness import Words

__all__ = ["FRACTION", "floats", "integers", "special_pairs", "specials"]

FRACTION = {32: 23, 64: 52}
_KINDS = 9


def specials(width: int) -> list[int]:
    """200 values: zeros, subnormals, the ends of the ranges, ones, halves, numbers around powers of two and
    the ends of integers, infinities, and NaNs quiet and signalling."""
    fraction, sign = FRACTION[width], 1 << (width - 1)
    top = (sign - 1) >> fraction
    bias = top >> 1
    fields = [0, 1, 2, fraction, bias - fraction - 1, bias - 1, bias, bias + 1, bias + fraction, top - 1, top]
    fields += [bias + 31, bias + 32, bias + 63, bias + 64, bias + 7]
    half = 1 << (fraction - 1)
    rests = [0, 1, (1 << fraction) - 1, half, half + 1, half - 1]
    sizes = [field << fraction | rest for field in fields for rest in rests]
    sizes += [(bias + 1) << fraction | half >> 1, (bias + 15) << fraction, 3, (1 << fraction) - 2]
    found = [s | size for s in (0, sign) for size in sizes]
    assert len(set(found)) == 200
    return found


def special_pairs(width: int) -> tuple[Words, Words]:
    """All pairs of special values."""
    values = np.array(specials(width), dtype=np.uint64)
    return np.repeat(values, len(values)), np.tile(values, len(values))


def floats(width: int, count: int, seed: int) -> tuple[Words, Words]:
    """`count` pairs, of each kind as many: any bits, near exponents, ties of sums, of products, and of
    conversions, neighbours of opposite signs, results around the subnormals, integers, and sizes near 1."""
    rng = np.random.default_rng(seed)
    part = -(-count // _KINDS)
    pairs = [_pair(kind, width, part, rng) for kind in range(_KINDS)]
    a, b = (np.concatenate([pair[side] for pair in pairs])[:count] for side in (0, 1))
    return a, b


def _pair(kind: int, width: int, count: int, rng: np.random.Generator) -> tuple[Words, Words]:
    fraction, full, sign = FRACTION[width], np.uint64((1 << width) - 1), np.uint64(1 << (width - 1))
    rest, place = np.uint64((1 << fraction) - 1), np.uint64(fraction)
    bias = (1 << (width - 2 - fraction)) - 1

    def bits() -> Words:
        return rng.integers(0, full, count, dtype=np.uint64, endpoint=True)

    def below(end: int) -> Words:
        return rng.integers(0, end, count, dtype=np.uint64)

    def sized(x: Words, low: int, high: int) -> Words:
        """x with an exponent from low to high."""
        field = below(high - low + 1) + np.uint64(bias + low)
        return (x & (rest | sign)) | field << place

    a, b = bits(), bits()
    if kind == 1:  # exponents close together
        near = (a & ~rest) + (below(2 * fraction) << place)
        b = (near & (full >> np.uint64(1))) | (b & (rest | sign))
    elif kind == 2:  # ties of sums: few bits set, so far apart that the last of them is the half
        a = sized(a, -3, 3)
        ones = np.uint64(1) << below(fraction)
        b = sized((b & sign) | (ones & bits() & rest), -fraction - 4, -1)
    elif kind == 3:  # ties of products: as many bits as a significand and one more
        short = below(fraction - 1) + np.uint64(1)
        a = sized((a & sign) | (((a & rest) >> short | np.uint64(1)) << short) & rest, -60, 60)
        other = np.uint64(fraction) - short
        b = sized((b & sign) | (((b & rest) >> other | np.uint64(1)) << other) & rest, -60, 60)
    elif kind == 4:  # ties of conversions: a half behind as many bits as the result keeps, or next to it
        cut = below(fraction) + np.uint64(1)
        half = np.uint64(1) << (cut - np.uint64(1))
        tie = ((a & rest) >> cut << cut | half) + rng.integers(0, 3, count).astype(np.uint64) - np.uint64(1)
        a = sized((a & sign) | (tie & rest), -1, 64)
        a = np.where(b & np.uint64(1), a, (a & (sign | rest)) | (b & full & ~(sign | rest)))
    elif kind == 5:  # neighbours of opposite signs
        b = (a ^ sign) + below(9) & full
    elif kind == 6:  # results around the subnormals
        b = (b & (rest | sign)) | (below(fraction + 3) << place)
        a = np.where(b & np.uint64(1), a, sized(a, -4, 4))
    elif kind == 7:  # subnormals of all sizes
        a, b = ((x & sign) | (x & rest) >> below(fraction) for x in (a, b))
    elif kind == 8:  # sizes of integers
        a, b = sized(a, -3, 66), sized(b, -3, 66)
    return a, b


def integers(count: int, seed: int) -> Words:
    """Integers of 64 bits whose low bits serve as those of fewer: of all sizes and both signs, ends of their
    ranges, and halves behind as many bits as a significand has, or next to them."""
    rng = np.random.default_rng(seed)
    any_bits = rng.integers(0, (1 << 64) - 1, count, dtype=np.uint64, endpoint=True)
    shift = rng.integers(0, 64, count, dtype=np.uint64)
    sized = any_bits >> shift
    kept = rng.choice(np.array([24, 53], dtype=np.uint64), count)
    top = any_bits >> (np.uint64(64) - kept) | np.uint64(1) << (kept - np.uint64(1))
    half = (top << np.uint64(1) | np.uint64(1)) << rng.integers(0, 10, count, dtype=np.uint64)
    half += rng.integers(0, 3, count).astype(np.uint64) - np.uint64(1)
    ends = (np.uint64(1) << shift) + rng.integers(0, 3, count).astype(np.uint64) - np.uint64(1)
    kind = rng.integers(0, 4, count)
    found = np.choose(kind, [any_bits, sized, half, ends]).astype(np.uint64)
    return np.where(rng.integers(0, 2, count).astype(bool), found, np.uint64(0) - found)
