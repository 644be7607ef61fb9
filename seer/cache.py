"""The content-addressed cache of tool runs and proofs: files that only ever appear whole."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

__all__ = ["cache_folder", "cache_root", "digest", "locked", "publish"]


def cache_root() -> Path:
    """$SEER_CACHE_DIR, else ~/.cache/seer; not created."""
    return Path(os.environ.get("SEER_CACHE_DIR") or Path.home() / ".cache" / "seer")


def cache_folder(kind: str) -> Path:
    """The folder of one kind of entries, created: below $SEER_CACHE_DIR, else ~/.cache/seer."""
    folder = cache_root() / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def digest(*parts: str) -> str:
    """A name for the content `parts`."""
    joined = hashlib.sha256()
    for part in parts:
        data = part.encode()
        joined.update(f"{len(data)}:".encode() + data)
    return joined.hexdigest()[:32]


def publish(content: bytes, target: Path, executable: bool = False) -> None:
    """Write `target` at once, so that a killed run never leaves half a file."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o755 if executable else 0o644)
    os.replace(name, target)


@contextmanager
def locked(entries: Iterable[Path]) -> Iterator[None]:
    """While it lasts, other threads and processes that want to make one of these entries wait.

    The lock of a run that is killed goes with it.
    """
    with ExitStack() as stack:
        # In one order everywhere, so that no two wait for each other.
        for entry in sorted(set(entries)):
            file = stack.enter_context(entry.with_name(f"{entry.name}.lock").open("w"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
