"""Random C expressions over all integer types: gcc and the Program must agree on every one.

Only what C leaves undefined is avoided: divisors are made positive, shift amounts small.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from seer.frontend import load
from seer.lang.operators import mask

TYPES = [
    "signed char",
    "unsigned char",
    "short",
    "unsigned short",
    "int",
    "unsigned int",
    "long",
    "unsigned long",
]
SAMPLES = 24
LINES = 60


def expression(source: random.Random, depth: int) -> str:
    def operand() -> str:
        return expression(source, depth - 1)

    if depth == 0 or source.random() < 0.1:
        choice = source.randrange(12)
        if choice == 0:
            return source.choice(["0", "1", "-1", "255", "0x80000000", "65535u", "2147483647", "3l", "'z'"])
        if choice == 1:
            return source.choice(["i", "(i - 7)", "j", "k"])
        return f"v{source.randrange(len(TYPES))}[i]"
    match source.randrange(12):
        case 0 | 1 | 2:
            return f"({operand()} {source.choice('+-*&|^')} {operand()})"
        case 3:
            return f"({operand()} {source.choice(['<', '<=', '>', '>=', '==', '!='])} {operand()})"
        case 4:
            return f"({operand()} {source.choice('/%')} (({operand()} & 15) + 1))"
        case 5:
            return f"({operand()} {source.choice(['<<', '>>'])} ({operand()} & 7))"
        case 6:
            return f"({operand()} {source.choice(['&&', '||'])} {operand()})"
        case 7:
            return f"({operand()} ? {operand()} : {operand()})"
        case 8:
            return f"({source.choice(TYPES)}){operand()}"
        case 9:
            return f"(_Bool){operand()}"
        case _:
            return f"{source.choice('-~!+')}({operand()})"


def kernel(name: str, seed: int) -> str:
    source = random.Random(seed)
    arrays = ", ".join(f"{t} v{n}[{SAMPLES}]" for n, t in enumerate(TYPES))
    outputs = ", ".join(f"{t} o{n}[{LINES}][{SAMPLES}]" for n, t in enumerate(TYPES))
    lines = []
    for line in range(LINES):
        target = f"o{source.randrange(len(TYPES))}[{line}][i]"
        operator = source.choice(["=", "=", "=", "+=", "-=", "*=", "&=", "|=", "^="])
        lines.append(f"        {target} {operator} {expression(source, source.randint(1, 5))};")
    body = "\n".join(lines)
    return (
        f"void {name}({arrays}, {outputs}, unsigned char j, int k)\n{{\n"
        f"    for (unsigned char i = 0; i < {SAMPLES}; i++) {{\n{body}\n    }}\n}}\n"
    )


@pytest.mark.parametrize("seed", range(4))
def test_random_expressions(compile_original: Any, tmp_path: Path, seed: int) -> None:
    name = f"random_expressions_{seed}"
    path = tmp_path / f"{name}.c"
    path.write_text(kernel(name, seed))
    source = random.Random(seed)

    def fill(width: int) -> int:
        if source.random() < 0.2:
            return source.choice([0, 1, mask(width), 1 << (width - 1), mask(width - 1)])
        return source.getrandbits(source.randint(1, width))

    program = load([path], name)
    params = {"j": fill(8), "k": fill(32)}
    compile_original([path]).check(program, fill, params, seed)
