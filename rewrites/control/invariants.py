"""What is the same in all iterations of a loop is computed in front of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from seer.lang.terms import (
    Array,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Load,
    Local,
    LocalArray,
    Loop,
    Op,
    Param,
    Store,
    While,
)
from seer.lang.traverse import Rewriter, expressions, loop_free, statements, subexpressions
from seer.lang.uses import written_by
from seer.rewrites.control._locals import Naming, bound_around, numbered
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused

__all__ = ["Invariants"]

_MOST = 8
"""Values that get a register in front of one loop."""
_WIRING = ("zext", "sext", "trunc")
_TOTAL = ("add", "sub", "mul", "shl", "lshr", "ashr", "and", "or", "xor", "select")
_COMPARISONS = ("eq", "ne", "slt", "sle", "ult", "ule")


@dataclass(frozen=True)
class Invariants(ControlRule):
    """while (i < n - m) { j = i + (2 * m - 1); B }
    -->  t = n - m; u = 2 * m - 1; while (i < t) { j = i + u; B }

    Each value that is computed from registers which the loop does not write, and from nothing else but
    parameters and constants, gets a register of its own, written once. What a loop without loops in it
    computes anew in each iteration costs no cycles; where iterations do not overlap, it does.

    Conditions: a loop with loops in it; integers, and operators that are defined everywhere.
    """

    name: ClassVar[str] = "invariants"
    summary: ClassVar[str] = "while (i < n - m) B --> t = n - m; while (i < t) B"
    conditions: ClassVar[str] = "a loop with loops in it; a value reads only registers that it does not write"
    takes: ClassVar[FragmentKind] = "nest"
    checked_by: ClassVar[ProofKind] = "symbolic"

    locals_around: int = 0
    """How many Locals enclose the fragment, for what binds none itself."""

    def placed(self, locals_around: int, loops_around: int) -> Invariants:
        return replace(self, locals_around=locals_around)

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, (For, While)) or loop_free(loop.body):
            raise Refused("invariants takes a loop with loops in it")
        found = _invariant(loop)
        if not found:
            raise Refused("no value is the same in all iterations")
        naming = Naming()
        registers = {value: naming.array(ArrayType(value.width, ())) for value in found[:_MOST]}
        (inner,) = naming.block((loop,))
        block: Block = (
            *(Store(register, (), value) for value, register in registers.items()),
            _Reading(registers).statement(inner),
        )
        for register in reversed(registers.values()):
            block = (Local(register, block),)
        base = bound_around(fragment, self.locals_around)
        after = numbered(block, base)
        old, new = ([s for s in statements(b) if isinstance(s, (For, While))] for b in (fragment, after))
        origins: dict[Loop, tuple[Loop, ...]] = {n: (o,) for n, o in zip(new, old, strict=True) if n is not o}
        return Attempt((Offer(self.name, self.description, "our own", fragment, after, None, origins),))


def _invariant(loop: Loop) -> list[Expr]:
    """The largest values that a loop computes again and again, in the order in which it does."""
    inside = list(statements((loop,)))
    changing: set[Array] = set(written_by((loop,)))
    changing |= {s.array for s in inside if isinstance(s, Local)}
    found: dict[Expr, None] = {}
    seen: dict[Expr, None] = {}
    waiting = [e for s in reversed(inside) for e in reversed(expressions(s))]
    while waiting:
        value = waiting.pop()
        if value in seen:
            continue
        seen[value] = None
        if isinstance(value, Op) and value.name not in _WIRING and _is_invariant(value, changing):
            found[value] = None
        elif isinstance(value, Op):
            waiting += reversed(value.operands)
        elif isinstance(value, Load):
            waiting += reversed(value.indices)
    return list(found)


def _is_invariant(value: Expr, changing: set[Array]) -> bool:
    registers = 0
    for node in subexpressions(value):
        match node:
            case Const() | Param():
                pass
            case Op(name) if name in _TOTAL or name in _WIRING or name in _COMPARISONS:
                pass
            case Load(LocalArray() as array, ()) if array not in changing and not array.type.shape:
                registers += 1
            case _:
                return False
    # What reads no register, promotion takes back into the loop.
    return registers > 0


class _Reading(Rewriter):
    """Reads registers instead of computing their values."""

    def __init__(self, registers: dict[Expr, LocalArray]) -> None:
        super().__init__()
        self._registers = registers

    def _rebuild(self, node: Expr) -> Expr:
        if node in self._registers:
            return Load(self._registers[node], ())
        return super()._rebuild(node)
