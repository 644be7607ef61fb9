"""Loops whose bounds read registers, as proofs see them.

A register that neither block writes is a parameter. Where a block writes what a bound reads, the loop counts
as one over the whole hull of its counter, with the bounds as a part of the predicates of the stores in it:
these are what its iterations do, and they mean the same all along the loop since its body does not write
them. What an iteration that the loop does not run stores in Locals of its own, nothing sees.
"""

from __future__ import annotations

from seer.lang.intervals import Intervals
from seer.lang.loop_bounds import bound_problem, bound_registers
from seer.lang.operators import to_unsigned
from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Const,
    Expr,
    For,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
)
from seer.lang.traverse import bodies, expressions, statements, subexpressions, with_bodies
from seer.verify.instances import NotProved

__all__ = ["over_hulls"]

_COMPARISONS = frozenset({"slt", "sle", "eq", "ne", "ult", "ule"})


def over_hulls(before: Block, after: Block) -> tuple[Block, Block, tuple[LocalArray, ...]]:
    """Both blocks with loops whose bounds they write over the hulls of their counters, and the registers that
    bounds and comparisons read and neither writes.

    Raises NotProved where a loop's body writes what its bounds read, or a new one may leave its hull.
    """
    written: dict[Array, None] = {}
    for statement in statements((*before, *after)):
        if isinstance(statement, Store):
            written[statement.array] = None
    held = {r: None for block in (before, after) for r in _compared(block) if r not in written}
    intervals = Intervals()
    for statement in statements(after):
        if isinstance(statement, For) and any(r in written for r in bound_registers(statement)):
            _keeps_hull(statement, intervals)
    return _block(before, written), _block(after, written), tuple(held)


def _compared(block: Block) -> list[LocalArray]:
    """The registers that bounds and comparisons read."""
    found: dict[LocalArray, None] = {}
    for statement in statements(block):
        if isinstance(statement, For):
            found.update(dict.fromkeys(bound_registers(statement)))
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Op) and node.name in _COMPARISONS:
                for operand in subexpressions(*node.operands):
                    match operand:
                        case Load(LocalArray() as array, ()):
                            found[array] = None
                        case _:
                            pass
    return list(found)


def _keeps_hull(loop: For, intervals: Intervals) -> None:
    """A hull must hold whatever the registers do."""
    low, high = intervals.of(loop.lower).slo, intervals.of(loop.upper).shi
    if low < loop.iv.lower or high > loop.iv.upper:
        raise NotProved("a loop may leave the hull of its counter, whose bounds are written", undecided=True)


def _block(block: Block, written: dict[Array, None]) -> Block:
    return tuple(_statement(statement, written) for statement in block)


def _statement(statement: Statement, written: dict[Array, None]) -> Statement:
    inner = [_block(body, written) for body in bodies(statement)]
    if not isinstance(statement, For) or not any(r in written for r in bound_registers(statement)):
        return with_bodies(statement, inner)
    problem = bound_problem(statement)
    if problem is not None:
        raise NotProved(problem, undecided=True)
    iv = statement.iv
    if iv.step != 1:
        raise NotProved("a loop in steps from a bound that is written", undecided=True)
    runs = Op("and", 1, (Op("sle", 1, (statement.lower, iv)), Op("slt", 1, (iv, statement.upper))))
    ends = (Const(iv.bits, to_unsigned(end, iv.bits)) for end in (iv.lower, iv.upper))
    return For(iv, *ends, _guarded(inner[0], runs))


def _guarded(block: Block, condition: Expr, inside: frozenset[Array] = frozenset()) -> Block:
    """`block` whose stores take place only where `condition` holds, but for those to Locals of its own, which
    nothing sees."""
    made: list[Statement] = []
    for statement in block:
        if isinstance(statement, Store):
            free = statement.array in inside
            made.append(statement if free else _under(statement, condition))
        elif isinstance(statement, Local):
            body = _guarded(statement.body, condition, inside | {statement.array})
            made.append(Local(statement.array, body))
        else:
            inner = [_guarded(body, condition, inside) for body in bodies(statement)]
            made.append(with_bodies(statement, inner))
    return tuple(made)


def _under(store: Store, condition: Expr) -> Store:
    when = condition if store.when is TRUE else Op("and", 1, (condition, store.when))
    return Store(store.array, store.indices, store.value, when)
