"""The control flow of a function as a tree: what the structured statements of C come down to.

Each node knows whether control may come out at its end (`falls`) and to which targets it may jump
(`jumps`). A jump's target is always a node around it: there is no goto.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from clang.cindex import Cursor

__all__ = [
    "Case",
    "Choice",
    "Jump",
    "Loop",
    "Node",
    "Once",
    "Plain",
    "Switch",
    "Tail",
    "Target",
    "falls",
    "jumps",
]


@dataclass(frozen=True, eq=False)
class Target:
    """Where jumps go: behind a loop or switch, to the end of an iteration, or out of the function.

    `name` is what the flag is called that is true as long as nothing has jumped there.
    """

    name: str


@dataclass(frozen=True, eq=False)
class Node:
    """Something that control enters at its beginning."""

    cursor: Cursor

    @cached_property
    def falls(self) -> bool:
        return True

    @cached_property
    def jumps(self) -> tuple[Target, ...]:
        return ()


@dataclass(frozen=True, eq=False)
class Plain(Node):
    """An expression or a declaration."""


@dataclass(frozen=True, eq=False)
class Tail(Node):
    """What ends each iteration of the loop `cursor`; `write` writes it."""

    write: Callable[[], None]


@dataclass(frozen=True, eq=False)
class Jump(Node):
    """`break`, `continue` or `return`."""

    target: Target

    @cached_property
    def falls(self) -> bool:
        return False

    @cached_property
    def jumps(self) -> tuple[Target, ...]:
        return (self.target,)


@dataclass(frozen=True, eq=False)
class Case:
    """Where a switch enters a run of statements: if its value is in one of the inclusive ranges
    `labels`, or, for a `default`, in none of them."""

    labels: tuple[tuple[int, int], ...]
    default: bool = False


@dataclass(frozen=True, eq=False)
class Choice(Node):
    """`condition` is an expression, or holds if the switch around it enters at one of the cases."""

    condition: Cursor | tuple[Case, ...]
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]

    @cached_property
    def falls(self) -> bool:
        return falls(self.then) or falls(self.otherwise)

    @cached_property
    def jumps(self) -> tuple[Target, ...]:
        return _united(jumps(self.then), jumps(self.otherwise))


@dataclass(frozen=True, eq=False)
class Switch(Node):
    """`value` decides which of the `cases` hold; `body` is a chain of choices; `break` jumps to `leave`.

    `hoisted` are the variables that are declared in it and visible in several of its cases.
    """

    value: Cursor
    hoisted: tuple[Cursor, ...]
    cases: tuple[Case, ...]
    body: tuple[Node, ...]
    leave: Target

    @cached_property
    def falls(self) -> bool:
        inner = jumps(self.body)
        return falls(self.body) or self.leave in inner

    @cached_property
    def jumps(self) -> tuple[Target, ...]:
        inner = jumps(self.body)
        return tuple(t for t in inner if t is not self.leave)


@dataclass(frozen=True, eq=False)
class Once(Node):
    """`do body while (0)`: `break` and `continue` leave it."""

    body: tuple[Node, ...]
    leave: Target
    next: Target

    @cached_property
    def falls(self) -> bool:
        inner = jumps(self.body)
        return falls(self.body) or self.leave in inner or self.next in inner

    @cached_property
    def jumps(self) -> tuple[Target, ...]:
        inner = jumps(self.body)
        return tuple(t for t in inner if t not in (self.leave, self.next))


@dataclass(frozen=True, eq=False)
class Loop(Node):
    """A loop that tests `condition` (None: always true) before each iteration, `late` after it only.

    `initial` runs once before it, `step` after each iteration; `break` jumps to `leave` and `continue`
    to `next`.
    """

    label: str | None
    initial: Cursor | None
    condition: Cursor | None
    step: Cursor | None
    body: tuple[Node, ...]
    late: bool
    leave: Target
    next: Target

    @cached_property
    def falls(self) -> bool:
        inner = jumps(self.body)
        return self.condition is not None or self.leave in inner

    @cached_property
    def jumps(self) -> tuple[Target, ...]:
        inner = jumps(self.body)
        return tuple(t for t in inner if t not in (self.leave, self.next))

    @property
    def exits(self) -> tuple[Target, ...]:
        """The targets that its body may jump to and that end the loop."""
        return tuple(t for t in jumps(self.body) if t is not self.next)


def falls(nodes: Sequence[Node]) -> bool:
    """Whether control may come out at the end of a sequence."""
    return all(node.falls for node in nodes)


def jumps(nodes: Sequence[Node]) -> tuple[Target, ...]:
    """Where a sequence may jump to; what stands behind a node that does not fall is never reached."""
    found: tuple[Target, ...] = ()
    for node in nodes:
        found = _united(found, node.jumps)
        if not node.falls:
            break
    return found


def _united(left: tuple[Target, ...], right: tuple[Target, ...]) -> tuple[Target, ...]:
    return (*left, *(target for target in right if target not in left))
