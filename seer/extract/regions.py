"""The candidates for straight code: one skeleton under several choices of expressions.

A choice is made for all statements of a region together, since they share subexpressions and ports. Each has
a criterion of its own (`expressions.py`): the least area, the least delay, the least delay behind what an
iteration leaves to the next with the least area elsewhere, the fewest accesses, and the first and third
again with shared subexpressions counted once. Where a region has few terms at all, they are all candidates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import cast

from seer.driver.options import Limits
from seer.egraph.language import Term, build, parse_array_key
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.enumerate import TermEnumeration
from seer.extract.expressions import Choice, Choices
from seer.extract.features import Features, features
from seer.extract.skeletons import Closed, Skeleton, Straight
from seer.extract.vector import PartVector
from seer.lang.terms import Array, Block, Expr, Iv, Load, Loop, Statement
from seer.lang.traverse import subexpressions
from seer.schedule.target import Target

__all__ = ["Body", "FeatureMemo", "Regions"]

FeatureMemo = dict[tuple[Block, Expr | None, Iv | None], Features]
"""Features of regions by what they consist of, for all snapshots of a run."""

_FEW_TERMS = 8
_FEW_CANDIDATES = 32
"""Where a class has no more terms, and a region no more candidates, all of them are candidates."""

_EXPRESSIONS = {"Store": 3, "If": 1, "Group": 0, "Local": 0}
"""How many of a statement's children are expressions or subscripts."""


@dataclass(frozen=True)
class Body:
    """A block, and the pipelined loops in it."""

    block: Block
    pipelined: frozenset[Loop]


class Regions:
    """The straight code of one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        target: Target,
        limits: Limits,
        empty: PartVector,
        memo: FeatureMemo,
        partition: str = "none",
    ) -> None:
        self._target = target
        self._partition = partition
        self._empty = empty
        self._memo = memo
        self._choices = Choices(snapshot, target)
        self._every = not limits.candidates
        self._terms = TermEnumeration(snapshot, None if self._every else _FEW_TERMS)
        self.classes: dict[Statement, list[int]] = {}
        """The classes that a chosen statement stands for."""

    def has(self, classes: Iterable[int]) -> bool:
        """Whether all these classes have a term."""
        return all(self._choices.area.has(number) for number in classes)

    def below(self, class_id: int) -> frozenset[int]:
        """The class and all that its terms may consist of."""
        return self._terms.below(class_id)

    def bounds(self, class_id: int) -> Iterator[Expr]:
        """Expressions that may be a loop's bound, those that are easiest to understand first."""
        for choice in (self._choices.affine, self._choices.area):
            if choice.has(class_id):
                yield choice.expression(class_id)

    def note(self, statement: Statement, class_id: int) -> None:
        """Remember which class a statement was chosen for."""
        known = self.classes.setdefault(statement, [])
        if class_id not in known:
            known.append(class_id)

    def statement(self, class_id: int, node: ENode) -> Skeleton:
        """A store, or the condition of an If, with estimates for it."""
        area = self._choices.area
        roots = _roots(area.term(child) for child in node.children[: _EXPRESSIONS[node.op]])
        accesses = Counter(
            part.array for part in subexpressions(*roots) if isinstance(part, Load) and part.array.type.shape
        )
        item = Straight(class_id, node)
        block: Block = ()
        if node.op == "Store":
            block = self._block(Skeleton((item,), (), 0.0, self._empty), area.term)
            array = parse_array_key(str(node.values[0]))
            if array.type.shape:
                accesses[array] += 1
        known = self.features(block, None if block else cast(Expr, roots[0]))
        shape = ((class_id, node.key),)
        return Skeleton((item,), shape, 0.0, self._empty, accesses, known.area, known.operations)

    def features(self, block: Block, condition: Expr | None, iv: Iv | None = None) -> Features:
        """The fast bound for a block's straight code, the body of the loop over `iv` if there is one."""
        key = (block, condition, iv)
        if key not in self._memo:
            self._memo[key] = features(block, condition, self._target, iv, self._partition)
        return self._memo[key]

    def candidates(
        self, skeleton: Skeleton, condition: int | None, around: Sequence[Skeleton]
    ) -> Iterator[tuple[Body, Expr | None]]:
        """The different blocks of a skeleton, with the condition of the while loop that they stand in, if
        any. `around` are all skeletons of its class."""
        pipelined: frozenset[Loop] = frozenset().union(*(c.pipelined for c in skeleton.closed()))
        seen: dict[tuple[Block, Expr | None], None] = {}
        for choose in self._choosers(skeleton, condition, around):
            block = self._block(skeleton, choose)
            chosen = None if condition is None else cast(Expr, choose(condition))
            if (block, chosen) not in seen:
                seen[block, chosen] = None
                yield Body(block, pipelined), chosen

    def _choosers(
        self, skeleton: Skeleton, condition: int | None, around: Sequence[Skeleton]
    ) -> Iterator[Callable[[int], Term]]:
        slots = list(_slots(skeleton, condition))
        lists = [self._terms.terms(slot) for slot in slots]
        if not self._every and slots:
            for choice in self._by_criteria(skeleton, slots, condition, around):
                yield choice.term
            if None in lists or prod(len(terms or ()) for terms in lists) > _FEW_CANDIDATES:
                return
        for chosen in product(*(terms or () for terms in lists)):
            # Terms are asked for in the order of the slots.
            position = iter(chosen)
            yield lambda _, position=position: next(position)

    def _by_criteria(
        self, skeleton: Skeleton, slots: Sequence[int], condition: int | None, around: Sequence[Skeleton]
    ) -> Iterator[Choice]:
        yield self._choices.area
        yield self._choices.delay
        roots = dict.fromkeys(slot for other in around for slot in _slots(other, condition))
        behind = self._choices.behind(_stored(skeleton), tuple(roots))
        yield behind
        yield self._choices.accesses
        affine = self._choices.affine
        if all(affine.has(slot) for slot in slots):
            yield affine
        distinct = tuple(dict.fromkeys(slots))
        yield self._choices.sharing(self._choices.area, distinct)
        yield self._choices.sharing(behind, distinct)

    def _block(self, skeleton: Skeleton, choose: Callable[[int], Term]) -> Block:
        made: list[Statement] = []
        for item in skeleton.items:
            if isinstance(item, Closed):
                self.note(item.loop, item.class_id)
                made.append(item.loop)
                continue
            node = item.node
            parts = [choose(child) for child in node.children[: _EXPRESSIONS[node.op]]]
            parts += [self._block(body, choose) for body in item.bodies]
            statement = cast(Statement, build(node.op, node.values, parts))
            self.note(statement, item.class_id)
            made.append(statement)
        return tuple(made)


def _slots(skeleton: Skeleton, condition: int | None) -> Iterator[int]:
    """The classes of expressions and subscripts, in the order in which a block is built."""
    for item in skeleton.items:
        if isinstance(item, Straight):
            yield from item.node.children[: _EXPRESSIONS[item.node.op]]
            for body in item.bodies:
                yield from _slots(body, None)
    if condition is not None:
        yield condition


def _stored(skeleton: Skeleton) -> frozenset[Array]:
    """The arrays that the straight code stores to."""
    stores = (item.node for item in skeleton.straight() if item.node.op == "Store")
    return frozenset(parse_array_key(str(node.values[0])) for node in stores)


def _roots(terms: Iterable[Term]) -> list[Expr]:
    """Expressions, those of subscript lists one by one."""
    found: list[Expr] = []
    for term in terms:
        found += cast("tuple[Expr, ...]", term) if isinstance(term, tuple) else [cast(Expr, term)]
    return found
