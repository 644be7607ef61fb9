"""Random calls of programs that are defined for all arguments."""

from __future__ import annotations

import random
import struct
from math import prod

from seer.emit.c_types import element_type
from seer.lang.operators import mask
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import Param
from seer.verify.vectors import Call, memory

__all__ = ["random_calls"]

_NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, 3.25, -7.75, 1e10, -1e-3, 100.1)
_SPECIAL = (float("inf"), float("-inf"), float("nan"), 1e-40, -3e38)


def random_calls(draw: random.Random, program: Program, count: int) -> tuple[Call, ...]:
    """`count` calls: small contents first, then all magnitudes, then extreme and special values."""
    return tuple(_call(draw, program, number % 3) for number in range(count))


def _call(draw: random.Random, program: Program, style: int) -> Call:
    params, arrays = {}, {}
    for argument in program.arguments:
        term = argument.term
        if isinstance(term, Param):
            params[argument.name] = _value(draw, argument, term.bits, style)
            continue
        count, width = prod(term.type.shape), term.type.width
        returned = argument.name.startswith(RETURN_NAME)
        values = [0 if returned else _value(draw, argument, width, style) for _ in range(count)]
        arrays[argument.name] = memory(width, values)
    return Call(params, arrays)


def _value(draw: random.Random, argument: Argument, width: int, style: int) -> int:
    if element_type(argument).floating:
        choices = _NUMBERS + (_SPECIAL if style == 2 else ())
        value = draw.choice(choices) if draw.random() < 0.6 else draw.uniform(-50, 50)
        integer, floating = ("<I", "<f") if width == 32 else ("<Q", "<d")
        return struct.unpack(integer, struct.pack(floating, value))[0]
    if style == 0:
        return draw.randint(-3, 9) & mask(width)
    if style == 2 and draw.random() < 0.5:
        return draw.choice((0, 1, mask(width), 1 << (width - 1), mask(width - 1))) & mask(width)
    magnitude = draw.getrandbits(draw.randint(1, width))
    return draw.choice((magnitude, -magnitude)) & mask(width)
