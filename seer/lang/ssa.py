"""A function in SSA form as `from_mlir` sees it, and which of its values must be captured in a Local.

In MLIR a value is computed where it is defined; a SeerLang expression is computed in the state just
before the statement that it stands in. A value is therefore *captured* (stored to a zero-dimensional
Local where it is defined, and loaded from it afterwards) when

- it is a load and a statement between it and one of its uses may write that memory (a statement of the
  other branch of an If is not between them), or
- it costs something (a load, or an operation on anything but induction variables, parameters and
  constants, or a division or the like) and is used inside a loop that it stands outside of: spelling it
  out there would compute it once an iteration.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from seer.lang.index_forms import Index
from seer.lang.program import Origin
from seer.lang.terms import Array, ArrayType, Expr, Table, TopArray

__all__ = ["Node", "Region", "Value", "find_captures"]

_LOOPS = ("loop", "while")

# None of these classes has a generated repr: they form graphs with sharing and cycles, and written as
# trees (in a traceback, say) they would never end.

Computed = Expr | Index
"""What a value denotes: an expression if it has a width, an integer if it is an index."""


@dataclass(eq=False, repr=False)
class Value:
    """An SSA value; `width` is None for an index. Constants, arguments, and what a loop defines (its
    induction variable and its guard) have no `node`: their meaning is `given`, the latter's on entry."""

    width: int | None
    node: Node | None = None
    given: Computed | None = None
    users: list[Node] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class Memory:
    """What an SSA value of memref type denotes; `array` is bound when its scope is entered."""

    type: ArrayType
    array: Array | None = None
    writers: list[Node] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class Region:
    """A block of nodes in program order; `owner` is the loop, branch, group or scope it belongs to."""

    owner: Node | None
    nodes: list[Node] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class Node:
    """One operation. By `kind`:

    `pure`: `compute` gives the result's meaning from those of `operands`; `free` says that it costs
        nothing if its operands do not.
    `load`: the element of `memory` at `operands`; `store`: operands are `ranks` subscripts, the value,
        then pairs with `polarities` of conditions that must all hold.
    `local`: binds `memory` for the rest of its region.
    `loop`: operands are lower bounds (`lower_count` of them, the greatest counts) then upper bounds (the
        least counts); inside `body`, `induction` is the variable and `guard` what must hold besides;
        `scope`: `body` ends the scope of its Locals; `group`: a Group.
    `if`: the operand is the condition, `body` and `otherwise` are its branches; `while`: `test` computes
        the condition, whose node `test` it ends with, and `body` is the body. The operands of a `while`
        are conditions with `polarities`, without all of which it does not run.
    `order` counts nodes in program order; `last` is the greatest order below this node.
    """

    kind: str
    region: Region
    order: int
    operands: list[Value]
    operation: Any
    result: Value | None = None
    compute: Callable[[list[Computed]], Computed] | None = None
    free: bool = False
    memory: Memory | None = None
    body: Region | None = None
    otherwise: Region | None = None
    test: Region | None = None
    last: int = 0
    polarities: tuple[bool, ...] = ()
    induction: Value | None = None
    guard: Value | None = None
    lower_count: int = 0
    step: int = 1
    width: int = 32
    hull: tuple[int, int] | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    origin: Origin | None = None


def find_captures(nodes: list[Node]) -> set[Node]:
    """The nodes (given in program order) whose results must be captured where they stand."""
    captured: set[Node] = set()
    free = _free_nodes(nodes)
    points: dict[Node, dict[Node, None]] = {}
    for node in reversed(nodes):
        if node.kind not in ("pure", "load") or node.result is None:
            continue
        used: dict[Node, None] = {}
        for user in node.result.users:
            if user.kind in ("pure", "load") and user not in captured:
                used.update(points[user])
            else:
                used[user] = None
        points[node] = used
        # An index cannot be stored; what it is computed from is captured instead.
        if node.result.width is None:
            continue
        overwritten = node.kind == "load" and any(
            _written_between(node, point) or (point.kind == "loop" and _no_bound_of(node, point))
            for point in used
        )
        if overwritten or (node not in free and any(_loops_between(node, point) for point in used)):
            captured.add(node)
    return captured


def _free_nodes(nodes: list[Node]) -> set[Node]:
    """Pure nodes built from nothing but free operations on values given from outside."""
    free: set[Node] = set()
    for node in nodes:
        from_free = all(operand.node is None or operand.node in free for operand in node.operands)
        if node.kind == "pure" and node.free and from_free:
            free.add(node)
    return free


def _ancestors(node: Node) -> Iterator[Node]:
    """`node` and the nodes around it, inside out."""
    current: Node | None = node
    while current is not None:
        yield current
        current = current.region.owner


def _loops_between(definition: Node, point: Node) -> bool:
    """Whether a loop holds `point` and not `definition`."""
    for ancestor in _ancestors(point):
        if ancestor.region is definition.region:
            return ancestor is not point and ancestor.kind in _LOOPS
        if ancestor is not point and ancestor.kind in _LOOPS:
            return True
    return False


def _no_bound_of(load: Node, loop: Node) -> bool:
    """Whether a loop's bounds may not read what `load` does: an array, or what the loop's body writes."""
    memory = load.memory
    if memory is None or memory.type.shape != () or isinstance(memory.array, (TopArray, Table)):
        return True
    return any(loop.order < writer.order <= loop.last for writer in memory.writers)


def _exclusive(a: Node, b: Node) -> bool:
    """Whether two nodes stand in different branches of an If, so that no one execution of it does both."""
    branches = {ancestor.region.owner: ancestor.region for ancestor in _ancestors(a)}
    for ancestor in _ancestors(b):
        owner = ancestor.region.owner
        if owner is not None and owner in branches:
            return owner.kind == "if" and branches[owner] is not ancestor.region
    return False


def _written_between(load: Node, point: Node) -> bool:
    """Whether the memory that `load` reads may be written after it and before `point` in one execution."""
    writers = load.memory.writers if load.memory is not None else []
    orders = [writer.order for writer in writers]
    # The node of the load's own region that is or holds `point`.
    holder = next(ancestor for ancestor in _ancestors(point) if ancestor.region is load.region)
    first, middle = bisect_right(orders, load.order), bisect_left(orders, holder.order)
    if first < middle:
        return True
    if holder is point:
        return False
    around_point = {ancestor for ancestor in _ancestors(point) if ancestor.kind in _LOOPS}
    for writer in writers[middle : bisect_right(orders, holder.last)]:
        if writer.order < point.order and not _exclusive(writer, point):
            return True
        for ancestor in _ancestors(writer):
            # A loop around both: the write of one iteration comes before the use in the next.
            if ancestor is not writer and ancestor in around_point and ancestor.order > load.order:
                return True
    return False
