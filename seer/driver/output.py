"""Files of the output folder: result.json and certificate.json; the backends write theirs under rtl/."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seer.driver.assumptions import REASSOCIATION, assumptions
from seer.driver.result import DESIGNS, Result
from seer.egraph.derivation import Step
from seer.lang.program import Program
from seer.lang.terms import Term
from seer.verify.certificate import TermTable

__all__ = ["clear", "write_certificate", "write_json", "write_result"]


def clear(folder: Path, top: str) -> None:
    """Remove what an earlier run left in the folder, so that a failed run leaves nothing that looks like a
    result."""
    names = ("result.json", "certificate.json", "timings.json", "vectors.npz")
    emitted = (f"{top}_{suffix}" for suffix in ("seer.cpp", "seer.mlir", "tb.cpp", "vectors.bin"))
    for name in (*names, *emitted):
        (folder / name).unlink(missing_ok=True)
    for name in DESIGNS:
        shutil.rmtree(folder / "rtl" / name, ignore_errors=True)


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write `data` as indented JSON, with a newline at the end; the file appears whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def write_result(result: Result, folder: Path) -> None:
    """Write result.json."""
    write_json(folder / "result.json", result.to_json())


def write_certificate(source: Program, result: Program, steps: Sequence[Step], path: Path) -> None:
    """Write the derivation of `result` from `source`; docs/certificate.md has the form of the file."""
    table = TermTable()

    def reference(value: Any) -> Any:
        if isinstance(value, Term):
            return {"t": table.index(value)}
        return [reference(item) for item in value] if isinstance(value, tuple) else value

    listed = [
        {
            "before": reference(step.before),
            "after": reference(step.after),
            "path": list(step.path),
            "rule": step.rule,
            "forward": step.forward,
            "substitution": {name: reference(value) for name, value in step.substitution},
            "proof": {
                "kind": step.proof.kind,
                "obligation": step.proof.obligation,
                "data": step.proof.data,
            },
            "premises": list(step.premises) if step.premises else [],
            "premise_path": list(step.premise_path),
        }
        for step in steps
    ]
    data = {
        "schema": 1,
        "top": source.name,
        "source": reference(source.body),
        "result": reference(result.body),
        "assumptions": [
            "top-level arrays are pairwise disjoint",
            "the source has no undefined behaviour",
            *assumptions(source),
            *([REASSOCIATION] if any(step.proof.kind == "assumed" for step in steps) else []),
        ],
        "steps": listed,
        "terms": table.rows,
    }
    part = path.with_suffix(".json.part")
    part.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    part.replace(path)
