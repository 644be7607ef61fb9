"""The values of a region: a hash-consed graph in which memory reads carry their state.

Statements are taken in program order. Equal expressions over equal memory states become one value;
registers (zero-dimensional arrays) are forwarded inside the region, read once at most and written at most
once, at its end. Loads of one element with no store between them that may touch it are one load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

from seer.lang.affine import AffineForms
from seer.lang.operators import OPERATORS, mask
from seer.lang.terms import (
    Array,
    Block,
    Const,
    Expr,
    If,
    Iv,
    Load,
    LocalArray,
    Op,
    Param,
    Store,
)
from seer.lang.traverse import subexpressions
from seer.schedule.dependence import Access, Dependences
from seer.schedule.sites import Control, RegionItem, flat_body

__all__ = ["Value", "ValueGraph", "address_bits"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value or effect; `kind` and fields as `Operation` has them, operands are positions.

    A `store` has operands (address, data), a `write` (data,); the last operand is the predicate where
    `predicated`. A `decide` has operands (condition,).
    """

    kind: str
    width: int
    operands: tuple[int, ...] = ()
    predicated: bool = False
    array: Array | None = None
    value: int = 0
    symbol: str = ""
    level: int = -1


@dataclass(slots=True)
class _Register:
    """What a region knows of a register: its new value, and under which condition it holds.

    `value` None: unchanged so far. `condition` None: always. `undefined`: its scope has just begun.
    """

    value: int | None = None
    condition: int | None = None
    undefined: bool = False


