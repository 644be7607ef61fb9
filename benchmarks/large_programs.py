"""Exploration of programs of 200 to 400 statements: python benchmarks/large_programs.py [NAME]…

Explores ten programs, each of another build, with the default limits, here, without simulation and
synthesis, and prints for each: statements, seconds of CPU time, e-nodes, cycles of the input with its loops
pipelined and of the best design, and the limits that were hit. `--limit NAME=N` sets a limit, `--list FOLDER`
writes the sources to a folder instead.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from seer import frontend
from seer.driver import explore
from seer.driver.exploration import first_answers
from seer.driver.interrupts import Interrupts
from seer.driver.options import Limits, Options
from seer.driver.quick_run import quick_run
from seer.driver.run import Run
from seer.driver.source import Source
from seer.driver.worker import deeply
from seer.lang.terms import Block
from seer.lang.traverse import bodies
from seer.schedule import Target
from seer.schedule.profile import profile_with

__all__ = ["PROGRAMS", "Explored", "explored", "size"]

_N = 64
"""Elements of the arrays."""
_ARRAYS = tuple("abcdefgh")
_HEAD = "void top({}) {{\n".format(", ".join(f"int {name}[{_N}]" for name in _ARRAYS))


class _Code:
    """Lines of C, drawn at random."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.lines: list[str] = []
        self.names = 0

    def fresh(self, kind: str) -> str:
        self.names += 1
        return f"{kind}{self.names}"

    def array(self) -> str:
        return self.draw.choice(_ARRAYS)

    def two_arrays(self) -> tuple[str, str]:
        one, other = self.draw.sample(_ARRAYS, 2)
        return one, other

    def value(self, *atoms: str) -> str:
        """An expression over atoms."""
        draw = self.draw
        left, right = draw.choice(atoms), draw.choice((*atoms, str(draw.randint(1, 99))))
        whole = f"{left} {draw.choice(('+', '-', '*', '^', '&'))} {right}"
        if draw.random() < 0.4:
            whole = f"({whole}) {draw.choice(('+', '>>', '<<'))} {draw.randint(1, 7)}"
        return whole

    def text(self) -> str:
        return _HEAD + "\n".join(self.lines) + "\n}\n"


def _straight(code: _Code) -> None:
    """One loop around a long computation in registers, as unrolled ciphers are."""
    code.lines.append(f"for (int i = 0; i < {_N}; i++) {{")
    names = [f"s{k}" for k in range(8)]
    code.lines += [f"int {name} = {array}[i];" for name, array in zip(names, _ARRAYS, strict=True)]
    for _ in range(340):
        code.lines.append(f"{code.draw.choice(names)} = {code.value(*names)};")
    code.lines += [f"{array}[i] = {name};" for name, array in zip(names, _ARRAYS, strict=True)]
    code.lines.append("}")


def _flat(code: _Code) -> None:
    """No loop: elements at constant places."""
    for _ in range(320):
        places = [f"{code.array()}[{code.draw.randrange(_N)}]" for _ in range(3)]
        code.lines.append(f"{code.array()}[{code.draw.randrange(_N)}] = {code.value(*places)};")


def _map(code: _Code) -> None:
    one, other = code.two_arrays()
    code.lines.append(f"for (int i = 0; i < {_N}; i++) {one}[i] = {code.value(f'{one}[i]', f'{other}[i]')};")


def _maps(code: _Code) -> None:
    """Many loops in a row over the same arrays."""
    for _ in range(150):
        _map(code)


def _sum(code: _Code) -> None:
    one, other = code.two_arrays()
    total = code.fresh("t")
    code.lines.append(f"int {total} = 0;")
    code.lines.append(f"for (int i = 0; i < {_N}; i++) {total} += {code.value(f'{one}[i]', f'{other}[i]')};")
    code.lines.append(f"{code.array()}[{code.draw.randrange(_N)}] = {total};")


def _sums(code: _Code) -> None:
    """Reductions, one after the other."""
    for _ in range(50):
        _sum(code)


def _nest(code: _Code) -> None:
    one, other = code.two_arrays()
    third = code.array()
    code.lines.append("for (int i = 0; i < 8; i++) {\nfor (int j = 0; j < 8; j++) {")
    code.lines.append(f"int t = {code.value(f'{other}[8*i+j]', 'i', 'j')};")
    code.lines.append("for (int k = 0; k < 8; k++) {")
    code.lines.append(f"t += {one}[8*i+k] * {code.value(f'{other}[8*k+j]', 'k')};\n}}")
    code.lines.append(f"{third}[8*i+j] = t;\n}}\n}}")


def _nests(code: _Code) -> None:
    """Matrix products in a row."""
    for _ in range(32):
        _nest(code)


def _branch(code: _Code, depth: int) -> None:
    one, other = code.two_arrays()
    place = f"{one}[i]"
    code.lines.append(f"if ({other}[i] {code.draw.choice(('<', '>', '=='))} {code.draw.randint(0, 50)}) {{")
    code.lines.append(f"{place} = {code.value(place, f'{other}[i]')};")
    if depth:
        _branch(code, depth - 1)
    code.lines.append("} else {")
    code.lines.append(f"{code.array()}[i] = {code.value(place, f'{other}[i]')};\n}}")


