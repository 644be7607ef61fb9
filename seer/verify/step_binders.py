"""What a block uses from outside, and the levels at which its own binders begin."""

from __future__ import annotations

from collections.abc import Mapping

from seer.lang.loop_bounds import bound_problem
from seer.lang.terms import Array, Block, For, Iv, Load, Local, Store, Table
from seer.lang.traverse import bodies, expressions, statements, subexpressions
from seer.verify.instances import NotProved

__all__ = ["outside"]


def outside(block: Block) -> tuple[dict[Array | Iv, None], dict[str, int]]:
    """What a block uses from outside, and the levels of its outermost binders; raises NotProved where a
    binder does not have the level of its depth, or a bound is none."""
    free: dict[Array | Iv, None] = {}
    bases: dict[str, int] = {}

    def level_is(kind: str, level: int, depth: int) -> None:
        if bases.setdefault(kind, level - depth) != level - depth:
            raise NotProved("a binder does not have the level of its depth")

    def walk(block: Block, arrays: Mapping[Array, None], ivs: Mapping[Iv, None]) -> None:
        for statement in block:
            used = list(expressions(statement))
            if isinstance(statement, Store) and statement.array not in arrays:
                free[statement.array] = None
            for node in subexpressions(*used):
                if isinstance(node, Load) and node.array not in arrays:
                    free[node.array] = None
                elif isinstance(node, Iv) and node not in ivs:
                    free[node] = None
            inner_arrays, inner_ivs = dict(arrays), dict(ivs)
            if isinstance(statement, Local):
                level_is("local", statement.array.level, len(arrays))
                inner_arrays[statement.array] = None
            elif isinstance(statement, For):
                level_is("counter", statement.iv.level, len(ivs))
                problem = bound_problem(statement)
                if problem is not None:
                    raise NotProved(problem)
                inner_ivs[statement.iv] = None
            for body in bodies(statement):
                walk(body, inner_arrays, inner_ivs)

    walk(block, {}, {})
    if any(isinstance(s, Store) and isinstance(s.array, Table) for s in statements(block)):
        raise NotProved("a table is written")
    return free, bases
