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
from seer.lang.terms import TRUE, Array, Block, Expr, If, Load, Local, LocalArray, Op, Statement, Store, While
from seer.lang.traverse import bodies, children, expressions, statements, subexpressions

__all__ = ["Guards", "Safety", "strict_children", "unconditional"]

Guards = tuple[tuple[Expr, bool], ...]
"""The conditions of enclosing branches and loops, and whether each holds or does not."""

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

    A subscript that the source evaluates is in bounds, or the source's own behaviour is undefined. That
    says something of the emitted code only where it evaluates the subscript under no weaker condition.
    `check_all` trusts nothing: each load and store that is not proved in bounds is then checked.
    """

    def __init__(
        self, source: Program, emitted: Program, intervals: Intervals, check_all: bool = False
    ) -> None:
        self.check_all = check_all
        self._intervals = intervals
        self._same = source.body == emitted.body
        self._captured = {**self._captures(source), **self._captures(emitted)}
        # Under which conditions the source reads an array where intervals do not prove the subscript.
        self._reads: dict[Array | None, dict[Guards | None, None]] = {}
        if not self._same:
            self._collect(source.body, ())

    def _captures(self, program: Program) -> dict[Load, None]:
        """Loads not proved in bounds whose value a variable keeps that the source does not name.

        It keeps what a condition may have guarded in the source: `i < n && a[i]`, where a is written after.
        """
        found: dict[Load, None] = {}
        unnamed: dict[Array, None] = {}
        for statement in statements(program.body):
            if isinstance(statement, Local) and not statement.array.type.shape:
                origin = program.origins.get(statement)
                if origin is None or not origin.names:
                    unnamed[statement.array] = None
                else:
                    unnamed.pop(statement.array, None)
            elif isinstance(statement, Store) and statement.array in unnamed:
                loads = (node for node in reached([statement.value]) if isinstance(node, Load))
                found.update((load, None) for load in loads if not self.proved(load))
        return found

    def _collect(self, block: Block, guards: Guards) -> None:
        for statement in block:
            always = unconditional(statement)
            inner = (*guards, (statement.condition, True)) if isinstance(statement, While) else guards
            for node in subexpressions(*expressions(statement)):
                if isinstance(node, Load) and not self.proved(node):
                    reads = self._reads.setdefault(_known_as(node.array), {})
                    # None: under a condition inside the statement, which no place outside it implies.
                    strict = node in always and node not in self._captured
                    reads[guards if strict else None] = None
            if isinstance(statement, If):
                self._collect(statement.then, (*guards, (statement.condition, True)))
                self._collect(statement.otherwise, (*guards, (statement.condition, False)))
            else:
                for body in bodies(statement):
                    self._collect(body, inner)

    def proved(self, access: Load | Store) -> bool:
        """Whether the element surely exists."""
        extents = access.array.type.shape
        return all(
            self._intervals.of(index).uhi < extent
            for index, extent in zip(access.indices, extents, strict=True)
        )

    def guarded_in_source(self, load: Load, guards: Guards) -> bool:
        """Whether the source reads the array of `load`, at places not proved in bounds, only under some
        condition that is not among `guards`, those of the place where the emitted code has the load."""
        return load in self._captured or any(
            under is None or any(guard not in guards for guard in under)
            for under in self._reads.get(_known_as(load.array), ())
        )


def _known_as(array: Array) -> Array | None:
    # Rewriting renumbers local arrays, so one of them stands for all.
    return None if isinstance(array, LocalArray) else array
