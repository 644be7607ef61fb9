"""Drain-free nests: loops around a pipelined loop that go on when its last iteration has been issued.

A loop among those to pipeline whose body holds one loop, also among them, is the head of such a nest where
the two cannot be flattened. Its statements beside the inner loop then run while iterations of the pipelined
loop are still under way. That is safe if

- they touch no memory that the pipelined loop touches (ports are taken, and order is not kept);
- what they do with registers that it writes waits for its last iteration (`late.py`), and no bound in the
  nest depends on one;
- what it reads of registers that they write, and of the counters around, is taken in its first cycle;
- dependences between its iterations keep their order across its entries, too: `Dependences` counts them over
  all loops of the nest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from seer.lang.program import Program
from seer.lang.terms import Array, For, LocalArray, Loop
from seer.lang.traverse import statements
from seer.lang.uses import touched
from seer.schedule.late import Late, late_operations
from seer.schedule.model import Counter, Node, PipelinedLoop, Region, SequentialLoop, counters_of
from seer.schedule.sites import Control, RegionItem, controls, flat_body, has_constant_bounds

__all__ = ["NO_NEST", "Around", "drain_free", "drain_free_nest", "hands_on", "may_hand_on"]


@dataclass(frozen=True)
class Around:
    """What may change while iterations of a pipelined loop are under way: the counters of the loops of a
    drain-free nest around it, outermost first, and the registers that the nest writes beside it."""

    counters: tuple[Counter, ...] = ()
    registers: frozenset[Array] = frozenset()


NO_NEST = Around()


def hands_on(loop: For, pipelined: AbstractSet[Loop]) -> bool:
    """Whether a loop among those to pipeline heads a drain-free nest: it is around one of them that it is not
    flattened with."""
    items = flat_body(loop.body)
    inner = controls(items)
    if len(inner) != 1 or not isinstance(inner[0].statement, For) or inner[0].statement not in pipelined:
        return False
    perfect = all(isinstance(item, (Control, LocalArray)) for item in items)
    return not (perfect and _constant_nest(loop))


def may_hand_on(loop: For, pipelined: AbstractSet[Loop]) -> bool:
    """Whether a loop may head a drain-free nest as far as the statements tell: nothing beside the pipelined
    loop touches an array that it touches. Its schedule has the last word."""
    beside: list[RegionItem] = []
    inner = loop
    while hands_on(inner, pipelined):
        items = flat_body(inner.body)
        beside += [item for item in items if not isinstance(item, Control)]
        only = controls(items)[0].statement
        assert isinstance(only, For)
        inner = only
    if inner is loop:
        return False
    return not _touched(beside) & _touched(flat_body(inner.body))


def _touched(items: Sequence[RegionItem | Control]) -> set[Array]:
    """The arrays, registers apart, that statements touch."""
    inside = [item.statement if isinstance(item, Control) else item for item in items]
    code = [item for item in inside if not isinstance(item, LocalArray)]
    return {array for item in code for array in touched(item) if array.type.shape}


def drain_free(program: Program, pipelined: frozenset[Loop]) -> frozenset[Loop]:
    """`pipelined` with all loops around them that may go on without draining."""
    chosen: set[Loop] = set(pipelined)
    for statement in reversed(list(statements(program.body))):  # inner loops first
        if isinstance(statement, For) and may_hand_on(statement, chosen | {statement}):
            chosen.add(statement)
    return frozenset(chosen)


def _constant_nest(loop: For) -> bool:
    """Whether a loop and all in it are one perfect nest of constant bounds."""
    if not has_constant_bounds(loop):
        return False
    items = flat_body(loop.body)
    inner = controls(items)
    if not inner:
        return True
    only = inner[0].statement
    perfect = len(inner) == 1 and all(isinstance(item, (Control, LocalArray)) for item in items)
    return perfect and isinstance(only, For) and _constant_nest(only)


def drain_free_nest(
    head: SequentialLoop, arrays: Mapping[str, Array], register_ns: float
) -> SequentialLoop | str:
    """A nest whose parts are scheduled, with its regions and guards in step and the wait at its end; or why
    it cannot be without draining. `arrays` are those that memories hold, banks by the whole; `register_ns` is
    when a register shows its value."""
    loops, beside, inner = _parts(head)
    if inner is None:
        return head  # what it is around has no effect
    reason = _problem(loops, beside, inner, arrays)
    if reason is not None:
        return reason
    interval = inner.initiation_interval
    names = {array: name for name, array in arrays.items()}
    counters = [c for node in (*loops, inner) for c in counters_of(node)]
    bounds = [names[array] for counter in counters for array in counter.registers]
    late = late_operations(beside, inner.region, interval, bounds)
    if isinstance(late, str):
        return late
    drain = max(0, inner.region.length - interval)
    if late is not None:
        written = {name for name, _ in _accesses((*beside, inner.region), ("write",))}
        changing = frozenset[int | str](written) | {loop.counter.iv.level for loop in loops}
        head = _with_late(head, late, register_ns, changing)
        drain = max(drain, late.cycles)
    return replace(_in_step(head, interval), drain=drain)


def _parts(head: SequentialLoop) -> tuple[list[SequentialLoop], list[Region], PipelinedLoop | None]:
    loops, beside = [head], list[Region]()
    node: SequentialLoop | PipelinedLoop | None = head
    while isinstance(node, SequentialLoop):
        beside += [part for part in node.body if isinstance(part, Region)]
        node = next((p for p in node.body if isinstance(p, (SequentialLoop, PipelinedLoop))), None)
        if isinstance(node, SequentialLoop):
            loops.append(node)
    return loops, beside, node


def _problem(
    loops: Sequence[SequentialLoop],
    beside: Sequence[Region],
    inner: PipelinedLoop,
    arrays: Mapping[str, Array],
) -> str | None:
    touched = {arrays[name]: name for name, _ in _accesses((inner.region,), ("load", "store"))}
    for name, _ in _accesses(beside, ("load", "store")):
        if arrays[name] in touched:
            return f"{name} is accessed beside the pipelined loop, too"
    written = {name for name, _ in _accesses((inner.region,), ("write",))}
    bounds = {array for node in (*loops, inner) for c in counters_of(node) for array in c.registers}
    changed = [name for name in sorted(written) if arrays[name] in bounds]
    return f"a bound reads {changed[0]}, which the pipelined loop writes" if changed else None


def _accesses(regions: Sequence[Region], kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for region in regions:
        for op in region.operations:
            if op.kind in kinds and op.memory is not None:
                yield op.memory, op.kind


def _with_late(
    loop: SequentialLoop, late: Late, register_ns: float, changing: frozenset[int | str]
) -> SequentialLoop:
    body: list[Node] = []
    for node in loop.body:
        if isinstance(node, Region):
            node = late.applied(node, register_ns, changing)
        elif isinstance(node, SequentialLoop):
            node = _with_late(node, late, register_ns, changing)
        body.append(node)
    return replace(loop, body=tuple(body))


def _in_step(loop: SequentialLoop, interval: int, guard: int = 1) -> SequentialLoop:
    """A loop in each of whose iterations what stands beside the inner loop takes a multiple of the interval,
    together with that one's guard: then all iterations of the pipelined loop are issued in step."""
    regions = [k for k, node in enumerate(loop.body) if isinstance(node, Region)]
    inner = next(node for node in loop.body if isinstance(node, (PipelinedLoop, SequentialLoop)))
    waits = not all(counter.constant for counter in counters_of(inner))
    taken = sum(node.length for node in loop.body if isinstance(node, Region)) + waits
    idle = -taken % interval
    body: list[Node] = []
    for k, node in enumerate(loop.body):
        match node:
            case Region():
                last = not waits and k == regions[-1]
                body.append(replace(node, length=node.length + (idle if last else 0), beside=True))
            case PipelinedLoop():
                body.append(replace(node, guard=1 + idle if waits else 1))
            case SequentialLoop():
                body.append(_in_step(node, interval, 1 + idle if waits else 1))
            case _:
                raise TypeError(type(node).__name__)
    return replace(loop, body=tuple(body), drain_free=True, guard=guard)