@dataclass
class ValueGraph:
    """Builds the values of one region; `values` are in program order, operands before users."""

    dependences: Dependences
    values: list[Value] = field(default_factory=list)
    accesses: dict[int, Access] = field(default_factory=dict)
    """Of each load and store, by position."""

    def __post_init__(self) -> None:
        self._index: dict[Value, int] = {}
        self._pure: dict[Expr, int] = {}
        self._terms: dict[int, Expr | None] = {}
        self._registers: dict[Array, _Register] = {}
        self._taken: int | None = None  # under which condition the present side of an If runs
        self._loads: dict[tuple[Array, tuple[object, ...]], int] = {}
        self._stores: dict[Array, list[int]] = {}
        self._affine = AffineForms(self.dependences.intervals)

    # -- statements ---------------------------------------------------------------------------------

    def add(self, item: RegionItem) -> None:
        """Append one statement, or the beginning of a local's scope."""
        match item:
            case LocalArray():
                if item.type.shape == ():
                    self._registers[item] = _Register(undefined=True)
            case If():
                self._add_if(item)
            case Store():
                self._add_store(item)

    def _add_store(self, item: Store) -> None:
        memo: dict[Expr, int] = {}
        when = self._expression(item.when, memo)
        if self._constant(when) == 0:
            return
        data = self._expression(item.value, memo)
        if item.array.type.shape == ():
            # Registers hold what the present side of an If sees, so only its own predicate matters.
            self._set_register(item.array, data, None if self._constant(when) == 1 else when)
            return
        predicate = self._both(self._taken, when)
        address, access = self._address(item.array, item.indices, memo, is_store=True)
        operands = (address, data) if predicate is None else (address, data, predicate)
        self.values.append(Value("store", item.array.type.width, operands, predicate is not None, item.array))
        position = len(self.values) - 1
        self.accesses[position] = access
        self._stores.setdefault(item.array, []).append(position)

    def _add_if(self, item: If) -> None:
        condition = self._expression(item.condition, {})
        known = self._constant(condition)
        if known is not None:
            self._side(item.then if known else item.otherwise, self._taken)
            return
        before, taken = self._registers, self._taken
        self._registers = dict(before)
        self._side(item.then, self._both(taken, condition))
        then, self._registers = self._registers, dict(before)
        if item.otherwise:
            self._side(item.otherwise, self._both(taken, self._not(condition)))
        otherwise, self._taken = self._registers, taken
        self._registers = {}
        for array in dict.fromkeys((*then, *otherwise)):
            sides = then.get(array, _Register()), otherwise.get(array, _Register())
            self._registers[array] = self._joined(array, condition, *sides)

    def _side(self, block: Block, taken: int | None) -> None:
        self._taken = taken
        for inner in flat_body(block):
            if isinstance(inner, Control):
                raise TypeError("an If with a loop in a region")
            self.add(inner)

    def _joined(self, array: Array, condition: int, then: _Register, otherwise: _Register) -> _Register:
        """What is known of a register behind an If."""
        if then == otherwise or (otherwise.value is None and otherwise.undefined):
            return then
        if then.value is None and then.undefined:
            return otherwise
        if then.value is None:
            assert otherwise.value is not None
            return _Register(otherwise.value, self._both(self._not(condition), otherwise.condition))
        if otherwise.value is None:
            return _Register(then.value, self._both(condition, then.condition))
        value = self.operation("select", array.type.width, (condition, then.value, otherwise.value))
        if then.condition is None and otherwise.condition is None:
            return _Register(value)
        always = self.constant(1, 1)
        written = (always if side.condition is None else side.condition for side in (then, otherwise))
        either = self.operation("select", 1, (condition, *written))
        return _Register(value, None if self._constant(either) == 1 else either)

    def _both(self, first: int | None, second: int | None) -> int | None:
        """The conjunction of two conditions; None is always."""
        if first is None or self._constant(first) == 1:
            return None if second is None or self._constant(second) == 1 else second
        if second is None or self._constant(second) == 1 or first == second:
            return first
        return self.operation("and", 1, (first, second))

    def _not(self, condition: int) -> int:
        return self.operation("xor", 1, (condition, self.constant(1, 1)))

    def decide(self, condition: Expr) -> None:
        """End with the decision of a branch or a while loop."""
        self.values.append(Value("decide", 1, (self._expression(condition, {}),)))

    def finish(self, live_out: frozenset[Array]) -> None:
        """Write the registers that changed and are read later."""
        for array, register in self._registers.items():
            if register.value is None or array not in live_out:
                continue
            old = self._index.get(Value("read", array.type.width, array=array))
            if register.value == old:
                continue
            predicated = register.condition is not None
            operands = (
                (register.value,) if register.condition is None else (register.value, register.condition)
            )
            self.values.append(Value("write", array.type.width, operands, predicated, array))

    def _set_register(self, array: Array, data: int, predicate: int | None) -> None:
        state = self._registers.setdefault(array, _Register())
        if predicate is None or state.undefined:
            # A local's contents at entry are unspecified, so a first conditional store may be made always.
            self._registers[array] = _Register(data)
        elif state.value is None:
            self._registers[array] = _Register(data, predicate)
        else:
            value = self.operation("select", array.type.width, (predicate, data, state.value))
            either = None
            if state.condition is not None:
                either = self.operation("or", 1, (state.condition, predicate))
            self._registers[array] = _Register(value, either)

    def _get_register(self, array: Array) -> int:
        state = self._registers.get(array)
        if state is not None and state.value is not None and state.condition is None:
            return state.value
        if state is not None and state.undefined:
            # What it holds is read, and from now on has to stay.
            self._registers[array] = state = _Register()
        old = self._intern(Value("read", array.type.width, array=array))
        if state is None or state.value is None or state.condition is None:
            return old
        return self.operation("select", array.type.width, (state.condition, state.value, old))

    # -- expressions --------------------------------------------------------------------------------

    def _expression(self, root: Expr, memo: dict[Expr, int]) -> int:
        """The value of an expression in the present state; `memo` serves one state."""
        for node in subexpressions(root):
            if node in memo:
                continue
            position = self._pure.get(node)
            if position is None:
                position = self._node(node, memo)
            memo[node] = position
        return memo[root]

    def _node(self, node: Expr, memo: dict[Expr, int]) -> int:
        match node:
            case Const():
                position = self.constant(node.bits, node.value)
            case Param():
                position = self._intern(Value("param", node.bits, symbol=node.name))
                self._terms[position] = node
            case Iv():
                position = self._intern(Value("iv", node.bits, level=node.level))
                self._terms[position] = node
            case Load() if node.array.type.shape == ():
                return self._get_register(node.array)
            case Load():
                return self._load(node, memo)
            case Op():
                operands = [memo[operand] for operand in node.operands]
                position = self.operation(node.name, node.bits, tuple(operands))
                if not all(operand in self._pure for operand in node.operands):
                    return position
            case _:
                raise TypeError(type(node).__name__)
        self._pure[node] = position
        return position

    def _load(self, node: Load, memo: dict[Expr, int]) -> int:
        address, access = self._address(node.array, node.indices, memo, is_store=False)
        forms = access.forms
        key: tuple[object, ...] = (address,) if forms is None else forms
        earlier = self._loads.get((node.array, key))
        if earlier is not None:
            between = [s for s in self._stores.get(node.array, ()) if s > earlier]
            if not any(self.dependences.same_iteration(self.accesses[s], access) for s in between):
                return earlier
        self.values.append(Value("load", node.width, (address,), array=node.array))
        position = len(self.values) - 1
        self.accesses[position] = access
        self._loads[(node.array, key)] = position
        return position

    def _address(
        self, array: Array, indices: tuple[Expr, ...], memo: dict[Expr, int], is_store: bool
    ) -> tuple[int, Access]:
        """The row-major address, in the bits that the array's size needs; higher bits are not computed."""
        bits = address_bits(array)
        positions = [self._expression(index, memo) for index in indices]
        total = self.constant(bits, 0)
        for position, extent in zip(positions, array.type.shape, strict=True):
            scaled = self.operation("mul", bits, (total, self.constant(bits, extent & mask(bits))))
            total = self.operation("add", bits, (scaled, self.resize(position, bits)))
        terms = [self._term(position) for position in positions]
        forms = [None if term is None else self._affine.of(term) for term in terms]
        known = tuple(form for form in forms if form is not None)
        return total, Access(array, is_store, known if len(known) == len(forms) else None)

    def _term(self, position: int) -> Expr | None:
        """The value as a term if it depends on no memory, for affine analysis."""
        if position in self._terms:
            return self._terms[position]
        value = self.values[position]
        term: Expr | None = None
        if value.kind == "const":
            term = Const(value.width, value.value)
        elif value.kind in OPERATORS:
            operands: list[Expr] = []
            for operand in value.operands:
                inner = self._term(operand)
                if inner is None:
                    break
                operands.append(inner)
            else:
                term = Op(value.kind, value.width, tuple(operands))
        self._terms[position] = term
        return term

    # -- values -------------------------------------------------------------------------------------

    def constant(self, width: int, value: int) -> int:
        return self._intern(Value("const", width, value=value))

    def resize(self, position: int, width: int) -> int:
        """The value with its high bits cut off or filled with zeros."""
        have = self.values[position].width
        if have == width:
            return position
        return self.operation("zext" if have < width else "trunc", width, (position,))

    def operation(self, name: str, width: int, operands: tuple[int, ...]) -> int:
        """An operator applied to values, folded where that is free of charge."""
        constants = [self._constant(operand) for operand in operands]
        known = [constant for constant in constants if constant is not None]
        if len(known) == len(operands):
            inner = self.values[operands[0]].width
            return self.constant(width, OPERATORS[name].evaluate(inner, width, *known))
        if OPERATORS[name].commutative:
            # Constants last, else by position: both orders are one value.
            order = sorted(range(2), key=lambda i: (constants[i] is not None, operands[i]))
            operands = (operands[order[0]], operands[order[1]])
            constants = [constants[i] for i in order]
        same = self._identity(name, width, operands, constants)
        return self._intern(Value(name, width, operands)) if same is None else same

    def _identity(
        self, name: str, width: int, operands: tuple[int, ...], constants: list[int | None]
    ) -> int | None:
        first, last = operands[0], operands[-1]
        constant = constants[-1]
        match name:
            case "add" | "sub" | "or" | "xor" | "shl" | "lshr" | "ashr" if constant == 0:
                return first
            case "mul" | "and" if constant == 0:
                return last
            case "mul" | "udiv" | "sdiv" if constant == 1 and width > 1:
                return first
            case "and" if constant == mask(width):
                return first
            case "select" if constants[0] is not None:
                return operands[1] if constants[0] else operands[2]
            case "select" if operands[1] == operands[2]:
                return operands[1]
            case "trunc":
                value = self.values[first]
                if value.kind in ("zext", "sext"):
                    inner = value.operands[0]
                    have = self.values[inner].width
                    if have == width:
                        return inner
                    return self.operation(value.kind if have < width else "trunc", width, (inner,))
        return None

    def _constant(self, position: int) -> int | None:
        value = self.values[position]
        return value.value if value.kind == "const" else None

    def _intern(self, value: Value) -> int:
        position = self._index.get(value)
        if position is None:
            self.values.append(value)
            position = self._index[value] = len(self.values) - 1
        return position


def address_bits(array: Array) -> int:
    """Width of an address into the array: enough to number its elements, at least 1."""
    return max(1, (prod(array.type.shape) - 1).bit_length())
