"""Memoised walks over terms: the one place where binder levels are renumbered."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from seer.lang.terms import (
    Array,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Statement,
    Store,
    While,
)

__all__ = [
    "Rewriter",
    "bodies",
    "children",
    "expressions",
    "loop_free",
    "shift_levels",
    "statements",
    "subexpressions",
    "unknown",
    "with_bodies",
    "without_groups",
]

S = TypeVar("S", bound=Statement)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct operands of an expression."""
    match expr:
        case Load():
            return expr.indices
        case Op():
            return expr.operands
        case _:
            return ()


def subexpressions(*roots: Expr) -> list[Expr]:
    """Each distinct node below `roots`, operands before users."""
    # Whatever an earlier root has in common with a later one is whole: the order is that of one walk.
    return list(dict.fromkeys(chain.from_iterable(map(_below, roots))))


@lru_cache(maxsize=1 << 14)
def _below(root: Expr) -> tuple[Expr, ...]:
    order: dict[Expr, None] = {}
    stack: list[Expr | None] = [root]
    opened: list[Expr] = []
    while stack:
        node = stack.pop()
        if node is None:  # all operands of the node opened last stand before it
            order[opened.pop()] = None
        elif node not in order:
            operands = children(node)
            if operands:
                opened.append(node)
                stack.append(None)
                stack.extend(reversed(operands))
            else:
                order[node] = None
    return tuple(order)


def unknown(root: Expr, known: Container[Expr]) -> list[Expr]:
    """The nodes below `root` that are not `known`, operands before users, where what is below a known node
    is known as well: what a memoised walk has to look at."""
    if root in known:
        return []
    order: dict[Expr, None] = {}
    stack: list[Expr | None] = [root]
    opened: list[Expr] = []
    while stack:
        node = stack.pop()
        if node is None:
            order[opened.pop()] = None
        elif node not in order and node not in known:
            opened.append(node)
            stack.append(None)
            stack.extend(reversed(children(node)))
    return list(order)


def statements(block: Block) -> Iterator[Statement]:
    """All statements of a block, outer before inner, in program order."""
    waiting = list(reversed(block))
    while waiting:
        statement = waiting.pop()
        yield statement
        for body in reversed(bodies(statement)):
            waiting.extend(reversed(body))


def bodies(statement: Statement) -> tuple[Block, ...]:
    """The blocks that stand in a statement, in the order in which they are written."""
    match statement:
        case For() | While() | Group() | Local():
            return (statement.body,)
        case If():
            return (statement.then, statement.otherwise)
        case _:
            return ()


def with_bodies(statement: Statement, blocks: Sequence[Block]) -> Statement:
    """The statement with other blocks in it, in the order of `bodies`."""
    match statement:
        case For(iv, lower, upper):
            return For(iv, lower, upper, blocks[0])
        case While(condition):
            return While(condition, blocks[0])
        case If(condition):
            return If(condition, blocks[0], blocks[1])
        case Group():
            return Group(blocks[0])
        case Local(array):
            return Local(array, blocks[0])
        case _:
            return statement


def without_groups(block: Block) -> Block:
    """`block` with the bodies of its Groups in place of them, at every depth."""
    result: Block = ()
    for statement in block:
        inner = [without_groups(body) for body in bodies(statement)]
        result += inner[0] if isinstance(statement, Group) else (with_bodies(statement, inner),)
    return result


def expressions(statement: Statement) -> tuple[Expr, ...]:
    """The expressions that stand directly in a statement (not in its body)."""
    match statement:
        case Store():
            return (*statement.indices, statement.value, statement.when)
        case For():
            return (statement.lower, statement.upper)
        case While() | If():
            return (statement.condition,)
        case _:
            return ()


def loop_free(block: Block) -> bool:
    """Whether a block holds no loop."""
    return not any(isinstance(statement, (For, While)) for statement in statements(block))


class Rewriter:
    """Rebuilds terms bottom-up. `leaf` maps Iv, Param, Const; `array` maps array references.

    `expr(node, operands)` may be overridden to rewrite inner nodes after their operands. Results are
    memoised by node, so one Rewriter serves one substitution.
    """

    def __init__(
        self,
        leaf: Callable[[Expr], Expr] = lambda e: e,
        array: Callable[[Array], Array] = lambda a: a,
    ) -> None:
        self._leaf = leaf
        self._array = array
        self._memo: dict[Expr, Expr] = {}

    def expression(self, root: Expr) -> Expr:
        for node in unknown(root, self._memo):
            self._memo[node] = self._rebuild(node)
        return self._memo[root]

    def _rebuild(self, node: Expr) -> Expr:
        match node:
            case Const() | Param() | Iv():
                return self._leaf(node)
            case Load(array, indices):
                return Load(self._array(array), tuple(self._memo[i] for i in indices))  # type: ignore[call-arg]
            case Op(name, bits, operands):
                return Op(name, bits, tuple(self._memo[o] for o in operands))
            case _:
                raise TypeError(type(node).__name__)

    def block(self, block: Block) -> Block:
        return tuple(self.statement(s) for s in block)

    def statement(self, s: Statement) -> Statement:
        match s:
            case Store():
                indices = tuple(self.expression(i) for i in s.indices)
                return Store(self._array(s.array), indices, self.expression(s.value), self.expression(s.when))
            case For():
                iv = self._leaf(s.iv)
                if not isinstance(iv, Iv):
                    raise TypeError("a rewriter must map a bound induction variable to one")
                return For(iv, self.expression(s.lower), self.expression(s.upper), self.block(s.body))
            case While():
                return While(self.expression(s.condition), self.block(s.body))
            case If():
                return If(self.expression(s.condition), self.block(s.then), self.block(s.otherwise))
            case Group():
                return Group(self.block(s.body))
            case Local():
                array = self._array(s.array)
                if not isinstance(array, LocalArray):
                    raise TypeError("a rewriter must map a bound local array to one")
                return Local(array, self.block(s.body))
            case _:
                raise TypeError(type(s).__name__)


def shift_levels(block: Block, iv_from: int, iv_by: int, local_from: int = 0, local_by: int = 0) -> Block:
    """`block` with Iv levels ≥ iv_from moved by iv_by and Local levels ≥ local_from moved by local_by.

    This is what moving a term across a binder needs, and the only function that does it.
    """

    def leaf(e: Expr) -> Expr:
        if isinstance(e, Iv) and e.level >= iv_from:
            return Iv(e.bits, e.level + iv_by, e.lower, e.upper, e.step)
        return e

    def array(a: Array) -> Array:
        if isinstance(a, LocalArray) and a.level >= local_from:
            return LocalArray(a.type, a.level + local_by)
        return a

    return Rewriter(leaf, array).block(block)
