"""What a region's schedule has to obey, as difference constraints and groups that share a resource.

An edge (u, v, latency, distance) says start(v) ≥ start(u) + latency − II·distance. Chaining is among the
edges: two operations that a combinational path longer than the clock connects must lie a cycle apart
(Cong and Zhang 2006), and between neighbouring cycles any such schedule is met by the hardware.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.lang.terms import Array
from seer.schedule.dependence import Access, Dependences
from seer.schedule.limits import Limits
from seer.schedule.memories import is_register, kind_of, memory_of, read_ns, setup_ns
from seer.schedule.model import SPLIT_PORTS
from seer.schedule.operations import EFFECTS, Draft
from seer.schedule.predicates import Predicates, exclusive
from seer.schedule.slots import Pool
from seer.schedule.target import Target

__all__ = ["CarriedEdge", "Problem", "ResourceGroup", "arrival_ns", "build_problem", "input_delay_ns"]


@dataclass(frozen=True, slots=True)
class CarriedEdge:
    """A dependence on an earlier iteration; `array` carries it, `exact` says it is not an assumption."""

    source: int
    sink: int
    latency: int
    distance: int
    array: Array
    exact: bool


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    """Operations that compete: at most `capacity` of them start in one cycle.

    Either accesses to the memory of `array`, on its ports from `first` on, or operations of the target's
    `unit`. No operation is in two groups. Pairs in `exclusive` (both ways round) never take place in the
    same iteration: they count as one in the same cycle of it.
    """

    capacity: int
    operations: tuple[int, ...]
    array: Array | None = None
    first: int = 0
    unit: str | None = None
    exclusive: frozenset[tuple[int, int]] = frozenset()

    @property
    def pool(self) -> Pool:
        return Pool(self.capacity, self.operations, self.exclusive)


@dataclass(frozen=True)
class Problem:
    """`edges[v]` are (u, latency) with u < v; `carried` is empty in straight code. `decision` starts in the
    last cycle before the next iteration does; straight code has none that matters here."""

    drafts: Sequence[Draft]
    edges: list[list[tuple[int, int]]]
    carried: tuple[CarriedEdge, ...]
    groups: tuple[ResourceGroup, ...]
    decision: int | None = None

    @property
    def size(self) -> int:
        return len(self.drafts)


def build_problem(
    drafts: Sequence[Draft],
    accesses: dict[int, Access],
    dependences: Dependences,
    pipelined: bool,
    target: Target,
    limits: Limits = (),
) -> Problem:
    """The constraints of a region; `accesses` by `Draft.source`."""
    edges = _Edges(drafts)
    users: list[list[int]] = [[] for _ in drafts]
    for v, draft in enumerate(drafts):
        for u in draft.inputs:
            if not drafts[u].is_timeless:
                edges.add(u, v, drafts[u].latency)
                users[u].append(v)
    for u in range(len(drafts)):
        for v in _too_far(u, drafts, users, target):
            edges.add(u, v, drafts[u].latency + 1)
    groups = _operator_groups(drafts, limits)
    predicates = Predicates(drafts)
    for array, members in _by_array(drafts).items():
        if array.type.shape == () or is_register(array):
            _register_edges(array, members, edges)
            continue
        apart = _exclusive_pairs(members, drafts, predicates)
        groups += _port_groups(array, members, drafts, target, apart)
        found = [(m, accesses[source]) for m in members if (source := drafts[m].source) is not None]
        _memory_edges(found, dependences, pipelined, edges, apart)
    carried = tuple(edges.carried) if pipelined else ()
    decisions = [v for v, draft in enumerate(drafts) if draft.kind == "decide"]
    decision = decisions[0] if decisions and pipelined else None
    return Problem(drafts, [list(e.items()) for e in edges.latest], carried, tuple(groups), decision)


def _exclusive_pairs(
    members: list[int], drafts: Sequence[Draft], predicates: Predicates
) -> frozenset[tuple[int, int]]:
    """Accesses that never take place in the same iteration, both ways round."""
    found: list[tuple[int, int]] = []
    conditional = [(m, predicates.of_access(m)) for m in members if drafts[m].predicate is not None]
    for k, (u, first) in enumerate(conditional):
        for v, second in conditional[k + 1 :]:
            if exclusive(first, second):
                found += [(u, v), (v, u)]
    return frozenset(found)


def _port_groups(
    array: Array,
    members: list[int],
    drafts: Sequence[Draft],
    target: Target,
    exclusive: frozenset[tuple[int, int]],
) -> list[ResourceGroup]:
    memory = memory_of(array, "", target)
    if memory.kind not in SPLIT_PORTS:
        return [ResourceGroup(memory.ports, tuple(members), array, exclusive=exclusive)]
    groups: list[ResourceGroup] = []
    for kind, ports in (("load", memory.read_ports), ("store", memory.write_ports)):
        found = tuple(m for m in members if drafts[m].kind == kind)
        if found:
            pairs = frozenset((u, v) for u, v in exclusive if u in found and v in found)
            groups.append(ResourceGroup(len(ports), found, array, ports.start, exclusive=pairs))
    return groups


def _operator_groups(drafts: Sequence[Draft], limits: Limits) -> list[ResourceGroup]:
    """The operations of each limited unit, whatever their widths."""
    groups: list[ResourceGroup] = []
    for name, limit in limits:
        found = tuple(k for k, draft in enumerate(drafts) if draft.unit and draft.unit.name == name)
        if found:
            groups.append(ResourceGroup(limit, found, unit=name))
    return groups


class _Edges:
    """Collects edges: the longest latency for each pair, and carried dependences."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.latest: list[dict[int, int]] = [{} for _ in drafts]
        self.carried: list[CarriedEdge] = []

    def add(self, u: int, v: int, latency: int) -> None:
        if self.latest[v].get(u, -1) < latency:
            self.latest[v][u] = latency


