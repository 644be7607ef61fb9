"""Writes the control tree of a function in the exchange form.

    if (c) { A; return; } B   -->   if (c) { A } else { B }
    S; B, where S may jump    -->   S; if (no flag of S's targets is cleared) { B }
    for, while, do            -->   affine.for where they count, else scf.while over memory

A jump clears the flag of its target. `scf.while` tests the flags of all targets that end the loop beside
the loop's own condition, which has no effects: a condition with effects, and that of a do loop, is
evaluated before the first iteration and at the end of each, into the flag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, location
from seer.frontend.branches import Flag, as_bit, choose, flag
from seer.frontend.control import Case, Choice, Jump, Loop, Node, Once, Switch, Tail, Target, jumps
from seer.frontend.counted import Count, Header
from seer.frontend.expressions import Expressions
from seer.frontend.headers import refuse_depth
from seer.frontend.loops import Loops
from seer.frontend.switches import switch_type
from seer.frontend.types import INT
from seer.frontend.values import Emitter, Value, constant
from seer.lang.mlir_bindings import arith, ir, scf

__all__ = ["Flow", "mlir_location"]

_DEEPEST = 120
"""How deep branches and loops may stand in each other, what follows an early exit included."""


class Flow:
    """Writes nodes at the insertion point.

    `plain` writes an expression or declaration, `result` the value of a `return` statement, and
    `declare` makes the registers of variables.
    """

    def __init__(
        self,
        expressions: Expressions,
        emitter: Emitter,
        loops: Loops,
        plain: Callable[[Cursor], None],
        result: Callable[[Cursor], None],
        declare: Callable[[Cursor], None],
    ) -> None:
        self._expressions = expressions
        self._emitter = emitter
        self._loops = loops
        self._plain = plain
        self._result = result
        self._declare = declare
        self._depth = 0
        self._earlier: tuple[Node, ...] = ()
        self._flags: dict[Target, Flag] = {}
        self._entries: dict[Case, Any] = {}

    def body(self, nodes: Sequence[Node], *targets: Target) -> None:
        """Nodes that may jump to `targets`, which are behind them."""
        if not targets:
            self._sequence(nodes)
            return
        first, *others = targets
        with self._target(first) if first in jumps(nodes) else nullcontext():
            self.body(nodes, *others)

    @contextmanager
    def _target(self, target: Target, start: Value | None = None) -> Iterator[Flag]:
        with flag(self._emitter, target.name, start) as made:
            self._flags[target] = made
            yield made
            del self._flags[target]

    def _sequence(self, nodes: Sequence[Node]) -> None:
        for position, node in enumerate(nodes):
            rest = tuple(nodes[position + 1 :])
            self._earlier = tuple(nodes[:position])
            if not node.falls or not rest:
                self._node(node)
                return
            if not node.jumps:
                self._node(node)
                continue
            if isinstance(node, Choice):
                # Where only one branch goes on, the rest belongs to it.
                leaves = [not all(n.falls for n in side) for side in (node.then, node.otherwise)]
                if leaves[0]:
                    self._node(replace(node, otherwise=(*node.otherwise, *rest)))
                    return
                if leaves[1]:
                    self._node(replace(node, then=(*node.then, *rest)))
                    return
            self._node(node)
            with mlir_location(rest[0].cursor):
                choose(self._alive(node.jumps), lambda rest=rest: self._sequence(rest))
            return

    def _alive(self, targets: Sequence[Target], condition: bool | Any = True) -> bool | Any:
        """`condition`, and nothing has jumped to any of the targets."""
        for target in targets:
            bit = self._flags[target].value()
            condition = bit if condition is True else arith.AndIOp(condition, bit).result
        return condition

    def _node(self, node: Node) -> None:
        if self._depth == _DEEPEST:
            refuse_depth(node.cursor)
        self._depth += 1
        self._write(node)
        self._depth -= 1

    def _write(self, node: Node) -> None:
        with mlir_location(node.cursor):
            match node:
                case Jump():
                    if node.cursor.kind is CursorKind.RETURN_STMT:
                        self._result(node.cursor)
                    self._flags[node.target].clear()
                case Choice():
                    condition = self._condition(node.condition)
                    otherwise = (lambda: self._sequence(node.otherwise)) if node.otherwise else None
                    choose(condition, lambda: self._sequence(node.then), otherwise)
                case Switch():
                    self._switch(node)
                case Once():
                    self.body(node.body, node.leave, node.next)
                case Loop():
                    self._loop(node)
                case Tail():
                    node.write()
                case _:
                    self._plain(node.cursor)

    # Switch

    def _condition(self, condition: Cursor | tuple[Case, ...]) -> bool | Any:
        if isinstance(condition, Cursor):
            return self._expressions.condition(condition)
        holds: bool | Any = False
        for case in condition:
            holds = _either(holds, self._entries[case])
        return holds

    def _switch(self, node: Switch) -> None:
        for variable in node.hoisted:
            self._declare(variable)
        value = self._expressions.converted(node.value, switch_type(node.value))
        for case in node.cases:
            self._entries[case] = self._matches(value, case)
        self.body(node.body, node.leave)

    def _matches(self, value: Value, case: Case) -> bool | Any:
        """Whether a switch enters at `case`."""
        if value.number is not None:
            return any(low <= value.number <= high for low, high in case.labels) != case.default
        holds: bool | Any = False
        for low, high in case.labels:
            holds = _either(holds, self._in_range(value, low, high))
        if not case.default:
            return holds
        if isinstance(holds, bool):
            return not holds
        return arith.XOrIOp(holds, as_bit(True)).result

    def _in_range(self, value: Value, low: int, high: int) -> Any:
        first, last = constant(low, value.type), constant(high, value.type)
        if low == high:
            return self._emitter.truth(self._emitter.operate("eq", INT, value, first))
        order = "sle" if value.type.signed else "ule"
        above = self._emitter.operate(order, INT, first, value)
        return self._emitter.truth(
            self._emitter.logical("and", INT, above, self._emitter.operate(order, INT, value, last))
        )

    # Loops

    def _loop(self, node: Loop) -> None:
        if node.cursor.kind is CursorKind.FOR_STMT and not node.exits and not node.late:
            counted = self._loops.counted(node.cursor)
            if counted is not None:
                self._count(node, *counted)
                return
        elif node.initial is None and node.step is None:
            repeated = self._loops.repeated(node, self._earlier)
            if repeated is not None:
                header, counting, body = repeated
                self._count(replace(node, body=body), header, counting)
                return
        with self._loops.counter_register(node.cursor, self._declare):
            if node.initial is not None:
                with mlir_location(node.initial):
                    self._plain(node.initial)
            self._while(node)

    def _count(self, node: Loop, header: Header, counting: Count) -> None:
        for part in header.before:
            with mlir_location(part):
                self._plain(part)
        self._loops.lower(header, counting, node.label, lambda: self._iteration(node, header.steps))

    def _while(self, node: Loop) -> None:
        condition = node.condition
        # Whether the flag, rather than the loop, holds the condition.
        early = condition is not None and (node.late or self._expressions.effects.any(condition))
        start = None
        if early and not node.late and condition is not None:
            start = self._expressions.value(condition)
        needed = early or node.leave in node.exits
        with self._target(node.leave, start) if needed else nullcontext():
            ended_by = [node.leave] if early and node.leave not in node.exits else []
            operation = scf.WhileOp([], [])
            if node.label is not None:
                operation.attributes["seer.label"] = ir.StringAttr.get(node.label)
            with ir.InsertionPoint(operation.before.blocks.append()):
                goes_on: bool | Any = True
                if condition is not None and not early:
                    goes_on = self._expressions.condition(condition)
                if goes_on is not False:
                    goes_on = self._alive((*node.exits, *ended_by), goes_on)
                scf.ConditionOp(as_bit(goes_on), [])
            with ir.InsertionPoint(operation.after.blocks.append()):
                self._iteration(node, () if node.step is None else (node.step,), early)
                scf.YieldOp([])

    def _iteration(self, node: Loop, steps: Sequence[Cursor], early: bool = False) -> None:
        """The body of a loop, then its steps, and its condition if that goes to the flag."""

        def write() -> None:
            for step in steps:
                with mlir_location(step):
                    self._expressions.effect(step)
            if early and node.condition is not None:
                with mlir_location(node.condition):
                    self._flags[node.leave].set(self._expressions.value(node.condition))

        last = (Tail(node.cursor, write),) if steps or early else ()
        if node.next not in jumps(node.body):
            self._sequence((*node.body, *last))
            return
        self.body(node.body, node.next)
        if last:
            choose(self._alive(node.exits), write)


def _either(left: bool | Any, right: bool | Any) -> bool | Any:
    if isinstance(left, bool):
        return True if left else right
    if isinstance(right, bool):
        return True if right else left
    return arith.OrIOp(left, right).result


def mlir_location(cursor: Cursor) -> Any:
    """The MLIR location of a cursor, to be entered around what is built for it."""
    place = location(cursor)
    return ir.Location.file(place.file, place.line, place.column)
