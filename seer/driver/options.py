"""Options of an optimisation run and its default limits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from seer.driver.budgets import OBJECTIVES, Budgets
from seer.driver.wishes import Wishes
from seer.errors import InputError
from seer.extract.partitioning import PARTITIONS
from seer.schedule.target import Target

__all__ = ["BACKENDS", "RULE_SETS", "Limits", "Options"]

RULE_SETS = ("all", "control", "datapath", "none")
BACKENDS = ("rtl", "none")


def _limit(default: int, meaning: str) -> int:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Limits:
    """Counts that end an exploration; being counts, they give the same result on every machine. `meaning` has
    what each of them bounds."""

    rounds: int = _limit(6, "rounds of datapath steps, control rules and an extraction")
    datapath_steps: int = _limit(4, "steps of datapath rules between two rounds of control rules")
    e_nodes: int = _limit(40_000, "e-nodes of the e-graph")
    loop_rewrites: int = _limit(150, "offers of control rules that are united")
    unrolled_statements: int = _limit(64, "statements of a loop body that a control rule makes")
    region_operations: int = _limit(600, "operations of a region that extraction has scheduled")
    candidates: int = _limit(6, "alternatives that extraction keeps for a block or loop (0: all)")
    syntheses: int = _limit(12, "designs that are synthesised to find one within the budgets")

    @staticmethod
    def meanings() -> dict[str, tuple[int, str]]:
        """Each limit's default and meaning, by name."""
        return {f.name: (int(f.default), f.metadata["meaning"]) for f in fields(Limits)}  # type: ignore[arg-type]


@dataclass(frozen=True)
class Options:
    """What the user asked for: `objective` is one of `seer.driver.budgets.OBJECTIVES`, to be minimised within
    `budgets`.

    `partition` (one of `seer.extract.partitioning.PARTITIONS`) says which arrays exploration may cut.
    `clock_ns`, `memory_ports` and `share` None mean the target's own defaults. `params` are scalar arguments
    fixed to a value, `shapes` the sizes of an MLIR file's arrays: the program has been made with both.
    `wishes` are those of the source's pragmas that are honoured. With `parallel` all designs run side by side
    what may be (`seer.schedule.parallel`). `pnr` asks for designs placed and routed, `wave` for waves of
    them. `rule_files` hold datapath rules of the user's own, `disabled_rules` are names of rules that take no
    part. `fp_reassociate` allows equations of real numbers for floats.
    """

    target: str = "xc7"
    clock_ns: float | None = None
    memory_ports: int | None = None
    share: str | None = None
    parallel: bool = False
    partition: str = "none"
    backend: str = "rtl"
    pnr: bool = False
    wave: bool = False
    objective: str = "latency"
    budgets: Budgets = field(default_factory=Budgets)
    rules: str = "all"
    disabled_rules: tuple[str, ...] = ()
    rule_files: tuple[str, ...] = ()
    fp_reassociate: bool = False
    time_limit: float | None = None
    seed: int = 0
    jobs: int = 2
    params: tuple[tuple[str, int], ...] = ()
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    wishes: Wishes = field(default_factory=Wishes)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        given = (
            (self.objective, OBJECTIVES),
            (self.backend, BACKENDS),
            (self.rules, RULE_SETS),
            (self.partition, PARTITIONS),
        )
        for value, known in given:
            if value not in known:
                raise InputError(f"{value!r} is none of {', '.join(known)}")

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
            "partitions": [str(partition) for partition in self.wishes.partitions],
        }
        budgets = data.pop("budgets")
        budgets["target_ii"] = dict(self.budgets.target_ii)
        lists = {"disabled_rules": list(self.disabled_rules), "rule_files": list(self.rule_files)}
        return data | budgets | named | lists
