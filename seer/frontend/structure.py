"""Builds the control tree of a function body from its statements."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, location, refuse
from seer.frontend.constants import integer_value
from seer.frontend.control import Case, Choice, Jump, Loop, Node, Once, Plain, Switch, Target
from seer.frontend.effects import Effects
from seer.frontend.headers import for_parts, refuse_depth, refuse_initialiser
from seer.frontend.switches import segments

__all__ = ["Structure"]

_log = logging.getLogger(__name__)

_PLAIN = "write it with plain statements"
_NO_GOTO = "write it with loops, `break` and `continue`"
_REFUSED = {
    CursorKind.CASE_STMT: ("a case label inside another statement", "put it directly into the switch"),
    CursorKind.DEFAULT_STMT: ("a default label inside another statement", "put it directly into the switch"),
    CursorKind.GOTO_STMT: ("a goto statement", _NO_GOTO),
    CursorKind.INDIRECT_GOTO_STMT: ("a goto statement", _NO_GOTO),
    CursorKind.ASM_STMT: ("inline assembly", "write it in C"),
    CursorKind.MS_ASM_STMT: ("inline assembly", "write it in C"),
    CursorKind.CXX_TRY_STMT: ("a try block", _PLAIN),
    CursorKind.CXX_FOR_RANGE_STMT: ("a range-based for loop", "write a for loop that counts"),
}
_LONGEST_CHAIN = 8
_DEEPEST = 200
"""How many statements may stand in each other; else-if chains nest too."""
_LOOPS = (CursorKind.FOR_STMT, CursorKind.WHILE_STMT, CursorKind.DO_STMT)


@dataclass(frozen=True)
class _Around:
    """Where `break`, `continue` and `return` lead to."""

    leave: Target | None
    next: Target | None
    returned: Target


class Structure:
    """Builds nodes; raises InputError at statements that are not supported."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._depth = 0

    def function(self, body: Cursor, returned: Target) -> tuple[Node, ...]:
        """The nodes of a function body whose `return` statements jump to `returned`."""
        return self._nodes(body, _Around(None, None, returned))

    def _nodes(self, cursor: Cursor, around: _Around, label: str | None = None) -> tuple[Node, ...]:
        if self._depth == _DEEPEST:
            refuse_depth(cursor)
        self._depth += 1
        nodes = self._statement(cursor, around, label)
        self._depth -= 1
        return nodes

    def _statement(self, cursor: Cursor, around: _Around, label: str | None) -> tuple[Node, ...]:
        match cursor.kind:
            case CursorKind.COMPOUND_STMT:
                return tuple(node for child in cursor.get_children() for node in self._nodes(child, around))
            case CursorKind.DECL_STMT:
                return (Plain(cursor),)
            case CursorKind.LABEL_STMT:
                (labelled,) = cursor.get_children()
                return self._nodes(labelled, around, cursor.spelling)
            case CursorKind.NULL_STMT:
                return ()
            case CursorKind.UNEXPOSED_STMT:
                return self._attributed(cursor, around, label)
            case CursorKind.IF_STMT:
                return (self._choice(cursor, around),)
            case CursorKind.FOR_STMT:
                return (self._for(cursor, around, label),)
            case CursorKind.WHILE_STMT:
                condition, body = self._parts(cursor)
                return (self._loop(cursor, around, label, (None, condition, None), body),)
            case CursorKind.DO_STMT:
                body, condition = cursor.get_children()
                return (self._do(cursor, around, label, condition, body),)
            case CursorKind.SWITCH_STMT:
                return (self._switch(cursor, around),)
            case CursorKind.BREAK_STMT if around.leave is not None:
                return (Jump(cursor, around.leave),)
            case CursorKind.CONTINUE_STMT if around.next is not None:
                return (Jump(cursor, around.next),)
            case CursorKind.RETURN_STMT:
                return (Jump(cursor, around.returned),)
            case kind if kind in _REFUSED:
                what, hint = _REFUSED[kind]
                refuse(cursor, f"{what} is not supported", hint)
            case kind if kind.is_expression():
                return (Plain(cursor),)
            case _:
                refuse(cursor, "this kind of statement is not supported", _PLAIN)

    def _attributed(self, cursor: Cursor, around: _Around, label: str | None) -> tuple[Node, ...]:
        # A statement with an attribute, or a loop under `#pragma unroll` and the like, which clang
        # knows and therefore does not report.
        children = [
            child
            for child in cursor.get_children()
            if child.kind.is_statement() or child.kind.is_expression()
        ]
        if len(children) != 1:
            refuse(cursor, "this kind of statement is not supported", _PLAIN)
        if children[0].kind in _LOOPS:
            _log.warning("%s: the pragma or attribute before this loop is ignored", location(children[0]))
        return self._nodes(children[0], around, label)

    def _parts(self, cursor: Cursor) -> list[Cursor]:
        """Condition and statements of an `if`, `while` or `switch`."""
        refuse_initialiser(cursor)
        return list(cursor.get_children())

    def _choice(self, cursor: Cursor, around: _Around) -> Node:
        condition, then, *otherwise = self._parts(cursor)
        nodes = self._nodes(otherwise[0], around) if otherwise else ()
        return Choice(cursor, condition, self._nodes(then, around), nodes)

    # Loops

    def _truth(self, condition: Cursor | None) -> bool | None:
        """Whether a condition always (or never) holds; a missing one always does."""
        if condition is None:
            return True
        number = None if self._effects.any(condition) else integer_value(condition)
        return None if number is None else number != 0

    def _for(self, cursor: Cursor, around: _Around, label: str | None) -> Node:
        initial, condition, step, body = for_parts(cursor)
        return self._loop(cursor, around, label, (initial, condition, step), body)

    def _loop(
        self,
        cursor: Cursor,
        around: _Around,
        label: str | None,
        header: tuple[Cursor | None, Cursor | None, Cursor | None],
        body: Cursor,
        late: bool = False,
    ) -> Loop:
        leave, next = Target("running"), Target("proceed")
        nodes = self._nodes(body, replace(around, leave=leave, next=next))
        initial, condition, step = header
        if self._truth(condition):
            condition = None
        loop = Loop(cursor, label, initial, condition, step, nodes, late, leave, next)
        if loop.condition is None and not loop.exits:
            hint = "let it end by its condition, `break` or `return`"
            refuse(cursor, "this loop never ends", hint)
        return loop

    def _do(
        self, cursor: Cursor, around: _Around, label: str | None, condition: Cursor, body: Cursor
    ) -> Node:
        if self._truth(condition) is False:
            leave, next = Target("running"), Target("proceed")
            return Once(cursor, self._nodes(body, replace(around, leave=leave, next=next)), leave, next)
        return self._loop(cursor, around, label, (None, condition, None), body, late=True)

    # Switch

    def _switch(self, cursor: Cursor, around: _Around) -> Node:
        """Runs of statements that fall into each other become one branch of a chain of choices."""
        value, body = self._parts(cursor)
        leave = Target("running")
        inside = replace(around, leave=leave)
        hoisted, parts = segments(value, body)
        groups: list[list[tuple]] = [[]]
        for case, statements in parts:
            nodes = tuple(node for statement in statements for node in self._nodes(statement, inside))
            groups[-1].append((case, nodes))
            if not all(node.falls for node in nodes):
                groups.append([])
        chains = [(tuple(case for case, _ in group), self._group(cursor, group)) for group in groups if group]
        # The default holds where no other case does: it comes last.
        chains.sort(key=lambda chain: any(case.default for case in chain[0]))
        complete = any(case.default for case, _ in parts)
        cases = tuple(case for case, _ in parts)
        return Switch(cursor, value, hoisted, cases, _chosen(cursor, chains, complete), leave)

    def _group(self, cursor: Cursor, group: Sequence[tuple]) -> tuple[Node, ...]:
        *earlier, (_, last) = group
        entered: tuple = ()
        nodes: tuple[Node, ...] = ()
        for case, statements in earlier:
            entered = (*entered, case)
            nodes += (Choice(cursor, entered, statements, ()),)
        return (*nodes, *last)


def _chosen(
    cursor: Cursor, branches: Sequence[tuple[tuple[Case, ...], tuple[Node, ...]]], complete: bool
) -> tuple[Node, ...]:
    """The branch of which a case holds: a chain of choices, or a tree where that would be a long one.

    `complete` says that one of them holds for certain.
    """
    if not branches:
        return ()
    (cases, branch), *others = branches
    if not others and complete:
        return branch
    if len(branches) <= _LONGEST_CHAIN:
        return (Choice(cursor, cases, branch, _chosen(cursor, others, complete)),)
    middle = len(branches) // 2
    left, right = branches[:middle], branches[middle:]
    cases = tuple(case for some, _ in left for case in some)
    return (Choice(cursor, cases, _chosen(cursor, left, True), _chosen(cursor, right, complete)),)
