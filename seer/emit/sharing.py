"""Which sub-expressions of a straight-line run become named temporaries, and where they are defined.

A temporary holds the value of an expression at one version of the memories it reads, so it never moves a
load across a store to the same array. Naming keeps the emitted text linear in the size of the DAG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.emit.safety import Guards, Safety, strict_children, unconditional
from seer.lang.terms import Array, Const, Expr, Iv, Load, Op, Param, Statement, Store
from seer.lang.traverse import children, expressions, subexpressions

__all__ = ["Key", "Run", "plan"]

Key = tuple[Expr, int]
"""An expression, and the last statement of the run before which its memories were written (-1: none)."""

_WORTH_NAMING = 5
"""Expressions of fewer nodes are spelled out again instead of being named."""

_LONGEST = 28
"""No statement spells out more nodes than this; larger expressions are cut into temporaries."""


@dataclass(frozen=True)
class Run:
    """The plan for consecutive statements.

    `keys[n]` gives each expression of statement n, operands before users, with its key. `named` are the
    keys that become temporaries, `checked` those of loads that need a bounds check, `subscripts` those
    that occur as a subscript only.
    """

    keys: tuple[dict[Expr, Key], ...]
    named: dict[Key, None]
    checked: dict[Key, None]
    subscripts: dict[Key, None]


def plan(run: Sequence[Statement], safety: Safety, guards: Guards) -> Run:
    """Decide the temporaries of consecutive statements under `guards`.

    These are stores, or one control statement, of which its bounds or condition are meant.
    """
    keys = _keys(run)
    always: dict[Key, None] = {}
    for statement, table in zip(run, keys, strict=True):
        always.update((table[node], None) for node in unconditional(statement))
    uses, subscripts = _uses(run, keys)
    named, costs = _named(keys, uses)
    checked = _checked(keys, named, costs, always, safety, guards)
    return Run(keys, named, checked, subscripts)


def _keys(run: Sequence[Statement]) -> tuple[dict[Expr, Key], ...]:
    written: dict[Array, int] = {}
    reads: dict[Expr, frozenset[Array]] = {}
    tables = []
    for number, statement in enumerate(run):
        table: dict[Expr, Key] = {}
        for node in subexpressions(*expressions(statement)):
            if node not in reads:
                own = frozenset([node.array]) if isinstance(node, Load) else frozenset()
                reads[node] = own.union(*(reads[child] for child in children(node)))
            table[node] = (node, max((written.get(array, -1) for array in reads[node]), default=-1))
        tables.append(table)
        if isinstance(statement, Store):
            written[statement.array] = number
    return tuple(tables)


def _uses(
    run: Sequence[Statement], keys: Sequence[dict[Expr, Key]]
) -> tuple[dict[Key, int], dict[Key, None]]:
    """How often each key is an operand, and those that are never anything but a subscript."""
    uses: dict[Key, int] = {}
    plain: dict[Key, None] = {}
    seen: dict[Key, None] = {}
    for statement, table in zip(run, keys, strict=True):
        roots = expressions(statement)
        subscript_count = len(statement.indices) if isinstance(statement, Store) else 0
        for position, root in enumerate(roots):
            uses[table[root]] = uses.get(table[root], 0) + 1
            if position >= subscript_count:
                plain[table[root]] = None
        for node, key in table.items():
            if key in seen:
                continue
            seen[key] = None
            for child in children(node):
                uses[table[child]] = uses.get(table[child], 0) + 1
                if not isinstance(node, Load):
                    plain[table[child]] = None
    return uses, {key: None for key in seen if key not in plain}


def _leaf(node: Expr) -> bool:
    return isinstance(node, (Const, Iv, Param)) or (isinstance(node, Load) and not node.indices)


def _own_cost(node: Expr) -> int:
    return 0 if isinstance(node, Op) and node.name in ("zext", "sext", "trunc") else 1


def _named(keys: Sequence[dict[Expr, Key]], uses: dict[Key, int]) -> tuple[dict[Key, None], dict[Key, int]]:
    named: dict[Key, None] = {}
    costs: dict[Key, int] = {}
    for table in keys:
        for node, key in table.items():
            if key in costs:
                continue
            operands = [table[child] for child in children(node)]

            def spelled(operand: Key) -> int:
                return 1 if operand in named else costs[operand]

            while True:
                costs[key] = _own_cost(node) + sum(spelled(operand) for operand in operands)
                if costs[key] <= _LONGEST:
                    break
                largest = max(operands, key=spelled)
                if spelled(largest) <= 1:
                    break
                named[largest] = None
            if uses[key] > 1 and costs[key] >= _WORTH_NAMING and not _leaf(node):
                named[key] = None
    return named, costs


def _checked(
    keys: Sequence[dict[Expr, Key]],
    named: dict[Key, None],
    costs: dict[Key, int],
    always: dict[Key, None],
    safety: Safety,
    guards: Guards,
) -> dict[Key, None]:
    """Loads to check; adds their subscripts, which a check spells twice, to `named`."""
    table_of = {key: table for table in reversed(keys) for key in table.values()}
    while True:
        # What naming moves out of the condition that it stood under.
        moved: dict[Key, None] = {}
        for key in named:
            if key not in always:
                stack = [key]
                while stack:
                    top = stack.pop()
                    if top in moved:
                        continue
                    moved[top] = None
                    table = table_of[top]
                    stack.extend(table[c] for c in strict_children(top[0]) if table[c] not in named)
        checked: dict[Key, None] = {}
        grown = False
        for key, table in table_of.items():
            load = key[0]
            if not isinstance(load, Load) or safety.proved(load):
                continue
            if safety.check_all or key in moved or (key in always and safety.guarded_in_source(load, guards)):
                checked[key] = None
                for index in load.indices:
                    if costs[table[index]] > 1 and table[index] not in named:
                        named[table[index]] = None
                        grown = True
        if not grown:
            return checked
