"""Rebuilding a block statement by statement so that new statements keep the origins of the old ones."""

from __future__ import annotations

from collections.abc import Mapping

from seer.lang.program import Origin
from seer.lang.terms import Block, For, If, Statement, Store, Term, While
from seer.lang.traverse import Rewriter, bodies, with_bodies

__all__ = ["Rebuild"]


class Rebuild:
    """Rewrites expressions by `rewriter`, statements as subclasses say; `origins` are those of the result."""

    def __init__(self, origins: Mapping[Term, Origin], rewriter: Rewriter | None = None) -> None:
        self.rewriter = rewriter or Rewriter()
        self._old = origins
        self.origins: dict[Term, Origin] = {t: o for t, o in origins.items() if not isinstance(t, Statement)}

    def block(self, block: Block) -> Block:
        """The rebuilt statements, without those that are dropped."""
        return tuple(made for s in block if (made := self.statement(s)) is not None)

    def statement(self, statement: Statement) -> Statement | None:
        """The rebuilt statement, or None to drop it."""
        made = with_bodies(statement, [self.block(body) for body in bodies(statement)])
        return self.kept(statement, self.with_expressions(made))

    def kept(self, old: Statement, new: Statement) -> Statement:
        """`new`, with the origin of `old`."""
        origin = self._old.get(old)
        if origin is not None:
            earlier = self.origins.get(new)
            self.origins[new] = origin if earlier is None else earlier.merged(origin)
        return new

    def with_expressions(self, statement: Statement) -> Statement:
        """The statement with its own expressions rewritten, its bodies as they are."""
        expression = self.rewriter.expression
        match statement:
            case Store():
                return self.rewriter.statement(statement)
            case For(iv, lower, upper, body):
                return For(iv, expression(lower), expression(upper), body)
            case While(condition, body):
                return While(expression(condition), body)
            case If(condition, then, otherwise):
                return If(expression(condition), then, otherwise)
            case _:
                return statement
