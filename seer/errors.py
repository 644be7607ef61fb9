"""Errors that a user can cause, each with a place, what was found and what to do."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BackendError", "EquivalenceError", "InputError", "IterationLimitError", "Location", "SeerError"]


@dataclass(frozen=True, order=True)
class Location:
    """A place in a source file; line and column count from 1."""

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def short(self) -> str:
        """File without folders, and line: for tables and comments in which the file is known."""
        return f"{self.file.rsplit('/', 1)[-1]}:{self.line}"


class SeerError(Exception):
    """Base of all errors that seer reports to its user.

    `exit_code` is what the command line ends with.
    """

    exit_code = 2

    def __init__(self, message: str, location: Location | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"


class InputError(SeerError):
    """The user's input or options cannot be taken."""


class IterationLimitError(InputError):
    """A While ran more often than whoever executed it allows; it may never end."""


class EquivalenceError(SeerError):
    """A check found that two designs which should be equal are not."""

    exit_code = 3


class BackendError(SeerError):
    """A backend's tool is missing or failed."""

    exit_code = 4