def _branches(code: _Code) -> None:
    """One loop around decisions."""
    code.lines.append(f"for (int i = 0; i < {_N}; i++) {{")
    for _ in range(48):
        _branch(code, code.draw.randrange(3))
    code.lines.append("}")


def _search(code: _Code) -> None:
    one, other = code.two_arrays()
    place = code.fresh("p")
    code.lines.append(f"int {place} = 0;")
    code.lines.append(f"for (int i = 0; i < {_N}; i++) {{")
    code.lines.append(f"while ({place} < {_N} && {one}[{place}] < {other}[i]) {{")
    code.lines.append(f"{other}[i] = {code.value(f'{other}[i]', place)};\n{place}++;\n}}")
    code.lines.append(f"{code.array()}[i] = {place};\n}}")


def _searches(code: _Code) -> None:
    """Loops whose iterations data decide."""
    for _ in range(32):
        _search(code)


def _stencil(code: _Code) -> None:
    one, other = code.two_arrays()
    row = code.fresh("r")
    taps = [f"{one}[i+{k}]" for k in range(code.draw.randint(2, 4))]
    code.lines.append(f"int {row}[{_N}];")
    code.lines.append(f"for (int i = 0; i < {_N} - 4; i++) {{\n{row}[i] = {' + '.join(taps)};\n}}")
    code.lines.append(f"for (int i = 0; i < {_N} - 4; i++) {{\n{other}[i] = {row}[i] >> 2;\n}}")


def _stencils(code: _Code) -> None:
    """A chain of filters with rows between them."""
    for _ in range(46):
        _stencil(code)


def _histogram(code: _Code) -> None:
    one, other = code.two_arrays()
    code.lines.append(
        f"for (int i = 0; i < {_N}; i++) {{\n{one}[{other}[i] & {_N - 1}] += {code.draw.randint(1, 9)};\n}}"
    )


def _mixed(code: _Code) -> None:
    """Everything, one after the other."""
    for _ in range(9):
        for piece in (_map, _sum, _nest, _stencil, _histogram, _search):
            piece(code)


def _around(code: _Code) -> None:
    """A loop around everything."""
    code.lines.append("for (int n = 0; n < 4; n++) {")
    for _ in range(11):
        for piece in (_map, _sum, _stencil, _histogram, _nest):
            piece(code)
    code.lines.append("}")


def _written(build: Callable[[_Code], None], seed: int) -> str:
    code = _Code(seed)
    build(code)
    return code.text()


PROGRAMS: Mapping[str, str] = {
    build.__name__[1:]: _written(build, seed)
    for seed, build in enumerate(
        (_straight, _flat, _maps, _sums, _nests, _branches, _searches, _stencils, _mixed, _around)
    )
}
"""Sources of the programs, each with a function `top`."""


def size(block: Block) -> int:
    """How many statements a block has, those inside others counted."""
    return sum(1 + sum(size(body) for body in bodies(statement)) for statement in block)


@dataclass(frozen=True)
class Explored:
    """What an exploration took and gave; `seconds` are of CPU time."""

    statements: int
    seconds: float
    nodes: int
    before: int
    after: int
    limits_hit: tuple[str, ...]
    stages: Mapping[str, float]


def explored(text: str, limits: Limits) -> Explored:
    """Explore a program on the default target, without a backend."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "top.c"
        file.write_text(text, encoding="utf-8")
        program = frontend.load((file,), "top")
        options = Options(limits=limits)
        target = Target.load(options.target, options.clock_ns, options.memory_ports)
        options = options.on(target)
        run = Run(program, target, options, lambda text: None, Interrupts())
        _, counting, baselines = first_answers(run, Source((file,)))
    area = baselines["input"].area.weighted(target)
    messages: list[object] = []
    started = time.process_time()
    explore.explore(explore.Request(program, options, tuple(counting), area), messages.append)
    spent = time.process_time() - started
    gc.collect()  # an e-graph may be dropped in its own thread only
    best = [message for message in messages if isinstance(message, explore.Best)][-1]
    end = messages[-1]
    assert isinstance(end, explore.Finished)
    before = baselines["auto_pipelined"].predicted_cycles
    after = best.chosen.figures.cycles
    return Explored(size(program.body), spent, end.nodes, before, after, end.limits_hit, end.seconds)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--limit", action="append", default=[])
    parser.add_argument("--list", type=Path)
    given = parser.parse_args(arguments)
    limits = replace(
        Limits(), **{name: int(value) for name, value in (one.split("=") for one in given.limit)}
    )
    profile_with(quick_run)
    for name, text in PROGRAMS.items():
        if given.names and name not in given.names:
            continue
        if given.list:
            given.list.mkdir(exist_ok=True)
            (given.list / f"{name}.c").write_text(text, encoding="utf-8")
            continue
        found = explored(text, limits)
        print(
            f"{name:10} {found.statements:4} statements {found.seconds:6.1f} s {found.nodes:7,} e-nodes "
            f"{found.before:8,} → {found.after:8,} cycles  limits: {', '.join(found.limits_hit) or 'none'}"
        )
        print("  " + "  ".join(f"{s} {n:.1f}" for s, n in found.stages.items()), flush=True)


if __name__ == "__main__":
    deeply(main, sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # an e-graph may be dropped in its own thread only, and that one has ended
