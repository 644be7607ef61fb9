"""What a program asserts of its data becomes the declared content ranges of its arrays and parameters.

`from_mlir` reads an assertion as a store to `ASSERTION`, an array that no argument has. `with_contents` takes
these stores out again. A parameter gets the range of an assertion that every call meets. An array gets one
where each element that the program loads is asserted whenever it is loaded (an assertion about the same
element in the same block or around it, or about every element in a loop at the outset), and where every store
keeps it. The ranges of all arrays are found together: the greatest choice in which each store keeps the range
of its array if all contents keep theirs.

Nothing else is concluded from an assertion: it may speak of what has changed meanwhile (docs/semantics.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from seer.lang.conditions import holding, through
from seer.lang.intervals import Interval, Intervals
from seer.lang.local_contents import declared_content, with_local_contents
from seer.lang.program import Argument, Program
from seer.lang.rebuild import Rebuild
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
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
    Term,
    TopArray,
)
from seer.lang.traverse import Rewriter, bodies, expressions, statements, subexpressions, with_bodies

__all__ = ["ASSERTION", "with_contents"]

ASSERTION = TopArray(ArrayType(1, ()), "seer.assert")
"""What `from_mlir` lets an assertion store its condition to."""

Facts = dict[Expr, Interval]


def with_contents(program: Program) -> Program:
    """The program without its assertions, with the content ranges that follow from them declared."""
    if not any(_is_assertion(s) for s in statements(program.body)):
        return program
    found = _Assertions(program)
    ranges = found.ranges()
    changed = {
        a.term: _declared(a.term, ranges[a.term]) for a in program.arguments if ranges.get(a.term) is not None
    }
    rewriter = Rewriter(leaf=lambda e: changed.get(e, e), array=lambda a: changed.get(a, a))  # type: ignore[arg-type,return-value,call-overload]
    stripping = _Stripping(program.origins, rewriter)
    body, origins = stripping.block(program.body), stripping.origins
    if changed:
        body, origins = with_local_contents(body, origins)
    arguments = tuple(_with_term(a, changed) for a in program.arguments)
    return replace(program, arguments=arguments, body=body, origins=origins)


def _with_term(argument: Argument, changed: Mapping[TopArray | Param, TopArray | Param]) -> Argument:
    return replace(argument, term=changed.get(argument.term, argument.term))


def _declared(term: TopArray | Param, interval: Interval) -> TopArray | Param:
    """The array or parameter with the range declared."""
    content = declared_content(interval)
    if isinstance(term, Param):
        return Param(term.bits, term.name, content)
    return TopArray(ArrayType(term.type.width, term.type.shape, content), term.name)


def _is_assertion(statement: Statement) -> bool:
    return isinstance(statement, Store) and statement.array is ASSERTION


class _Assertions:
    """What is asserted where, and of which elements."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._writes: dict[Array, list[Store]] = {}
        for statement in statements(program.body):
            if isinstance(statement, Store):
                self._writes.setdefault(statement.array, []).append(statement)
        self._wanted: dict[Term, Interval] = {}
        """The join of the ranges that elements of an array are asserted to have, or a parameter's range."""
        self._uncovered: dict[Array, None] = {}
        self._everywhere: dict[Array, Interval] = {}
        self._whole(program.body, {})
        self._visit(program.body, {}, sure=True)

    def ranges(self) -> dict[Term, Interval]:
        """The ranges that hold in every state."""
        found: dict[Term, Interval] = {}
        for term, interval in self._wanted.items():
            if isinstance(term, Param) or (isinstance(term, TopArray) and term not in self._uncovered):
                found[term] = interval
        for array, interval in self._everywhere.items():
            known = found.get(array)
            found[array] = interval if known is None else known.meet(interval)
        found = {t: _tight(i) for t, i in found.items() if i != Interval.full(i.width)}
        while True:
            broken = [a for a in found if isinstance(a, Array) and not self._kept(a, found)]
            if not broken:
                return found
            for array in broken:
                del found[array]

    def _kept(self, array: Array, ranges: Mapping[Term, Interval]) -> bool:
        """Whether every store to the array keeps its range while all contents keep theirs."""
        stores = self._writes.get(array, [])
        if not stores:
            return True
        declared = {t: _declared(t, i) for t, i in ranges.items() if isinstance(t, (TopArray, Param))}
        rewriter = Rewriter(
            leaf=lambda e: declared.get(e, e),  # type: ignore[arg-type,return-value]
            array=lambda a: declared.get(a, a),  # type: ignore[arg-type,return-value]
        )
        intervals, limit = Intervals(), ranges[array]
        for store in stores:
            shown = intervals.of(rewriter.expression(store.value))
            inside = limit.ulo <= shown.ulo and shown.uhi <= limit.uhi
            if not (inside and limit.slo <= shown.slo and shown.shi <= limit.shi):
                return False
        return True

    def _whole(self, body: Block, written: dict[Array, None]) -> None:
        """Loops at the outset that assert something of each element of an array."""
        for statement in body:
            if isinstance(statement, (Local, Group)):
                self._whole(statement.body, written)
                continue
            for inner in statements((statement,)):
                if isinstance(inner, Store):
                    written[inner.array] = None
            if isinstance(statement, For):
                for array, interval in self._swept(statement):
                    if array not in written:
                        known = self._everywhere.get(array)
                        self._everywhere[array] = interval if known is None else known.meet(interval)

    def _swept(self, loop: For) -> Iterator[tuple[Array, Interval]]:
        counters: dict[Iv, int] = {}
        block: Block = (loop,)
        while len(loops := [s for s in block if isinstance(s, For)]) == 1 and _full_count(loops[0]):
            counters[loops[0].iv] = loops[0].upper.value  # type: ignore[union-attr]
            block = loops[0].body
            for fact, interval in (pair for s in block if _is_assertion(s) for pair in _facts(s)):
                if isinstance(fact, Load) and self._covers(fact, counters):
                    yield fact.array, interval

    @staticmethod
    def _covers(load: Load, counters: Mapping[Iv, int]) -> bool:
        """Whether the subscripts take all values once the counters do."""
        left = dict(counters)
        for index, extent in zip(load.indices, load.array.type.shape, strict=True):
            counter = _plain(index)
            if not isinstance(counter, Iv) or left.pop(counter, 0) < extent:
                return False
        return True

    def _visit(self, block: Block, facts: Facts, *, sure: bool) -> None:
        """Check every load of a block against what is asserted in it and around it."""
        known = dict(facts)
        together = _together(block)
        for statement in together:
            if not _is_assertion(statement):
                continue
            for fact, interval in _facts(statement):
                for meant in self._meant(fact, together):
                    before = known.get(meant)
                    known[meant] = interval if before is None else before.meet(interval)
        if sure:
            for fact, interval in known.items():
                if isinstance(fact, Param):
                    before = self._wanted.get(fact)
                    self._wanted[fact] = interval if before is None else before.meet(interval)
        for statement in block:
            if not _is_assertion(statement):
                for node in subexpressions(*expressions(statement)):
                    if isinstance(node, Load) and isinstance(node.array, TopArray):
                        self._load(node, known)
            for inner in bodies(statement):
                self._visit(inner, known, sure=sure and isinstance(statement, (Local, Group)))

    def _load(self, node: Load, known: Facts) -> None:
        interval = known.get(node)
        if interval is None or not self._stable(node):
            self._uncovered[node.array] = None
            return
        before = self._wanted.get(node.array)
        self._wanted[node.array] = interval if before is None else _join(before, interval)

    def _stable(self, load: Load) -> bool:
        """Whether the subscripts mean one element wherever they stand in a block."""
        inner = (n for index in load.indices for n in subexpressions(index) if isinstance(n, Load))
        return all(n.array not in self._writes for n in inner)

    def _meant(self, fact: Expr, block: Sequence[Statement]) -> Iterator[Expr]:
        """What a fact is about; for a Local that is written once, in this block, also what is written."""
        yield fact
        if isinstance(fact, Load) and isinstance(fact.array, LocalArray):
            stores = self._writes.get(fact.array, [])
            if len(stores) == 1 and stores[0] in block and stores[0].when is TRUE and not fact.indices:
                for inner, _ in through(stores[0].value, Interval.full(fact.width)):
                    if inner.width == fact.width:
                        yield inner


