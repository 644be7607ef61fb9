"""Which loops are pipelined where nothing is asked for."""

from __future__ import annotations

from seer.lang.program import Program
from seer.lang.terms import Block, For, LocalArray, Loop, While
from seer.lang.traverse import bodies, loop_free
from seer.schedule.sites import controls, flat_body, has_constant_bounds

__all__ = ["auto_pipelined"]


def auto_pipelined(program: Program) -> frozenset[Loop]:
    """Each innermost loop, and the loops around it as far as the nest is perfect and all bounds are
    constant: what `schedule` then pipelines and flattens."""
    chosen: set[Loop] = set()

    def visit(loop: For) -> bool:
        """Whether the whole nest below and including the loop is pipelined and may be flattened."""
        items = flat_body(loop.body)
        inner = [item.statement for item in controls(items)]
        whole = block(loop.body)
        constant = has_constant_bounds(loop)
        perfect = len(inner) == 1 and all(isinstance(i, LocalArray) or i in controls(items) for i in items)
        if not inner or (perfect and whole and constant):
            chosen.add(loop)
            return constant
        return False

    def block(body: Block) -> bool:
        """Whether all of its control statements are such nests."""
        found = [item.statement for item in controls(flat_body(body))]
        whole = True
        for statement in found:
            if isinstance(statement, For):
                whole &= visit(statement)
            else:
                whole = False
                if isinstance(statement, While) and loop_free(statement.body):
                    chosen.add(statement)
                for inner in bodies(statement):
                    block(inner)
        return whole

    block(program.body)
    return frozenset(chosen)
