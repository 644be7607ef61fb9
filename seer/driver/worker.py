"""The process that owns the e-graph, and the parent's end of it.

One egglog call cannot be interrupted, so exploration runs in a process that the parent may kill at any
time. It streams its best design so far; whatever arrived before the kill is kept. Messages are pickles
on the worker's standard output (anything that libraries print there is moved to standard error).
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from seer.errors import SeerError

__all__ = ["Failure", "Progress", "Worker", "deeply"]

_START = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    "import runpy; runpy.run_module('seer.driver.worker', run_name='__main__', alter_sys=True)"
)
_HEADER = struct.Struct("<Q")
_LONGEST_WAIT = 3600.0
"""Seconds of one wait; the system's own limit is unknown, so that longer limits wait several times."""
_COLLECTION = (200_000, 50, 100)
"""When the worker collects garbage: thresholds of Python's three generations."""
_RECURSION = 100_000
_STACK_BYTES = 512 << 20

T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """A line for the user and the log."""

    text: str


@dataclass(frozen=True)
class Failure:
    """The worker ended with an error; `error` is one of ours, or None with a traceback in `text`."""

    error: SeerError | None
    text: str


class Worker:
    """A process that explores one request. It loads what it needs at once, while others make the request.

    As a context manager it is gone at the end, whatever it is doing.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.kill()
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()

    def explore(self, request: Any, time_limit: float | None) -> Generator[Any, None, None]:
        """Run `seer.driver.explore.explore(request, send)` there and yield what it sends.

        After `time_limit` seconds the worker is killed and the iterator ends; closing the iterator kills it,
        too. A worker that dies gives a `Failure`.
        """
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        # One that has died before is told by its end.
        with suppress(BrokenPipeError):
            _send(process.stdin, request)
            process.stdin.close()
        try:
            yield from _messages(process, process.stdout, time_limit)
        finally:
            process.kill()


def _messages(process: subprocess.Popen[bytes], stream: IO[bytes], limit: float | None) -> Iterator[Any]:
    deadline = None if limit is None else time.monotonic() + limit
    pending = bytearray()
    while True:
        wait = None if deadline is None else min(_LONGEST_WAIT, max(0.0, deadline - time.monotonic()))
        ready, _, _ = select.select([stream], [], [], wait)
        if not ready:
            if deadline is not None and time.monotonic() >= deadline:
                return
            continue
        chunk = os.read(stream.fileno(), 1 << 16)
        if not chunk:
            if process.wait() != 0:
                yield Failure(None, f"the exploration process ended with code {process.returncode}")
            return
        pending += chunk
        while len(pending) >= _HEADER.size:
            (size,) = _HEADER.unpack_from(pending)
            if len(pending) < _HEADER.size + size:
                break
            yield deeply(pickle.loads, bytes(pending[_HEADER.size : _HEADER.size + size]))
            del pending[: _HEADER.size + size]


def _send(stream: IO[bytes], message: Any) -> None:
    data = deeply(pickle.dumps, message)
    stream.write(_HEADER.pack(len(data)) + data)
    stream.flush()


def deeply(function: Callable[..., T], *arguments: Any) -> T:
    """`function(*arguments)` with room for the recursion that a deep expression costs.

    Pickling a term descends into it level by level, in C as well, so it gets a stack of its own.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []

    def call() -> None:
        try:
            outcome.append(function(*arguments))
        except BaseException as error:
            failure.append(error)

    limit, stack = sys.getrecursionlimit(), threading.stack_size(_STACK_BYTES)
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(limit)
    if failure:
        raise failure[0]
    return outcome[0]


def _main() -> None:
    # The parent decides what an interrupt means; the terminal sends it to both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    from seer.driver.explore import explore

    # Not this process' own class, which is __main__.Failure to pickle: the parent has none.
    from seer.driver.worker import Failure as Sent
    from seer.rewrites.control import control_rules

    control_rules()
    importlib.import_module("ortools.sat.python.cp_model")  # it takes long, and is hardly ever left out
    header = sys.stdin.buffer.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return  # the parent has ended without a request
    (size,) = _HEADER.unpack(header)
    request = deeply(pickle.loads, sys.stdin.buffer.read(size))

    # Terms live as long as the e-graph does: looking for garbage among them is mostly in vain.
    gc.freeze()
    gc.set_threshold(*_COLLECTION)
    try:
        deeply(explore, request, lambda message: _send(out, message))
    except SeerError as error:
        _send(out, Sent(error, str(error)))


if __name__ == "__main__":
    _main()
    # An e-graph may be dropped in its own thread only, and that one has ended: no interpreter shutdown.
    os._exit(0)
