"""egglog's parse of a rule file into patterns, with sorts inferred and places for errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NoReturn

from egglog import bindings as egg

from seer.egraph.language import CLASS_SORTS, CONSTRUCTORS
from seer.egraph.patterns import (
    COMPARISONS,
    PRIMITIVES,
    RANGE_FUNCTIONS,
    TABLES,
    Apply,
    Bound,
    Comparison,
    Literal,
    Pattern,
    Variable,
    variables,
)
from seer.errors import InputError, Location

__all__ = ["Reader", "error_location"]


def error_location(message: str, file: str) -> Location | None:
    """The place in one of egglog's own messages ("In 4:10-19 of bad.egg: …")."""
    found = re.search(r"(\d+):(\d+)", message)
    return Location(file, int(found[1]), int(found[2])) if found else None


class Reader:
    """Reads the parsed commands of one file."""

    def __init__(self, text: str, file: str) -> None:
        # Spans count in bytes.
        self._bytes = text.encode()
        self._file = file

    def location(self, span: Any) -> Location:
        before = self._bytes[: span.i].decode(errors="ignore")
        return Location(self._file, before.count("\n") + 1, len(before) - before.rfind("\n"))

    def place_of(self, command: Any) -> Location:
        span = getattr(command, "span", None) or getattr(getattr(command, "rule", None), "span", None)
        return self.location(span) if span is not None else Location(self._file, 1, 1)

    def source(self, span: Any) -> str:
        return self._bytes[span.i : span.j].decode()

    def comment_above(self, span: Any) -> str:
        """The comment lines directly above a place, joined."""
        lines = self._bytes[: span.i].decode().split("\n")[:-1]
        comment: list[str] = []
        while lines and lines[-1].startswith(";"):
            comment.insert(0, lines.pop().lstrip("; ").rstrip())
        return " ".join(comment)

    def _fail(self, node: Any, message: str, hint: str | None = None) -> NoReturn:
        raise InputError(message, self.location(node.span), hint)

    def pattern(self, node: Any, sort: str | None, sorts: dict[str, str], *, closed: bool = False) -> Pattern:
        """A pattern of the given sort (None: whatever it is); `sorts` learns the sorts of new variables.

        `closed` means that all variables must be known already.
        """
        match node:
            case egg.Var():
                return self._variable(node, sort, sorts, closed)
            case egg.Lit():
                if not isinstance(node.value, egg.Int):
                    self._fail(node, "only integer literals are allowed in a rule")
                if sort not in (None, "i64"):
                    self._fail(node, f"an integer stands where a {sort} is needed", "write (bigint …)")
                return Literal(node.value.value)
            case egg.Call() if node.name in CONSTRUCTORS:
                return self._constructor(node, sort, sorts, closed)
            case egg.Call() if node.name in PRIMITIVES:
                return self._primitive(node, sort, sorts)
            case _:
                self._fail(node, f"{node.name} is neither a constructor nor a primitive that rules may use")

    def _variable(self, node: Any, sort: str | None, sorts: dict[str, str], closed: bool) -> Variable:
        known = sorts.get(node.name)
        if known is None:
            if closed or sort is None:
                self._fail(node, f"{node.name} has no value here", "bind it on the left or in :when")
            sorts[node.name] = known = sort
        if sort is not None and sort != known:
            self._fail(node, f"{node.name} is a {known} and stands where a {sort} is needed")
        return Variable(node.name, known)

    def _constructor(self, node: Any, sort: str | None, sorts: dict[str, str], closed: bool) -> Apply:
        constructor = CONSTRUCTORS[node.name]
        if sort not in (None, constructor.output):
            self._fail(node, f"{node.name} is a {constructor.output} and stands where a {sort} is needed")
        if len(node.args) != len(constructor.inputs):
            self._fail(node, f"{node.name} takes {len(constructor.inputs)} arguments, not {len(node.args)}")
        # Class arguments last: a width may be spelled with variables that constants bind.
        args = [
            self.pattern(arg, s, sorts, closed=closed)
            for arg, s in zip(node.args, constructor.inputs, strict=True)
        ]
        return Apply(node.name, tuple(args), constructor.output)

    def _primitive(self, node: Any, sort: str | None, sorts: dict[str, str]) -> Apply:
        name = node.name
        shift = name in ("<<", ">>")
        inputs: list[str | None]
        if name == "bigint":
            result = "BigInt"
            inputs = ["i64"]
        elif name == "bits":
            result = "BigInt"
            inputs = ["BigInt"]
        elif name in TABLES:
            argument, result = TABLES[name]
            inputs = [argument]
        else:
            result = sort or self._sort_of(node, sorts)
            inputs = [result, "i64" if shift else result]
        if sort not in (None, result):
            self._fail(node, f"({name} …) is a {result} and stands where a {sort} is needed")
        if result not in ("i64", "BigInt"):
            self._fail(node, f"({name} …) is a number and stands where a {result} is needed")
        if len(inputs) != len(node.args):
            self._fail(node, f"{name} takes {len(inputs)} arguments, not {len(node.args)}")
        args = [self.pattern(arg, s, sorts, closed=True) for arg, s in zip(node.args, inputs, strict=True)]
        return Apply(name, tuple(args), result)

    def _sort_of(self, node: Any, sorts: dict[str, str]) -> str:
        """The sort of a primitive expression, from the first part that tells."""
        if isinstance(node, egg.Var):
            return sorts.get(node.name, "")
        if isinstance(node, egg.Lit):
            return "i64"
        if node.name in ("bigint", "bits"):
            return "BigInt"
        if node.name in TABLES:
            return TABLES[node.name][1]
        return self._sort_of(node.args[0], sorts) if node.args else ""

    def conditions(
        self, facts: Iterable[Any], sorts: dict[str, str]
    ) -> tuple[tuple[Comparison, ...], tuple[Bound, ...]]:
        """The conditions of a rule, in an order in which each variable is bound before it is used."""
        comparisons: list[Comparison] = []
        bounds: list[Bound] = []
        pending = list(facts)
        while pending:
            later: list[Any] = []
            for fact in pending:
                found = self._fact(fact, sorts)
                if found is None:
                    later.append(fact)
                elif isinstance(found, Bound):
                    bounds.append(found)
                else:
                    comparisons.append(found)
            if len(later) == len(pending):
                node = later[0].left if isinstance(later[0], egg.Eq) else later[0].expr
                self._fail(
                    node, "a variable of this condition has no value", "bind it on the left or in :when"
                )
            pending = later
        return tuple(comparisons), tuple(bounds)

    def _fact(self, fact: Any, sorts: dict[str, str]) -> Comparison | Bound | None:
        """One condition; None if it uses a variable that is not bound yet."""
        if isinstance(fact, egg.Eq):
            op, sides, node = "=", [fact.left, fact.right], fact.left
        else:
            node = fact.expr
            if not isinstance(node, egg.Call) or node.name not in COMPARISONS or len(node.args) != 2:
                self._fail(node, "a condition is a comparison of two numbers")
            op, sides = node.name, node.args
        for variable, other in (sides, sides[::-1]):
            if isinstance(other, egg.Call) and other.name in RANGE_FUNCTIONS:
                return self._bound(op, variable, other, sorts)
        free = [side for side in sides if not self._bound_already(side, sorts)]
        if len(free) == 2 or (free and not (op == "=" and isinstance(free[0], egg.Var))):
            return None
        sort = next(self._sort_of(side, sorts) for side in sides if side not in free)
        left, right = (self.pattern(side, sort, sorts) for side in sides)
        for side in (left, right):
            if any(v.sort in CLASS_SORTS for v in variables(side)) or side.sort in CLASS_SORTS:
                self._fail(node, "a condition is about numbers, not about terms")
        return Comparison(op, left, right)

    def _bound(self, op: str, variable: Any, function: Any, sorts: dict[str, str]) -> Bound:
        if op != "=" or not isinstance(variable, egg.Var) or len(function.args) != 1:
            self._fail(function, f"write (= variable ({function.name} term))")
        if not isinstance(function.args[0], egg.Var):
            self._fail(function, f"{function.name} is known of variables only")
        of = self._variable(function.args[0], "E", sorts, True)
        return Bound(
            self._variable(variable, RANGE_FUNCTIONS[function.name], sorts, False), function.name, of
        )

    def _bound_already(self, node: Any, sorts: dict[str, str]) -> bool:
        if isinstance(node, egg.Var):
            return node.name in sorts
        return isinstance(node, egg.Lit) or all(self._bound_already(arg, sorts) for arg in node.args)
