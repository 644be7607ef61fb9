"""The runs of a suite: each kernel in each setting is a `seer opt` of its own, several at a time.

A run that fails, crashes or runs out of memory takes nothing else with it, and a setting may carry any
option of `seer opt`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from seer.bench.suite import Kernel, Setting, Suite

__all__ = ["Outcome", "Task", "run_tasks", "tasks_of"]

INTERRUPTED = 130


@dataclass(frozen=True)
class Task:
    """One kernel in one setting; `folder` is where its files go."""

    suite: Suite
    setting: Setting
    kernel: Kernel
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.setting.name}/{self.kernel.name}"


@dataclass(frozen=True)
class Outcome:
    """How a run ended: the exit code of `seer opt`, the error that it reported, and its wall time."""

    task: Task
    exit_code: int
    message: str
    seconds: float


def tasks_of(
    suite: Suite, folder: Path, settings: Sequence[str] = (), kernels: Sequence[str] = ()
) -> list[Task]:
    """All runs of a suite, or those of some settings and kernels, in the suite's order."""
    return [
        Task(suite, setting, kernel, folder / setting.name / kernel.name)
        for setting in suite.settings
        if not settings or setting.name in settings
        for kernel in suite.kernels_of(setting)
        if not kernels or kernel.name in kernels
    ]


def run_tasks(
    tasks: Sequence[Task],
    jobs: int,
    started: Callable[[Task], None] = lambda task: None,
    ended: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Run `jobs` tasks at a time; outcomes are in the order of the tasks.

    An interrupt reaches the runs, which write what they have, and ends the rest before it begins. Those are
    left out.
    """
    runner = _Runner(started, max(1, (os.cpu_count() or 1) // jobs))
    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(runner.run, task) for task in tasks]
        left: set[Future[Outcome | None]] = set(futures)
        while left:
            try:
                done, left = wait(left, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt:
                runner.interrupt()
                continue
            for future in futures:
                outcome = future.result() if future in done else None
                if outcome is not None:
                    ended(outcome)
    return [outcome for future in futures if (outcome := future.result()) is not None]


class _Runner:
    """Runs tasks in threads, and hands an interrupt on to their processes."""

    def __init__(self, started: Callable[[Task], None], tools: int) -> None:
        self._started = started
        self._tools = tools
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[str]] = []
        self._interrupts = 0

    def interrupt(self) -> None:
        """Once: let the runs end as they do on Ctrl-C; again: end them."""
        with self._lock:
            self._interrupts += 1
            for process in self._running:
                process.send_signal(signal.SIGINT if self._interrupts == 1 else signal.SIGTERM)

    def run(self, task: Task) -> Outcome | None:
        """Run a task, or, after an interrupt, nothing."""
        begun = time.perf_counter()
        try:
            # What an earlier run left must not pass for this one's.
            shutil.rmtree(task.folder, ignore_errors=True)
            task.folder.mkdir(parents=True)
            log = (task.folder / "opt.log").open("w+", encoding="utf-8")
        except OSError as error:
            return Outcome(task, 4, f"{error.filename}: {error.strerror}", 0.0)
        with log:
            with self._lock:
                if self._interrupts:
                    return None
                self._started(task)
                process = subprocess.Popen(
                    self._command(task),
                    cwd=task.suite.folder,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    text=True,
                    # The terminal's interrupt goes to us alone; we hand it on.
                    start_new_session=True,
                )
                self._running.append(process)
            code = process.wait()
            with self._lock:
                self._running.remove(process)
            log.seek(0)
            message = _message(log.read(), code)
        return Outcome(task, code, message, time.perf_counter() - begun)

    def _command(self, task: Task) -> list[str]:
        arguments = task.suite.arguments(task.setting, task.kernel)
        given = [*arguments, "--jobs", str(self._tools), "-o", str(task.folder)]
        # -P: no module of the suite's folder is taken for one of ours.
        return [sys.executable, "-P", "-m", "seer", "opt", *given]


def _environment() -> dict[str, str]:
    """The environment, in which this very seer is found whatever the folder."""
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _message(log: str, code: int) -> str:
    """What a run that failed had to say, in a line."""
    if code == 0:
        return ""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error:")]
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    last = errors[-1] if errors else lines[-1] if lines else f"exit code {code}"
    return last.removeprefix("error:").removeprefix("Error:").strip()
