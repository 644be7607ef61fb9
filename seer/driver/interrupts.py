"""Ctrl-C as a request to end with the best so far."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self

__all__ = ["Interrupts"]


class Interrupts:
    """While it is entered, the first interrupt is noted, and raised as KeyboardInterrupt only in work that is
    `stoppable`; a second one that meets other work is raised there, too, and ends everything.

    In threads other than the main one, which get no signals, and where somebody else handles interrupts or
    they are ignored, nothing changes.
    """

    def __init__(self) -> None:
        self.noted = False
        self._depth = 0
        self._entered = 0
        self._handles = False

    def __enter__(self) -> Self:
        main = threading.current_thread() is threading.main_thread()
        if not self._entered and main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._note)
            self._handles = True
        self._entered += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._entered -= 1
        if not self._entered and self._handles:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._handles = False

    @contextmanager
    def stoppable(self, all_the_same: bool = False) -> Iterator[None]:
        """Work that an interrupt ends with KeyboardInterrupt: at once if one was noted before, unless this is
        to be done `all_the_same`."""
        self._depth += 1
        try:
            if self.noted and not all_the_same:
                raise KeyboardInterrupt
            yield
        finally:
            self._depth -= 1

    def _note(self, number: int, frame: FrameType | None) -> None:
        second, self.noted = self.noted, True
        if self._depth or second:
            raise KeyboardInterrupt
