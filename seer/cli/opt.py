"""`seer opt`: optimise one kernel and write the result."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from seer.api import optimize
from seer.cli import table
from seer.cli.choices import choice_options, limit_options
from seer.cli.common import source_options, target_options
from seer.driver.budgets import Budgets
from seer.driver.interrupts import Interrupts
from seer.driver.options import BACKENDS, RULE_SETS, Limits, Options
from seer.errors import InputError
from seer.schedule import Target

__all__ = ["command"]


@click.command("opt")
@source_options
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Output folder [default: out/TOP].")
@click.option("--ignore-pragmas", is_flag=True, help="Do not read the HLS pragmas of the source.")
@target_options
@click.option(
    "--parallel",
    is_flag=True,
    help="In all designs, outside of loops, run side by side what is independent, and consumers with their "
    "producers.",
)
@click.option("--backend", type=click.Choice(BACKENDS), default="rtl", show_default=True)
@click.option("--pnr", is_flag=True, help="Place and route the designs; the target must have a placer.")
@click.option("--wave", is_flag=True, help="Write a wave of each simulated design, rtl/*/wave.fst.")
@choice_options
@click.option("--rules", type=click.Choice(RULE_SETS), default="all", show_default=True)
@click.option(
    "--rules-file",
    "rule_files",
    multiple=True,
    type=click.Path(dir_okay=False),
    help="Datapath rules of your own (rewrites/README.md); a rule that is not proved is an error.",
)
@click.option(
    "--without-rule",
    "disabled_rules",
    multiple=True,
    metavar="NAME",
    help="Leave this rule out (seer rules lists them); may be repeated.",
)
@click.option(
    "--fp-reassociate", is_flag=True, help="Allow equations of real numbers for floats; the result says so."
)
@limit_options
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of generated test vectors.")
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--trace", is_flag=True, help="Print the rules' matches and the derivation step by step.")
@click.option("--json", "as_json", is_flag=True, help="Print result.json instead of the table.")
def command(
    files: tuple[Path, ...],
    top: str,
    output: Path | None,
    include_dirs: tuple[Path, ...],
    defines: tuple[str, ...],
    benches: tuple[Path, ...],
    params: dict[str, int],
    shapes: dict[str, tuple[int, ...]],
    ignore_pragmas: bool,
    target: str,
    clock: float | None,
    memory_ports: int | None,
    share: str | None,
    parallel: bool,
    backend: str,
    pnr: bool,
    wave: bool,
    objective: str,
    partition: str,
    max_area: str | None,
    max_dsp: int | None,
    max_bram: int | None,
    max_latency: int | None,
    target_ii: tuple[tuple[str, int], ...],
    rules: str,
    rule_files: tuple[str, ...],
    disabled_rules: tuple[str, ...],
    fp_reassociate: bool,
    time_limit: float | None,
    limits: Limits,
    seed: int,
    jobs: int,
    trace: bool,
    as_json: bool,
) -> int:
    """Optimise the function TOP of FILES (C, C++, or one .mlir file); write the result to a folder."""
    folder = output or Path("out") / top
    options = Options(
        target=target,
        clock_ns=clock,
        memory_ports=memory_ports,
        share=share,
        parallel=parallel,
        partition=partition,
        backend=backend,
        pnr=pnr,
        wave=wave,
        objective=objective,
        budgets=Budgets(max_area, max_dsp, max_bram, max_latency, target_ii),
        rules=rules,
        rule_files=rule_files,
        disabled_rules=disabled_rules,
        fp_reassociate=fp_reassociate,
        time_limit=time_limit,
        seed=seed,
        jobs=jobs,
        params=tuple(params.items()),
        shapes=tuple(shapes.items()),
        limits=limits,
    )
    console = Console(stderr=True)
    # From the first moment on, an interrupt leaves the best so far.
    with Interrupts() as interrupts, _logging_to(folder), console.status("starting") as status:
        result = optimize(
            files,
            top,
            options,
            output=folder,
            include_dirs=include_dirs,
            defines=defines,
            benches=benches,
            ignore_pragmas=ignore_pragmas,
            progress=status.update,
            note=lambda report: console.print(
                f"note: {report}", soft_wrap=True, highlight=False, markup=False
            ),
            interrupts=interrupts,
        )
    if trace:
        table.show_trace(result)
    if as_json:
        table.show_json(result)
    else:
        table.show_table(result, Target.load(target, clock, memory_ports), folder)
    return 130 if result.interrupted else 0


@contextmanager
def _logging_to(folder: Path) -> Iterator[None]:
    """The log in run.log."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(folder / "run.log", mode="w", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"the output folder {folder} cannot be written: {error.strerror}", hint="choose another with -o"
        ) from error
    handler.setFormatter(logging.Formatter("%(relativeCreated)8.0f ms %(name)s: %(message)s"))
    logger = logging.getLogger("seer")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
