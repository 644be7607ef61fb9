"""Batches of programs in processes of their own, which may crash, hang or eat memory without harm."""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol, TypeVar

from seer.fuzz.findings import Finding, Source

__all__ = ["Run", "apart", "check"]

T = TypeVar("T")
Work = Callable[[Path, Callable[[str], None]], T]

_MEMORY = 3 << 30
"""Bytes of address space that a process may take."""


class Run(Protocol):
    """Runs programs in a folder of its own and says what is wrong with them; it can be pickled."""

    def seconds(self, programs: int) -> float: ...

    def __call__(
        self, folder: Path, sources: Sequence[Source], started: Callable[[str], None]
    ) -> list[Finding]: ...


def check(sources: Sequence[Source], run: Run) -> list[Finding]:
    """What is wrong with `sources`, by their number; a batch that is lost is split until it shows why."""
    findings, step = apart(partial(_batch, run, sources), run.seconds(len(sources)))
    if findings is not None:
        return findings
    if len(sources) == 1:
        return [Finding(0, "lost", step, f"the process ended or hung in the step {step!r}")]
    middle = len(sources) // 2
    first = check(sources[:middle], run)
    second = check(sources[middle:], run)
    return [*first, *(replace(finding, number=finding.number + middle) for finding in second)]


def _batch(
    run: Run, sources: Sequence[Source], folder: Path, started: Callable[[str], None]
) -> list[Finding]:
    return run(folder, sources, started)


def apart(work: Work[T], seconds: float) -> tuple[T | None, str]:
    """What `work(folder, started)` gives in a process of its own, in an empty folder.

    None if the process was lost: it crashed, took too much memory, or had to be ended after `seconds`. With
    it comes the last step of which `work` told `started`.
    """
    # From a server of its own: a fork of this process might inherit threads in the middle of something.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["seer.fuzz.legs", "seer.fuzz.hardware_legs"])
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="seer-fuzz-") as folder:
        child = context.Process(target=_child, args=(sender, Path(folder), work))
        child.start()
        sender.close()
        deadline = time.monotonic() + seconds
        step = "start"
        try:
            while receiver.poll(max(0.0, deadline - time.monotonic())):
                ended, message = receiver.recv()
                if ended:
                    return message, step
                step = message
        except EOFError:
            pass
        finally:
            receiver.close()
            if child.is_alive():
                child.kill()
            child.join()
    return None, step


def _child(sender: Connection, folder: Path, work: Work[object]) -> None:
    # What it starts in turn may ask for more: the address sanitizer reserves terabytes.
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A crash is reported by the parent; what the sanitizer or LLVM says of it would only disturb.
    os.dup2(os.open(folder / "messages", os.O_WRONLY | os.O_CREAT), 2)

    def started(step: str) -> None:
        sender.send((False, step))

    sender.send((True, work(folder, started)))
    sender.close()
    # The just-in-time compiler's threads are not worth waiting for.
    os._exit(0)
