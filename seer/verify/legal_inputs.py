"""Which contents of arrays and parameters keep the C source defined, by abstract interpretation.

SeerLang is total, C is not: a generated vector must not divide by zero, shift by the width, leave an array
or run for hours. Contents that flow into such a place get the largest range in which nothing goes wrong
that can be avoided; what a condition in the source looks at is left to that condition.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from seer.emit.safety import reached, unconditional
from seer.lang.intervals import Interval, Intervals
from seer.lang.operators import mask
from seer.lang.program import RETURN_NAME, Argument, Program
from seer.lang.terms import (
    Array,
    ArrayType,
    Block,
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
    Range,
    Statement,
    Store,
    Table,
    TopArray,
    While,
)
from seer.lang.traverse import Rewriter, bodies, expressions, statements, subexpressions
from seer.verify.loop_bounds import grown_together, loop_bound_limits

__all__ = ["Legal", "legal_inputs"]

_MOST_ITERATIONS = 1 << 14
_STARTS = (1, 0, 2, 3, 4, 8, 64)
"""Where the search for a range begins: the first of these with the fewest faults."""

_ROUNDS = 4
"""Rounds of the content analysis before what still grows is taken to hold anything."""


@dataclass(frozen=True)
class Legal:
    """Which contents are legal.

    Ranges by argument name, for those that need one, the arguments that reach a subscript, the parameters
    in loop bounds, and all arguments that reach one. `guarded` says that only conditions in the source keep
    some place legal, as far as they do.
    """

    ranges: Mapping[str, Range]
    subscripts: tuple[str, ...]
    counting: tuple[str, ...] = ()
    bounding: tuple[str, ...] = ()
    guarded: bool = False


def legal_inputs(program: Program) -> Legal:
    """The largest ranges of the arguments that matter, found one after the other."""
    flow = _Flow(program)
    limits = loop_bound_limits(program)
    delicate = [a for a in program.arguments if a.name in flow.delicate]
    # What lets loops run comes first: what they reach is for the other arguments to keep legal.
    delicate.sort(key=lambda a: a.name not in flow.bounding)
    bounds = {a.name: _bounds(a, limits) for a in delicate}
    chosen: dict[str, Range | None] = {}

    def faults(changed: Mapping[str, Range | None]) -> int:
        return _Check(program, {**chosen, **changed}, flow).faults

    for name, (lower, upper) in bounds.items():
        least = min(max(_STARTS[0], lower), upper)
        chosen[name] = Range(least, least)
    best = faults({}) if bounds else 0
    counting = {name: bound for name, bound in bounds.items() if name in limits}
    best = grown_together(counting, _STARTS, chosen, faults, best)
    for name, (lower, upper) in bounds.items():
        for start in _STARTS[1:]:
            found = faults({name: Range(start, start)}) if best and lower <= start <= upper else best
            if found < best:
                chosen[name], best = Range(start, start), found
    for name, (lower, upper) in bounds.items():
        best = min(best, faults({}))
        if faults({name: None}) <= best:
            chosen[name] = Range(lower, upper) if name in limits else None
            continue
        start = chosen[name] or Range(lower, upper)
        good, bad = start.upper, upper + 1
        while bad - good > 1:
            middle = (good + bad) // 2
            if faults({name: Range(start.lower, middle)}) <= best:
                good = middle
            else:
                bad = middle
        chosen[name] = Range(start.lower, good)
        for least in (lower, -good - 1, 0):
            if lower <= least < start.lower and faults({name: Range(least, good)}) <= best:
                chosen[name] = Range(least, good)
                break
    ranges = {name: r for name, r in chosen.items() if r is not None}
    guarded = _Check(program, chosen, flow, skipped=True).guarded
    return Legal(ranges, tuple(flow.subscripts), tuple(counting), tuple(flow.bounding), guarded)


def _bounds(argument: Argument, limits: Mapping[str, int]) -> tuple[int, int]:
    term = argument.term
    most = limits.get(argument.name)
    if most is not None:
        lower, upper = _bounds(argument, {})
        return max(lower, -most), min(upper, most)
    width, content = (
        (term.bits, term.content) if isinstance(term, Param) else (term.type.width, term.type.content)
    )
    if content is not None:
        return content.lower, content.upper
    if argument.signed and width > 1:
        return -(1 << (width - 1)), mask(width - 1)
    return 0, mask(width)


def _delicate_operands(node: Expr) -> tuple[Expr, ...]:
    """The operands of a node for which C has illegal values."""
    if isinstance(node, Load):
        return node.indices
    if isinstance(node, Op) and node.name in ("udiv", "sdiv", "urem", "srem", "shl", "lshr", "ashr"):
        return node.operands[1:]
    return ()


class _Flow:
    """Which arguments' contents reach a place that C is delicate about: an over-approximation."""

    def __init__(self, program: Program) -> None:
        self._names: dict[Array, dict[str, None]] = {
            a.term: {a.name: None}
            for a in program.arguments
            if isinstance(a.term, TopArray) and a.name != RETURN_NAME
        }
        self._counters: dict[int, dict[str, None]] = {}
        self.delicate: dict[str, None] = {}
        self.bounding: dict[str, None] = {}
        self.subscripts: dict[str, None] = {}
        all_statements = list(statements(program.body))
        before = -1
        while before != (before := sum(map(len, [*self._names.values(), *self._counters.values()]))):
            for statement in all_statements:
                self._propagate(statement)
        for statement in all_statements:
            self._collect(statement)

    def reaching(self, root: Expr) -> dict[str, None]:
        """The arguments whose contents an expression may depend on."""
        found: dict[str, None] = {}
        stack, seen = [root], {root}
        while stack:
            node = stack.pop()
            match node:
                case Load():
                    found |= self._names.get(node.array, {})
                case Param():
                    found[node.name] = None
                case Iv():
                    found |= self._counters.get(node.level, {})
                case Op():
                    fresh = [o for o in node.operands if o not in seen]
                    seen.update(fresh)
                    stack.extend(fresh)
        return found

    def _propagate(self, statement: Statement) -> None:
        if isinstance(statement, Store):
            self._names.setdefault(statement.array, {}).update(self.reaching(statement.value))
        elif isinstance(statement, For):
            reached = self.reaching(statement.lower) | self.reaching(statement.upper)
            self._counters.setdefault(statement.iv.level, {}).update(reached)

    def _collect(self, statement: Statement) -> None:
        if isinstance(statement, Store):
            for index in statement.indices:
                self.subscripts |= self.reaching(index)
        elif isinstance(statement, For):
            self.bounding |= self.reaching(statement.lower) | self.reaching(statement.upper)
        for node in subexpressions(*expressions(statement)):
            for operand in _delicate_operands(node):
                self.delicate |= self.reaching(operand)
                if isinstance(node, Load):
                    self.subscripts |= self.reaching(operand)
            if isinstance(node, Op) and node.name in ("sdiv", "srem"):
                self.delicate |= self.reaching(node.operands[0])
        self.delicate |= self.subscripts | self.bounding


