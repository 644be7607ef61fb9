"""The content-addressed cache of tool runs: files that only ever appear whole."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

__all__ = ["cache_folder", "digest", "publish"]


def cache_folder(kind: str) -> Path:
    """The folder of one kind of entries, created: below $SEER_CACHE_DIR, else ~/.cache/seer."""
    root = os.environ.get("SEER_CACHE_DIR")
    folder = (Path(root) if root else Path.home() / ".cache" / "seer") / kind
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
