"""The values of a region: a hash-consed graph in which memory reads carry their state.

Statements are taken in program order. Equal expressions over equal memory states become one value;
registers (zero-dimensional arrays) are forwarded inside the region, read once at most and written at most
once, at its end. Loads of one element with no store between them that may touch it are one load.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    Statement,
    Store,
    Table,
)
from seer.lang.traverse import unknown
from seer.schedule.dependence import Access, Dependences
from seer.schedule.linear import LinearForms, strides_of
from seer.schedule.narrow import lanes_of_store
from seer.schedule.sites import Control, RegionItem, flat_body
from seer.schedule.value_table import Value, ValueTable

__all__ = ["ValueGraph", "address_bits"]


@dataclass(slots=True)
class _Register:
    """What a region knows of a register: its new value, and under which condition it holds.

    `value` None: unchanged so far. `condition` None: always. `undefined`: its scope has just begun.
    """

    value: int | None = None
    condition: int | None = None
    undefined: bool = False


@dataclass
class ValueGraph(ValueTable):
    """Builds the values of one region from its statements."""

    dependences: Dependences
    lane_bits: Callable[[Array], int] = lambda array: 0
    """Bits of the lanes of an array's words that can be stored alone; 0 where only whole words can."""
    accesses: dict[int, Access] = field(default_factory=dict)
    """Of each load and store, by position."""
    statements: dict[int, Statement] = field(default_factory=dict)
    """The statement that each value was first made for, by position; a register's write has its store."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._pure: dict[Expr, int] = {}
        self._terms: dict[int, Expr | None] = {}
        self._registers: dict[Array, _Register] = {}
        self._starts: dict[Array, int] = {}  # values that registers are known to begin with
        self._taken: int | None = None  # under which condition the present side of an If runs
        self._loads: dict[tuple[Array, tuple[object, ...]], int] = {}
        self._stores: dict[Array, list[int]] = {}
        self._affine = AffineForms(self.dependences.intervals)
        self._linear = LinearForms(self.values)
        self._writers: dict[Array, Statement] = {}

    def assume(self, condition: Expr) -> None:
        """Let `condition` hold where the region begins; only that a register is set is made use of."""
        if isinstance(condition, Load) and condition.array.type.shape == () and condition.width == 1:
            self._starts[condition.array] = self.constant(1, 1)

    # -- statements ---------------------------------------------------------------------------------

    def add(self, item: RegionItem) -> None:
        """Append one statement, or the beginning of a local's scope."""
        first = len(self.values)
        match item:
            case LocalArray():
                if item.type.shape == ():
                    self._registers[item] = _Register(undefined=True)
            case If():
                self._add_if(item)
            case Store():
                self._add_store(item)
                self._writers[item.array] = item
        if not isinstance(item, LocalArray):
            self._note(first, item)

    def _note(self, first: int, statement: Statement) -> None:
        for position in range(first, len(self.values)):
            self.statements.setdefault(position, statement)

    def _add_store(self, item: Store) -> None:
        memo: dict[Expr, int] = {}
        when = self._expression(item.when, memo)
        if self.known(when) == 0:
            return
        data = self._expression(item.value, memo)
        if item.array.type.shape == ():
            # Registers hold what the present side of an If sees, so only its own predicate matters.
            self._set_register(item.array, data, None if self.known(when) == 1 else when)
            return
        address, access = self._address(item.array, item.indices, memo, is_store=True)
        self._append_store(address, data, access, when)

    def _add_if(self, item: If) -> None:
        condition = self._expression(item.condition, {})
        known = self.known(condition)
        if known is not None:
            self._side(item.then if known else item.otherwise, self._taken)
            return
        before, taken = self._registers, self._taken
        stores = {array: list(found) for array, found in self._stores.items()}
        self._registers = dict(before)
        starts = [len(self.values)]
        predicates = self.both(taken, condition), self.both(taken, self.negation(condition))
        self._side(item.then, predicates[0])
        starts.append(len(self.values))
        then, self._registers = self._registers, dict(before)
        # Either side sees the memories as if the other were not there.
        then_stores, self._stores = self._stores, stores
        self._side(item.otherwise, predicates[1])
        otherwise, self._taken = self._registers, taken
        for array, found in then_stores.items():
            self._stores[array] = sorted({*found, *self._stores.get(array, ())})
        self._registers = {}
        for array in dict.fromkeys((*then, *otherwise)):
            sides = then.get(array, _Register()), otherwise.get(array, _Register())
            self._registers[array] = self._joined(array, condition, *sides)
        self._unite_stores(condition, predicates, starts)

    def _unite_stores(
        self, condition: int, predicates: tuple[int | None, int | None], starts: list[int]
    ) -> None:
        """Let the last accesses of both sides to one array be one store of a select, where both store to
        one address whenever their side runs."""
        last: tuple[dict[Array, int], dict[Array, int]] = ({}, {})
        for position, access in self.accesses.items():
            if position >= starts[0]:
                last[position >= starts[1]][access.array] = position
        for array in [array for array in last[0] if array in last[1]]:
            pair = [self.values[side[array]] for side in last]
            always = [
                value.kind == "store" and value.predicated and value.operands[2:] == (predicate,)
                for value, predicate in zip(pair, predicates, strict=True)
            ]
            if not all(always) or pair[0].operands[0] != pair[1].operands[0]:
                continue
            access = self.accesses[last[0][array]]
            for side in last:
                self.values[side[array]] = Value("none", 0)
                del self.accesses[side[array]]
                self._stores[array].remove(side[array])
            data = (pair[0].operands[1], pair[1].operands[1])
            self._append_store(
                pair[0].operands[0], self.operation("select", array.type.width, (condition, *data)), access
            )

    def _append_store(self, address: int, data: int, access: Access, when: int | None = None) -> None:
        """A store that runs whenever the present side of an If does, and `when` holds."""
        predicate = self.both(self._taken, when)
        stored = self._stored(address, data, access)
        operands = (address, *stored) if predicate is None else (address, *stored, predicate)
        width = access.array.type.width
        self.values.append(Value("store", width, operands, predicate is not None, access.array))
        position = len(self.values) - 1
        self.accesses[position] = access
        self._stores.setdefault(access.array, []).append(position)

    def _stored(self, address: int, data: int, access: Access) -> tuple[int, ...]:
        """The data of a store, and the enables of its lanes where the others keep what they hold."""
        lane = self.lane_bits(access.array)
        word = self._loads.get((access.array, _key(address, access))) if lane else None
        if word is None or self._changed(word, access):
            return (data,)
        lanes = lanes_of_store(self, word, data, lane)
        return (data,) if lanes is None else (lanes.data, lanes.enables)

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
            return _Register(otherwise.value, self.both(self.negation(condition), otherwise.condition))
        if otherwise.value is None:
            return _Register(then.value, self.both(condition, then.condition))
        value = self.operation("select", array.type.width, (condition, then.value, otherwise.value))
        if then.condition is None and otherwise.condition is None:
            return _Register(value)
        always = self.constant(1, 1)
        written = (always if side.condition is None else side.condition for side in (then, otherwise))
        either = self.operation("select", 1, (condition, *written))
        return _Register(value, None if self.known(either) == 1 else either)

    def decide(self, condition: Expr) -> None:
        """End with the decision of a branch or a while loop."""
        self.values.append(Value("decide", 1, (self._expression(condition, {}),)))

    def finish(self, live_out: frozenset[Array], steps: Mapping[int, int | None]) -> None:
        """Write the registers that changed and are read later; `steps` are those of the loop's counters."""
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
            first = len(self.values)
            self.values.append(Value("write", array.type.width, operands, predicated, array))
            if array in self._writers:
                self._note(first, self._writers[array])
        self.dependences.strides = strides_of(self.values, self._linear, steps)

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
        old = self._starts.get(array)
        if old is None:
            old = self.intern(Value("read", array.type.width, array=array))
        if state is None or state.value is None or state.condition is None:
            return old
        return self.operation("select", array.type.width, (state.condition, state.value, old))

    # -- expressions --------------------------------------------------------------------------------

    def _expression(self, root: Expr, memo: dict[Expr, int]) -> int:
        """The value of an expression in the present state; `memo` serves one state."""
        for node in unknown(root, memo):
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
                position = self.intern(Value("param", node.bits, symbol=node.name))
                self._terms[position] = node
            case Iv():
                position = self.intern(Value("iv", node.bits, level=node.level))
                self._terms[position] = node
            case Load(array=Table(values=(value,))) if node.array.type.shape == ():
                # A constant, not a register: nothing would ever write it.
                position = self.constant(node.width, value)
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
        key = _key(address, access)
        earlier = self._loads.get((node.array, key))
        if earlier is not None and not self._changed(earlier, access):
            return earlier
        self.values.append(Value("load", node.width, (address,), array=node.array))
        position = len(self.values) - 1
        self.accesses[position] = access
        self._loads[(node.array, key)] = position
        return position

    def _changed(self, load: int, access: Access) -> bool:
        """Whether a store since then may have touched the element of a load, which `access` touches."""
        between = [s for s in self._stores.get(access.array, ()) if s > load]
        return any(self.dependences.same_iteration(self.accesses[s], access) for s in between)

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
        affine = known if len(known) == len(forms) else None
        subscripts = tuple(zip(positions, forms, strict=True))
        return total, Access(array, is_store, affine, self._linear.of(total), subscripts)

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


def _key(address: int, access: Access) -> tuple[object, ...]:
    """What is equal for loads and stores of one element."""
    return (address,) if access.forms is None else access.forms


def address_bits(array: Array) -> int:
    """Width of an address into the array: enough to number its elements, at least 1."""
    return max(1, (prod(array.type.shape) - 1).bit_length())
