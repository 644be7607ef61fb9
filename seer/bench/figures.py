"""The figures of a kernel, from the files that `seer opt` wrote for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seer.bench.run import Outcome
from seer.driver.result import DESIGNS, PROOF_KINDS
from seer.errors import BackendError
from seer.schedule import Area, Target

__all__ = ["failure", "figures", "seconds"]


def figures(outcome: Outcome) -> dict[str, Any]:
    """What results.json says of a kernel that ran to its end; it holds no times of this machine.

    Cycles are simulated where the design was, `area` is weighted as the target says, `time_us` is cycles at
    the design's shortest clock period. Raises BackendError where the files are not there or incomplete.
    """
    folder = outcome.task.folder
    try:
        result = _read(folder / "result.json")
        certificate = _read(folder / "certificate.json")
        options = result["options"]
        # A target may be a file, named as seen from where the run took place.
        named = outcome.task.suite.folder / options["target"]
        device = str(named) if named.is_file() else options["target"]
        target = Target.load(device, options["clock_ns"], options["memory_ports"])
        rules: dict[str, int] = {}
        for step in certificate["steps"]:
            if step["proof"]["kind"] != "axiom":
                rules[step["rule"]] = rules.get(step["rule"], 0) + 1
        designs = {name: _design(result["designs"][name], target) for name in DESIGNS}
        if (hot := result["hot_loop"]) is not None and designs["seer"]["hot_loop"] is not None:
            designs["seer"]["hot_loop"] |= {"because": hot["because"], "lift": hot["lift"]}
        return {
            "target": result["target"],
            "clock_ns": result["clock_ns"],
            "designs": designs,
            "front": [[_cycles(point), _weighted(point, target)] for point in result["front"]],
            "egraph": result["egraph"],
            "rules": dict(sorted(rules.items())),
            "proof": {kind: result["proof"][kind] for kind in ("steps", *PROOF_KINDS, "assumed")},
            "vectors": {
                "cpp": result["equivalence"]["cpp_vectors"],
                "rtl": result["equivalence"]["rtl_vectors"],
            },
            "reproducible": result["reproducible"],
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackendError(
            f"the results of {outcome.task.name} cannot be read: {type(error).__name__}: {error}",
            hint=f"see {folder / 'opt.log'}",
        ) from None


def failure(outcome: Outcome) -> dict[str, Any]:
    """What results.json says of a kernel that failed."""
    return {"failed": {"exit_code": outcome.exit_code, "message": outcome.message}}


def seconds(outcome: Outcome) -> dict[str, float]:
    """Seconds of each stage of a run, and of all of it, its start included."""
    try:
        stages = _read(outcome.task.folder / "timings.json")["seconds"]
    except (OSError, ValueError, KeyError):
        stages = {}
    return {**stages, "total": round(outcome.seconds, 3)}


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def _design(design: Mapping[str, Any], target: Target) -> dict[str, Any]:
    cycles, clock = _cycles(design), design["min_clock_ns"]
    return {
        "cycles": cycles,
        "simulated": design["cycles"]["simulated"] is not None,
        "lut": design["area"]["lut"],
        "ff": design["area"]["ff"],
        "dsp": design["area"]["dsp"],
        "bram": design["area"]["bram"],
        "area": _weighted(design, target),
        "area_source": design["area"]["source"],
        "clock_ns": clock,
        "time_us": None if clock is None else round(cycles * clock / 1000, 3),
        "hot_loop": _hot_loop(design["loops"], cycles),
    }


def _cycles(design: Mapping[str, Any]) -> int:
    found = design["cycles"]
    return found["predicted"] if found["simulated"] is None else found["simulated"]


def _weighted(design: Mapping[str, Any], target: Target) -> float:
    area = design["area"]
    return Area(area["lut"], area["ff"], area["dsp"], area["bram"]).weighted(target)


def _hot_loop(loops: list[dict[str, Any]], cycles: int) -> dict[str, Any] | None:
    """The loop in which, loops inside it not counted, most cycles are spent; `share` is of all cycles."""
    counted = [loop for loop in loops if loop["cycles"] is not None]
    if not counted:
        return None
    hot = max(counted, key=lambda loop: loop["cycles"])
    return {
        "name": hot["label"] or hot["location"] or "a merged loop",
        "location": hot["location"],
        "share": round(hot["cycles"] / cycles, 3) if cycles else 0.0,
        "ii": hot["ii"],
        "ii_bound_by": hot["ii_bound_by"],
    }
