"""Where the cycles of a design go: which of them each loop takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace

from seer.schedule.cycles import cycles
from seer.schedule.model import Branch, Node, Parallel, Region, Schedule
from seer.schedule.profile import Call

__all__ = ["loop_cycles"]


def loop_cycles(schedule: Schedule, calls: Sequence[Call | Mapping[str, int]]) -> tuple[int, ...]:
    """The cycles of each loop over all calls, those of the loops inside it left out.

    Loops come in program order, outer before inner. What a loop takes is what the design would take less
    without it, so nothing here knows how the cycles of a loop come about.
    """
    whole = _total(schedule, calls)
    found: list[int] = []
    # Loops around the one at hand: their positions in `found`, and how deep they are.
    around: list[tuple[int, int]] = []
    for depth, body in _without_one(schedule.body):
        taken = whole - _total(replace(schedule, body=body), calls)
        while around and around[-1][1] >= depth:
            around.pop()
        if around:
            found[around[-1][0]] -= taken
        around.append((len(found), depth))
        found.append(taken)
    return tuple(found)


def _total(schedule: Schedule, calls: Sequence[Call | Mapping[str, int]]) -> int:
    # With nothing in it a design still takes a cycle, which is not a loop's to save.
    return sum(cycles(schedule, call) for call in calls) if schedule.body else 0


def _without_one(nodes: tuple[Node, ...], depth: int = 0) -> Iterator[tuple[int, tuple[Node, ...]]]:
    """For each loop its depth among loops, and the nodes without it."""
    for position, node in enumerate(nodes):
        before, after = nodes[:position], nodes[position + 1 :]
        if isinstance(node, Region):
            continue
        if isinstance(node, Parallel):
            for level, rest in _without_one_beside(node, depth):
                yield level, (*before, *rest, *after)
            continue
        inner = depth
        if not isinstance(node, Branch):
            yield depth, (*before, *after)
            inner += 1
        for field in fields(node):
            held = getattr(node, field.name)
            if _holds_nodes(held):
                for level, rest in _without_one(held, inner):
                    yield level, (*before, replace(node, **{field.name: rest}), *after)


def _without_one_beside(node: Parallel, depth: int) -> Iterator[tuple[int, tuple[Node, ...]]]:
    """The same for what runs side by side: a loop takes what the others beside it, when they begin, do not
    cover."""
    for number, branch in enumerate(node.branches):
        for level, rest in _without_one(branch, depth):
            branches = [*node.branches[:number], rest, *node.branches[number + 1 :]]
            kept = [k for k, left in enumerate(branches) if left]
            starts = tuple(node.starts[k] for k in kept) if node.starts else ()
            fewer = Parallel(tuple(branches[k] for k in kept), starts)
            yield level, (fewer,) if kept else ()


def _holds_nodes(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(item, Node) for item in value)
