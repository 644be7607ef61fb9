"""A fast bound of what a candidate region costs, from its terms alone.

It stands where scheduling every candidate would take too long: accesses by array against ports, the longest
path behind what an iteration leaves to the next, the longest path at all, and the operators that are built,
each different expression counted once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from seer.extract.costs import expression_cost
from seer.extract.partitioning import Accesses, may_be_cut, port_bound
from seer.lang.affine import Affine, AffineForms
from seer.lang.loop_bounds import reads_registers
from seer.lang.terms import TRUE, Array, Block, Expr, For, If, Iv, Load, Loop, Store, While
from seer.lang.traverse import bodies, children, expressions, statements, subexpressions
from seer.schedule.cycles import TYPICAL_ITERATIONS
from seer.schedule.memories import kind_of, read_ns, setup_ns
from seer.schedule.policy import trip_count
from seer.schedule.target import Target

__all__ = ["Features", "features", "iterations"]


@dataclass(frozen=True)
class Features:
    """`ports` and `recurrence` bound the initiation interval and `depth` the length, in cycles; `area` is
    weighted, `operations` are the different expressions and the statements."""

    ports: int
    recurrence: int
    recurrence_ns: float
    depth: int
    area: float
    accesses: int
    operations: int

    @property
    def interval(self) -> int:
        return max(1, self.ports, self.recurrence)

    @property
    def length(self) -> int:
        return max(self.depth, self.ports)


def features(
    block: Block, condition: Expr | None, target: Target, iv: Iv | None = None, partition: str = "none"
) -> Features:
    """The features of the straight code in a block, the body of a loop that counts `iv` if it does; loops in
    it are passed over.

    Statements are taken in order, with registers passed on from one to the next. Elements of arrays are
    taken to be different from all that is stored before. What the next iteration loads of an array may be
    what this one stores there, unless all accesses have one subscript that moves with the counter. Of
    arrays that may be cut (`partition`) the best choice of banks bounds them.
    """
    walk = _Walk(block, target, iv, partition)
    walk.block(block)
    return walk.features(condition)


_Arrival = tuple[float, Mapping[Array, float]]
"""When a value is there in ns, and how long behind the load of what earlier iterations may have stored."""


class _Walk:
    def __init__(self, block: Block, target: Target, iv: Iv | None, partition: str) -> None:
        self._target = target
        self._partition = partition
        self._stored = {statement.array for statement in statements(block) if isinstance(statement, Store)}
        if iv is not None:
            self._stored -= _moving(block, iv)
        self._operations = 0
        self._registers: dict[Array, _Arrival] = {}
        self._memo: dict[Expr, _Arrival] = {}
        self._readers: dict[Array, dict[Expr, None]] = {}
        self._loads: dict[Array, list[tuple[Expr, ...]]] = {}
        self._stores: dict[Array, list[tuple[Expr, ...]]] = {}
        self._area = self._depth = self._recurrence = 0.0

    def block(self, block: Block) -> None:
        for statement in block:
            self._operations += isinstance(statement, (Store, If))
            match statement:
                case Store():
                    self._store(statement)
                case If():
                    decided = self._value(statement.condition)
                    before = dict(self._registers)
                    self.block(statement.then)
                    self.block(statement.otherwise)
                    for array, value in self._registers.items():
                        if before.get(array) != value:
                            old = before.get(array, (0.0, {array: 0.0}))
                            self._registers[array] = _latest((decided, old, value), 0.0)
                case For() | While():
                    continue
                case _:
                    for body in bodies(statement):
                        self.block(body)

    def features(self, condition: Expr | None) -> Features:
        if condition is not None:
            self._depth = max(self._depth, self._value(condition)[0])
        for array, (_, behind) in self._registers.items():
            self._recurrence = max(self._recurrence, behind.get(array, 0.0))
        clock = self._target.clock_ns
        return Features(
            self._ports(),
            ceil(self._recurrence / clock),
            self._recurrence,
            ceil(self._depth / clock) + 1,
            self._area,
            sum(map(len, (*self._loads.values(), *self._stores.values()))),
            self._operations,
        )

    def _ports(self) -> int:
        """Cycles in which the ports of the busiest memory make all accesses."""
        most = 0
        for array in dict.fromkeys((*self._loads, *self._stores)):
            accesses = Accesses(tuple(self._loads.get(array, ())), tuple(self._stores.get(array, ())))
            free = may_be_cut(array, self._partition)
            most = max(most, port_bound(array, accesses, self._target, free))
        return most

    def _store(self, store: Store) -> None:
        parts = [self._value(end) for end in (*store.indices, store.value, store.when)]
        written = _latest(parts, 0.0)
        self._depth = max(self._depth, written[0])
        if store.array.type.shape:
            if store.array in written[1]:
                setup = self._target.routing_ns + setup_ns(kind_of(store.array, self._target), self._target)
                self._recurrence = max(self._recurrence, written[1][store.array] + setup)
            self._stores.setdefault(store.array, []).append(store.indices)
            return
        if store.when != TRUE:
            old = self._registers.get(store.array, (0.0, {store.array: 0.0}))
            written = _latest((written, old), 0.0)
        self._registers[store.array] = written
        for reader in self._readers.pop(store.array, ()):
            self._memo.pop(reader, None)

    def _value(self, root: Expr) -> _Arrival:
        """When an expression is there; what was computed before counts once."""
        stack = [root]
        while stack:
            node = stack[-1]
            if node in self._memo:
                stack.pop()
                continue
            missing = [operand for operand in children(node) if operand not in self._memo]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            self._memo[node] = self._node(node)
            for array in _registers_read(node):
                self._readers.setdefault(array, {})[node] = None
        return self._memo[root]

    def _node(self, node: Expr) -> _Arrival:
        delay, area = expression_cost(node, self._target)
        self._area += area
        self._operations += 1
        found = _latest([self._memo[operand] for operand in children(node)], delay)
        if isinstance(node, Load):
            if not node.array.type.shape:
                return self._registers.get(node.array, (0.0, {node.array: 0.0}))
            self._loads.setdefault(node.array, []).append(node.indices)
            if node.array in self._stored:
                behind = delay + read_ns(kind_of(node.array, self._target), self._target)
                start = {node.array: max(found[1].get(node.array, 0.0), behind)}
                return found[0], {**found[1], **start}
        return found


def _moving(block: Block, iv: Iv) -> set[Array]:
    """The arrays of which each iteration of a loop accesses some elements, always others."""
    subscripts: dict[Array, dict[tuple[Expr, ...], None]] = {}
    for statement in statements(block):
        if isinstance(statement, Store):
            subscripts.setdefault(statement.array, {})[statement.indices] = None
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load):
                subscripts.setdefault(node.array, {})[node.indices] = None
    forms = AffineForms()
    moving: set[Array] = set()
    for array, found in subscripts.items():
        places = [[forms.of(index) for index in indices] for indices in found]
        if any(_steps_apart([place[dim] for place in places], iv) for dim in range(len(array.type.shape))):
            moving.add(array)
    return moving


def _steps_apart(forms: Sequence[Affine | None], iv: Iv) -> bool:
    """Whether subscripts of one dimension move with a counter, such that what one is in an iteration none is
    in another: they differ by constants that are not as much as the counter moves them in some iterations."""
    known = [form for form in forms if form is not None]
    if len(known) < len(forms) or len({form.terms for form in known}) != 1:
        return False
    stride = known[0].coefficients.get(iv.level, 0) * iv.step
    constants = {form.constant for form in known}
    return stride != 0 and len({constant % stride for constant in constants}) == len(constants)


def _latest(values: Sequence[_Arrival], delay: float) -> _Arrival:
    """The last of several arrivals, and so much later."""
    behind: dict[Array, float] = {}
    for _, late in values:
        for array, ns in late.items():
            behind[array] = max(behind.get(array, 0.0), ns + delay)
    return max((at for at, _ in values), default=0.0) + delay, behind


@lru_cache(maxsize=1 << 17)
def _registers_read(node: Expr) -> frozenset[Array]:
    """The registers that an expression reads; its operands have been asked for before."""
    found: frozenset[Array] = frozenset().union(*(_registers_read(operand) for operand in children(node)))
    if isinstance(node, Load) and not node.array.type.shape:
        found |= {node.array}
    return found


def iterations(loop: Loop) -> int:
    """How often a loop runs, where that is known, else at most, else a typical number."""
    if isinstance(loop, While):
        return TYPICAL_ITERATIONS
    if reads_registers(loop):
        return max(1, min(-(-(loop.iv.upper - loop.iv.lower) // loop.iv.step), TYPICAL_ITERATIONS))
    trips = trip_count(loop)
    return max(1, -(-(loop.iv.upper - loop.iv.lower) // loop.iv.step) if trips is None else trips)
