"""seer: a super-optimiser for high-level synthesis."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seer.api import optimize
    from seer.driver.budgets import Budgets
    from seer.driver.options import Limits, Options
    from seer.driver.result import Design, Result

__all__ = ["Budgets", "Design", "Limits", "Options", "Result", "__version__", "optimize"]

__version__ = "0.1.0"

_HOMES = {
    "Budgets": "seer.driver.budgets",
    "Design": "seer.driver.result",
    "Limits": "seer.driver.options",
    "Options": "seer.driver.options",
    "Result": "seer.driver.result",
    "optimize": "seer.api",
}


def __getattr__(name: str) -> Any:
    """The public names, each loaded when it is first used: the command line starts without them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
