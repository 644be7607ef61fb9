"""The float operators against numpy's arithmetic, and the widths that operators accept."""

from random import Random

import numpy as np
import pytest

from seer.lang.floats import canonical_nan
from seer.lang.operators import OPERATORS
from seer.lang.terms import Const, Op

_SPECIAL = {
    32: (0, 1 << 31, 0x7F800000, 0xFF800000, 0x7F800001, 1, 0x007FFFFF, 0x7F7FFFFF, 0x3F800000),
    64: (0, 1 << 63, 0x7FF << 52, 0xFFF << 52, (0x7FF << 52) + 1, 1, (1 << 52) - 1, 0x3FF << 52),
}
_FORMS = {32: (np.float32, np.uint32), 64: (np.float64, np.uint64)}


def _operand(random: Random, width: int) -> int:
    if random.random() < 0.4:
        return random.choice(_SPECIAL[width])
    if random.random() < 0.3:
        # Results near subnormals and ties.
        return random.getrandbits(width // 2)
    return random.getrandbits(width)


@pytest.mark.parametrize("width", [32, 64])
@pytest.mark.parametrize("name", ["fadd", "fsub", "fmul", "fdiv", "fsqrt", "feq", "fne", "flt", "fle"])
def test_arithmetic_rounds_once_and_canonicalises_nan(name: str, width: int):
    random = Random(width)
    number, integer = _FORMS[width]
    expected = {
        "fadd": np.add,
        "fsub": np.subtract,
        "fmul": np.multiply,
        "fdiv": np.divide,
        "fsqrt": np.sqrt,
        "feq": np.equal,
        "fne": np.not_equal,
        "flt": np.less,
        "fle": np.less_equal,
    }[name]
    for _ in range(1500):
        operands = [_operand(random, width) for _ in range(OPERATORS[name].arity)]
        with np.errstate(all="ignore"):
            result = expected(*(integer(operand).view(number) for operand in operands))
        if OPERATORS[name].shape == "compare":
            bits = int(result)
        else:
            bits = canonical_nan(width) if np.isnan(result) else int(result.view(integer))
        assert OPERATORS[name].evaluate(width, 1, *operands) == bits, [hex(o) for o in operands]


@pytest.mark.parametrize("width", [32, 64])
def test_integers_become_the_nearest_float(width: int):
    random = Random(width)
    number, integer = _FORMS[width]
    ties = [(1 << 24) + 1, (1 << 25) + 2, (1 << 53) + 1, (1 << 63) + (1 << 39) + 1, (1 << 64) - 1]
    for _ in range(1500):
        value = random.choice(
            [*ties, random.getrandbits(64), random.getrandbits(64) >> random.randint(0, 60)]
        )
        signed = value - (1 << 64) if value >> 63 else value
        assert OPERATORS["uitofp"].evaluate(64, width, value) == int(number(np.uint64(value)).view(integer))
        assert OPERATORS["sitofp"].evaluate(64, width, value) == int(number(np.int64(signed)).view(integer))


def test_floats_become_integers_towards_zero():
    to_signed, to_unsigned = (OPERATORS[name].evaluate for name in ("fptosi", "fptoui"))
    assert to_signed(32, 8, 0xC2FE999A) == 0x81  # −127.3
    assert to_unsigned(32, 8, 0xBF000000) == 0  # −0.5
    for out_of_range in (0x43000000, 0x7FC00000, 0x7F800000):  # 128, NaN, infinity
        assert to_signed(32, 8, out_of_range) == 0x80
    assert to_unsigned(32, 8, 0xBF800000) == 0x80  # −1


def test_conversion_between_floats():
    assert OPERATORS["fpext"].evaluate(32, 64, 1) == 0x36A << 52
    assert OPERATORS["fptrunc"].evaluate(64, 32, 0x36A << 52) == 1
    assert OPERATORS["fptrunc"].evaluate(64, 32, 0x47F << 52) == 0x7F800000
    assert OPERATORS["fpext"].evaluate(32, 64, 0xFFC00001) == canonical_nan(64)


@pytest.mark.parametrize("width", [32, 64])
def test_functions_of_the_library(width: int):
    bits = {"1": _SPECIAL[width][-1], "0": 0, "nan": canonical_nan(width)}
    one = bits["1"]
    assert OPERATORS["fexp"].evaluate(width, width, 0) == one
    assert OPERATORS["fcos"].evaluate(width, width, 0) == one
    assert OPERATORS["flog"].evaluate(width, width, one) == 0
    assert OPERATORS["fpow"].evaluate(width, width, one, bits["nan"]) == one
    assert OPERATORS["flog"].evaluate(width, width, one | 1 << (width - 1)) == bits["nan"]
    assert OPERATORS["fneg"].evaluate(width, width, one) == one | 1 << (width - 1)
    assert OPERATORS["fabs"].evaluate(width, width, one | 1 << (width - 1)) == one


@pytest.mark.parametrize(
    ("name", "bits", "widths"),
    [
        ("fadd", 16, (16, 16)),
        ("feq", 1, (8, 8)),
        ("sitofp", 16, (32,)),
        ("fptosi", 8, (16,)),
        ("fpext", 32, (64,)),
        ("fptrunc", 64, (32,)),
        ("fma", 32, (32, 32)),
    ],
)
def test_floats_have_32_or_64_bits(name: str, bits: int, widths: tuple[int, ...]):
    with pytest.raises(ValueError, match=name):
        Op(name, bits, tuple(Const(width, 0) for width in widths))
