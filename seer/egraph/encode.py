"""SeerLang terms into egglog expressions, shared nodes once.

egglog's commands spell shared nodes out, so a term that is used more than once, and every so many levels
of a deep one, gets a name: a row `(H… k)` that stands for its class for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from egglog import bindings as egg

from seer.egraph.language import CONSTRUCTORS, Term, Value, content_of, split

__all__ = ["SPAN", "Encoder", "big", "call", "literal"]

SPAN = egg.RustSpan("", 0, 0)
_NEST = 24
"""Nodes that one command spells out at most; deeper parts are named first."""

Expression = Any
"""An egglog expression (egglog's own type of it is private)."""


def literal(value: Value) -> Expression:
    """An i64 or String literal."""
    return egg.Lit(SPAN, egg.Int(value) if isinstance(value, int) else egg.String(value))


def call(name: str, *args: Expression) -> Expression:
    """An application."""
    return egg.Call(SPAN, name, list(args))


def big(value: int) -> Expression:
    """A BigInt of any size, exactly."""
    if -(1 << 62) < value < 1 << 62:
        return call("bigint", literal(value))
    return call("from-string", literal(str(value)))


def primitive(value: Value, sort: str) -> Expression:
    """A primitive value as an expression of the given sort."""
    return big(int(value)) if sort == "BigInt" else literal(value)


class Encoder:
    """Puts terms into one e-graph; remembers what it has named, so that adding again costs nothing.

    `run` executes egglog commands.
    """

    def __init__(self, run: Callable[..., Any]) -> None:
        self._run = run
        self._names: dict[tuple[Term, str], Expression] = {}
        self._contents: set[str] = set()

    def name(self, term: Term, sort: str) -> Expression:
        """A short expression for the class of `term`, after adding it."""
        key = (term, sort)
        if key not in self._names:
            self._add(term, sort)
        return self._names[key]

    def _add(self, root: Term, root_sort: str) -> None:
        nodes, uses = _postorder(root, root_sort, self._names)
        done: dict[tuple[Term, str], tuple[Expression, int]] = {}
        for term, sort in nodes:
            constructor, values, children = split(term, sort)
            inputs = CONSTRUCTORS[constructor].inputs
            args: list[Expression] = [primitive(v, s) for v, s in zip(values, inputs, strict=False)]
            size = 1
            for child, child_sort in zip(children, inputs[len(values) :], strict=True):
                key = (child, child_sort)
                if key in self._names:
                    args.append(self._names[key])
                    continue
                expression, child_size = done[key]
                if size + child_size > _NEST:
                    self._define(key, expression)
                    args.append(self._names[key])
                else:
                    args.append(expression)
                    size += child_size
            for value, s in zip(values, inputs, strict=False):
                if s == "String":
                    self._declare_content(str(value))
            expression = call(constructor, *args)
            done[term, sort] = (expression, size)
            if uses[term, sort] > 1 or (term, sort) == (root, root_sort):
                self._define((term, sort), expression)

    def _define(self, key: tuple[Term, str], expression: Expression) -> None:
        function = f"H{key[1]}"
        index = literal(len(self._names))
        self._run(egg.ActionCommand(egg.Set(SPAN, function, [index], expression)))
        self._names[key] = call(function, index)

    def _declare_content(self, key: str) -> None:
        content = content_of(key)
        if content is None or key in self._contents:
            return
        self._contents.add(key)
        for function, bound in zip(("content-lo", "content-hi"), content, strict=True):
            self._run(egg.ActionCommand(egg.Set(SPAN, function, [literal(key)], big(bound))))


def _postorder(
    root: Term, root_sort: str, known: dict[tuple[Term, str], Expression]
) -> tuple[list[tuple[Term, str]], dict[tuple[Term, str], int]]:
    """The terms below `root` that are not known yet, children first, and how often each is used."""
    order: dict[tuple[Term, str], None] = {}
    uses: dict[tuple[Term, str], int] = {}
    opened: set[tuple[Term, str]] = set()
    stack: list[tuple[tuple[Term, str], bool]] = [((root, root_sort), False)]
    while stack:
        key, ready = stack.pop()
        if ready:
            order[key] = None
            continue
        uses[key] = uses.get(key, 0) + 1
        if key in known or key in opened:
            continue
        opened.add(key)
        stack.append((key, True))
        constructor, values, children = split(*key)
        sorts = CONSTRUCTORS[constructor].inputs[len(values) :]
        stack.extend(
            ((child, sort), False) for child, sort in reversed(list(zip(children, sorts, strict=True)))
        )
    return list(order), uses