def input_delay_ns(draft: Draft, target: Target) -> float:
    """From the arrival of the operands to the result (combinational) or to the register or port behind
    the inputs, routing included."""
    if draft.staged and draft.unit is not None:
        # To registers, which stand beside the look-up tables of whatever drives them.
        return draft.unit.input_ns
    if draft.unit is not None:
        return target.routing_ns + draft.unit.input_ns
    if draft.kind in ("load", "store"):
        assert draft.array is not None
        return target.routing_ns + setup_ns(kind_of(draft.array, target), target)
    if draft.kind == "decide":
        # Through the look-up table that steers the token.
        return target.routing_ns + target.unit("and", 1).input_ns
    return 0.0


def arrival_ns(draft: Draft, target: Target) -> float:
    """When in its result cycle a value that comes from a register arrives."""
    if draft.kind == "const":
        return 0.0
    if draft.kind == "load":
        assert draft.array is not None
        return read_ns(kind_of(draft.array, target), target)
    if draft.unit is not None and draft.unit.latency:
        return draft.unit.output_ns
    if draft.forwarded:
        return forwarded_ns(draft.width, target)
    return target.register_ns


def forwarded_ns(width: int, target: Target) -> float:
    """When the data of a load arrive behind the multiplexer that passes them by the register they go to."""
    slowest = max(target.register_ns, *(read_ns(kind, target) for kind in ("block", "distributed")))
    return slowest + target.routing_ns + target.unit("select", width).input_ns


def _too_far(u: int, drafts: Sequence[Draft], users: list[list[int]], target: Target) -> list[int]:
    """Operations to which a combinational path from `u` is longer than the clock allows, the first such
    on each path."""
    draft = drafts[u]
    if draft.is_timeless or draft.kind in EFFECTS:
        return []
    start = arrival_ns(draft, target)
    if draft.latency == 0:
        start += input_delay_ns(draft, target)
        if start == target.register_ns:
            return []  # like any register: what it reaches is decided by the operations behind it
    reached = {u: start}
    waiting = [u]
    far: list[int] = []
    while waiting:
        x = min(waiting)
        waiting.remove(x)
        for v in users[x]:
            arrival = reached[x] + input_delay_ns(drafts[v], target)
            if arrival > target.budget_ns:
                far.append(v)
                continue
            if drafts[v].latency or drafts[v].kind in EFFECTS:
                continue
            if v not in reached:
                waiting.append(v)
            reached[v] = max(reached.get(v, 0.0), arrival)
    return far


def _by_array(drafts: Sequence[Draft]) -> dict[Array, list[int]]:
    groups: dict[Array, list[int]] = {}
    for position, draft in enumerate(drafts):
        if draft.array is not None:
            groups.setdefault(draft.array, []).append(position)
    return groups


def _register_edges(array: Array, members: list[int], edges: _Edges) -> None:
    """A write is visible from the next cycle on, what is forwarded in the same; the next iteration reads it,
    this one reads before."""
    reads = [m for m in members if edges.drafts[m].kind == "read"]
    writes = [m for m in members if edges.drafts[m].kind == "write"]
    for read in reads:
        for write in writes:
            edges.add(read, write, 0)
            forwarded = edges.drafts[read].forwarded
            edges.carried.append(CarriedEdge(write, read, 0 if forwarded else 1, 1, array, True))
            enable = edges.drafts[write].predicate
            if forwarded and enable is not None:
                edges.add(enable, write, edges.drafts[enable].latency + 1)


def _memory_edges(
    found: list[tuple[int, Access]],
    dependences: Dependences,
    pipelined: bool,
    edges: _Edges,
    exclusive: frozenset[tuple[int, int]],
) -> None:
    """Every two accesses of which one stores keep a cycle between them where they may meet; exclusive ones
    meet only across iterations."""
    for i, (u, first) in enumerate(found):
        for v, second in found[i + 1 :]:
            if not (first.is_store or second.is_store):
                continue
            apart = (u, v) in exclusive
            if not pipelined:
                if not apart and dependences.same_iteration(first, second):
                    edges.add(u, v, 1)
                continue
            exact = dependences.exact(first, second)
            distance = dependences.distance(first, second, int(apart))
            if distance == 0:
                edges.add(u, v, 1)
            elif distance is not None:
                edges.carried.append(CarriedEdge(u, v, 1, distance, first.array, exact))
            distance = dependences.distance(second, first, 1)
            if distance is not None:
                edges.carried.append(CarriedEdge(v, u, 1, distance, first.array, exact))
