"""When two memories agree: element by element, except that all NaNs of a float array are one value.

Neither C nor SeerLang fixes the sign and payload of a NaN that an operation returns.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from seer.emit.c_types import element_type
from seer.lang.program import Argument

__all__ = ["REASSOCIATED", "differing", "float_arrays"]

REASSOCIATED = 2.0**-12
"""How far reassociated sums of floats may be apart: half of the digits of a float."""

_FLOATS = {32: np.float32, 64: np.float64}


def float_arrays(arguments: Iterable[Argument]) -> frozenset[str]:
    """The names of array arguments (a return value among them) whose elements are float or double."""
    return frozenset(a.name for a in arguments if a.is_array and element_type(a).floating)


def differing(expected: np.ndarray, got: np.ndarray, floating: bool, tolerance: float = 0.0) -> np.ndarray:
    """The positions at which two memories of equal length differ.

    If `floating`, elements are bit patterns of 32 or 64 bits, held in unsigned integers of that size; numbers
    may then differ by `tolerance` times the greatest finite one of the memory, doubles by its square.
    """
    different = expected != got
    if floating:
        number = _FLOATS[8 * expected.dtype.itemsize]
        want, have = (np.ascontiguousarray(a, expected.dtype).view(number) for a in (expected, got))
        different &= ~(np.isnan(want) & np.isnan(have))
        if tolerance:
            different &= ~_near(want, have, tolerance)
    return np.flatnonzero(different)


def _near(expected: np.ndarray, got: np.ndarray, tolerance: float) -> np.ndarray:
    """Where two arrays of numbers are near each other."""
    if expected.dtype == np.float64:
        tolerance *= tolerance
    finite = np.isfinite(expected) & np.isfinite(got)
    first, second = (np.where(finite, side, 0).astype(np.float64) for side in (expected, got))
    scale = np.abs(first).max(initial=0.0)
    return finite & (np.abs(first / 2 - second / 2) <= tolerance * scale / 2)
