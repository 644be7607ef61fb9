"""Options of an optimisation run and its default limits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from seer.driver.wishes import Wishes
from seer.schedule.target import Target

__all__ = ["BACKENDS", "RULE_SETS", "Limits", "Options"]

RULE_SETS = ("all", "control", "datapath", "none")
BACKENDS = ("rtl", "none")


@dataclass(frozen=True)
class Limits:
    """Counts that end an exploration; being counts, they give the same result on every machine.

    `rounds` of datapath steps and control rules in turn; `datapath_steps` between two rounds of
    control rules; `loop_rewrites` is how many offers of control rules are united; `region_operations` is
    the largest region that extraction will have scheduled; `candidates` is how many alternatives
    extraction keeps for a block.
    """

    rounds: int = 6
    datapath_steps: int = 4
    e_nodes: int = 40_000
    loop_rewrites: int = 150
    unrolled_statements: int = 64
    region_operations: int = 600
    candidates: int = 6


@dataclass(frozen=True)
class Options:
    """What the user asked for. `clock_ns`, `memory_ports` and `share` None mean the target's own defaults.

    `params` are scalar arguments fixed to a value, `shapes` the sizes of an MLIR file's arrays: the program
    has been made with both. `wishes` are those of the source's pragmas that are honoured.
    """

    target: str = "xc7"
    clock_ns: float | None = None
    memory_ports: int | None = None
    share: str | None = None
    backend: str = "rtl"
    rules: str = "all"
    disabled_rules: tuple[str, ...] = ()
    time_limit: float | None = None
    seed: int = 0
    jobs: int = 2
    params: tuple[tuple[str, int], ...] = ()
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    wishes: Wishes = field(default_factory=Wishes)
    limits: Limits = field(default_factory=Limits)

    def on(self, target: Target) -> Options:
        """The options with what the user left to the target."""
        return replace(self, memory_ports=target.memory_ports, share=self.share_on(target))

    def share_on(self, target: Target) -> str:
        """Which operators are shared."""
        return target.file.share if self.share is None else self.share

    def to_json(self) -> dict[str, Any]:
        """What result.json says of the options; the number of jobs changes nothing and is left out."""
        data = asdict(self)
        del data["jobs"]
        named = {"params": dict(self.params), "shapes": {name: list(shape) for name, shape in self.shapes}}
        named["wishes"] = {
            "pipeline": [str(place) for place in self.wishes.pipeline],
            "sequential": [str(place) for place in self.wishes.sequential],
            "unrolled": list(self.wishes.unrolled),
        }
        return data | named | {"disabled_rules": list(self.disabled_rules)}
