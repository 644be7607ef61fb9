"""The statements of a function as lines of C++: blocks, branches and loops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from seer.emit.conditions import negated
from seer.emit.do_loops import DoLoop, do_loop
from seer.emit.expressions import Expressions
from seer.emit.labels import Labels
from seer.emit.names import Namer
from seer.emit.pragmas import pragmas
from seer.emit.runs import Runs
from seer.emit.safety import Guards, Safety
from seer.emit.scopes import Scopes
from seer.emit.values import POSTFIX, RELATIONAL, Value, compatible, infix
from seer.emit.variables import counter_type
from seer.lang.program import Program
from seer.lang.terms import Array, Block, Expr, For, Group, If, Local, Loop, Statement, Store, While

__all__ = ["Body"]

_COUNTERS = "ijklmn"
"""What the counter of a loop is called by its level, if the source does not say."""


class Body:
    """Emits the statements of `program`; `lines` is the result.

    `returned` is the one store whose value the function returns at its very end, if there is one;
    `partitions` are the pragmas of local arrays, without what stands in front of their kinds.
    """

    def __init__(
        self,
        program: Program,
        pipelined: Mapping[Loop, int],
        expressions: Expressions,
        safety: Safety,
        namer: Namer,
        labels: Labels,
        returned: Store | None,
        partitions: Mapping[Array, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self._pipelined = pipelined
        self._expressions = expressions
        self._variables = expressions.variables
        self._labels = labels
        self._scopes = Scopes(program, expressions.variables, namer, partitions)
        self._runs = Runs(self._scopes, expressions, safety, returned)
        # The conditions of the branches and loops around the present place.
        self._guards: Guards = ()

    @property
    def lines(self) -> list[str]:
        return self._scopes.lines

    def line(self, text: str) -> None:
        self._scopes.line(text)

    def directive(self, text: str) -> None:
        """A preprocessor line."""
        self._scopes.directive(text)

    def block(self, block: Block, parent: For | None = None) -> None:
        """Emit `block`, the body of `parent` if that is given, in the present C++ scope."""
        waiting: list[Store] = []
        rest = _flat(block)
        if len(rest) > 1:
            parent = None
        while rest:
            statement, rest = rest[0], rest[1:]
            if isinstance(statement, Store):
                waiting.append(statement)
                continue
            self._runs.stores(waiting, self._guards)
            waiting = []
            match statement:
                case For():
                    self._for(statement, parent)
                case While():
                    self._while(statement)
                case If():
                    self._if(statement)
                case Local() if (loop := self._do_loop(statement)) is not None:
                    self._do(loop)
                    rest = [*_flat(loop.rest), *rest]
                case Local() if not rest:
                    # Its scope ends with the enclosing one, so that it needs no braces of its own.
                    self._scopes.open(statement)
                    rest, parent = _flat(statement.body), None
                case Local():
                    self._scope(statement)
                case _:
                    raise TypeError(type(statement).__name__)
        self._runs.stores(waiting, self._guards)

    def _scope(self, local: Local) -> None:
        self._scopes.declare_touched(local)
        self.line("{")
        self._scopes.enter()
        self._scopes.open(local)
        self.block(local.body)
        self._scopes.leave()
        self.line("}")

    def _guarded(self, block: Block, condition: Expr, taken: bool) -> None:
        """Emit a block in a C++ scope of its own, whose first line and closing brace are the caller's."""
        outer, self._guards = self._guards, (*self._guards, (condition, taken))
        self._scopes.enter()
        self.block(block)
        self._scopes.leave()
        self._guards = outer

    # Branches.

    def _if(self, statement: If) -> None:
        """`if … else if … else …`; an arm continues the chain if its condition needs no temporary."""
        if not _flat(statement.then) and not _flat(statement.otherwise):
            return
        outer = self._guards
        self._runs.head(statement, self._guards)
        opening = ""
        while True:
            condition = self._expressions.condition(statement.condition)
            then, otherwise = _flat(statement.then), _flat(statement.otherwise)
            if not then and otherwise:
                self.line(f"{opening}if ({negated(condition).text}) {{")
                self._guarded(statement.otherwise, statement.condition, False)
                break
            self.line(f"{opening}if ({condition.text}) {{")
            self._guarded(statement.then, statement.condition, True)
            if not otherwise:
                break
            self._guards = (*self._guards, (statement.condition, False))
            inner = otherwise[0]
            if len(otherwise) > 1 or not isinstance(inner, If) or not self._runs.simple(inner, self._guards):
                self._guards = self._guards[:-1]
                self.line("} else {")
                self._guarded(statement.otherwise, statement.condition, False)
                break
            self._runs.head(inner, self._guards)
            statement, opening = inner, "} else "
        self._guards = outer
        self.line("}")

    # Loops.

    def _while(self, loop: While) -> None:
        """`while (condition)`; a condition that needs temporaries is computed at the head of the body."""
        guards = (*self._guards, (loop.condition, True))
        plain = self._runs.simple(loop, self._guards)
        self._scopes.declare_touched(loop)
        label = self._labels.label(loop, "while")
        if plain:
            self._runs.head(loop, self._guards)
            self.line(f"{label}: while ({self._expressions.condition(loop.condition).text}) {{")
            self._pragmas(loop, None)
            self._guarded(loop.body, loop.condition, True)
        else:
            self.line(f"{label}: while (true) {{")
            self._pragmas(loop, None)
            self._scopes.enter()
            self._runs.head(loop, self._guards)
            self.line(f"if ({negated(self._expressions.condition(loop.condition)).text})")
            self.line("    break;")
            outer, self._guards = self._guards, guards
            self.block(loop.body)
            self._guards = outer
            self._scopes.leave()
        self.line("}")

    def _do_loop(self, local: Local) -> DoLoop | None:
        """The do loop that `local` is, if there is one whose condition needs no temporary."""
        found = do_loop(local, _flat(local.body))
        return found if found is not None and self._runs.simple(found.last, self._guards) else None

    def _do(self, found: DoLoop) -> None:
        self._scopes.declare_touched(found.loop)
        self.line(f"{self._labels.label(found.loop, 'do')}: do {{")
        self._pragmas(found.loop, None)
        self._scopes.enter()
        self.block(found.body)
        self._scopes.leave()
        self._runs.head(found.last, self._guards)
        self.line(f"}} while ({self._expressions.condition(found.last.value).text});")

    def _for(self, loop: For, parent: For | None) -> None:
        """`parent` is the loop whose body is this one and nothing else, if there is one."""
        self._runs.head(loop, self._guards)
        iv = loop.iv
        lower, upper = self._expressions.signed(loop.lower), self._expressions.signed(loop.upper)
        self._scopes.enter()
        names = self._scopes.origin(loop).names
        wish = _COUNTERS[iv.level] if iv.level < len(_COUNTERS) else f"i{iv.level}"
        name = self._scopes.namer.unique(names[0] if names else wish)
        self._variables.bind_counter(iv, name)
        type = counter_type(iv)
        counter = Value(name, POSTFIX, type.bits, True, type.lowest, type.highest)
        test = infix("<", *compatible(counter, upper), RELATIONAL)
        step = f"{name}++" if iv.step == 1 else f"{name} += {iv.step}"
        head = f"for ({type.spelling} {name} = {lower.text}; {test}; {step}) {{"
        self._scopes.head_line(f"{self._labels.label(loop, name)}: {head}")
        self._pragmas(loop, parent)
        self.block(loop.body, loop)
        self._scopes.leave()
        self.line("}")

    def _pragmas(self, loop: Loop, parent: For | None) -> None:
        for pragma in pragmas(loop, self._pipelined, parent):
            self._scopes.directive(f"#pragma HLS {pragma}")


def _flat(block: Block) -> list[Statement]:
    """The block with its groups opened."""
    return [inner for statement in block for inner in _opened(statement)]


def _opened(statement: Statement) -> Iterable[Statement]:
    return _flat(statement.body) if isinstance(statement, Group) else [statement]
