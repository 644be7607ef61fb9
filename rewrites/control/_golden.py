"""The example of each control rule: a program before and after it, in the textual form."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

__all__ = ["golden"]


def golden(rule: str, side: Literal["before", "after"]) -> Path:
    """The file that shows a rule's example; the tests say that it is what the rule makes, and write it."""
    return Path(__file__).with_name("golden") / f"{rule}.{side}"
