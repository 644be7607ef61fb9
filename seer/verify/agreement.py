"""When two memories agree: element by element, except that all NaNs of a float array are one value.

Neither C nor SeerLang fixes the sign and payload of a NaN that an operation returns.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from seer.emit.c_types import element_type
from seer.lang.program import Argument

__all__ = ["differing", "float_arrays"]

_FLOATS = {32: np.float32, 64: np.float64}


def float_arrays(arguments: Iterable[Argument]) -> frozenset[str]:
    """The names of array arguments (a return value among them) whose elements are float or double."""
    return frozenset(a.name for a in arguments if a.is_array and element_type(a).floating)


def differing(expected: np.ndarray, got: np.ndarray, floating: bool) -> np.ndarray:
    """The positions at which two memories of equal length differ.

    If `floating`, elements are bit patterns of 32 or 64 bits, held in unsigned integers of that size.
    """
    different = expected != got
    if floating:
        number = _FLOATS[8 * expected.dtype.itemsize]
        nans = [np.isnan(np.ascontiguousarray(a, expected.dtype).view(number)) for a in (expected, got)]
        different &= ~(nans[0] & nans[1])
    return np.flatnonzero(different)
