"""The body of a loop as a tree of conditions over the state in which an iteration begins, with what each path
leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seer.lang.terms import (
    Array,
    Block,
    Expr,
    If,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Statement,
    Store,
    Table,
    TopArray,
)
from seer.lang.traverse import Rewriter, expressions, statements, subexpressions
from seer.lang.uses import read_by
from seer.rewrites.control._locals import Naming
from seer.rewrites.control._rule import Refused
from seer.verify.step_machine import Arrived, Frame, Machine, State, Undecided
from seer.verify.step_values import Facts

__all__ = ["Branch", "Leaf", "Tree", "emitted", "leaves", "tree_of"]

_MAX_LEAVES = 24
_MAX_NODES = 300
"""The largest expression at a leaf."""


@dataclass(frozen=True)
class Leaf:
    """What one path does: stores to memories, in order, and new values of registers. All expressions are over
    the state in which the iteration begins."""

    stores: tuple[Store, ...]
    registers: tuple[tuple[Array, Expr], ...]


@dataclass(frozen=True)
class Branch:
    condition: Expr
    then: Tree
    otherwise: Tree


Tree = Leaf | Branch


def leaves(tree: Tree) -> list[Leaf]:
    """The leaves of a tree, those of the first sides first."""
    return [tree] if isinstance(tree, Leaf) else leaves(tree.then) + leaves(tree.otherwise)


def tree_of(body: Block) -> Tree:
    """What the body does in one iteration; raises Refused where it holds a loop or is too large."""
    return _Paths(body).tree()


class _Paths:
    def __init__(self, body: Block) -> None:
        self._body = body
        self._machine = Machine()
        self._left = _MAX_LEAVES
        bound = {s.array for s in statements(body) if isinstance(s, Local)}
        used: dict[Array, None] = {}
        for s in statements(body):
            if isinstance(s, Store):
                used[s.array] = None
            for node in subexpressions(*expressions(s)):
                if isinstance(node, Load) and not isinstance(node.array, Table):
                    used[node.array] = None
        self._scalars: dict[Array, Expr] = {}
        self._contents: dict[Array, TopArray] = {}
        self._sources: dict[Expr, Expr] = {}
        self._arrays: dict[Array, Array] = {}
        for number, array in enumerate(a for a in used if a not in bound):
            if array.type.shape:
                self._contents[array] = contents = TopArray(array.type, f"#{number}")
                self._arrays[contents] = array
            else:
                symbol = self._machine.symbol(str(number), array.type.width, array.type.content)
                self._scalars[array] = symbol
                self._sources[symbol] = Load(array, ())

    def tree(self) -> Tree:
        return self._from(
            State((Frame("block", (), self._body),), self._scalars, self._contents, {}), Facts()
        )

    def _from(self, state: State, facts: Facts) -> Tree:
        found = self._machine.run(state, frozenset(), facts)
        assert not isinstance(found, Arrived)
        if isinstance(found, Undecided):
            atom = _first(self._machine.simplified(found.condition, facts), facts)
            sides = [self._from(found.state, facts.extended(atom, holds)) for holds in (True, False)]
            return sides[0] if sides[0] == sides[1] else Branch(self._source(atom), *sides)
        self._left -= 1
        if self._left < 0:
            raise Refused(f"an iteration has more than {_MAX_LEAVES} paths")
        return self._leaf(found.state, facts)

    def _leaf(self, state: State, facts: Facts) -> Leaf:
        stores: list[Store] = []
        for array, contents in self._contents.items():
            base, history = self._machine.history(state.contents[array], facts)
            if base is not contents:
                raise Refused("an array is not what it was")
            for when, *indices, value in history:
                parts = [self._source(part) for part in (*indices, value, when)]
                stores.append(Store(array, tuple(parts[:-2]), parts[-2], parts[-1]))
        registers = [
            (array, self._source(value))
            for array, symbol in self._scalars.items()
            if (value := self._machine.simplified(state.scalars[array], facts)) is not symbol
        ]
        return Leaf(tuple(stores), tuple(registers))

    def _source(self, value: Expr) -> Expr:
        """A symbolic value as an expression over the state."""
        nodes = subexpressions(value)
        if len(nodes) > _MAX_NODES:
            raise Refused("a value is too large")
        for node in nodes:
            if isinstance(node, Param) and node.name.startswith("#") and node not in self._sources:
                raise Refused("a register is read before it is written")
            if isinstance(node, Load) and isinstance(node.array, TopArray) and node.array not in self._arrays:
                raise Refused("an array is read that the iteration has written")
        return _Back(self._sources, self._arrays).expression(value)


class _Back(Rewriter):
    """Puts registers in the place of symbols."""

    def __init__(self, sources: dict[Expr, Expr], arrays: dict[Array, Array]) -> None:
        super().__init__(array=lambda a: arrays.get(a, a))
        self._symbols = sources

    def _rebuild(self, node: Expr) -> Expr:
        return self._symbols[node] if node in self._symbols else super()._rebuild(node)


def _first(condition: Expr, facts: Facts) -> Expr:
    """What is to be asked first of a condition: a part that memory decides, since that is known late, and the
    last choice should be the one that waits."""
    parts: dict[Expr, None] = {}
    waiting = [condition]
    while waiting:
        part = waiting.pop(0)
        match part:
            case Op("and" | "or" | "xor", 1, operands):
                waiting += operands
            case _ if facts.decide(part) is None:
                parts[part] = None
    late = [part for part in parts if any(isinstance(n, Load) and n.indices for n in subexpressions(part))]
    return next(iter(late or parts), condition)


def emitted(tree: Tree, naming: Naming) -> Block:
    """The tree as statements."""
    if isinstance(tree, Branch):
        then, otherwise = emitted(tree.then, naming), emitted(tree.otherwise, naming)
        return (If(tree.condition, then, otherwise),)
    return _in_order(tree, naming)


def _in_order(leaf: Leaf, naming: Naming) -> Block:
    """The stores of a leaf, each before those that write what it reads."""
    waiting: list[Store] = [*leaf.stores, *(Store(array, (), value) for array, value in leaf.registers)]
    result: list[Statement] = []
    kept: list[tuple[LocalArray, Store]] = []
    while waiting:
        position = _ready(waiting)
        if position is not None:
            result.append(waiting.pop(position))
            continue
        register = next((k for k, s in enumerate(waiting) if not s.array.type.shape), None)
        if register is None:
            raise Refused("stores to memories read one another")
        store = waiting[register]
        copy = naming.array(replace(store.array.type, content=None))
        kept.append((copy, Store(store.array, (), Load(copy, ()))))
        result.append(Store(copy, (), store.value))
        waiting.pop(register)
    block: Block = (*result, *(store for _, store in kept))
    for copy, _ in reversed(kept):
        block = (Local(copy, block),)
    return block


def _ready(waiting: Sequence[Store]) -> int | None:
    """A store that writes nothing that another reads, and is the first to its array."""
    for position, store in enumerate(waiting):
        others = [other for k, other in enumerate(waiting) if k != position]
        reads = any(store.array in read_by(*expressions(other)) for other in others)
        later = any(other.array is store.array for other in waiting[:position])
        if not reads and not later:
            return position
    return None
