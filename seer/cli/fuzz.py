"""`seer fuzz`: random programs through everything that gives them a meaning."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import click

from seer.fuzz import campaign, frontend, hardware

__all__ = ["command"]


@click.group("fuzz")
def command() -> None:
    """Look for bugs in seer with random programs; each KIND is a command of its own."""


_COMMON = (
    click.option(
        "--n", "count", type=click.IntRange(min=1), default=100, show_default=True, help="Programs."
    ),
    click.option(
        "--seed", type=int, default=0, show_default=True, help="Seed of the programs and their calls."
    ),
    click.option(
        "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes at a time."
    ),
    click.option(
        "-o",
        "folder",
        type=click.Path(path_type=Path),
        default=Path("fuzz"),
        show_default=True,
        help="Reports.",
    ),
)


def _common(function: Callable[..., int]) -> Callable[..., int]:
    """The options of every campaign."""
    for option in reversed(_COMMON):
        function = option(function)
    return function


def _shrink(default: int) -> Callable[[Callable[..., int]], Callable[..., int]]:
    return click.option(
        "--shrink",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        help="How many tries to make a faulty program small.",
    )


@command.command("frontend")
@_common
@click.option(
    "--cc",
    default="",
    help="The C compiler to compare with, with options; default: the first that takes the programs.",
)
@click.option("--bit-int", is_flag=True, help="Use _BitInt(N) too.")
@_shrink(300)
def frontend_command(
    count: int, seed: int, jobs: int, cc: str, bit_int: bool, shrink: int, folder: Path
) -> int:
    """Random C programs: the compiled C, the interpreter, MLIR's just-in-time compiler and the emitted C++.

    A program on which they differ, which seer refuses, or on which anything crashes, is made small and
    written into the folder: SEED_NUMBER.c, with the call and both memories in SEED_NUMBER.txt. Ends with
    code 3 if there is any. The same seed gives the same programs and calls.
    """
    options = {"cc": tuple(shlex.split(cc)), "bit_int": bit_int}
    return _run(frontend.Campaign(count, seed, jobs, shrink, **options), folder)


@command.command("rtl")
@_common
@_shrink(60)
def rtl_command(count: int, seed: int, jobs: int, shrink: int, folder: Path) -> int:
    """Random C programs as hardware, each scheduled in three ways, against the compiled C.

    Drawn for each: which loops are pipelined, the clock, memory ports, limits of units, what is shared, and
    which memories hold local arrays. The schedules are checked and replayed, their Verilog is simulated;
    memories must be those of the C, and cycles those of the schedule. Reports are those of `seer fuzz
    frontend`; programs with operations that there is no unit for are counted.
    """
    return _run(hardware.Campaign(count, seed, jobs, shrink), folder)


def _run(made: campaign.Campaign, folder: Path) -> int:
    unscheduled: list[str] = []
    reports = made.run(folder, _progress(made.count), unscheduled.append)
    for report in reports:
        first = report.finding.message.splitlines()[0]
        click.echo(f"{report.file}: {report.finding.kind}: {report.finding.leg}: {first}")
    none = f", {len(unscheduled)} without a unit for some operation" if unscheduled else ""
    click.echo(f"{made.count} programs of seed {made.seed}: {len(reports)} with a difference{none}")
    return 3 if reports else 0


def _progress(count: int) -> Callable[[int, int], None]:
    """Says on the error stream how far the campaign is, about ten times."""
    said = 0

    def progress(done: int, wrong: int) -> None:
        nonlocal said
        if done == count or done - said >= count / 10:
            said = done
            click.echo(f"{done} of {count} programs, {wrong} with a difference", err=True)

    return progress
