"""Undefined behaviour of the C source, found by running the program in the interpreter.

SeerLang gives every operation a meaning; this looks for places where C does not: subscripts outside an
array, shifts by the width or more, divisions by zero (and of the least number by -1), and signed overflow.
What C would not evaluate (the other side of `?:`, the right of `&&`) is not looked at. Terms do not say
which additions are signed, so overflow is reported only where every argument in the operands is signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seer.errors import IterationLimitError, Location
from seer.lang import interpreter
from seer.lang.operators import to_signed
from seer.lang.program import Origin, Program
from seer.lang.terms import (
    Array,
    Const,
    Expr,
    Iv,
    Load,
    LocalArray,
    Op,
    Param,
    Statement,
    Store,
    Table,
)
from seer.lang.traverse import children, expressions, statements, subexpressions
from seer.report.spelling import spell
from seer.verify.vectors import Call

__all__ = ["Fault", "faults_of", "is_defined", "is_faulty", "is_long", "length_of"]

_INT_BITS = 32
"""C computes in no narrower type."""

_STEPS = 2_000_000
"""Values computed in a call before it is given up: it is not a check of loops that run for long."""


@dataclass(frozen=True)
class Fault:
    """A place and kind of undefined behaviour; `example` are values that lead to it in call `call`."""

    kind: str
    location: Location | None
    text: str = field(compare=False)
    call: int = field(compare=False)
    example: str = field(compare=False)

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        return f"{place}{self.kind}: {self.text} (call {self.call}{self.example})"


class _Ended(Exception):
    """The call met undefined behaviour, or takes too long."""


def faults_of(program: Program, calls: Sequence[Call], overflow: bool = True) -> list[Fault]:
    """The first fault of each place and kind; a call ends at its first fault. Without `overflow`, that is
    none."""
    found: dict[Fault, None] = {}
    signed = _Signedness(program) if overflow else None
    for number, call in enumerate(calls):
        fault, _ = _run(program, call, signed, _STEPS)
        if fault is not None:
            kind, statement, text = fault
            places = program.origins.get(statement, Origin()).locations if statement else ()
            values = _values(program, call)
            found.setdefault(Fault(kind, places[0] if places else None, text, number, values))
    return list(found)


def is_defined(program: Program, call: Call, steps: int) -> bool:
    """Whether a call ends within `steps` values computed, and meets no undefined behaviour but overflow."""
    fault, ended = _run(program, call, None, steps)
    return fault is None and ended


def is_faulty(program: Program, call: Call, steps: int) -> bool:
    """Whether a call meets undefined behaviour other than overflow among its first `steps` values."""
    fault, _ = _run(program, call, None, steps)
    return fault is not None


def length_of(program: Program, call: Call, most: int) -> int:
    """How many values a call computes, counted up to about `most`."""
    return min(most, _machine(program, call, None, most)[0].steps)


def is_long(program: Program, call: Call, steps: int) -> bool:
    """Whether a call computes more values than `steps`, of which none is undefined but for overflow."""
    fault, ended = _run(program, call, None, steps)
    return fault is None and not ended


def _run(
    program: Program, call: Call, signed: _Signedness | None, steps: int
) -> tuple[tuple[str, Statement | None, str] | None, bool]:
    """The first fault of a call, and whether the call ended. Without `signed` overflow is none."""
    machine, ended = _machine(program, call, signed, steps)
    return machine.fault, ended


def _machine(program: Program, call: Call, signed: _Signedness | None, steps: int) -> tuple[_Machine, bool]:
    """The machine after a call, or after the first fault or `steps` values; and whether the call ended."""
    sites = {expressions(s): s for s in statements(program.body)}
    before = {name: [int(value) for value in contents] for name, contents in call.arrays_before.items()}
    machine = _Machine(program, before, call.params, signed, sites, steps)
    try:
        machine.block(program.body)
    except (_Ended, IterationLimitError):
        return machine, False
    return machine, True


def _values(program: Program, call: Call) -> str:
    shown = []
    for argument in program.arguments:
        if isinstance(argument.term, Param):
            value = call.params[argument.name]
            value = to_signed(value, argument.term.bits) if argument.signed else value
            shown.append(f"{argument.name} = {value}")
    return f": {', '.join(shown)}" if shown else ""


class _Machine(interpreter._Machine):
    """The interpreter, with a look at each value that C would compute."""

    def __init__(
        self,
        program: Program,
        arrays: Mapping[str, Sequence[int]],
        params: Mapping[str, int],
        signed: _Signedness | None,
        sites: Mapping[tuple[Expr, ...], Statement],
        most_steps: int,
    ) -> None:
        super().__init__(program, arrays, params, 0, most_steps)
        self._most_steps = most_steps
        self._signed = signed
        self._sites = sites
        self.steps = 0
        self.fault: tuple[str, Statement | None, str] | None = None

    def _values(self, *roots: Expr) -> list[int]:
        statement = self._sites.get(roots)
        order, steps, _ = self._order(roots)
        self.steps += len(order)
        if self.steps > self._most_steps:
            raise _Ended
        found: list[int] = []
        for step in steps:
            found.append(step(found))
        values = dict(zip(order, found, strict=True))
        evaluated = roots
        if isinstance(statement, Store) and not values[statement.when]:
            evaluated = (statement.when,)
        elif isinstance(statement, Store):
            self._subscripts(statement, statement, values)
        for node in _reached(evaluated, values):
            if isinstance(node, Load):
                self._subscripts(node, statement, values)
            elif isinstance(node, Op):
                self._operation(node, statement, values)
        return [values[root] for root in roots]

    def _subscripts(
        self, access: Load | Store, statement: Statement | None, values: Mapping[Expr, int]
    ) -> None:
        for index, extent in zip(access.indices, access.array.type.shape, strict=True):
            if values[index] >= extent:
                number = to_signed(values[index], index.width)
                name = _name(access.array)
                self._end(
                    "index out of bounds",
                    statement,
                    f"subscript {number} of {name}, which has {extent} elements there",
                )

    def _operation(self, node: Op, statement: Statement | None, values: Mapping[Expr, int]) -> None:
        operands = [values[operand] for operand in node.operands]
        if node.name in ("shl", "lshr", "ashr") and operands[1] >= node.bits:
            by = to_signed(operands[1], node.bits)
            self._end("shift out of range", statement, f"{node.bits} bits shifted by {by} in {spell(node)}")
        if node.name in ("udiv", "urem", "sdiv", "srem") and operands[1] == 0:
            self._end("division by zero", statement, spell(node))
        if node.bits < _INT_BITS or self._signed is None:
            return
        exact = _exact(node, [to_signed(value, node.bits) for value in operands])
        if exact is not None and exact != to_signed(exact, node.bits) and self._signed.of(node):
            self._end("signed overflow", statement, f"{exact} in {node.bits} bits, in {spell(node)}")

    def _end(self, kind: str, statement: Statement | None, text: str) -> None:
        self.fault = (kind, statement, text)
        raise _Ended


def _exact(node: Op, operands: Sequence[int]) -> int | None:
    """The mathematical result of a signed operation that may overflow."""
    match node.name:
        case "add":
            return operands[0] + operands[1]
        case "sub":
            return operands[0] - operands[1]
        case "mul":
            return operands[0] * operands[1]
        case "sdiv" | "srem" if operands[1] == -1:
            return -operands[0]
        case _:
            return None


def _reached(roots: Sequence[Expr], values: Mapping[Expr, int]) -> Iterator[Expr]:
    """What C evaluates: of a selection the chosen operand only, and no right side that is not needed."""
    seen: dict[Expr, None] = {}
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen[node] = None
        needed = children(node)
        if isinstance(node, Op):
            first = values[node.operands[0]]
            if node.name == "select":
                needed = (node.operands[0], node.operands[1 if first else 2])
            elif node.bits == 1 and node.name in ("and", "or") and first == (node.name == "or"):
                needed = node.operands[:1]
        stack.extend(reversed(needed))
        yield node


def _name(array: Array) -> str:
    if isinstance(array, (LocalArray, Table)):
        return "a local array" if isinstance(array, LocalArray) else "a constant table"
    return f"`{getattr(array, 'name', 'an array')}`"


class _Signedness:
    """Whether arithmetic is signed, as far as its operands' arguments tell."""

    def __init__(self, program: Program) -> None:
        self._arrays: dict[Array, bool | None] = {}
        self._params: dict[str, bool] = {}
        self._known: dict[Expr, bool | None] = {}
        for argument in program.arguments:
            if isinstance(argument.term, Param):
                self._params[argument.name] = argument.signed
            else:
                self._arrays[argument.term] = argument.signed
        stores = [
            s for s in statements(program.body) if isinstance(s, Store) and isinstance(s.array, LocalArray)
        ]
        # What flows through locals is known after as many rounds as there are locals in a chain.
        for _ in range(len({store.array for store in stores})):
            for store in stores:
                joined = _joined([self._arrays.get(store.array), self.of(store.value)])
                self._arrays[store.array] = joined
            self._known = {}

    def of(self, root: Expr) -> bool | None:
        """True if signed, False if unsigned, None where nothing tells."""
        for node in subexpressions(root):
            if node not in self._known:
                self._known[node] = self._node(node)
        return self._known[root]

    def _node(self, node: Expr) -> bool | None:
        match node:
            case Load():
                # C promotes what is narrower than int to int, which is signed.
                return True if node.width < _INT_BITS else self._arrays.get(node.array)
            case Param():
                return True if node.width < _INT_BITS else self._params.get(node.name)
            case Iv():
                return True
            case Const():
                return None
            case Op("zext", _, (operand,)) if operand.width >= _INT_BITS:
                return False
            case Op("zext" | "sext"):
                return True
            case Op("lshr" | "udiv" | "urem"):
                return False
            case Op("shl" | "ashr" | "trunc"):
                return self._known[node.operands[0]]
            case Op("select"):
                return _joined([self._known[operand] for operand in node.operands[1:]])
            case Op():
                return _joined([self._known[operand] for operand in node.operands])
            case _:
                return None


def _joined(parts: Sequence[bool | None]) -> bool | None:
    """C computes unsigned where any operand is."""
    if False in parts:
        return False
    return True if True in parts else None
