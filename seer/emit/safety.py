"""Which loads the emitted code may execute, and where.

In SeerLang a load is total; in C++ one outside its array is undefined. A load whose subscripts intervals
prove in bounds may stand anywhere. Any other is *checked* (an element that does not exist is replaced by
the value that the interpreter gives) where reading it plainly could be a new fault: where it would leave
the condition under which alone its array is read in the source.
"""

from __future__ import annotations

from collections.abc import Iterable

from seer.lang.intervals import Intervals
from seer.lang.program import Program
from seer.lang.terms import TRUE, Expr, For, Load, LocalArray, Op, Statement, Store, TopArray
from seer.lang.traverse import children, expressions, statements, subexpressions

__all__ = ["Safety", "strict_children", "unconditional"]

_LAZY = ("and", "or", "mul", "shl", "lshr", "udiv", "sdiv", "urem", "srem")
"""Operators whose 1-bit form `seer.emit.conditions` writes with && or ||."""


def strict_children(node: Expr) -> tuple[Expr, ...]:
    """The operands that the emitted code evaluates whenever it evaluates `node`."""
    if isinstance(node, Op) and (node.name == "select" or (node.bits == 1 and node.name in _LAZY)):
        # A select becomes ?:, a 1-bit conjunction or disjunction && or ||.
        return node.operands[:1]
    return children(node)


def reached(roots: Iterable[Expr]) -> dict[Expr, None]:
    """The expressions that are evaluated whenever `roots` are, in a fixed order."""
    seen: dict[Expr, None] = {}
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in seen:
            seen[node] = None
            stack.extend(strict_children(node))
    return seen


def unconditional(statement: Statement) -> dict[Expr, None]:
    """The expressions that are evaluated whenever the statement is reached."""
    if isinstance(statement, Store) and statement.when is not TRUE:
        return reached([statement.when])
    return reached(expressions(statement))


class Safety:
    """What the source says about subscripts that intervals cannot bound.

    A subscript that the source evaluates unconditionally is in bounds, or the source's own behaviour is
    undefined. `check_all` trusts none: each load and store that is not proved in bounds is then checked.
    """

    def __init__(self, source: Program, intervals: Intervals, check_all: bool = False) -> None:
        self.check_all = check_all
        self._intervals = intervals
        self._arrays: dict[TopArray, None] = {}
        self._locals = False
        for statement in statements(source.body):
            if isinstance(statement, (Store, For)):
                always = unconditional(statement)
                for node in subexpressions(*expressions(statement)):
                    if isinstance(node, Load) and node not in always and not self.proved(node):
                        if isinstance(node.array, TopArray):
                            self._arrays[node.array] = None
                        else:
                            self._locals = True

    def proved(self, access: Load | Store) -> bool:
        """Whether the element surely exists."""
        extents = access.array.type.shape
        return all(
            self._intervals.of(index).uhi < extent
            for index, extent in zip(access.indices, extents, strict=True)
        )

    def guarded_in_source(self, load: Load) -> bool:
        """Whether the source reads the array of `load` under a condition at places not proved in bounds."""
        # Rewriting renumbers local arrays, so one of them stands for all.
        return self._locals if isinstance(load.array, LocalArray) else load.array in self._arrays
