"""`seer check`: undefined behaviour of a kernel, found on test vectors."""

from __future__ import annotations

from pathlib import Path

import click

from seer import frontend
from seer.cli.common import source_options
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.verify.generate import generate_vectors
from seer.verify.undefined import faults_of

__all__ = ["command"]

_CALLS = 24
_MODEST = ("zeros", "small", "ramp")
"""Signed overflow on these contents is the kernel's; on extreme ones it is the caller's."""


@click.command("check")
@source_options
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of generated test vectors.")
def command(
    files: tuple[Path, ...],
    top: str,
    include_dirs: tuple[Path, ...],
    defines: tuple[str, ...],
    benches: tuple[Path, ...],
    params: dict[str, int],
    shapes: dict[str, tuple[int, ...]],
    seed: int,
) -> int:
    """Run the function TOP in the reference interpreter and report undefined behaviour.

    Ends with code 2 if there is any: subscripts out of bounds, shifts out of range, divisions by zero,
    signed overflow, and (with --tb) arguments that overlap. Without --tb the calls are generated, within
    what `assert` and `__builtin_assume` allow; overflow counts for small contents only.
    """
    program = frontend.load(files, top, include_dirs, defines, params, shapes)
    if benches:
        calls = calls_of(program, Source(files, include_dirs, defines, benches), seed, _CALLS)
        faults, notes = faults_of(program, calls), []
    else:
        asserted = frontend.assertions_of(files, top, include_dirs, defines)
        wide = generate_vectors(program, seed, _CALLS, defined_only=False, asserted=asserted)
        modest = generate_vectors(program, seed, _CALLS, styles=_MODEST, asserted=asserted)
        calls = [*modest, *wide]
        modest_faults = faults_of(program, modest)
        more = [fault for fault in faults_of(program, wide) if fault not in modest_faults]
        faults = modest_faults + [fault for fault in more if fault.kind != "signed overflow"]
        notes = [fault for fault in more if fault.kind == "signed overflow"]
    for fault in faults:
        click.echo(str(fault))
    for note in notes:
        click.echo(f"note: {note}: only with large contents")
    many = f"{len(calls)} {'recorded' if benches else 'generated'} calls"
    if faults:
        click.echo(f"{len(faults)} places with undefined behaviour in {many}")
        hint = "if no caller does this, say so with assert or --param, or record real calls with --tb"
        click.echo(f"  hint: {hint}")
        return 2
    click.echo(f"no undefined behaviour found in {many}")
    return 0
