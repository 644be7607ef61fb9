"""Random for headers: what the frontend takes as a count, and what it does not, runs as gcc runs it.

Starts and limits lie around zero and around the ends of the counter's type, where loops that never
end and loops that never run are found.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from seer.frontend import load
from seer.lang.affine import AffineForms, Symbol
from seer.lang.interpreter import run
from seer.lang.loop_bounds import reads_registers
from seer.lang.operators import mask, to_signed
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Block, For, Statement, Store, TopArray, While
from seer.lang.traverse import bodies, statements, with_bodies

LONGEST = 1000

TYPES = {
    "signed char": (8, True),
    "unsigned char": (8, False),
    "short": (16, True),
    "unsigned short": (16, False),
    "int": (32, True),
    "unsigned int": (32, False),
    "long": (64, True),
    "unsigned long": (64, False),
}

READ_ONCE = ["n * m", "(u / 3)", "(n < m ? n : o)", "v", "(v + 1)", "(w - 1)"]
"""Bounds that are no affine forms; `v` is a variable that changes before the loop."""


def literal(value: int, name: str) -> str:
    """`value` reduced to the named type, as a C constant of at least that type."""
    bits, signed = TYPES[name]
    value &= mask(bits)
    if signed and value >> (bits - 1):
        value -= 1 << bits
    if value == -(1 << 63):
        return "(-9223372036854775807l - 1)"
    suffix = "" if bits < 32 else {True: "", False: "u"}[signed] + ("l" if bits == 64 else "")
    return f"{value}{suffix}"


def bound(source: random.Random, name: str) -> str:
    bits, signed = TYPES[name]
    if source.random() < 0.25:
        return source.choice(
            ["n", "(m + 2)", "(n - m)", "2 * n", "(o - 1)", "u", "(u - n)", "3 * u", "w", "w", *READ_ONCE]
        )
    top = mask(bits - 1) if signed else mask(bits)
    low = -(1 << (bits - 1)) if signed else 0
    near = source.choice([0, 0, 0, low, top])
    return literal(near + source.randint(-12, 12), name)


def kernel(source: random.Random, name: str) -> str:
    counter = source.choice(list(TYPES))
    limit_type = counter if source.random() < 0.7 else source.choice(list(TYPES))
    step = source.choice(["i++", "++i", "i--", "--i", "i += 2", "i -= 3", "i = i + 5", "i += 1", "i -= 1"])
    down = "-" in step
    relation = source.choice([">", ">=", ">", ">=", "!="] if down else ["<", "<=", "<", "<=", "!="])
    first, limit = bound(source, counter), bound(source, limit_type)
    if source.random() < 0.15:
        relation = source.choice(["<", "<=", ">", ">=", "!="])
    condition = f"i {relation} {limit}"
    if source.random() < 0.2:
        mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!="}[relation]
        condition = f"{limit} {mirrored} i"
    # The exit value is seen only where a variable of the function counts.
    inside = source.random() < 0.5
    head = f"{counter} i = {first}" if inside else f"i = {first}"
    declared = "" if inside else f"    {counter} i;\n"
    after = "" if inside else "    hash = hash * 31 + i;\n"
    return (
        f"unsigned {name}(unsigned seen[1], signed char n, signed char m, short o,\n"
        "    unsigned char u, unsigned w)\n{\n"
        f"    unsigned hash = 7;\n    int v = n;\n    v += o;\n{declared}"
        f"    for ({head}; {condition}; {step}) {{\n"
        "        hash = hash * 31 + i;\n        seen[0] += 1;\n        GUARD\n    }\n"
        f"{after}    return hash;\n}}\n"
    )


def trip_count(program: Program, symbols: dict[Symbol, int], params: dict[str, int]) -> int:
    """How often the one loop runs; its bounds must be affine, or nothing after the frontend takes it."""
    loops = [s for s in statements(program.body) if isinstance(s, (For, While))]
    (loop,) = loops
    if isinstance(loop, While):
        return 0  # guarded
    if reads_registers(loop):
        lower, upper = held_bounds(program, loop, params)
        return max(0, -(-(upper - lower) // loop.iv.step))
    lower, upper = (AffineForms().of(bound) for bound in (loop.lower, loop.upper))
    assert lower is not None and upper is not None, loop
    return max(0, -(-(upper.evaluate(symbols) - lower.evaluate(symbols)) // loop.iv.step))


def held_bounds(program: Program, loop: For, params: dict[str, int]) -> tuple[int, int]:
    """The bounds of a loop that reads them when it begins: what the program stores in its place."""
    type = ArrayType(loop.iv.bits, ())
    ends = [TopArray(type, name) for name in ("lower", "upper")]
    stores = (Store(ends[0], (), loop.lower), Store(ends[1], (), loop.upper))

    def block(body: Block) -> Block:
        return tuple(made for statement in body for made in instead(statement))

    def instead(statement: Statement) -> Block:
        return stores if statement is loop else (with_bodies(statement, [*map(block, bodies(statement))]),)

    arguments = (*program.arguments, *(Argument(end.name, end, True, "long") for end in ends))
    probe = replace(program, arguments=arguments, body=block(program.body))
    contents = {array.name: [0] * (array.type.shape[0] if array.type.shape else 1) for array in probe.arrays}
    results = run(probe, contents, params)
    lower, upper = (to_signed(results[end.name][0], loop.iv.bits) for end in ends)
    return lower, upper


def test_random_loops(compile_original: Any, tmp_path: Path) -> None:
    source = random.Random(20)
    accepted = []
    uncounted = read_once = 0
    for number in range(400):
        name = f"loop_{number}"
        path = tmp_path / f"{name}.c"
        text = kernel(source, name)
        path.write_text(text)
        program = load([path], name, defines=["GUARD="])
        # A loop that never ends should fail the test, not hang it.
        longest = LONGEST
        if any(isinstance(s, While) for s in statements(program.body)):
            uncounted += 1
            if uncounted > 40:
                continue
            # It may never end: the guard is part of the program.
            longest = 40
            program = load([path], name, defines=[f"GUARD=if (seen[0] > {longest}) break;"])
        read_once += any(isinstance(s, For) and reads_registers(s) for s in statements(program.body))
        guarded = text.replace("GUARD", f"if (seen[0] > {longest}) break;")
        accepted.append((guarded, program))
    assert len(accepted) > 100
    assert uncounted > 50
    assert read_once > 20
    whole = tmp_path / "whole.c"
    whole.write_text("".join(guarded for guarded, _ in accepted))
    original = compile_original([whole])
    runs = 0
    for guarded, program in accepted:
        for n, m, o, u, w in [
            (3, 9, 11, 0, 5),
            (-4, 2, -3, 200, 0),
            (5, 0, 5, 7, mask(32)),
            (120, 127, 130, 255, mask(31) + 2),
            (-128, -127, -120, 128, 300),
        ]:
            symbols: dict[Symbol, int] = {"n": n, "m": m, "o": o, "u": u, "w": w}
            params = {"n": n & mask(8), "m": m & mask(8), "o": o & mask(16), "u": u, "w": w}
            if trip_count(program, symbols, params) > LONGEST:
                continue
            runs += 1
            try:
                original.check(program, lambda width: 0, params, 1)
            except AssertionError as error:
                raise AssertionError(f"{guarded}\n{params}") from error
    assert runs > 500
