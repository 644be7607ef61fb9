"""C++ headers that kernels are read and run with."""

from __future__ import annotations

from pathlib import Path

__all__ = ["include_folder"]


def include_folder() -> Path:
    """The folder with seer's own <ap_int.h>, which stands in for the vendor's."""
    return Path(__file__).parent / "include"
