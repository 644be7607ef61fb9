"""What several commands share: which program, with what its pragmas ask for, and on which device."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from seer.api import Wished, wished
from seer.cli.parsing import parse_params, parse_shapes
from seer.schedule import SHARING

__all__ = ["POSITIVE", "Wished", "source_options", "target_options", "wished"]

_Command = TypeVar("_Command", bound=Callable[..., object])


class _Positive(click.ParamType):
    """A finite number greater than zero."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and number > 0):
            self.fail(f"{value!r} is not a positive number", param, ctx)
        return number


POSITIVE = _Positive()

_PATH = click.Path(path_type=Path)
_SOURCE = (
    click.argument("files", nargs=-1, required=True, type=_PATH),
    click.option("--top", required=True, help="The function to work on."),
    click.option("-I", "include_dirs", multiple=True, type=_PATH, help="Include folder."),
    click.option("-D", "defines", multiple=True, metavar="N=V", help="Define a macro."),
    click.option(
        "--tb",
        "benches",
        multiple=True,
        metavar="TB.c",
        type=_PATH,
        help="Your test bench, with its own main: its calls of TOP become the test vectors.",
    ),
    click.option(
        "--param",
        "params",
        multiple=True,
        metavar="n=64",
        callback=parse_params,
        help="An argument that always has this value; the result asserts it.",
    ),
    click.option(
        "--shape",
        "shapes",
        multiple=True,
        metavar="A=64x64",
        callback=parse_shapes,
        help="The size of an array that an MLIR file leaves open.",
    ),
)
_TARGET = (
    click.option("--target", default="xc7", show_default=True, help="Device: a name or a TOML file."),
    click.option("--clock", type=POSITIVE, help="Clock period in ns."),
    click.option(
        "--memory-ports", type=click.IntRange(1, 2), help="Ports of each memory [default: the target's]."
    ),
    click.option(
        "--share",
        type=click.Choice(SHARING),
        help="Share operators: of all loops, of one loop, or none [default: the target's].",
    ),
)


def source_options(command: _Command) -> _Command:
    """FILES, --top, -I, -D, --tb, --param and --shape: which program, with which test bench."""
    return _with(command, _SOURCE)


def target_options(command: _Command) -> _Command:
    """--target, --clock, --memory-ports and --share: what it is to be built of."""
    return _with(command, _TARGET)


def _with(command: _Command, options: Sequence[Callable[[_Command], _Command]]) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command
