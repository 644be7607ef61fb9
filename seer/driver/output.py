"""The files of the output folder that hold the result itself; the backends write theirs under rtl/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seer.driver.result import Result

__all__ = ["write_json", "write_result"]


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write `data` as indented JSON, with a newline at the end; the file appears whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def write_result(result: Result, folder: Path) -> None:
    """Write result.json."""
    write_json(folder / "result.json", result.to_json())
