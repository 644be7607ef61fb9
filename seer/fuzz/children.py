"""Batches of programs in processes of their own, which may crash, hang or eat memory without harm."""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from seer.fuzz.findings import Finding, Source

__all__ = ["Run", "check"]

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
    findings, step = _attempt(sources, run)
    if findings is not None:
        return findings
    if len(sources) == 1:
        return [Finding(0, "lost", step, f"the process ended or hung in the step {step!r}")]
    middle = len(sources) // 2
    first = check(sources[:middle], run)
    second = check(sources[middle:], run)
    return [*first, *(replace(finding, number=finding.number + middle) for finding in second)]


def _attempt(sources: Sequence[Source], run: Run) -> tuple[list[Finding] | None, str]:
    """The findings of a batch, or None if its process was lost; and the last step that it began."""
    # From a server of its own: a fork of this process might inherit threads in the middle of something.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["seer.fuzz.legs", "seer.fuzz.hardware_legs"])
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="seer-fuzz-") as folder:
        child = context.Process(target=_child, args=(sender, Path(folder), sources, run))
        child.start()
        sender.close()
        deadline = time.monotonic() + run.seconds(len(sources))
        step = "start"
        try:
            while receiver.poll(max(0.0, deadline - time.monotonic())):
                message = receiver.recv()
                if isinstance(message, list):
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


def _child(sender: Connection, folder: Path, sources: Sequence[Source], run: Run) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A crash is reported by the parent; what the sanitizer or LLVM says of it would only disturb.
    os.dup2(os.open(folder / "messages", os.O_WRONLY | os.O_CREAT), 2)
    sender.send(run(folder, sources, sender.send))
    sender.close()
    # The just-in-time compiler's threads are not worth waiting for.
    os._exit(0)
