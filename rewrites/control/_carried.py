"""What the iterations of a nest hand on to later ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from seer.lang.operators import OPERATORS
from seer.lang.terms import Array, Block, Expr, For, Group, Load, Local, LocalArray, Op, Store
from seer.lang.traverse import bodies, children, subexpressions
from seer.rewrites.control._guards import trips
from seer.rewrites.control._nests import Nest, Scope, counters, stores
from seer.rewrites.control._rule import Refused

__all__ = ["FAR", "Carried", "carried_values", "distance", "far_apart"]

FAR = 32
"""Iterations between two that depend on each other beyond which no operator's latency is felt."""

_FREE = ("fneg", "fabs")
"""Operators on floats that only touch the sign."""
_SLOW = ("udiv", "sdiv", "urem", "srem")


@dataclass(frozen=True)
class Carried:
    """An array of which each iteration reads at most the element that it writes, `subscripts`.

    `loops` are the positions of the loops that carry it: an element's iterations differ in them alone. `slow`
    says whether an operator of several cycles stands between what is read and what is written.
    """

    array: Array
    subscripts: tuple[Expr, ...]
    loops: tuple[int, ...]
    slow: bool

    @property
    def in_memory(self) -> bool:
        """Whether reading and writing it takes two accesses to a memory from outside."""
        return not isinstance(self.array, LocalArray)


def carried_values(nest: Nest) -> tuple[Carried, ...]:
    """What a nest carries, in the order of its stores; raises Refused where an iteration reads other elements
    of what the nest writes."""
    found: dict[Array, Carried] = {}
    written = stores(nest.units)
    reads = [n for s in written for n in subexpressions(*s.indices, s.value, s.when) if isinstance(n, Load)]
    for store in written:
        loads = [load for load in reads if load.array is store.array]
        if not loads:
            continue
        if store.array in found or any(load.indices != store.indices for load in loads):
            raise Refused("an iteration reads elements that another one writes")
        depth = next((s.depth for s in nest.scopes if s.array is store.array), 0)
        own = (*range(depth), *counters(store.indices, nest.ivs))
        loops = tuple(n for n in range(len(nest.loops)) if n not in own)
        found[store.array] = Carried(store.array, store.indices, loops, _slow(store))
    return tuple(found.values())


def far_apart(block: Block) -> bool:
    """Whether a block is a perfect nest that carries values, of which no operator's latency is felt."""
    loops: list[For] = []
    scopes: list[Scope] = []
    while len(block) == 1:
        (statement,) = block
        if isinstance(statement, Local):
            scopes.append(Scope(statement.array, len(loops)))
        elif isinstance(statement, For):
            loops.append(statement)
        else:
            break
        (block,) = bodies(statement)
    if not loops or not all(isinstance(s, Store) for s in block):
        return False
    nest = Nest(tuple(loops), tuple(scopes), tuple(Group((s,)) for s in block))
    try:
        found = [c for c in carried_values(nest) if c.slow or c.array.type.shape]
        return bool(found) and all(distance(nest, c.loops) >= FAR for c in found)
    except Refused:
        return False


def distance(nest: Nest, carrying: Sequence[int]) -> int:
    """Iterations from one to the next that depends on it, if these loops carry a value; raises Refused."""
    innermost = max(carrying, default=-1)
    return prod(trips(loop) for n, loop in enumerate(nest.loops) if n > innermost)


def _slow(store: Store) -> bool:
    """Whether an operator of several cycles stands between the old value and the new."""
    behind: dict[Expr, bool] = {}
    late: dict[Expr, bool] = {}
    for node in subexpressions(store.value):
        operands = children(node)
        behind[node] = any(behind[c] for c in operands)
        late[node] = any(late[c] for c in operands)
        if isinstance(node, Load) and node.array is store.array:
            behind[node] = True
        elif isinstance(node, Op) and behind[node] and _takes_cycles(node.name):
            late[node] = True
    return late[store.value]


def _takes_cycles(name: str) -> bool:
    return name in _SLOW or (OPERATORS[name].float_result and name not in _FREE)
