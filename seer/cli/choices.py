"""The options that say which of the designs is wanted, and where the search for it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from seer.cli.common import POSITIVE
from seer.cli.parsing import parse_limits, parse_target_ii
from seer.driver.budgets import OBJECTIVES
from seer.driver.options import Limits
from seer.extract.partitioning import PARTITIONS

__all__ = ["choice_options", "limit_options"]

_Command = TypeVar("_Command", bound=Callable[..., object])

_COUNT = click.IntRange(min=0)
_CHOICE = (
    click.option(
        "--objective",
        type=click.Choice(OBJECTIVES),
        default="latency",
        show_default=True,
        help="Least cycles, least cycles times area, or least area.",
    ),
    click.option(
        "--partition",
        type=click.Choice(PARTITIONS),
        default="none",
        show_default=True,
        help="Arrays that may be cut into banks where that saves cycles: none, those inside of the design, "
        "or arguments, too, whose banks are then ports of their own.",
    ),
    click.option(
        "--max-area",
        metavar="1.4x|N",
        help="At most this area: a multiple of the input's, or a figure of the target's weights.",
    ),
    click.option("--max-dsp", type=_COUNT, metavar="N", help="At most N DSP blocks."),
    click.option("--max-bram", type=_COUNT, metavar="N", help="At most N block RAMs (of 18 kbit)."),
    click.option(
        "--max-latency", type=_COUNT, metavar="N", help="At most N cycles, summed over the counted calls."
    ),
    click.option(
        "--target-ii",
        multiple=True,
        metavar="LABEL=N",
        callback=parse_target_ii,
        help="An interval of at most N for every loop made of the loop LABEL; an unlabelled loop goes by its "
        "place, such as kernel.c:12.",
    ),
)


def _limits_help() -> str:
    listed = "; ".join(f"{name} ({default}): {text}" for name, (default, text) in Limits.meanings().items())
    return f"Another limit of the exploration. {listed}."


_LIMITS = (
    click.option(
        "--time-limit",
        type=POSITIVE,
        help="Seconds of exploration; the best so far is the result, which another run may not repeat.",
    ),
    click.option(
        "--limit", "limits", multiple=True, metavar="NAME=N", callback=parse_limits, help=_limits_help()
    ),
)


def choice_options(command: _Command) -> _Command:
    """--objective, --max-area, --max-dsp, --max-bram, --max-latency and --target-ii."""
    for option in reversed(_CHOICE):
        command = option(command)
    return command


def limit_options(command: _Command) -> _Command:
    """--time-limit and --limit."""
    for option in reversed(_LIMITS):
        command = option(command)
    return command