class _Check:
    """Counts the places where C may be undefined, and the loops that cannot run, if the arguments lie in
    `ranges`. `guarded` is whether there are more that conditions may prevent; those inside of expressions
    are looked at only with `skipped`.
    """

    def __init__(
        self, program: Program, ranges: Mapping[str, Range | None], flow: _Flow, skipped: bool = False
    ) -> None:
        self.faults = 0
        self.guarded = False
        self._skipped = skipped
        self._flow = flow
        # The arguments that the conditions around a statement look at.
        self._guards: tuple[Mapping[str, None], ...] = ()
        self._ranges = ranges
        self._counters: dict[int, Iv] = {}
        self._contents: dict[Array, Range | None] = {
            array: self._ranges.get(array.name) or array.type.content for array in program.arrays
        }
        self._changed = True
        for number in itertools.count():
            if not self._changed:
                break
            self._changed, self.faults = False, 0
            self._block(program.body, 1, widen=number >= _ROUNDS)

    def _block(self, block: Block, iterations: int, widen: bool) -> None:
        for statement in block:
            # A new one each time: counters mean other loops elsewhere, and a store changes what loads give.
            rewriter, intervals = Rewriter(self._leaf, self._array), Intervals()
            match statement:
                case Store():
                    self._store(statement, rewriter, intervals, widen)
                case For():
                    self._loop(statement, rewriter, intervals, iterations, widen)
                case Group(body) | Local(_, body):
                    self._block(body, iterations, widen)
                case If() | While():
                    self._guarded(statement, rewriter, intervals, iterations, widen)
                case _:
                    raise TypeError(type(statement).__name__)

    def _guarded(
        self,
        statement: If | While,
        rewriter: Rewriter,
        intervals: Intervals,
        iterations: int,
        widen: bool,
    ) -> None:
        always = reached([statement.condition])
        self._evaluated(statement, always, lambda node: intervals.of(rewriter.expression(node)))
        outer = self._guards
        self._guards = (*outer, self._flow.reaching(statement.condition))
        for body in bodies(statement):
            self._block(body, iterations, widen)
        self._guards = outer

    def _evaluated(
        self, statement: Statement, always: Mapping[Expr, None], of: Callable[[Expr], Interval]
    ) -> None:
        self._look(always, of)
        if self._skipped and not self.guarded:
            before = self.faults
            self._look([n for n in subexpressions(*expressions(statement)) if n not in always], of)
            self.guarded |= self.faults > before
            self.faults = before

    def _look(self, nodes: Iterable[Expr], of: Callable[[Expr], Interval]) -> None:
        for node in nodes:
            if isinstance(node, Load):
                self._accesses(node, of)
            elif isinstance(node, Op):
                self._operation(node, of)

    def _left_to_guard(self, operand: Expr) -> bool:
        """Whether a condition around the place looks at what decides about it."""
        if not self._guards:
            return False
        names = self._flow.reaching(operand)
        return any(name in guard for guard in self._guards for name in names)

    def _leaf(self, node: Expr) -> Expr:
        if isinstance(node, Iv):
            return self._counters.get(node.level, node)
        if isinstance(node, Param) and self._ranges.get(node.name) is not None:
            return Param(node.bits, node.name, self._ranges[node.name])
        return node

    def _array(self, array: Array) -> Array:
        if isinstance(array, Table):
            return array
        type = ArrayType(array.type.width, array.type.shape, self._contents.get(array))
        match array:
            case TopArray():
                return TopArray(type, array.name)
            case LocalArray():
                return LocalArray(type, array.level)
            case _:
                raise TypeError(type)

    def _loop(
        self, loop: For, rewriter: Rewriter, intervals: Intervals, iterations: int, widen: bool
    ) -> None:
        iv = loop.iv
        lower, upper = (intervals.of(rewriter.expression(bound)) for bound in (loop.lower, loop.upper))
        self.faults += lower.slo < iv.lower or upper.shi > iv.upper
        counter = Iv(iv.bits, iv.level, max(iv.lower, lower.slo), min(iv.upper, upper.shi), iv.step)
        if counter.lower >= counter.upper:
            # With it, the loops inside do not run.
            self.faults += sum(isinstance(s, For) for s in statements((loop,))) if iv.lower < iv.upper else 0
            return
        iterations *= -(-(counter.upper - counter.lower) // iv.step)
        self.faults += iterations > _MOST_ITERATIONS
        outer = self._counters.get(iv.level)
        self._counters[iv.level] = counter
        self._block(loop.body, iterations, widen)
        if outer is None:
            del self._counters[iv.level]
        else:
            self._counters[iv.level] = outer

    def _store(self, store: Store, rewriter: Rewriter, intervals: Intervals, widen: bool) -> None:
        def of(node: Expr) -> Interval:
            return intervals.of(rewriter.expression(node))

        always = unconditional(store)
        self._evaluated(store, always, of)
        if all(index in always for index in store.indices):
            self._accesses(store, of)
        self._join(store.array, of(store.value), widen)

    def _accesses(self, access: Load | Store, of: Callable[[Expr], Interval]) -> None:
        extents = access.array.type.shape
        for index, extent in zip(access.indices, extents, strict=True):
            self._fault(of(index).uhi >= extent, index)

    def _operation(self, node: Op, of: Callable[[Expr], Interval]) -> None:
        if node.name in ("shl", "lshr", "ashr"):
            self._fault(of(node.operands[1]).uhi >= node.bits, node.operands[1])
        elif node.name in ("udiv", "sdiv", "urem", "srem"):
            dividend, divisor = map(of, node.operands)
            lowest = dividend.slo == -(1 << (node.bits - 1))
            self._fault(divisor.ulo == 0, node.operands[1])
            self._fault(node.name[0] == "s" and lowest and divisor.slo <= -1 <= divisor.shi, node.operands[1])

    def _fault(self, possible: bool, operand: Expr) -> None:
        """Counts what may go wrong where `operand` decides about it, unless a condition looks at that."""
        if possible and self._left_to_guard(operand):
            self.guarded = True
        elif possible:
            self.faults += 1

    def _join(self, array: Array, stored: Interval, widen: bool) -> None:
        """Contents now also hold what was stored."""
        tight = (
            Range(stored.ulo, stored.uhi)
            if stored.uhi - stored.ulo <= stored.shi - stored.slo
            else Range(stored.slo, stored.shi)
        )
        if array not in self._contents:
            joined = tight
        else:
            known = self._contents[array]
            if known is None:
                return
            joined = Range(min(known.lower, tight.lower), max(known.upper, tight.upper))
            if joined == known:
                return
        if widen or (joined.lower < 0 and joined.upper > mask(array.type.width - 1)):
            self._contents[array] = None
        else:
            self._contents[array] = joined
        self._changed = True
