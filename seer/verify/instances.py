"""Which store instances a block executes: its stores, the loops and Locals around each, and their order.

A *site* is one Store of a block; an *instance* is a site at values of the loops around it. Sites are
named by their path: positions in nested bodies, from the outside in, so that the order of paths is the
textual order; in an If, a branch is 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seer.lang.conditions import both
from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Store,
    Table,
)
from seer.lang.traverse import bodies, expressions, statements, subexpressions

__all__ = ["Binder", "Loop", "NotProved", "Path", "Shape", "Site", "shape_of"]

Path = tuple[int, ...]


class NotProved(Exception):
    """Two blocks could not be proved equal.

    `undecided` says that nothing was found against them either, so that executing both may still
    tell; otherwise they are refused.
    """

    def __init__(self, reason: str, undecided: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.undecided = undecided


@dataclass(frozen=True)
class Loop:
    """A For of the block; `outer` are the block's loops around it, outermost first."""

    path: Path
    term: For
    outer: tuple[Loop, ...]


@dataclass(frozen=True)
class Binder:
    """A Local of the block; each iteration of the loops around it has storage of its own."""

    path: Path
    term: Local
    loops: tuple[Loop, ...]


@dataclass(frozen=True)
class Site:
    """A Store with the block's loops and Locals around it, outermost first."""

    path: Path
    store: Store
    loops: tuple[Loop, ...]
    binders: tuple[Binder, ...]

    def binder(self, array: Array) -> Binder | None:
        """The Local of the block that binds `array` at this site, or None if it is free."""
        return next((b for b in reversed(self.binders) if b.term.array is array), None)

    def expressions(self) -> tuple[Expr, ...]:
        return (*self.store.indices, self.store.value, self.store.when)


@dataclass(frozen=True)
class Shape:
    """The stores, loops and Locals of a block in textual order, and what it uses from outside.

    A store in an If has the condition, or its negation, as part of its predicate, unless its array is a Local
    of that branch. `problem` says why that is not what the block means, if it is not: something in the If may
    change what the condition reads.

    `iv_base` is the level of the outermost loops, `local_base` the least level of a Local; None where there
    are none.
    """

    sites: tuple[Site, ...]
    loops: tuple[Loop, ...]
    binders: tuple[Binder, ...]
    iv_base: int | None
    local_base: int | None
    free_ivs: tuple[Iv, ...]
    free_arrays: tuple[Array, ...]
    problem: str | None = None


def shape_of(block: Block) -> Shape:
    """The shape of `block`; raises `NotProved` where levels or references are not as terms must have them."""
    walk = _Walk()
    walk.block(block, (), (), ())
    iv_base = min((loop.term.iv.level for loop in walk.loops), default=None)
    local_base = min((binder.term.array.level for binder in walk.binders), default=None)
    for loop in walk.loops:
        if loop.term.iv.level != (iv_base or 0) + len(loop.outer):
            raise NotProved(f"loop at {loop.path} has induction variable level {loop.term.iv.level}")
    for binder, outer in walk.binder_scopes:
        if any(other.term.array is binder.term.array for other in outer):
            raise NotProved(f"the Local at {binder.path} binds its array again")
    for iv in walk.free_ivs:
        if iv_base is not None and iv.level >= iv_base:
            raise NotProved(f"an induction variable of level {iv.level} is not bound by a loop around it")
    for array in walk.free_arrays:
        if isinstance(array, LocalArray) and any(binder.term.array is array for binder in walk.binders):
            raise NotProved(f"a local array of level {array.level} is not bound by a Local around it")
    return Shape(
        tuple(walk.sites),
        tuple(walk.loops),
        tuple(walk.binders),
        iv_base,
        local_base,
        tuple(walk.free_ivs),
        tuple(walk.free_arrays),
        walk.problem,
    )


def _under(store: Store, condition: Expr) -> Store:
    return Store(store.array, store.indices, store.value, both(condition, store.when))


_Condition = tuple[Expr, int]
"""A condition around a statement, and how many Locals are around the If that it stems from."""


def _predicated(store: Store, conditions: Sequence[_Condition], binders: Sequence[Binder]) -> Store:
    """A store with the conditions around it that are around the scope of its array, too: what the branch that
    is not taken leaves in Locals of its own, nothing sees."""
    bound = [k for k, binder in enumerate(binders) if binder.term.array is store.array]
    seen = [holds for holds, outside in conditions if not bound or bound[-1] < outside]
    condition: Expr = TRUE
    for holds in seen:
        condition = both(condition, holds)
    return _under(store, condition) if seen else store


class _Walk:
    """Collects the shape of one block; dictionaries serve as ordered sets."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.loops: list[Loop] = []
        self.binders: list[Binder] = []
        self.binder_scopes: list[tuple[Binder, tuple[Binder, ...]]] = []
        self.free_ivs: dict[Iv, None] = {}
        self.free_arrays: dict[Array, None] = {}
        self.problem: str | None = None

    def block(
        self,
        block: Block,
        prefix: Path,
        loops: tuple[Loop, ...],
        binders: tuple[Binder, ...],
        conditions: tuple[_Condition, ...] = (),
    ) -> None:
        for position, statement in enumerate(block):
            path = (*prefix, position)
            self._uses(expressions(statement), loops, binders)
            match statement:
                case Store():
                    self._array(statement.array, binders)
                    self.sites.append(Site(path, _predicated(statement, conditions, binders), loops, binders))
                case For():
                    loop = Loop(path, statement, loops)
                    self.loops.append(loop)
                    self.block(statement.body, path, (*loops, loop), binders, conditions)
                case Local():
                    binder = Binder(path, statement, loops)
                    self.binders.append(binder)
                    self.binder_scopes.append((binder, binders))
                    self.block(statement.body, path, loops, (*binders, binder), conditions)
                case Group():
                    self.block(statement.body, path, loops, binders, conditions)
                case If():
                    self._keeps_condition(statement, path)
                    negated = Op("xor", 1, (statement.condition, TRUE))
                    for branch, holds in enumerate((statement.condition, negated)):
                        inner = bodies(statement)[branch]
                        around = (*conditions, (holds, len(binders)))
                        self.block(inner, (*path, branch), loops, binders, around)
                case _:
                    raise NotProved(f"{type(statement).__name__} statements are not understood")

    def _keeps_condition(self, statement: If, path: Path) -> None:
        read = {e.array for e in subexpressions(statement.condition) if isinstance(e, Load)}
        if any(isinstance(s, Store) and s.array in read for s in statements((statement,))):
            self.problem = f"the If at {path} may change what its condition reads"

    def _uses(self, roots: tuple[Expr, ...], loops: tuple[Loop, ...], binders: tuple[Binder, ...]) -> None:
        for node in subexpressions(*roots):
            if isinstance(node, Iv) and not any(loop.term.iv is node for loop in loops):
                self.free_ivs[node] = None
            elif isinstance(node, Load):
                self._array(node.array, binders)

    def _array(self, array: Array, binders: tuple[Binder, ...]) -> None:
        if isinstance(array, Table):
            return  # a constant comes from nowhere
        if not any(binder.term.array is array for binder in binders):
            self.free_arrays[array] = None


def loads(site: Site) -> Iterator[Load]:
    """The distinct loads of a site, inner before outer."""
    return (node for node in subexpressions(*site.expressions()) if isinstance(node, Load))
