"""What object files define, as the binutils tell."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from seer.errors import BackendError

__all__ = ["FUNCTIONS", "LOCAL_KINDS", "VARIABLES", "defined_symbol", "weaken_definitions"]

FUNCTIONS = "tTW"
VARIABLES = "bBdDrRsSgGVC"
"""Kinds of symbols as nm gives them; lower case is local to its file."""
LOCAL_KINDS = "tbdrsg"


def _binutil(command: Sequence[str], text: str | None = None) -> str:
    """What a tool of the binutils prints, given `text`; raises BackendError."""
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackendError(f"`{command[0]}` is missing", hint="install binutils") from None
    if done.returncode != 0:
        raise BackendError(f"`{command[0]}` failed: {done.stderr.strip()}")
    return done.stdout


def defined_symbol(compiled: Path, sought: str, kinds: str) -> tuple[str, str] | None:
    """The symbol of `sought` if this object defines it, and its kind; C++ symbols are found by their plain
    name."""
    symbols = []
    for line in _binutil(["nm", "--format=posix", "--defined-only", str(compiled)]).splitlines():
        name, kind, *_ = line.split()
        if kind in kinds:
            symbols.append((name, kind))
    plain = _binutil(["c++filt"], "\n".join(name for name, _ in symbols)).splitlines()
    for symbol, readable in zip(symbols, plain, strict=True):
        if readable.partition("(")[0] == sought:
            return symbol
    return None


def weaken_definitions(compiled: Path) -> None:
    """Let other definitions of what this object defines win over its own.

    What it only names stays as it is: nothing would bring in a library for a weak name.
    """
    names = _binutil(["nm", "--format=posix", "--defined-only", "--extern-only", str(compiled)])
    if not names:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".symbols", encoding="utf-8") as listed:
        listed.write("".join(f"{line.split()[0]}\n" for line in names.splitlines()))
        listed.flush()
        _binutil(["objcopy", f"--weaken-symbols={listed.name}", str(compiled)])
