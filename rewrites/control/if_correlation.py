"""Branches with related conditions become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seer.lang.terms import TRUE, Block, Expr, If, Op, Statement
from seer.lang.traverse import bodies, loop_free, with_bodies, without_groups
from seer.lang.uses import read_by, touched, written_by
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.rewrites.control.mux import exclude

__all__ = ["IfCorrelation"]


@dataclass(frozen=True)
class IfCorrelation(ControlRule):
    """if (a) B else if (c) B  -->  if (a | c) B
    if (a) { if (c) B }  -->  if (a & c) B
    if (a) B; …; if (c) B  -->  if (a | c) B; …        a and c exclude each other
    if (a) B; …; if (a) C  -->  if (a) { B; C }; …
    if (a) B; …; if (!a) C  -->  if (a) B else C; …

    Equal bodies are there once, and conditions meet where the datapath rules can simplify them: after
    unrolling `if (i == x) B`, which excludes itself in other iterations, x < n is all that is left.

    Conditions: code without loops. Where two neighbours become one, nothing between them touches what the
    second one uses, and no branch writes what the other one's condition reads.
    """

    name: ClassVar[str] = "if_correlation"
    summary: ClassVar[str] = "if (a) B else if (c) B --> if (a | c) B"
    conditions: ClassVar[str] = "no loops; equal bodies, or equal, opposite or nested conditions"
    takes: ClassVar[FragmentKind] = "branches"
    checked_by: ClassVar[ProofKind] = "symbolic"

    def _attempt(self, fragment: Block) -> Attempt:
        if not loop_free(fragment):
            raise Refused("there is a loop in it")
        before = without_groups(fragment)
        result = _block(before)
        if result == before:
            raise Refused("no two branches are related")
        route = "our own transformation"
        return Attempt((Offer(self.name, self.description, route, fragment, result, None, {}),))


def _block(block: Block) -> Block:
    """`block` with all of its branches merged that may be, inner ones first."""
    result = [_single(with_bodies(s, [_block(body) for body in bodies(s)])) for s in block]
    position = 0
    while position < len(result):
        found = _partner(result, position)
        if found is None:
            position += 1
        else:
            later, joined = found
            result[position] = joined
            del result[later]
    return tuple(result)


def _single(statement: Statement) -> Statement:
    """A branch merged with the one branch that is all of its inside."""
    if not isinstance(statement, If):
        return statement
    condition, then, otherwise = statement.condition, statement.then, statement.otherwise
    match otherwise:
        case (If(other, same, rest),) if same == then:
            return _single(If(Op("or", 1, (condition, other)), then, rest))
    match then:
        case (If(other, inner, ()),) if not otherwise:
            return _single(If(Op("and", 1, (condition, other)), inner))
    return statement


def _partner(block: list[Statement], position: int) -> tuple[int, Statement] | None:
    """A later branch that may be joined with the one at `position`, and what they become."""
    first = block[position]
    if not isinstance(first, If):
        return None
    for later in range(position + 1, len(block)):
        second = block[later]
        if not isinstance(second, If) or not _may_move(second, block[position + 1 : later]):
            continue
        joined = _joined(first, second)
        if joined is not None:
            return later, joined
    return None


def _may_move(moved: Statement, over: list[Statement]) -> bool:
    """Whether a statement may stand in front of others, as far as whole arrays tell."""
    uses, writes = touched(moved), written_by((moved,))
    return not any(uses & written_by((other,)) or writes & touched(other) for other in over)


def _joined(first: If, second: If) -> Statement | None:
    """Two branches, one behind the other, as one."""
    changed = written_by((first,))
    if read_by(second.condition) & changed:
        return None
    if first.condition is second.condition:
        return If(first.condition, first.then + second.then, first.otherwise + second.otherwise)
    if _opposite(first.condition, second.condition):
        return If(first.condition, first.then + second.otherwise, first.otherwise + second.then)
    same = first.then == second.then and not first.otherwise and not second.otherwise
    if same and exclude(first.condition, second.condition):
        return If(Op("or", 1, (first.condition, second.condition)), first.then)
    return None


def _opposite(one: Expr, two: Expr) -> bool:
    return any(
        isinstance(a, Op) and a.name == "xor" and a.bits == 1 and a.operands == (b, TRUE)
        for a, b in ((one, two), (two, one))
    )
