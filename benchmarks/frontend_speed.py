"""How long C files of a thousand lines take to become Programs: seconds of the processor, one line a file."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from seer.frontend import load

LINES = 1000


def one_function() -> str:
    """One function of as many lines."""
    lines = []
    for n in range(LINES):
        x, y, z = (f"x{(n + k) % 7}" for k in range(3))
        if n % 10:
            lines.append(f"{x} = {y} * {n} + a[({z} + {n}) & 63]; a[{n % 64}] ^= {x} >> {n % 31};")
        else:
            lines.append(
                f"for (int i = 0; i < 8; i++) {{ if (a[i] > {x}) a[i + {n % 50}] += i; else {x}++; }}"
            )
    variables = ", ".join(f"x{n} = {n}" for n in range(7))
    return "\n".join(["void one_function(int a[64]) {", f"int {variables};", *lines, "}\n"])


def many_functions() -> str:
    """Functions of ten lines, each called once."""
    count = LINES // 11
    loop = "for (int i = 0; i < 16; i++) {\n  s += a[i + %d] * %d;\n  if (s & 1)\n    a[i] = s;\n  }"
    functions = [
        f"static int f{n}(int a[64], int k)\n{{\n  int s = k;\n  {loop % (n % 40, n)}\n  return s;\n}}"
        for n in range(count)
    ]
    calls = [f"  s += f{n}(a, s);" for n in range(count)]
    top = ["int many_functions(int a[64])", "{", "  int s = 0;", *calls, "  return s;", "}\n"]
    return "\n".join([*functions, *top])


def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as name:
        for make in (one_function, many_functions):
            path = Path(name) / f"{make.__name__}.c"
            path.write_text(make(), encoding="utf-8")
            started = time.process_time()
            load([path], make.__name__)
            click.echo(
                f"{make.__name__}: {make().count(chr(10))} lines, {time.process_time() - started:.2f} s"
            )


if __name__ == "__main__":
    main()
