"""Batches of programs in processes of their own, which may crash, hang or eat memory without harm."""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from seer.fuzz.legs import LEGS, Finding, Source, run_batch

__all__ = ["check"]

_MEMORY = 3 << 30
"""Bytes of address space that a process may take."""
_LONGEST = 60.0
"""Seconds that a batch may take, and 4 more for each program in it."""


def check(
    sources: Sequence[Source], calls: int, cc: Sequence[str] = (), legs: Sequence[str] = LEGS
) -> list[Finding]:
    """What is wrong with `sources`, by their number; a batch that is lost is split until it shows why."""
    findings, step = _attempt(sources, calls, cc, legs)
    if findings is not None:
        return findings
    if len(sources) == 1:
        return [Finding(0, "lost", step, f"the process ended or hung in the step {step!r}")]
    middle = len(sources) // 2
    first = check(sources[:middle], calls, cc, legs)
    second = check(sources[middle:], calls, cc, legs)
    moved = [Finding(f.number + middle, f.kind, f.leg, f.message, f.call, f.memories) for f in second]
    return [*first, *moved]


def _attempt(
    sources: Sequence[Source], calls: int, cc: Sequence[str], legs: Sequence[str]
) -> tuple[list[Finding] | None, str]:
    """The findings of a batch, or None if its process was lost; and the last step that it began."""
    # From a server of its own: a fork of this process might inherit threads in the middle of something.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["seer.fuzz.legs"])
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="seer-fuzz-") as folder:
        child = context.Process(target=_child, args=(sender, Path(folder), sources, calls, cc, legs))
        child.start()
        sender.close()
        deadline = time.monotonic() + _LONGEST + 4 * len(sources)
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


def _child(
    sender: Connection,
    folder: Path,
    sources: Sequence[Source],
    calls: int,
    cc: Sequence[str],
    legs: Sequence[str],
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A crash is reported by the parent; what the sanitizer or LLVM says of it would only disturb.
    os.dup2(os.open(folder / "messages", os.O_WRONLY | os.O_CREAT), 2)
    sender.send(run_batch(folder, sources, calls, cc, sender.send, legs))
    sender.close()
    # The just-in-time compiler's threads are not worth waiting for.
    os._exit(0)
