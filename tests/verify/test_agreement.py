"""NaNs of float arrays agree whatever their pattern; everything else is compared bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from seer.lang.program import Argument
from seer.lang.terms import ArrayType, Param, TopArray
from seer.verify.agreement import differing, float_arrays
from seer.verify.execute import compare_memories
from seer.verify.vectors import Call, Vectors

NANS = {"<u4": (0x7FC00000, 0xFFC00001), "<u8": (0x7FF8000000000000, 0xFFF8000000000123)}
SIGN = {"<u4": 1 << 31, "<u8": 1 << 63}


@pytest.mark.parametrize("dtype", ["<u4", "<u8"])
def test_nans_and_zeros(dtype: str) -> None:
    nan, other = NANS[dtype]
    expected = np.array([nan, nan, 0, 5], dtype)
    got = np.array([other, 5, SIGN[dtype], 5], dtype)
    assert list(differing(expected, got, floating=True)) == [1, 2]
    assert list(differing(expected, got, floating=False)) == [0, 1, 2]


def test_what_a_float_array_is() -> None:
    def array(c_type: str, width: int) -> Argument:
        return Argument(c_type, TopArray(ArrayType(width, (2,)), c_type), True, c_type)

    scalar = Argument("x", Param(32, "x"), True, "float")
    arguments = [array("float", 32), array("const double", 64), array("int", 32), array("float", 64), scalar]
    assert float_arrays([*arguments[:3], scalar]) == {"float", "const double"}
    # A C type that does not fit the term's width says nothing.
    assert float_arrays(arguments[3:]) == frozenset()


def test_comparison_of_memories() -> None:
    nan, other = NANS["<u4"]
    recorded = Vectors((Call({}, {}, {"x": np.array([nan, 3], "<u4")}),))
    after = [{"x": np.array([other, 4], "<u4")}]
    assert compare_memories(recorded, after, {"x"}).mismatches == 1
    assert compare_memories(recorded, after).mismatches == 2
