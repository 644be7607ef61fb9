"""MLIR in the exchange form (docs/exchange.md), or near it, as a `Program`.

Reads what frontends write and what upstream passes make of it, in three stages: the operations
(`mlir_reader`), which values must be captured in Locals (`ssa`), and here the terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seer.errors import InputError
from seer.lang.affine_maps import BOUND_OPERATORS, subscript
from seer.lang.asserted import with_contents
from seer.lang.conditions import both
from seer.lang.index_forms import (
    Index,
    implied_hull,
    index_of,
    leaf,
    linear_form,
    needed_width,
    nodes,
    to_expression,
)
from seer.lang.intervals import Intervals
from seer.lang.mlir_bindings import ir
from seer.lang.mlir_floats import float_width
from seer.lang.mlir_objects import declarations_of, object_of
from seer.lang.mlir_origins import UnsupportedMLIR, origin_of
from seer.lang.mlir_reader import Reader
from seer.lang.mlir_values import array_type, content_range
from seer.lang.program import Argument, Origin, Program
from seer.lang.ssa import Node, Region, Value, find_captures
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
    While,
)

__all__ = ["Reading", "StoreHook", "UnsupportedMLIR", "from_module", "read_function"]

StoreHook = Callable[[Store, Mapping[str, str]], None]
"""Called for each store in program order with its string attributes that are not of the exchange form."""

_FLOAT_C_TYPES = {32: "float", 64: "double"}
_C_TYPES = {1: "_Bool", 8: "signed char", 16: "short", 32: "int", 64: "long long"}


@dataclass(frozen=True)
class Reading:
    """A block read from a function, and the origins of its statements and constant tables."""

    body: Block
    origins: Mapping[Term, Origin]


def from_module(module: ir.Module, function: str | None = None) -> Program:
    """The program that `function` of `module` is; the name may be left out where there is only one.

    Raises InputError if there is no such function, UnsupportedMLIR at what has no meaning in SeerLang.
    """
    functions = [o for o in module.body.operations if o.operation.name == "func.func"]
    found = [f for f in functions if function is None or f.name.value == function]
    if len(found) != 1:
        wanted = "exactly one function" if function is None else f"a function {function!r}"
        names = ", ".join(f.name.value for f in functions) or "none"
        raise InputError(f"the module must have {wanted}; it has: {names}", hint="name one of them")
    operation = found[0].operation
    arguments = tuple(_argument(found[0], position) for position in range(len(found[0].type.inputs)))
    names = [argument.name for argument in arguments]
    for name in names:
        if names.count(name) > 1:
            raise UnsupportedMLIR(f"two arguments are named {name!r}", operation, "set seer.name")
    reading = read_function(operation, [argument.term for argument in arguments])
    declared = declarations_of(operation)
    program = Program(found[0].name.value, arguments, reading.body, reading.origins, declared)
    return with_contents(program)


def read_function(
    function: Any,
    arguments: Sequence[Array | Param | Iv],
    iv_level: int = 0,
    local_level: int = 0,
    on_store: StoreHook | None = None,
) -> Reading:
    """The body of a function whose arguments, in order, mean `arguments`.

    An argument of type index may mean an `Iv` bound outside, a memref a Local bound outside; loops and
    Locals of the body get the levels from `iv_level` and `local_level` on.
    """
    intervals = Intervals()
    reader = Reader(arguments, function.operation, intervals)
    builder = _Builder(find_captures(reader.nodes), intervals, on_store)
    body = builder.block(reader.body, iv_level, local_level)
    return Reading(body, builder.origins | reader.tables)


def _argument(function: Any, position: int) -> Argument:
    type = function.type.inputs[position]
    operation = function.operation
    # Not `function.arg_attrs`: without attributes it needs a context of its own.
    given = operation.attributes.get("arg_attrs")
    attributes = given[position] if given is not None else {}
    name = attributes["seer.name"].value if "seer.name" in attributes else f"arg{position}"
    content = content_range(attributes)
    if isinstance(type, ir.IntegerType):
        term: Param | TopArray = Param(type.width, name, content)
        width = type.width
    elif float_width(type) is not None:
        width = float_width(type) or 0
        term = Param(width, name, content)
    elif isinstance(type, ir.MemRefType):
        kind = array_type(type, operation, content)
        term, width = TopArray(kind, name), kind.width
    else:
        hint = "use an integer, f32, f64, or a memref of these"
        raise UnsupportedMLIR(f"argument {name} of func.func has type {type}", operation, hint)
    signed = attributes["seer.signed"].value if "seer.signed" in attributes else True
    element = type.element_type if isinstance(type, ir.MemRefType) else type
    usual = _c_type(width, signed) if float_width(element) is None else _FLOAT_C_TYPES[width]
    c_type = attributes["seer.c_type"].value if "seer.c_type" in attributes else usual
    return Argument(name, term, signed, c_type, object_of(attributes))


def _c_type(width: int, signed: bool) -> str:
    if width not in _C_TYPES:
        return f"_BitInt({width})" if signed else f"unsigned _BitInt({width})"
    name = _C_TYPES[width]
    return name if signed or width == 1 else f"unsigned {name.removeprefix('signed ')}"


class _Builder:
    """Builds terms from the nodes of a function, in program order."""

    def __init__(self, captured: set[Node], intervals: Intervals, on_store: StoreHook | None) -> None:
        self._captured = captured
        self._intervals = intervals
        self._on_store = on_store
        self._meanings: dict[Value, Any] = {}
        self.origins: dict[Term, Origin] = {}

    def _of(self, value: Value) -> Any:
        return self._meanings[value] if value.given is None else value.given

    def _record(self, term: Statement, origin: Origin | None) -> Statement:
        if origin is not None:
            earlier = self.origins.get(term)
            self.origins[term] = origin if earlier is None else earlier.merged(origin)
        return term

    def block(self, region: Region, iv_level: int, local_level: int) -> Block:
        # The statements so far, and those of the scopes of the Locals bound in this region so far.
        frames: list[list[Statement]] = [[]]
        locals_: list[tuple[LocalArray, Origin | None]] = []

        def bind(type: ArrayType, origin: Origin | None) -> LocalArray:
            array = LocalArray(type, local_level + len(locals_))
            locals_.append((array, origin))
            frames.append([])
            return array

        for node in region.nodes:
            operands = [self._of(operand) for operand in node.operands]
            level = local_level + len(locals_)
            match node.kind:
                case "local" if node.memory is not None:
                    node.memory.array = bind(node.memory.type, node.origin)
                case "store":
                    frames[-1].append(self._store(node, operands))
                case "loop":
                    frames[-1].append(self._loop(node, operands, iv_level, level))
                case "if" | "while":
                    frames[-1].extend(self._branching(node, operands, iv_level, level))
                case "group" if node.body is not None:
                    group = Group(self.block(node.body, iv_level, level))
                    frames[-1].append(self._record(group, node.origin))
                case "scope" if node.body is not None:
                    frames[-1].extend(self.block(node.body, iv_level, level))
                case _ if node.result is not None:
                    meaning = self._computed(node, operands)
                    if node in self._captured:
                        array = bind(ArrayType(meaning.width, ()), None)
                        capture = Store(array, (), meaning)
                        frames[-1].append(self._record(capture, origin_of(node.operation, "seer.name")))
                        meaning = Load(array, ())
                    self._meanings[node.result] = meaning
        while locals_:
            array, origin = locals_.pop()
            body = tuple(frames.pop())
            frames[-1].append(self._record(Local(array, body), origin))
        return tuple(frames[0])

    def _computed(self, node: Node, operands: list[Any]) -> Any:
        if node.memory is not None:
            return Load(*self._element(node, operands))
        if node.compute is None:
            raise TypeError(f"node of kind {node.kind} computes nothing")
        return node.compute(operands)

    def _element(self, node: Node, subscripts: Sequence[Index]) -> tuple[Array, tuple[Expr, ...]]:
        if node.memory is None or node.memory.array is None:
            raise UnsupportedMLIR(f"{node.operation.name} outside the scope of its memref", node.operation)
        array = node.memory.array
        return array, tuple(subscript(s, n) for s, n in zip(subscripts, array.type.shape, strict=True))

    def _store(self, node: Node, operands: list[Any]) -> Statement:
        rank = len(operands) - 1 - len(node.polarities)
        array, indices = self._element(node, operands[:rank])
        when = _all(operands[rank + 1 :], node.polarities)
        store = Store(array, indices, operands[rank], when)
        if self._on_store is not None:
            self._on_store(store, node.attributes)
        return self._record(store, node.origin)

    def _branching(self, node: Node, operands: list[Any], iv_level: int, local_level: int) -> Block:
        """The If or While that a node is; nothing for an If that does nothing."""
        if node.body is None:
            raise TypeError(f"a node of kind {node.kind} without a body")
        if node.kind == "if":
            then = self.block(node.body, iv_level, local_level)
            otherwise = self.block(node.otherwise, iv_level, local_level) if node.otherwise else ()
            if not (then or otherwise or "seer.if" in node.operation.attributes):
                return ()
            return (self._record(If(operands[0], then, otherwise), node.origin),)
        if node.test is None or self.block(node.test, iv_level, local_level):
            raise TypeError("the test of a while loop does more than compute")
        condition = self._of(node.test.nodes[-1].operands[0])
        body = self.block(node.body, iv_level, local_level)
        loop = self._record(While(condition, body), node.origin)
        when = _all(operands, node.polarities)
        return (loop,) if when is TRUE else (If(when, (loop,)),)

    def _loop(self, node: Node, bounds: list[Index], iv_level: int, local_level: int) -> Statement:
        lowers = _candidates(bounds[: node.lower_count], "max")
        uppers = _candidates(bounds[node.lower_count :], "min")
        copied: list[Store] = []
        for candidates in (lowers, uppers):
            candidates[:] = [self._copied(bound, copied, local_level) for bound in candidates]
        for bound in (*lowers, *uppers):
            self._check_bound(bound, node)
        if len(lowers) > 1 and node.step > 1:
            raise UnsupportedMLIR(
                "a loop with several lower bounds and a step is not supported", node.operation
            )
        lower = lowers[0]
        upper = min(uppers, key=lambda bound: _distance(lower, bound))
        width = max(node.width, needed_width([lower, upper], default=node.width))
        iv = Iv(width, iv_level, *_hull(node, lower, upper, width), node.step)
        counter = leaf(iv, True, self._intervals)
        if node.induction is None or node.guard is None or node.body is None:
            raise TypeError("a loop without a body")
        node.induction.given = counter
        guard: Expr = TRUE
        for pair in [(bound, counter) for bound in lowers[1:]]:
            guard = both(guard, _compared("sle", *pair))
        for pair in [(counter, bound) for bound in uppers if bound is not upper]:
            guard = both(guard, _compared("slt", *pair))
        node.guard.given = guard
        body = self.block(node.body, iv_level + 1, local_level + len(copied))
        loop = For(iv, to_expression(lower, width), to_expression(upper, width), body)
        made = self._record(loop, node.origin)
        for store in reversed(copied):
            made = Local(store.array, (store, made))
        return made

    def _copied(self, bound: Index, copied: list[Store], local_level: int) -> Index:
        """The bound, or a new register that a value which no bound may hold is copied to before the loop."""
        value = bound.expression
        if value is None or not bound.signed or self._form(value) is not None:
            return bound
        register = LocalArray(ArrayType(value.width, ()), local_level + len(copied))
        copied.append(Store(register, (), value))
        return leaf(Load(register, ()), True, self._intervals)

    def _form(self, bound: Expr) -> Index | None:
        return index_of(bound, self._intervals, BOUND_OPERATORS, registers=True)

    def _check_bound(self, bound: Index, node: Node) -> None:
        """Refuse a bound that is not linear in enclosing induction variables and parameters."""
        for part in nodes(bound):
            expression = part.expression
            if expression is None:
                continue
            form = self._form(expression)
            if form is None or not (part.signed or form.lower >= 0 or isinstance(expression, Param)):
                raise UnsupportedMLIR(
                    f"{node.operation.name}: a bound is computed by something else than induction variables, "
                    "parameters and constants, or may wrap around",
                    node.operation,
                    "copy it to a parameter, or declare the content range of the parameters in it",
                )
        if linear_form(bound) is None:
            raise UnsupportedMLIR(f"{node.operation.name}: a bound is not linear", node.operation)


def _all(conditions: Sequence[Expr], polarities: Sequence[bool]) -> Expr:
    """The conjunction of conditions, each of which must be what its polarity says."""
    result: Expr = TRUE
    for condition, polarity in zip(conditions, polarities, strict=True):
        if isinstance(condition, Const):
            holds = TRUE if bool(condition.value) == polarity else Const(1, 0)
        else:
            holds = condition if polarity else Op("xor", 1, (condition, TRUE))
        result = both(result, holds)
    return result


def _compared(operator: str, a: Index, b: Index) -> Expr:
    width = needed_width([a, b])
    return Op(operator, 1, (to_expression(a, width), to_expression(b, width)))


def _candidates(bounds: Sequence[Index], kind: str) -> list[Index]:
    """The bounds of which the greatest (`max`) or least (`min`) counts, without those that never do."""
    flat: list[Index] = []
    stack = list(reversed(bounds))
    while stack:
        bound = stack.pop()
        if bound.kind == kind:
            stack.extend(reversed(bound.operands))
        else:
            flat.append(bound)

    def useless(position: int) -> bool:
        bound = flat[position]
        for place, other in enumerate(flat):
            decides = other.upper <= bound.lower if kind == "min" else other.lower >= bound.upper
            mutual = other.lower == other.upper == bound.lower == bound.upper
            if place != position and decides and not (mutual and place > position):
                return True
        return False

    return [bound for position, bound in enumerate(flat) if not useless(position)]


def _distance(lower: Index, upper: Index) -> int:
    """How many values lie between two bounds at most."""
    low, high = linear_form(lower), linear_form(upper)
    if low is not None and high is not None and low[1] == high[1]:
        return high[0] - low[0]
    return upper.upper - lower.lower


def _hull(node: Node, lower: Index, upper: Index, width: int) -> tuple[int, int]:
    """The stated hull where it fits the bounds as they are now, else the one that these imply."""
    first, limit = implied_hull(lower, upper, node.step)
    end = limit if lower.constant is not None and upper.constant is not None else upper.constant
    if node.hull is not None:
        stated = node.hull
        constants = [value for value in (lower.constant, end) if value is not None]
        fits = -(1 << (width - 1)) <= stated[0] and stated[1] < 1 << (width - 1)
        # A loop that never runs states its two constants, the greater one first.
        if fits and all(min(stated) <= value <= max(stated) for value in constants):
            return stated
    return first, limit
