"""What a nest stores in its last pass alone is stored behind it, from the row that has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.conditions import both
from seer.lang.terms import TRUE, Array, Block, Expr, For, Iv, Load, Op, Statement, Store
from seer.lang.traverse import Rewriter, with_bodies
from seer.lang.uses import read_by
from seer.rewrites.control._guards import ends, trips
from seer.rewrites.control._nests import Nest, constant, counters, first_value, nest_of, nest_offer, stores
from seer.rewrites.control._own import store_of, with_store
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused

__all__ = ["WriteBack", "written_back"]


@dataclass(frozen=True)
class WriteBack(ControlRule):
    """for k for i { if (last k) { A[i] = e; A[i+1] = f; … } T[i] = e; T[i+1] = f; … }  -->
    { for k for i { T[i] = e; T[i+1] = f; … } for i { A[i] = T[i]; A[i+1] = T[i+1]; … } }

    A memory has at most two ports: where an iteration of the last pass stores more elements than that, all
    iterations of all passes would wait for them.

    Conditions: a nest with constant bounds; more than `ports` stores to one array under the condition that
    the outer loops are in their last iteration; each of the values goes to an array bound outside, too, at
    an element of its own; the nest does not read the array.
    """

    name: ClassVar[str] = "write_back"
    summary: ClassVar[str] = "for k for i { if (last k) A[i] = e; T[i] = e } --> for k for i T[i] = e; A = T"
    conditions: ClassVar[str] = "more stores to one array in the last pass of a nest than a memory has ports"
    takes: ClassVar[FragmentKind] = "nest"
    needs_banks: ClassVar[bool] = True

    ports: int = 2

    def _attempt(self, fragment: Block) -> Attempt:
        return Attempt((nest_offer(self, fragment, self._written_back),))

    def _written_back(self, block: Block) -> Block:
        return written_back(nest_of(block), self.ports)


def written_back(nest: Nest, ports: int) -> Block:
    """A nest without the stores of its last pass, and loops behind it that make them; raises Refused where no
    array has more of them than a memory has ports."""
    read = {array for store in stores(nest.units) for e in _expressions(store) for array in read_by(e)}
    kept: list[Statement] = []
    moved: dict[tuple[int, ...], list[Statement]] = {}
    counts: dict[Array, int] = {}
    for unit in nest.units:
        store = store_of(unit)
        row = None if store.array in read else _row_of(nest, store)
        if row is None:
            kept.append(unit)
        else:
            free = counters(row.indices, nest.ivs)
            moved.setdefault(free, []).append(_returned(nest, unit, row, free))
            counts[store.array] = counts.get(store.array, 0) + 1
    if not any(count > ports for count in counts.values()):
        raise Refused(f"no array is stored to more than {ports} times in the last pass alone")
    copies = tuple(_loops(nest, free, tuple(units)) for free, units in moved.items())
    return (*Nest(nest.loops, nest.scopes, tuple(kept)).rebuilt(), *copies)


def _expressions(store: Store) -> tuple[Expr, ...]:
    return (*store.indices, store.value, store.when)


def _row_of(nest: Nest, store: Store) -> Store | None:
    """The store that leaves the same value in a row in every pass, if `store` belongs to the last alone."""
    inside = {scope.array for scope in nest.scopes}
    for other in stores(nest.units):
        if other.value is not store.value or other.when is not TRUE or other.array is store.array:
            continue
        free = counters(other.indices, nest.ivs)
        lasts = {ends(loop)[1] for n, loop in enumerate(nest.loops) if n not in free}
        if other.array not in inside and free and lasts and lasts <= set(_conjuncts(store.when)):
            return other
    return None


def _conjuncts(condition: Expr) -> list[Expr]:
    if isinstance(condition, Op) and condition.name == "and":
        return [c for operand in condition.operands for c in _conjuncts(operand)]
    return [condition]


def _returned(nest: Nest, unit: Statement, row: Store, free: tuple[int, ...]) -> Statement:
    """A store of the last pass as one that takes its value from a row."""
    store = store_of(unit)
    lasts = {ends(loop)[1] for n, loop in enumerate(nest.loops) if n not in free}
    rest: Expr = TRUE
    for condition in _conjuncts(store.when):
        if condition not in lasts:
            rest = both(rest, condition)
    value = Load(row.array, row.indices)
    returned = with_store(unit, Store(store.array, store.indices, value, rest))
    values = _last_pass(nest, free)
    return Rewriter(lambda e: values.get(e, e)).statement(returned)


def _last_pass(nest: Nest, free: tuple[int, ...]) -> Mapping[Expr, Expr]:
    """The counters of a nest by those of the loops behind it: of the others, what they are in the end."""
    values: dict[Expr, Expr] = {}
    for number, loop in enumerate(nest.loops):
        if number in free:
            values[loop.iv] = _counter(nest, loop.iv, free.index(number))
        else:
            last = first_value(loop) + (trips(loop) - 1) * loop.iv.step
            values[loop.iv] = constant(loop.iv.bits, last)
    return values


def _counter(nest: Nest, iv: Iv, depth: int) -> Iv:
    return Iv(iv.bits, nest.loops[0].iv.level + depth, iv.lower, iv.upper, iv.step)


def _loops(nest: Nest, free: tuple[int, ...], units: Block) -> Statement:
    """The loops behind a nest."""
    block = units
    for depth in reversed(range(len(free))):
        loop = nest.loops[free[depth]]
        head = For(_counter(nest, loop.iv, depth), loop.lower, loop.upper, ())
        block = (with_bodies(head, [block]),)
    return block[0]
