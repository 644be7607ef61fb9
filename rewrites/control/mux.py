"""Stores of one element under several conditions become one store of a choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.lang.terms import TRUE, Block, Const, Expr, Load, Op, Store
from seer.lang.traverse import expressions, subexpressions
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.rewrites.control._straight import Straight, straight
from seer.rewrites.control._subscripts import relation

__all__ = ["Mux", "exclude", "merged"]


@dataclass(frozen=True)
class Mux(ControlRule):
    """if (c) A[i] = v; …; if (d) A[i] = w  -->  if (c | d) A[i] = d ? w : v; …
    if (c) A[i] = v; …; if (d) A[i] = v  -->  if (c | d) A[i] = v; …

    The control-flow multiplexer: one port is used instead of two, and equal values need no choice.

    Conditions: straight-line code, in which nothing between the two stores touches the element or writes what
    the second one reads. The second one reads the element itself (`n = n + 1`) only where the conditions
    exclude each other: c and !c, or x == 1 and x == 2.
    """

    name: ClassVar[str] = "mux"
    summary: ClassVar[str] = "if (c) A[i] = v; if (d) A[i] = w --> if (c | d) A[i] = d ? w : v"
    conditions: ClassVar[str] = "straight-line code; nothing between them touches what the stores use"
    takes: ClassVar[FragmentKind] = "straight"
    checked_by: ClassVar[ProofKind] = "symbolic"

    def _attempt(self, fragment: Block) -> Attempt:
        code = straight(fragment)
        result = merged(code)
        if len(result.stores) == len(code.stores):
            raise Refused("no element is stored under two conditions")
        route = "our own transformation"
        return Attempt((Offer(self.name, self.description, route, fragment, result.block(), None, {}),))


def merged(code: Straight) -> Straight:
    """Straight-line code with all stores merged that may be."""
    stores = list(code.stores)
    position = 0
    met = 0
    while position < len(stores):
        later = _partner(stores, position)
        if later is not None:
            stores[position] = _merge(stores[position], stores[later])
            del stores[later]
            met += 1
            continue
        if met:
            first = stores[position]
            stores[position] = Store(first.array, first.indices, first.value, _balanced(first.when))
        position, met = position + 1, 0
    return Straight(code.scopes, tuple(stores), code.base)


def _partner(stores: list[Store], position: int) -> int | None:
    """A later store that may be made together with the one at `position`."""
    first = stores[position]
    if first.when is TRUE:
        return None
    for later in range(position + 1, len(stores)):
        second = stores[later]
        if second.array is first.array and relation(second.indices, first.indices) == "same":
            between = stores[position + 1 : later]
            allowed = second.when is not TRUE and _may_move(second, first, between)
            return later if allowed else None
        if _uses(second, first):
            return None
    return None


def _may_move(second: Store, first: Store, between: list[Store]) -> bool:
    """Whether `second` may be made at the place of `first`."""
    if any(_uses(second, other) for other in between):
        return False
    in_condition = _reads((*second.indices, second.when), first)
    return not in_condition and (not _reads((second.value,), first) or exclude(first.when, second.when))


def _uses(store: Store, written: Store) -> bool:
    """Whether a store reads, or may write, the element that another one writes."""
    overlap = store.array is written.array and relation(store.indices, written.indices) != "apart"
    return overlap or _reads(expressions(store), written)


def _reads(roots: tuple[Expr, ...], written: Store) -> bool:
    return any(
        isinstance(node, Load)
        and node.array is written.array
        and relation(node.indices, written.indices) != "apart"
        for node in subexpressions(*roots)
    )


def _merge(first: Store, second: Store) -> Store:
    value = first.value
    if second.value is not value:
        value = Op("select", value.width, (second.when, second.value, value))
    return Store(first.array, first.indices, value, Op("or", 1, (first.when, second.when)))


def _balanced(condition: Expr) -> Expr:
    """A disjunction with neighbouring parts next to each other, as a balanced tree."""
    parts: list[Expr] = []
    while isinstance(condition, Op) and condition.name == "or":
        condition, last = condition.operands
        parts.append(last)
    parts = [*reversed([*parts, condition])]
    while len(parts) > 1:
        pairs = [Op("or", 1, (a, b)) for a, b in zip(parts[::2], parts[1::2], strict=False)]
        parts = [*pairs, *parts[len(pairs) * 2 :]]
    return parts[0]


def exclude(one: Expr, two: Expr) -> bool:
    """Whether two conditions surely never hold together: they are opposites, or say that one value is two
    constants."""
    for a, b in ((one, two), (two, one)):
        if isinstance(a, Op) and a.name == "xor" and a.operands == (b, TRUE):
            return True
        if isinstance(a, Op) and a.bits == 1 and a.name in ("or", "and"):
            parts = [exclude(part, b) for part in a.operands]
            if all(parts) if a.name == "or" else any(parts):
                return True
    left, right = _equation(one), _equation(two)
    return left is not None and right is not None and left[0] is right[0] and left[1] is not right[1]


def _equation(condition: Expr) -> tuple[Expr, Const] | None:
    """x == constant as x and the constant."""
    if isinstance(condition, Op) and condition.name == "eq":
        a, b = condition.operands
        if isinstance(b, Const):
            return a, b
        if isinstance(a, Const):
            return b, a
    return None
