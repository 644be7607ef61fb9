"""`seer bench`: run a suite of kernels, and guard its figures."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from click.core import ParameterSource
from rich.console import Console
from rich.table import Table as RichTable

import seer
from seer.bench.bench import Report, bench
from seer.bench.run import Outcome, Task, tasks_of
from seer.bench.suite import Suite, find_suite, load_suite
from seer.bench.tables import Table
from seer.cli import opt
from seer.errors import InputError

__all__ = ["command"]

_OURS = ("output", "jobs", "trace", "as_json")
"""Options of `seer opt` that a suite has no say in."""
_WIDTH = 160


@click.command("bench")
@click.argument("suite_name", metavar="[SUITE]", default="seer")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Kernels that run at a time."
)
@click.option(
    "--check", is_flag=True, help="Fail if cycles or area got worse than recorded, beyond the tolerance."
)
@click.option("--update", is_flag=True, help="Record the results in the suite's folder.")
@click.option(
    "--setting", "settings", multiple=True, metavar="NAME", help="Only this setting; may be repeated."
)
@click.option("--kernel", "kernels", multiple=True, metavar="NAME", help="Only this kernel; may be repeated.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Output folder [default: out/bench/SUITE]."
)
def command(
    suite_name: str,
    jobs: int,
    check: bool,
    update: bool,
    settings: tuple[str, ...],
    kernels: tuple[str, ...],
    output: Path | None,
) -> int:
    """Run the kernels of SUITE in its settings; write results.json, tables and a page to a folder.

    SUITE is a folder with a file suite.toml, or the name of one in benchmarks/. A kernel that fails does not
    stop the others. Ends with code 1 if --check finds a figure that got worse.
    """
    suite = load_suite(find_suite(suite_name, _places()))
    folder = (output or Path("out") / "bench" / suite.name).resolve()
    _known(suite, "setting", settings, [setting.name for setting in suite.settings])
    _known(suite, "kernel", kernels, [kernel.name for kernel in suite.kernels])
    tasks = tasks_of(suite, folder, settings, kernels)
    if not tasks:
        raise InputError("the suite has no such kernel in such a setting")
    for task in tasks:
        _check_options(task)
    with _termination_as_interrupt():
        report = _run(suite, tasks, folder, jobs, check, update)
    _show(report, folder, check)
    return report.exit_code


@contextmanager
def _termination_as_interrupt() -> Iterator[None]:
    """Meanwhile SIGTERM does what Ctrl-C does: no run is left alone, and results so far are written."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _places() -> list[Path]:
    """Where suites are known by name: benchmarks/ here, and in seer's own checkout."""
    return [Path("benchmarks"), Path(seer.__file__).resolve().parents[1] / "benchmarks"]


def _known(suite: Suite, what: str, given: tuple[str, ...], known: list[str]) -> None:
    for name in given:
        if name not in known:
            raise InputError(f"{suite.name} has no {what} {name!r}", hint=f"it has {', '.join(known)}")


def _check_options(task: Task) -> None:
    """Raise InputError, before anything runs, where `seer opt` would not take the options of a suite."""
    where = f"{task.suite.file}: {task.name}"
    try:
        with opt.command.make_context("opt", task.suite.arguments(task.setting, task.kernel)) as context:
            for name in _OURS:
                if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                    raise InputError(f"{where}: the option {name!r} is not for a suite to set")
    except click.ClickException as error:
        raise InputError(f"{where}: {error.format_message()}", hint="see seer opt --help") from None


def _run(suite: Suite, tasks: list[Task], folder: Path, jobs: int, check: bool, update: bool) -> Report:
    console = Console(stderr=True, highlight=False, markup=False)
    running: dict[str, None] = {}
    done = 0

    def shown() -> str:
        return f"{done} of {len(tasks)} done, running: {', '.join(running) or 'nothing'}"

    with console.status(shown()) as status:

        def started(task: Task) -> None:
            running[task.name] = None
            status.update(shown())

        def ended(outcome: Outcome) -> None:
            nonlocal done
            done += 1
            running.pop(outcome.task.name, None)
            how = "done" if outcome.exit_code == 0 else f"failed: {outcome.message}"
            console.print(
                f"[{done}/{len(tasks)}] {outcome.task.name}: {how} ({outcome.seconds:.0f} s)", soft_wrap=True
            )
            status.update(shown())

        return bench(suite, tasks, folder, jobs, check, update, started, ended)


def _show(report: Report, folder: Path, check: bool) -> None:
    console = Console(width=_WIDTH, highlight=False, markup=False)
    for table in report.tables:
        console.print(_rich(table))
        for note in table.notes:
            console.print(note, soft_wrap=True)
        console.print()
    for name in ("results.json", "timings.json", "results.md", "results.html"):
        console.print(f"  {folder / name}", soft_wrap=True)
    for worse in report.worse:
        click.echo(f"worse: {worse}", err=True)
    for outcome in report.failed:
        click.echo(f"failed: {outcome.task.name}: {outcome.message}", err=True)
    if check and not report.worse and not report.failed and not report.interrupted:
        console.print("nothing got worse than recorded")


def _rich(table: Table) -> RichTable:
    """The columns that a terminal has room for; all of them stand in the files."""
    shown = RichTable(title=table.title, title_justify="left", box=None, pad_edge=False)
    chosen = [number for number, column in enumerate(table.columns) if column in table.narrow]
    for number in chosen:
        text = table.is_text(table.columns[number])
        shown.add_column(table.columns[number], justify="left" if text else "right")
    for row in (*table.rows, *table.last):
        shown.add_row(*(row[number] for number in chosen))
    return shown
