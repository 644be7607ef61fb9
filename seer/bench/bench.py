"""A whole `seer bench`: runs, files, and the comparison with what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seer import __version__
from seer.bench.figures import failure, figures, seconds
from seer.bench.plots import plots_of
from seer.bench.results import Worse, assembled, compared, merged, read_results
from seer.bench.run import INTERRUPTED, Outcome, Task, run_tasks
from seer.bench.suite import Suite
from seer.bench.tables import Table, markdown, page, tables_of
from seer.driver.output import write_json
from seer.errors import BackendError

__all__ = ["RESULTS", "Report", "bench"]

RESULTS = "results.json"
"""The file of figures, in the output folder and, once recorded, in the suite's."""


@dataclass(frozen=True)
class Report:
    """What a run of a suite came to: its results, their tables, and what got worse."""

    results: Mapping[str, Any]
    tables: Sequence[Table]
    failed: Sequence[Outcome]
    worse: Sequence[Worse]
    interrupted: bool

    @property
    def exit_code(self) -> int:
        """130 after an interrupt; else that of the worst failure, 3, 4 or 2; 1 if a figure is worse."""
        if self.interrupted:
            return INTERRUPTED
        codes = {outcome.exit_code for outcome in self.failed}
        for code in (3, 4, 2):
            if code in codes:
                return code
        return 4 if codes else 1 if self.worse else 0


def bench(
    suite: Suite,
    tasks: Sequence[Task],
    folder: Path,
    jobs: int,
    check: bool,
    update: bool,
    started: Callable[[Task], None] = lambda task: None,
    ended: Callable[[Outcome], None] = lambda outcome: None,
) -> Report:
    """Run the tasks and write results.json, timings.json, results.md and results.html to `folder`.

    With `check` the results are compared with those recorded in the suite's folder, with `update` they are
    recorded there; kernels that failed or did not run keep what is recorded of them. Raises InputError where
    there is nothing to compare with.
    """
    recorded_file = suite.folder / RESULTS
    recorded = read_results(recorded_file) if check or (update and recorded_file.exists()) else None
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = run_tasks(tasks, jobs, started, ended)
    runs: dict[str, dict[str, dict[str, Any]]] = {}
    times: dict[str, dict[str, dict[str, float]]] = {}
    failed: list[Outcome] = []
    for outcome in outcomes:
        task = outcome.task
        if outcome.exit_code == INTERRUPTED:
            continue
        outcome, found = _judged(outcome)
        if outcome.exit_code != 0:
            failed.append(outcome)
        runs.setdefault(task.setting.name, {})[task.kernel.name] = found
        times.setdefault(task.setting.name, {})[task.kernel.name] = seconds(outcome)
    results = assembled(suite, __version__, runs)
    tables = tables_of(suite, results, times)
    plots = [plot for setting in results["settings"].values() for plot in plots_of(suite, setting)]
    write_json(folder / RESULTS, results)
    write_json(folder / "timings.json", {"seconds": times})
    (folder / "results.md").write_text(markdown(suite, tables), encoding="utf-8")
    (folder / "results.html").write_text(page(suite, __version__, tables, plots), encoding="utf-8")
    if update:
        write_json(recorded_file, assembled(suite, __version__, merged(suite, recorded, runs)))
    worse = compared(suite, recorded, results) if check and recorded is not None else []
    finished = sum(len(kernels) for kernels in runs.values())
    return Report(results, tables, failed, worse, interrupted=finished < len(tasks))


def _judged(outcome: Outcome) -> tuple[Outcome, dict[str, Any]]:
    """An outcome with its figures; a run whose files cannot be read has failed, too."""
    if outcome.exit_code == 0:
        try:
            return outcome, figures(outcome)
        except BackendError as error:
            outcome = Outcome(outcome.task, error.exit_code, error.message, outcome.seconds)
    return outcome, failure(outcome)
