"""Branches become predicates of the stores in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from seer.lang.conditions import both
from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Expr,
    If,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
)
from seer.lang.traverse import statements, with_bodies, without_groups
from seer.lang.uses import read_by, written_by
from seer.rewrites.control._locals import bound_around
from seer.rewrites.control._own import fresh_array
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.rewrites.control._straight import Straight, straight
from seer.rewrites.control.forwarding import forwarded_elements
from seer.rewrites.control.mux import merged

__all__ = ["IfConversion"]

_MAX_STORES = 160


@dataclass(frozen=True)
class IfConversion(ControlRule):
    """if (c) { t = u; A[i] = v } else B[i] = w  -->  t = c ? u : t; if (c) A[i] = v; if (!c) B[i] = w

    The predicate is part of the store, so that nothing is written, and nothing need be in bounds, where the
    branch is not taken; a register, which always is in bounds, takes a choice instead. Offered as well:
    the same with what is written under several conditions written once (mux), and with values forwarded.

    Conditions: code without loops. Where a branch writes what its condition reads (`if (v[0] > v[1])` around
    an exchange of the two), a register keeps what the condition was.
    """

    name: ClassVar[str] = "if_conversion"
    summary: ClassVar[str] = "if (c) { A; B } else C --> if (c) A; if (c) B; if (!c) C"
    conditions: ClassVar[str] = "no loops"
    takes: ClassVar[FragmentKind] = "branches"
    checked_by: ClassVar[ProofKind] = "symbolic"

    keeps: bool = True
    """Whether a register may keep a condition."""

    def decided(self) -> IfConversion:
        # There `deciding` makes one tree of all conditions; every one that is kept would be a form beside it.
        return replace(self, keeps=False)

    def _attempt(self, fragment: Block) -> Attempt:
        if not any(isinstance(s, If) for s in statements(fragment)):
            raise Refused("there is no branch in it")
        plain = straight(
            _Conversion(self.keeps).block(without_groups(fragment), TRUE), bound_around(fragment, 0)
        )
        if len(plain.stores) > _MAX_STORES:
            raise Refused(f"there are {len(plain.stores)} stores in it; {_MAX_STORES} are the most")
        found = [plain.block()]
        for make in (forwarded_elements, _merged_and_forwarded):
            found += _tried(make, plain)
        blocks = [block for block in dict.fromkeys(found) if block != fragment]
        route = "our own transformation"
        return Attempt(
            tuple(Offer(self.name, self.description, route, fragment, block, None, {}) for block in blocks)
        )


def _tried(make: Callable[[Straight], Straight], code: Straight) -> Iterator[Block]:
    try:
        yield make(code).block()
    except Refused:
        return


def _merged_and_forwarded(code: Straight) -> Straight:
    return forwarded_elements(merged(code))


class _Conversion:
    """Takes the branches out of blocks."""

    def __init__(self, keeps: bool) -> None:
        self._keeps = keeps
        self._kept = 0

    def block(self, block: Block, condition: Expr) -> Block:
        """`block` where `condition` holds, without branches."""
        result: list[Statement] = []
        for statement in block:
            match statement:
                case Store(array, indices, value, when):
                    result.append(Store(array, indices, value, both(condition, when)))
                case If():
                    result += self._branches(statement, condition)
                case Local():
                    result.append(with_bodies(statement, [self.block(statement.body, condition)]))
                case _:
                    raise Refused("there is a loop in it")
        return tuple(result)

    def _branches(self, statement: If, condition: Expr) -> Block:
        """Both branches of an If; if one may write what its condition reads, a register keeps that."""
        test, then, otherwise = statement.condition, statement.then, statement.otherwise
        register: LocalArray | None = None
        if read_by(test) & (written_by(then) | written_by(otherwise)):
            if not self._keeps:
                raise Refused("a branch writes what its condition reads")
            register = fresh_array(ArrayType(1, ()), self._kept)
            self._kept += 1
            test = Load(register, ())
        sides = (
            *self.block(then, both(condition, test)),
            *self.block(otherwise, both(condition, _negated(test))),
        )
        if register is None:
            return sides
        return (Local(register, (Store(register, (), statement.condition), *sides)),)


def _negated(condition: Expr) -> Expr:
    match condition:
        case Op("xor", 1, (inner, other)) if other is TRUE:
            return inner
        case _:
            return Op("xor", 1, (condition, TRUE))
