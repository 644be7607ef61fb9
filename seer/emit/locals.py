"""Local variables: whether C++ needs an initial value where SeerLang needs none."""

from __future__ import annotations

from seer.lang.terms import Local
from seer.lang.uses import first_use

__all__ = ["needs_initial_value"]


def needs_initial_value(local: Local) -> bool:
    """Whether a scalar local may be read before it has surely been written."""
    return first_use(local.body, local.array) == "read"
