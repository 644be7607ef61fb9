"""Derivations: a proof in the congruence closure, spelled out as a chain of whole terms.

Each step applies one rule at one place. Terms are DAGs, so a part that occurs in many places would have to
be rewritten in each of them, over and over; from the second time on, a part that has been rewritten before
in more than one step is replaced in a single step, `repeat`, which names the earlier steps as its premises.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from seer.egraph.congruence import Congruence
from seer.egraph.language import Term, Value
from seer.egraph.nodes import NodeTable
from seer.egraph.proof import ProofRecord

__all__ = ["REPEAT", "Equation", "Path", "Step", "derive"]

REPEAT = "repeat"
"""Name of the step that replaces a part as earlier steps did elsewhere."""

Path = tuple[int | str, ...]
"""A place in a term: child positions from the root.

The children of a block are its statements; of a Store its subscripts, value and predicate; of a For its
lower bound, upper bound and body; of a While its condition and body; of an If its condition and two
branches; of a Group and a Local the body; of a Load its subscripts; of an operator its operands. A last
element "k:" (a string) means the rest of a block from statement k on.
"""


@dataclass(frozen=True)
class Equation:
    """`left = right` by a rule; both are nodes of the table.

    `values` gives the rule's number variables, `parts` the nodes of its class variables.
    """

    left: int
    right: int
    rule: str
    proof: ProofRecord
    values: tuple[tuple[str, Value], ...] = ()
    parts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a derivation: `before` becomes `after` by `rule` at `path`.

    `forward` = False: the rule is read from right to left. `substitution` gives the values of the rule's
    variables (numbers, keys of arrays, or terms; empty for control rules). `proof` says how the equation was
    established. `premises` of a `repeat` are the first and last number of the steps it repeats,
    and all of these are at or below one place, `premise_path`.
    """

    before: Term
    after: Term
    path: Path
    rule: str
    forward: bool
    substitution: tuple[tuple[str, Value | Term], ...]
    proof: ProofRecord
    premises: tuple[int, int] | None = None
    premise_path: Path = ()


class _Task(NamedTuple):
    """Rewrite `before` into `after` at `path`; `equation` −1 looks for a path, −2 ends a lemma."""

    before: int
    after: int
    equation: int | None
    path: tuple[int, ...]
    first: int = 0


_PROVE, _END = -1, -2


def derive(
    table: NodeTable, closure: Congruence, equations: Sequence[Equation], a: int, b: int
) -> list[Step]:
    """The chain of steps from node a to node b, which are equal in the closure."""
    raw = _raw_steps(table, closure, a, b)
    # The whole terms on the way are many, and the closure would have to take each of them in.
    whole = _Whole(table.copied(), a)
    raw = _without_detours(whole, raw)
    steps: list[Step] = []
    terms: list[_State] = []
    current = whole.start
    for item in raw:
        terms.append(current)
        following = whole.replaced(current, item.path, item.after)
        before, after = whole.term(current), whole.term(following)
        path = whole.path(current, item.path)
        if isinstance(item, _Repeat):
            text = f"as in steps {item.first + 1} to {item.last + 1}"
            proof = ProofRecord(_kind_of_repeat(steps, item), text)
            where = whole.path(terms[item.first], item.lemma_path)
            premises = (item.first, item.last)
            steps.append(Step(before, after, path, REPEAT, True, (), proof, premises, where))
        else:
            e = equations[item.equation]
            substitution = (*e.values, *((name, table.term(node)) for name, node in e.parts))
            steps.append(Step(before, after, path, e.rule, e.left == item.before, substitution, e.proof))
        current = following
    return steps


_State = tuple[int, ...]
"""A whole term: the nodes of its statements, or its one node if it is no block."""


class _Whole:
    """Whole terms in which one place changes at a time. A block is kept as its statements: as nodes, it would
    be made anew from the place of a change to its beginning."""

    def __init__(self, table: NodeTable, start: int) -> None:
        self._table = table
        self._is_block = table.nodes[start].op in ("Cons", "Nil")
        self.start: _State = self._statements(start) if self._is_block else (start,)

    def _statements(self, node: int) -> _State:
        found: list[int] = []
        while self._table.nodes[node].op == "Cons":
            head, node = self._table.nodes[node].kids
            found.append(head)
        return tuple(found)

    def _place(self, path: Sequence[int]) -> int:
        """How many statements stand in front of a place."""
        return next((k for k, position in enumerate(path) if position == 0), len(path))

    def replaced(self, term: _State, path: Sequence[int], new: int) -> _State:
        """The term with the node at a path of node children replaced."""
        if not self._is_block:
            return (self._table.replace(term[0], path, new),)
        at = self._place(path)
        if at == len(path):
            return (*term[:at], *self._statements(new))
        return (*term[:at], self._table.replace(term[at], path[at + 1 :], new), *term[at + 1 :])

    def term(self, term: _State) -> Term:
        if not self._is_block:
            return self._table.term(term[0])
        return tuple(self._table.term(node) for node in term)  # type: ignore[return-value]

    def path(self, term: _State, path: Sequence[int]) -> Path:
        """A path of node children as one of term children."""
        if not self._is_block:
            return _term_path(self._table, term[0], path)
        at = self._place(path)
        if at == len(path):
            return (f"{at}:",) if at else ()
        return (at, *_term_path(self._table, term[at], path[at + 1 :]))


