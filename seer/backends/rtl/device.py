"""Which targets the generated Verilog can stand for."""

from __future__ import annotations

from seer.backends.rtl.synthesise import families
from seer.errors import InputError
from seer.schedule.control import ControlCosts
from seer.schedule.target import Target

__all__ = ["require_target"]

_HINT = "--backend none gives the predictions for it"


def require_target(target: Target) -> None:
    """Raises InputError for a target whose schedules the Verilog would not follow, or that cannot be
    synthesised: the Verilog's memories answer in the next cycle and its control costs nothing."""
    if target.file.memory.read_latency != 1:
        raise InputError(
            f"the rtl backend has memories of read latency 1, target {target.name} has "
            f"{target.file.memory.read_latency}",
            hint=_HINT,
        )
    if target.file.control != ControlCosts():
        raise InputError(
            f"target {target.name} counts the cycles of another tool's control; the rtl backend's differ",
            hint=_HINT,
        )
    if target.file.family not in families():
        named = f"family {target.file.family!r}" if target.file.family else "no family"
        raise InputError(
            f"target {target.name} names {named} for synthesis, the rtl backend knows "
            f"{', '.join(families())}",
            hint=f"{_HINT}; in a file of your own, the key `family` names one of those",
        )
