"""Values that are computed once and held in registers: equal blocks because equals stand for equals.

`{ t; t = e; B }` is B with e in the place of t, if nothing in B writes t or what e reads. No loop has to be
stepped through to see that, whatever B does.
"""

from __future__ import annotations

from seer.lang.terms import TRUE, Array, Block, Expr, Iv, Load, Local, LocalArray, Statement, Store
from seer.lang.traverse import Rewriter, bodies, statements, subexpressions, with_bodies
from seer.lang.uses import free_arrays, read_by, written_by

__all__ = ["equal_with_held_values"]


def equal_with_held_values(before: Block, after: Block) -> bool:
    """Whether `after` is `before`, which is no scope, with values in registers that are written once, before
    everything else."""
    registers: list[LocalArray] = []
    while len(after) == 1 and isinstance(after[0], Local):
        registers.append(after[0].array)
        after = after[0].body
    held = after[: len(registers)]
    rest = after[len(registers) :]
    if not registers or not rest or (len(before) == 1 and isinstance(before[0], Local)):
        return False
    outside = [array.level for array in free_arrays(before) if isinstance(array, LocalArray)]
    if len(set(registers)) < len(registers) or min(r.level for r in registers) <= max(outside, default=-1):
        return False
    values: dict[Array, Expr] = {}
    for statement in held:
        if not isinstance(statement, Store) or statement.indices or statement.when is not TRUE:
            return False
        values[statement.array] = statement.value
    if values.keys() != set(registers):
        return False
    read = read_by(*values.values())
    inside = {s.array for s in statements(rest) if isinstance(s, Local)}
    counters = any(isinstance(node, Iv) for node in subexpressions(*values.values()))
    # A value means the same everywhere: nothing of it is a register's, is written, or is bound again.
    if counters or (read | values.keys()) & (written_by(rest) | inside) or read & values.keys():
        return False
    return _same(before, _Replaced(values).block(rest))


def _same(before: Block, after: Block) -> bool:
    """Whether two blocks are one but for the levels of the Locals in them."""
    if len(before) != len(after):
        return False
    return all(_same_statement(old, new) for old, new in zip(before, after, strict=True))


def _same_statement(old: Statement, new: Statement) -> bool:
    if isinstance(old, Local) and isinstance(new, Local):
        ours, theirs = old.array, new.array
        if ours.type is not theirs.type:
            return False
        if ours is theirs:
            return _same(old.body, new.body)
        # The name must mean nothing else there.
        bound = {s.array for s in statements(new.body) if isinstance(s, Local)}
        if ours in bound | free_arrays(new.body):
            return False
        return _same(old.body, Rewriter(array=lambda a: ours if a is theirs else a).block(new.body))
    if type(old) is not type(new):
        return False
    if with_bodies(old, [()] * len(bodies(old))) != with_bodies(new, [()] * len(bodies(new))):
        return False
    return all(_same(a, b) for a, b in zip(bodies(old), bodies(new), strict=True))


class _Replaced(Rewriter):
    """Values in the place of registers."""

    def __init__(self, values: dict[Array, Expr]) -> None:
        super().__init__()
        self._values = values

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node.array in self._values:
            return self._values[node.array]
        return super()._rebuild(node)