class _Rule(NamedTuple):
    before: int
    after: int
    path: tuple[int, ...]
    equation: int


class _Repeat(NamedTuple):
    before: int
    after: int
    path: tuple[int, ...]
    first: int
    last: int
    lemma_path: tuple[int, ...]


def _kind_of_repeat(steps: Sequence[Step], item: _Repeat) -> str:
    """A repeat is as good as the weakest of the steps it repeats: tested, not proved, if one was."""
    kinds = [step.proof.kind for step in steps[item.first : item.last + 1]]
    return "executed" if "executed" in kinds else "axiom"


def _raw_steps(table: NodeTable, closure: Congruence, a: int, b: int) -> list[_Rule | _Repeat]:
    out: list[_Rule | _Repeat] = []
    lemmas: dict[tuple[int, int], tuple[int, int, tuple[int, ...]]] = {}
    stack = [_Task(a, b, _PROVE, ())]
    while stack:
        task = stack.pop()
        pair = (task.before, task.after)
        if task.equation == _END:
            lemmas[pair] = (task.first, len(out) - 1, task.path)
        elif task.equation == _PROVE:
            known = lemmas.get(pair)
            if known is not None and known[1] > known[0]:
                out.append(_Repeat(*pair, task.path, *known))
            else:
                if table.nodes[task.before].op not in ("INil", "ICons"):
                    stack.append(_Task(*pair, _END, task.path, len(out)))
                stack += [_Task(*edge, task.path) for edge in reversed(closure.path(*pair))]
        elif task.equation is None:
            old, new = table.nodes[task.before].kids, table.nodes[task.after].kids
            stack += [
                _Task(old[i], new[i], _PROVE, (*task.path, i))
                for i in reversed(range(len(old)))
                if old[i] != new[i]
            ]
        else:
            out.append(_Rule(task.before, task.after, task.path, task.equation))
    return out


def _without_detours(whole: _Whole, raw: list[_Rule | _Repeat]) -> list[_Rule | _Repeat]:
    """The chain without stretches that come back to the term they set out from.

    A stretch that a repeat outside of it refers to stays.
    """
    terms = [whole.start]
    for item in raw:
        terms.append(whole.replaced(terms[-1], item.path, item.after))
    last = {term: position for position, term in enumerate(terms)}
    repeats = [(number, item) for number, item in enumerate(raw) if isinstance(item, _Repeat)]
    kept: list[int] = []
    position = 0
    while position < len(raw):
        end = last[terms[position]]
        if end > position and not _referred_to(repeats, position, end):
            position = end
            continue
        kept.append(position)
        position += 1
    renumbered = {old: new for new, old in enumerate(kept)}
    return [
        item._replace(first=renumbered[item.first], last=renumbered[item.last])
        if isinstance(item, _Repeat)
        else item
        for item in (raw[i] for i in kept)
    ]


def _referred_to(repeats: list[tuple[int, _Repeat]], begin: int, end: int) -> bool:
    """Whether a repeat behind a stretch of steps has one of them among its premises."""
    behind = bisect.bisect_left(repeats, end, key=lambda repeat: repeat[0])
    return any(item.first < end and item.last >= begin for _, item in repeats[behind:])


def _term_path(table: NodeTable, root: int, path: Sequence[int]) -> Path:
    """A path of node children as a path of term children: lists are flat there."""
    out: list[int | str] = []
    node = root
    offset = 0
    for position in path:
        op, _, kids = table.nodes[node]
        if op in ("Cons", "ICons"):
            if position == 0:
                out.append(offset)
                offset = 0
            else:
                offset += 1
        elif op == "Store":
            if position > 0:
                out.append(_length(table, kids[0]) + position - 1)
        elif op != "Load":
            out.append(position)
        node = kids[position]
    if offset:
        out.append(f"{offset}:")
    return tuple(out)


def _length(table: NodeTable, node: int) -> int:
    length = 0
    while table.nodes[node].op == "ICons":
        node, length = table.nodes[node].kids[1], length + 1
    return length
