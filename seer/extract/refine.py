"""Designs of a front with other expressions of the same classes, where these take less area.

Statements and loops stay; for each stretch of straight code the expressions are chosen anew (`datapath.py`).
What comes out is scheduled, and stays only if it takes no more cycles and less area.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from seer.egraph.language import CONSTRUCTORS, Term, Value, split
from seer.egraph.snapshot import ENode, Snapshot
from seer.extract.costs import NodeCosts
from seer.extract.datapath import RegionTask, least_area
from seer.extract.expressions import Choice
from seer.lang.terms import Array, Block, Expr, For, Group, If, Local, Loop, Statement, Store, While
from seer.lang.traverse import bodies, loop_free, statements
from seer.schedule.target import Target

__all__ = ["Refined", "Refinement"]


@dataclass(frozen=True)
class Refined:
    """A body, and the pipelined loops in it."""

    block: Block
    pipelined: frozenset[Loop]


class Refinement:
    """Solves the regions of one snapshot, each once."""

    def __init__(self, snapshot: Snapshot, target: Target) -> None:
        self._snapshot = snapshot
        self._target = target
        self._costs = NodeCosts(snapshot, target)
        self._known: dict[tuple[Statement, ...], Choice | None] = {}

    def refined(self, body: Block, pipelined: frozenset[Loop]) -> Iterator[Refined]:
        """The design with all of its regions chosen anew; if that is more than one, with each of them alone,
        too."""
        regions = [run for run in _runs(body) if self._choice(run) is not None]
        wanted = [regions] if len(regions) < 2 else [regions, *([run] for run in regions)]
        for some in wanted:
            if some:
                rebuilding = _Rebuilding(self, some, pipelined)
                block = rebuilding.block(body)
                yield Refined(block, frozenset(rebuilding.pipelined))

    def _choice(self, run: tuple[Statement, ...]) -> Choice | None:
        if run not in self._known:
            self._known[run] = self._solve(run)
        return self._known[run]

    def chosen(self, run: tuple[Statement, ...]) -> Choice | None:
        """The new choice for a region that was asked for before."""
        return self._known.get(run)

    def class_of(self, term: Term, sort: str) -> int | None:
        """The class of a term; an empty list of subscripts is one."""
        return self._snapshot.class_of(term) if sort == "E" or term else self._empty_subscripts

    @property
    def _empty_subscripts(self) -> int | None:
        node = ENode("INil", ())
        return next((number for number, nodes in self._snapshot.classes.items() if node in nodes), None)

    def _solve(self, run: tuple[Statement, ...]) -> Choice | None:
        roots: list[int] = []
        chosen: dict[int, ENode] = {}
        stored: dict[Array, None] = {}
        for statement in statements(run):
            if isinstance(statement, Store):
                stored[statement.array] = None
            for term, sort in _parts(statement):
                number = self._note(term, sort, chosen)
                if number is None:
                    return None
                roots.append(number)
        task = RegionTask(tuple(dict.fromkeys(roots)), chosen, frozenset(stored))
        found = least_area(self._snapshot, self._costs, self._target, task)
        return None if found is None else Choice({**chosen, **found})

    def _note(self, root: Term, root_sort: str, chosen: dict[int, ENode]) -> int | None:
        """The class of a term, after noting the nodes that it and its parts stand for."""
        stack = [(root, root_sort)]
        seen: set[tuple[Term, str]] = set()
        while stack:
            term, sort = stack.pop()
            if (term, sort) in seen:
                continue
            seen.add((term, sort))
            op, values, children = split(term, sort)
            keys = list(zip(children, CONSTRUCTORS[op].inputs[len(values) :], strict=True))
            number = self.class_of(term, sort)
            numbers = [self.class_of(child, child_sort) for child, child_sort in keys]
            if number is None or None in numbers:
                return None
            nodes = cast("list[int]", numbers)
            here = ENode(op, cast("tuple[Value, ...]", (*values, *nodes)))
            if here not in self._snapshot.classes[number]:
                return None  # a constant that hides the rest of its class
            chosen.setdefault(number, here)
            stack.extend(keys)
        return self.class_of(root, root_sort)


def _parts(statement: Statement) -> Iterator[tuple[Term, str]]:
    """The expressions and subscripts of a statement of a region."""
    match statement:
        case Store():
            yield statement.indices, "I"
            yield statement.value, "E"
            yield statement.when, "E"
        case If():
            yield statement.condition, "E"


def _runs(block: Block) -> Iterator[tuple[Statement, ...]]:
    """The straight code of each block: of a loop's body, and what stands around loops."""
    run = tuple(statement for statement in block if loop_free((statement,)))
    if run:
        yield run
    for statement in block:
        if not loop_free((statement,)):
            for inner in bodies(statement):
                yield from _runs(inner)


class _Rebuilding:
    """A body with new expressions in some of its regions; loops that change stay pipelined."""

    def __init__(
        self, refinement: Refinement, wanted: list[tuple[Statement, ...]], pipelined: frozenset[Loop]
    ) -> None:
        self._refinement = refinement
        self._wanted = wanted
        self._before = pipelined
        self.pipelined: dict[Loop, None] = {}

    def block(self, block: Block) -> Block:
        run = tuple(statement for statement in block if loop_free((statement,)))
        choice = self._refinement.chosen(run) if run in self._wanted else None
        return tuple(
            self._straight(statement, choice) if loop_free((statement,)) else self._around(statement)
            for statement in block
        )

    def _around(self, statement: Statement) -> Statement:
        """A statement that holds loops."""
        match statement:
            case For(iv, lower, upper, body):
                return self._loop(statement, For(iv, lower, upper, self.block(body)))
            case While(condition, body):
                return self._loop(statement, While(condition, self.block(body)))
            case Group(body):
                return Group(self.block(body))
            case Local(array, body):
                return Local(array, self.block(body))
            case If(condition, then, otherwise):
                return If(condition, self.block(then), self.block(otherwise))
            case _:
                return statement

    def _loop(self, old: Loop, new: Loop) -> Loop:
        if old in self._before:
            self.pipelined[new] = None
        return new

    def _straight(self, statement: Statement, choice: Choice | None) -> Statement:
        if choice is None:
            return statement
        match statement:
            case Store(array):  # type: ignore[misc]
                new = [self._term(part, sort, choice) for part, sort in _parts(statement)]
                return Store(array, cast("tuple[Expr, ...]", new[0]), cast(Expr, new[1]), cast(Expr, new[2]))
            case If(condition, then, otherwise):
                sides = (self._inside(side, choice) for side in (then, otherwise))
                return If(cast(Expr, self._term(condition, "E", choice)), *sides)
            case Group(body):
                return Group(self._inside(body, choice))
            case Local(array, body):
                return Local(array, self._inside(body, choice))
            case _:
                return statement

    def _inside(self, block: Block, choice: Choice) -> Block:
        return tuple(self._straight(statement, choice) for statement in block)

    def _term(self, term: Term, sort: str, choice: Choice) -> Term:
        number = self._refinement.class_of(term, sort)
        return term if number is None else choice.term(number)
