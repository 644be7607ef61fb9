"""The loop in which a design spends most of its cycles: what bounds it, and what would lift it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.schedule.explain import explain
from seer.schedule.formula import parts
from seer.schedule.model import (
    Node,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
)
from seer.schedule.target import Target

__all__ = ["HotLoop", "hot_loop"]


@dataclass(frozen=True)
class HotLoop:
    """`position` counts the loops of a schedule, outer before inner; `because` says in a line what bounds the
    loop, `lift` what would change that."""

    position: int
    because: str
    lift: str


def hot_loop(schedule: Schedule, loop_cycles: Sequence[int], target: Target) -> HotLoop | None:
    """The loop that takes most cycles, those of the loops inside it left out; None where there is no loop.

    `loop_cycles` are those of `seer.schedule.spent`.
    """
    if not loop_cycles:
        return None
    position = max(range(len(loop_cycles)), key=lambda number: loop_cycles[number])
    found = parts(schedule)
    kinds = (PipelinedLoop, PipelinedWhile, SequentialLoop, WhileLoop)
    node = [part.node for part in found if isinstance(part.node, kinds)][position]
    if isinstance(node, PipelinedLoop) and (waits := _fills(node)) is not None:
        return HotLoop(position, *waits)
    if isinstance(node, (PipelinedLoop, PipelinedWhile)):
        (explanation,) = explain(schedule, target, only=node)
        because = f"II {node.initiation_interval}: {explanation.because}"
        return HotLoop(position, because, explanation.lift)
    assert isinstance(node, (SequentialLoop, WhileLoop))
    return HotLoop(position, *_waits(node, schedule.control.sequential_iteration))


def _waits(node: SequentialLoop | WhileLoop, control: int) -> tuple[str, str]:
    """Why the iterations of a loop that is not pipelined take long, and what would change it."""
    own = control + sum(part.length for part in node.body if isinstance(part, Region))
    if isinstance(node, WhileLoop):
        own += (node.condition if node.tail is None else node.tail).length
    cycles = "1 cycle" if own == 1 else f"{own} cycles"
    if all(isinstance(part, Region) for part in node.body):
        because = f"each iteration takes {cycles} and begins when the one before has ended"
        return because, "iterations that overlap: the loop as a pipeline"
    if isinstance(node, SequentialLoop) and node.drain_free:
        because = f"each iteration takes {cycles} beside the loop in it"
        return because, "less beside that loop, or one loop of all iterations (perfection)"
    held = _most_held(node.body)
    because = f"each iteration takes {cycles} beside the loops in it and begins when they have ended"
    if held:
        because += f": the last iterations of a pipelined one drain for up to {held} cycles"
    lift = "iterations that go on before these loops have drained, or one loop of all (perfection, merging)"
    return because, lift


def _fills(node: PipelinedLoop) -> tuple[str, str] | None:
    """The same of a pipelined loop that spends more cycles on filling and draining than on its iterations."""
    interval, trips = node.initiation_interval, 1
    for counter in node.counters:
        trips *= counter.trip_count({}) if counter.constant else 0
    held = _held(node)
    if node.around or not 0 < interval * trips < held:
        return None
    times = "iteration" if trips == 1 else "iterations"
    because = f"II {interval}, but after its {trips} {times} it drains for {held} cycles"
    return because, "a loop around it that goes on without draining, or one loop in place of both"


def _most_held(nodes: Sequence[Node]) -> int:
    """The most cycles for which a pipelined loop among the nodes drains."""
    return max([0, *(_held(node) for node in nodes if isinstance(node, (PipelinedLoop, PipelinedWhile)))])


def _held(node: PipelinedLoop | PipelinedWhile) -> int:
    """Cycles from the last iteration's begin to its end, but for those that belong to an interval."""
    region = node.region if isinstance(node, PipelinedLoop) else node.body
    return region.length - node.initiation_interval