class _Stripping(Rebuild):
    """Takes assertions out, and what was there for them only."""

    def statement(self, statement: Statement) -> Statement | None:
        if _is_assertion(statement):
            return None
        inner = bodies(statement)
        blocks = [self.block(body) for body in inner]
        if any(inner) and not any(blocks):
            return None
        made = self.with_expressions(with_bodies(statement, blocks))
        if isinstance(made, If) and any(map(_is_assertion, statements((statement,)))):
            made = _predicated(made)
        return self.kept(statement, made)


def _predicated(branch: If) -> Statement:
    """A conditional store as it is read where no assertion stands beside it."""
    match branch:
        case If(condition, (Store() as store,), ()):
            when = condition if store.when is TRUE else Op("and", 1, (condition, store.when))
            return Store(store.array, store.indices, store.value, when)
        case _:
            return branch


def _full_count(loop: For) -> bool:
    """Whether the counter takes 0, 1, … up to a constant."""
    starts = isinstance(loop.lower, Const) and loop.lower.value == 0
    return starts and isinstance(loop.upper, Const) and loop.iv.step == 1


def _plain(index: Expr) -> Expr:
    """The subscript without changes of width; those of a counter inside the array lose nothing."""
    while isinstance(index, Op) and index.name in ("zext", "sext", "trunc"):
        index = index.operands[0]
    return index


def _together(block: Block) -> list[Statement]:
    """The statements that run whenever the block does, those in its Locals and Groups as well."""
    found: list[Statement] = []
    for statement in block:
        found.append(statement)
        if isinstance(statement, (Local, Group)):
            found += _together(statement.body)
    return found


def _facts(statement: Statement) -> Iterator[tuple[Expr, Interval]]:
    """What an assertion that stands without a condition of its own says of loads and parameters."""
    if isinstance(statement, Store) and statement.when is TRUE:
        for operand, interval in holding(statement.value):
            yield from through(operand, interval)


def _tight(interval: Interval) -> Interval:
    """Each reading with what the other one shows."""
    signed = Interval.signed(interval.width, interval.slo, interval.shi)
    return interval.meet(signed).meet(Interval.unsigned(interval.width, interval.ulo, interval.uhi))


def _join(a: Interval, b: Interval) -> Interval:
    return Interval(a.width, min(a.ulo, b.ulo), max(a.uhi, b.uhi), min(a.slo, b.slo), max(a.shi, b.shi))
