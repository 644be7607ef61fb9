"""Content ranges of Locals, from what is stored in them.

A range that every store to a Local keeps may be declared: it then also holds of what the Local contains at
entry, and no claim is made of a program that reads what it never wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

from seer.lang.intervals import Interval, Intervals
from seer.lang.program import Origin
from seer.lang.rebuild import Rebuild
from seer.lang.terms import Array, ArrayType, Block, Load, Local, LocalArray, Range, Statement, Store, Term
from seer.lang.traverse import Rewriter, statements, subexpressions

__all__ = ["declared_content", "with_local_contents"]


def with_local_contents(block: Block, origins: Mapping[Term, Origin]) -> tuple[Block, dict[Term, Origin]]:
    """The block with ranges declared wherever the values stored leave something out, and its origins."""
    work = _Locals(origins)
    return work.block(block), work.origins


def declared_content(interval: Interval) -> Range | None:
    """The interval as a content range, read signed where it may be negative; None for everything."""
    if interval == Interval.full(interval.width):
        return None
    if interval.slo < 0 and (interval.slo, interval.shi) != Interval.full(interval.width).signed_bounds:
        return Range(interval.slo, interval.shi)
    return Range(interval.ulo, interval.uhi)


class _Locals(Rebuild):
    def __init__(self, origins: Mapping[Term, Origin]) -> None:
        super().__init__(origins)
        self._scope: dict[Array, Array] = {}

    def statement(self, statement: Statement) -> Statement | None:
        if not isinstance(statement, Local):
            return super().statement(statement)
        outer = dict(self._scope)
        array = _narrowed(statement.array, statement.body, outer)
        body = self._inside({**outer, statement.array: array}, statement.body)
        if array is statement.array:
            # Once the Locals inside have their ranges, more may be known of what is stored here.
            array = _narrowed(statement.array, body, {})
            if array is not statement.array:
                again = Rebuild(self.origins, Rewriter(array=lambda a: array if a is statement.array else a))
                body = again.block(body)
                self.origins.update(again.origins)
        self._scope, self.rewriter = outer, _mapping(outer)
        return self.kept(statement, Local(array, body))

    def _inside(self, scope: dict[Array, Array], body: Block) -> Block:
        self._scope, self.rewriter = scope, _mapping(scope)
        return self.block(body)


def _mapping(scope: Mapping[Array, Array]) -> Rewriter:
    return Rewriter(array=lambda a: scope.get(a, a))


def _narrowed(array: LocalArray, body: Block, scope: Mapping[Array, Array]) -> LocalArray:
    """The Local with the range of what is stored in it; itself where nothing is known."""
    stored = [s.value for s in statements(body) if isinstance(s, Store) and s.array is array]
    if not stored or array.type.content is not None:
        return array
    rewriter, intervals = _mapping(scope), Intervals()
    own = [e for e in stored if any(isinstance(n, Load) and n.array is array for n in subexpressions(e))]
    first = [intervals.of(rewriter.expression(e)) for e in stored if e not in own]
    if not first:
        return array
    content = declared_content(_hull(first))
    if content is None:
        return array
    made = LocalArray(ArrayType(array.type.width, array.type.shape, content), array.level)
    assumed, limit = _mapping({**scope, array: made}), _hull(first)
    for e in own:
        shown = intervals.of(assumed.expression(e))
        if _hull([shown, limit]) != limit:
            return array
    return made


def _hull(intervals: list[Interval]) -> Interval:
    return Interval(
        intervals[0].width,
        min(i.ulo for i in intervals),
        max(i.uhi for i in intervals),
        min(i.slo for i in intervals),
        max(i.shi for i in intervals),
    )
