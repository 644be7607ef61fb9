"""Generated test vectors: random and extreme contents inside what the program's types and subscripts ask for.

Seeded and deterministic. Contents that reach a subscript, a divisor, a shift amount or a loop bound stay
where the C source is defined (`seer.verify.legal_inputs`); half of those that reach a subscript come from
at most four values, so that collisions happen.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from math import prod

import numpy as np

from seer.errors import InputError
from seer.lang.interpreter import run
from seer.lang.loop_bounds import reads_registers
from seer.lang.operators import mask, to_signed, to_unsigned
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import For, Param, Range, While
from seer.lang.traverse import statements
from seer.verify.legal_inputs import Legal, legal_inputs
from seer.verify.undefined import is_defined, is_faulty, is_long, length_of
from seer.verify.vectors import Call, memory

__all__ = ["STYLES", "generate_vectors"]

_SMALL = 8
_FEW = 4
"""How many different values a colliding subscript array holds at most."""

Style = Callable[[random.Random, int, int, int], list[int]]
"""Gives `count` values in [lower, upper], from a generator."""


def _uniform(draw: random.Random, lower: int, upper: int, count: int) -> list[int]:
    return [draw.randint(lower, upper) for _ in range(count)]


def _zeros(draw: random.Random, lower: int, upper: int, count: int) -> list[int]:
    return [min(max(0, lower), upper)] * count


def _ones(draw: random.Random, lower: int, upper: int, count: int) -> list[int]:
    """All ones: −1 where the range is signed, else the greatest value."""
    return [-1 if lower < 0 <= upper + 1 else upper] * count


def _extremes(draw: random.Random, lower: int, upper: int, count: int) -> list[int]:
    return [draw.choice((lower, upper)) for _ in range(count)]


def _small(draw: random.Random, lower: int, upper: int, count: int) -> list[int]:
    return [min(max(draw.randint(-_SMALL, _SMALL), lower), upper) for _ in range(count)]


def _ramp(draw: random.Random, lower: int, upper: int, count: int) -> list[int]:
    start = min(max(0, lower), upper)
    return [start + n % (upper - start + 1) for n in range(count)]


def _mixed(draw: random.Random, lower: int, upper: int, count: int) -> list[int]:
    """Magnitudes of every size, extremes among them."""
    values = []
    for _ in range(count):
        magnitude = draw.getrandbits(draw.randint(1, max(1, (upper - lower).bit_length())))
        value = draw.choice((magnitude, -magnitude, lower, upper, lower + magnitude, upper - magnitude))
        values.append(min(max(value, lower), upper))
    return values


STYLES: dict[str, Style] = {
    "uniform": _uniform,
    "zeros": _zeros,
    "ones": _ones,
    "extremes": _extremes,
    "small": _small,
    "ramp": _ramp,
    "mixed": _mixed,
}
"""In the order in which the first calls use them, each for all arrays; later calls mix them by array."""


_TRIES = (_small, _small, _small, _ramp, _zeros)
"""Contents for which a loop that the first choice does not end well in may end well."""

_STEPS = 200_000
"""Values that a call may compute while it is tried."""

_GUARDED_STEPS = 20_000
"""The same where every loop counts, and only conditions in the source may fail to keep the call defined."""

_MEASURED_STEPS = 2_000
"""Values up to which the length of a call is measured."""

_LONG_CALLS = 2
"""So many calls that are too long to be tried out, and no more are."""

_BLOCK = 4099
"""Elements of a larger array repeat after so many: a prime, so that rows and planes differ."""

_MOST_ELEMENTS = 1 << 24
"""Of all arrays of one call, and half of those of all calls together."""


def generate_vectors(
    program: Program,
    seed: int,
    count: int,
    defined_only: bool = True,
    styles: Sequence[str] = tuple(STYLES),
    asserted: Mapping[str, Range] | None = None,
) -> list[Call]:
    """`count` calls without their results; the same for the same program, options, seed and count.

    `asserted` are bounds on contents, by argument name. Without `defined_only`, contents need not keep the C
    source defined, only what its types and its assertions say. Where the arrays are large, there are fewer
    calls; raises InputError where even one is too large.
    """
    count = min(count, max(1, 2 * _MOST_ELEMENTS // _elements(program)))
    legal = legal_inputs(program) if defined_only else Legal({}, ())
    known = asserted or {}
    chosen = [STYLES[name] for name in styles]
    calls: list[Call] = []
    long = 0
    # Intervals know little of loops that data end: there, calls are tried out.
    tried = defined_only and any(
        isinstance(s, While) or (isinstance(s, For) and reads_registers(s)) for s in statements(program.body)
    )
    readings = {a.name: (a.term.bits, a.signed) for a in program.arguments if isinstance(a.term, Param)}
    for number in range(count):
        # Seeded by a string, so that the calls do not depend on how many there are.
        draw = random.Random(f"{seed}:{number}")
        call = _call(program, draw, chosen[number] if number < len(chosen) else None, chosen, legal, known)
        if tried and long >= _LONG_CALLS:
            call = _call(program, draw, _TRIES[-1], chosen, legal, known)
        elif tried:
            tries = iter(_TRIES)
            while not is_defined(program, call, _STEPS):
                style = next(tries, None)
                if style is None:
                    long += is_long(program, call, _STEPS)
                    break
                call = _call(program, draw, style, chosen, legal, known)
        elif defined_only and legal.guarded:
            tries = iter(_TRIES)
            while is_faulty(program, call, _GUARDED_STEPS) and (style := next(tries, None)) is not None:
                call = _call(program, draw, style, chosen, legal, known)
        # A count of 0 or less may leave out the loop that gives a local its first value.
        for style in (_small, _uniform, _ramp):
            counts = [(call.params[name], *readings[name]) for name in legal.counting if name in readings]
            least = [to_signed(bits, width) if signed else bits for bits, width, signed in counts]
            if min(least, default=1) > 0 or _same_for_all_locals(program, call):
                break
            call = _call(program, draw, style, chosen, legal, known)
        calls.append(call)
    return _longer_first(program, calls) if tried else calls


def _longer_first(program: Program, calls: Sequence[Call]) -> list[Call]:
    """The calls with one that ends early only in every fourth place, as long as there are others.

    Where data end loops, calls that run none may be many, and the first calls are those whose cycles count.
    """
    lengths = [length_of(program, call, _MEASURED_STEPS) for call in calls]
    enough = max(lengths, default=0) // 2
    longer = [call for call, length in zip(calls, lengths, strict=True) if length >= enough]
    shorter = [call for call, length in zip(calls, lengths, strict=True) if length < enough]
    result: list[Call] = []
    while longer and shorter:
        result.append((shorter if len(result) % 4 == 3 else longer).pop(0))
    return [*result, *longer, *shorter]


def _elements(program: Program) -> int:
    """The elements of all array arguments, at least 1; raises InputError where they are too many."""
    sizes = {array.name: prod(array.type.shape) for array in program.arrays}
    total = sum(sizes.values())
    if total > _MOST_ELEMENTS:
        largest = max(sizes, key=lambda name: sizes[name])
        raise InputError(
            f"the arrays of `{program.name}` hold {total:,} elements (`{largest}` {sizes[largest]:,}); "
            f"{_MOST_ELEMENTS:,} are the most that test vectors are made for",
            hint="use smaller sizes: -D for those that are macros, or --shape",
        )
    return max(1, total)


def _same_for_all_locals(program: Program, call: Call) -> bool:
    """Whether a call is defined and its results do not depend on what locals hold at first."""
    if not is_defined(program, call, _STEPS):
        return False
    before = {name: [int(value) for value in contents] for name, contents in call.arrays_before.items()}
    return run(program, before, call.params, 0) == run(program, before, call.params, 1)


def _call(
    program: Program,
    draw: random.Random,
    style: Style | None,
    styles: Sequence[Style],
    legal: Legal,
    asserted: Mapping[str, Range],
) -> Call:
    """One call with contents of a style, or without one a style for each argument."""
    params: dict[str, int] = {}
    arrays = {}
    for argument in program.arguments:
        own = draw.choice(styles) if style is None else style
        width = argument.term.bits if isinstance(argument.term, Param) else argument.term.type.width
        size = 1 if isinstance(argument.term, Param) else prod(argument.term.type.shape)
        repeated = size > _BLOCK and width <= 64
        numbers = _contents(draw, argument, width, _BLOCK if repeated else size, own, legal, asserted)
        values = [to_unsigned(value, width) for value in numbers]
        if isinstance(argument.term, Param):
            params[argument.name] = values[0]
        else:
            contents = memory(width, values)
            arrays[argument.name] = np.resize(contents, size) if repeated else contents
    return Call(params, arrays)


def _contents(
    draw: random.Random,
    argument: Argument,
    width: int,
    size: int,
    style: Style,
    legal: Legal,
    asserted: Mapping[str, Range],
) -> list[int]:
    if argument.name == RETURN_NAME:
        return [0] * size
    declared = argument.term.content if isinstance(argument.term, Param) else argument.term.type.content
    lower, upper = _whole(width, argument.signed) if declared is None else (declared.lower, declared.upper)
    for bound in (asserted.get(argument.name), legal.ranges.get(argument.name)):
        if bound is not None and max(lower, bound.lower) <= min(upper, bound.upper):
            lower, upper = max(lower, bound.lower), min(upper, bound.upper)
    if argument.name in legal.counting and style not in (_ones, _extremes) and upper > 0:
        lower = max(lower, 0)  # else half of all calls would run no loop
    values = style(draw, lower, upper, size)
    # Bounds that are all alike would leave out every loop between two of them.
    if argument.name in legal.subscripts and argument.name not in legal.bounding and draw.random() < 0.5:
        few = [draw.choice(values) for _ in range(draw.randint(1, _FEW))]
        values = [draw.choice(few) for _ in range(size)]
    return values


def _whole(width: int, signed: bool) -> tuple[int, int]:
    full = Range(-(1 << (width - 1)), mask(width - 1)) if signed and width > 1 else Range(0, mask(width))
    return full.lower, full.upper
