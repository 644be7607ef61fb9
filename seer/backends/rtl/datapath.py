"""The operations of one region as wires, units and pipeline registers.

A value exists in its result cycle r, on a wire (or on the memory's q port). Where it is used later it
passes a chain of registers: with initiation interval II the k-th one is loaded in cycle r + (k−1)·II of
the iteration and holds the value in the II cycles after that, when the next iteration's value arrives.
In a straight-line region one register holds for good. The counter of a pipelined loop is the first
register of its own chain: iteration n's value stands there in its cycles 0 … II − 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from seer.backends.rtl.interface import address_bits
from seer.backends.rtl.library import product, unit
from seer.backends.rtl.module import Access, CounterSignal, ModuleBuilder
from seer.backends.rtl.operators import COMBINATIONAL, Signal, expression, extend, literal, vector
from seer.backends.rtl.shared import instantiate
from seer.errors import BackendError
from seer.lang.operators import OPERATORS
from seer.schedule.model import Operation, Region
from seer.schedule.units import divided_together, unit_key

__all__ = ["Datapath"]

_EXTENSIONS = ("zext", "sext", "trunc")
_CONSTANT_SHIFTS = ("shl", "lshr", "ashr")


@dataclass
class _Chain:
    """The registers behind one operation: names by position, and the cycles in which each is read."""

    length: int = 0
    names: list[Signal] = field(default_factory=list)
    free: list[bool] = field(default_factory=list)


class Datapath:
    """Generates one region into a module.

    `valid` is the region's valid vector, `interval` its initiation interval (None: straight line),
    `counters` the counters in scope by level, `own_levels` those that change before all of an iteration is
    done; so do the registers `moving`, which are read in its first cycle.
    """

    def __init__(
        self,
        module: ModuleBuilder,
        region: Region,
        prefix: str,
        valid: Signal,
        interval: int | None,
        counters: dict[int, CounterSignal],
        own_levels: frozenset[int],
        moving: frozenset[str] = frozenset(),
    ) -> None:
        self._moving = moving
        self._module = module
        self._region = region
        self._prefix = prefix
        self._valid = valid
        self._interval = interval
        self._counters = counters
        self._own_levels = own_levels
        self._ops = region.operations
        self._constants: dict[int, int] = {}
        self._wiring: set[int] = set()
        self._stable: set[int] = set()
        self._chains: dict[int, _Chain] = {}
        self._uses: dict[int, set[int]] = {}
        self._wires: dict[tuple[int, int], Signal] = {}
        self._together = self._divided_together()
        self._lines: list[str] = []
        self._clocked: list[str] = []

    def decision(self) -> str:
        """The condition that the region ends with, in its last cycle."""
        (decide,) = (op for op in self._ops if op.kind == "decide")
        return self._at(decide.operands[0], decide.start_cycle).text

    def generate(self) -> None:
        order = self._topological()
        for op in order:
            self._classify(op)
        for op in order:
            if op.id not in self._wiring and op.id not in self._constants:
                for operand, cycle in self._reads(op):
                    self._use(operand, cycle)
        for op in order:
            if op.id in self._uses:
                self._plan_chain(op)
        for op in order:
            self._emit(op)
        for line in self._lines:
            self._module.line(line)
        self._module.clocked(self._clocked)

    def _divided_together(self) -> dict[int, int]:
        """Quotients and remainders that one divider gives, each with the id of the other."""

        def alone(op: Operation) -> bool:
            return op.instance is None or (unit_key(op, self._ops), op.instance) not in self._module.shared

        pairs = divided_together(self._ops, alone)
        return pairs | {quotient: remainder for remainder, quotient in pairs.items()}

    # -- what is what ---------------------------------------------------------------------------

    def _topological(self) -> list[Operation]:
        order: dict[int, Operation] = {}
        for root in self._ops:
            stack = [(root.id, False)]
            while stack:
                id_, ready = stack.pop()
                if id_ in order:
                    continue
                op = self._ops[id_]
                if ready:
                    order[id_] = op
                    continue
                stack.append((id_, True))
                sources = op.operands if op.predicate is None else (*op.operands, op.predicate)
                stack += [(source, False) for source in reversed(sources)]
        return list(order.values())

    def _classify(self, op: Operation) -> None:
        """Find constants, wiring (one operand, nothing built) and values that no cycle changes."""
        known = [self._constants.get(operand) for operand in op.operands]
        match op.kind:
            case "const":
                assert op.value is not None
                self._constants[op.id] = op.value
            case "param":
                self._stable.add(op.id)
            case "iv":
                if op.level not in self._own_levels:
                    self._stable.add(op.id)
            case "read":
                written = any(o.kind == "write" and o.memory == op.memory for o in self._ops)
                if not written and op.memory not in self._moving:
                    self._stable.add(op.id)
            case "load" | "store" | "write" | "decide":
                pass
            case _ if op.latency == 0 and None not in known:
                width = self._ops[op.operands[0]].width
                self._constants[op.id] = OPERATORS[op.kind].evaluate(width, op.width, *known)
            case _ if op.latency == 0 and (
                op.kind in _EXTENSIONS or (op.kind in _CONSTANT_SHIFTS and known[1] is not None)
            ):
                self._wiring.add(op.id)
                if op.operands[0] in self._stable:
                    self._stable.add(op.id)

    def _reads(self, op: Operation) -> list[tuple[int, int]]:
        """What an operation reads, and in which cycle."""
        sources = op.operands if op.predicate is None else (*op.operands, op.predicate)
        return [(source, op.start_cycle) for source in sources]

    def _source(self, id_: int) -> int:
        """The operation behind any wiring: the one whose value is kept in registers."""
        while id_ in self._wiring:
            id_ = self._ops[id_].operands[0]
        return id_

    # -- lifetimes ------------------------------------------------------------------------------

    def _use(self, id_: int, cycle: int) -> None:
        if id_ in self._constants or id_ in self._stable:
            return
        source = self._source(id_)
        self._uses.setdefault(source, set()).add(cycle)

    def _birth(self, op: Operation) -> int:
        """The cycle at whose end register 1 is loaded."""
        return -1 if op.kind == "iv" else op.result_cycle

    def _position(self, op: Operation, cycle: int) -> int:
        """Which register holds the value in `cycle`: 0 is the wire itself."""
        age = cycle - self._birth(op)
        if age < 0:
            raise BackendError(
                f"internal: operation {op.id} ({op.kind}) of {self._prefix} is used in cycle {cycle}"
                f" before its result in cycle {op.result_cycle}"
            )
        if age == 0 or self._holds_until(op, cycle):
            return 0
        return 1 if self._interval is None else -(-age // self._interval)

    def _holds_until(self, op: Operation, cycle: int) -> bool:
        """Whether a register read in a straight line still shows the same value in `cycle`."""
        return (
            op.kind == "read"
            and self._interval is None
            and all(o.start_cycle >= cycle for o in self._ops if o.kind == "write" and o.memory == op.memory)
        )

    def _plan_chain(self, op: Operation) -> None:
        cycles = self._uses[op.id]
        chain = _Chain(max(self._position(op, cycle) for cycle in cycles))
        for k in range(1, chain.length + 1):
            if op.kind == "iv" and k == 1:
                chain.names.append(self._counters[self._level(op)].signal)
                chain.free.append(True)
                continue
            # Loaded in cycle `load`: without an enable it holds for the one cycle after that.
            load = self._birth(op) + (k - 1) * (self._interval or 0)
            read = {cycle for cycle in cycles if self._position(op, cycle) == k}
            if k < chain.length and self._interval is not None:
                read.add(load + self._interval)
            chain.names.append(self._register(op, k))
            chain.free.append(read == {load + 1})
        self._chains[op.id] = chain

    def _register(self, op: Operation, k: int) -> Signal:
        """Declare the k-th register behind an operation."""
        width, source = self._stored_width(op), self._module.source(op.statement)
        return self._module.reg(f"{self._base(op)}_r{k}", width, source)

    def _stored_width(self, op: Operation) -> int:
        return self._counters[self._level(op)].signal.width if op.kind == "iv" else op.width

    def _level(self, op: Operation) -> int:
        assert op.level is not None
        return op.level

    def _base(self, op: Operation) -> str:
        match op.kind:
            case "iv":
                return self._counters[self._level(op)].signal.text
            case "load" | "read":
                return f"{self._prefix}_{op.memory}{self._module.tag(op.statement)}_{op.id}"
            case _:
                return f"{self._prefix}_{op.kind}{self._module.tag(op.statement)}_{op.id}"

    # -- text -----------------------------------------------------------------------------------

    def _at(self, id_: int, cycle: int) -> Signal:
        """The value of an operation in a cycle of the iteration."""
        op = self._ops[id_]
        if id_ in self._constants:
            return literal(op.width, self._constants[id_])
        source = self._ops[self._source(id_)]
        position = 0 if id_ in self._stable else self._position(source, cycle)
        return self._wire(id_, position)

    def _wire(self, id_: int, position: int) -> Signal:
        """The value of an operation as its source's register `position` shows it."""
        if (id_, position) not in self._wires:
            self._wires[id_, position] = self._make(self._ops[id_], position)
        return self._wires[id_, position]

    def _make(self, op: Operation, position: int) -> Signal:
        if op.id in self._wiring:
            shown = self._wire(op.operands[0], position)
            amounts = [literal(self._ops[o].width, self._constants[o]) for o in op.operands[1:]]
            suffix = f"_r{position}" if position else ""
            return self._assigned(op, suffix, [shown, *amounts])
        if op.kind == "iv":
            counter = self._counters[self._level(op)]
            if position > 0:
                held = self._chains[op.id].names[position - 1]
                counter = CounterSignal(held, counter.signed)
            if counter.signal.width == op.width:
                return counter.signal
            suffix = f"_r{position}" if position > 1 else ""
            name = self._module.names.fresh(f"{self._base(op)}_w{op.width}{suffix}")
            self._lines.append(f"wire {vector(op.width)}{name} = {counter.at(op.width)};")
            return Signal(name, op.width)
        if position > 0:
            return self._chains[op.id].names[position - 1]
        match op.kind:
            case "param":
                assert op.symbol is not None
                return self._module.params[op.symbol]
            case "read":
                assert op.memory is not None
                register = self._module.registers[op.memory]
                return self._forwarded(op, register) if op.forwarded else register
            case "load":
                port = self._module.port(op.memory or "", op.port or 0)
                assert port.output is not None
                return Signal(port.output, op.width)
            case _:
                raise BackendError(f"internal: {op.kind} {op.id} of {self._prefix} has no value")

    def _forwarded(self, op: Operation, register: Signal) -> Signal:
        """What a register holds, or in the cycle in which the previous iteration writes it, what it will."""
        (write,) = (o for o in self._ops if o.kind == "write" and o.memory == op.memory)
        if self._interval is None or write.start_cycle != op.start_cycle + self._interval:
            return register
        name = self._module.names.fresh(f"{self._base(op)}_forwarded")
        data = self._at(write.operands[0], write.start_cycle)
        value = f"({self._enable(write)}) ? {data.text} : {register.text}"
        self._lines.append(f"wire {vector(op.width)}{name} = {value};")
        return Signal(name, op.width)

    def _assigned(self, op: Operation, suffix: str, operands: list[Signal]) -> Signal:
        """A wire of an operation's value."""
        fresh = self._module.names.fresh(f"{self._base(op)}{suffix}")
        value = expression(op.kind, op.width, operands)
        self._lines.append(f"{self._module.source(op.statement)}wire {vector(op.width)}{fresh} = {value};")
        return Signal(fresh, op.width)

    def _stage(self, cycle: int) -> str:
        return f"{self._valid.text}[{cycle}]"

    def _emit(self, op: Operation) -> None:
        match op.kind:
            case "const" | "param" | "iv" | "read":
                pass
            case "decide":
                self._at(op.operands[0], op.start_cycle)
            case "load" | "store":
                self._emit_access(op)
            case "write":
                data = self._at(op.operands[0], op.start_cycle)
                self._module.write(op.memory or "", self._enable(op), data.text)
            case _ if op.id not in self._constants and op.id not in self._wiring:
                self._emit_operator(op)
        self._emit_chain(op)

    def _enable(self, op: Operation) -> str:
        stage = self._stage(op.start_cycle)
        if op.predicate is None:
            return stage
        predicate = self._at(op.predicate, op.start_cycle)
        if predicate.value is not None:
            return stage if predicate.value else "1'b0"
        return f"{stage} & {predicate.text}"

    def _emit_access(self, op: Operation) -> None:
        port = self._module.port(op.memory or "", op.port or 0)
        address = self._at(op.operands[0], op.start_cycle)
        width = address_bits(port.memory.words)
        if address.width != width:
            name = self._module.names.fresh(f"{self._base(op)}_address")
            self._lines.append(f"wire {vector(width)}{name} = {extend(address, width, signed=False)};")
            address = Signal(name, width)
        data = self._at(op.operands[1], op.start_cycle) if op.kind == "store" else None
        enables = self._at(op.operands[2], op.start_cycle) if len(op.operands) == 3 else None
        access = Access(self._enable(op), address, data, enables)
        self._module.access(op.memory or "", op.port or 0, access)

    def _emit_operator(self, op: Operation) -> None:
        if op.kind == "mul" and op.latency == 0 and op.instance is None:
            self._emit_product(op)
            return
        operands = [self._at(operand, op.start_cycle) for operand in op.operands]
        if op.latency == 0 and op.kind in COMBINATIONAL and op.instance is None:
            self._wires[op.id, 0] = self._assigned(op, "", operands)
            return
        if op.id in self._together:
            self._emit_divider(op, tuple(operands))
            return
        key = unit_key(op, self._ops)
        shared = None if op.instance is None else self._module.shared.get((key, op.instance))
        if shared is not None:
            self._wires[op.id, 0] = shared.issue(self._stage(op.start_cycle), tuple(operands))
            return
        name = self._module.names.fresh(self._base(op))
        instance = self._module.names.fresh(f"{name}_unit")
        self._lines.append(f"{self._module.source(op.statement)}wire {vector(op.width)}{name};")
        self._lines += instantiate(self._module, key, tuple(operands), name, instance)
        self._wires[op.id, 0] = Signal(name, op.width)

    def _emit_divider(self, op: Operation, operands: tuple[Signal, ...]) -> None:
        """One unit for a quotient and its remainder, where the first of them stands."""
        if (op.id, 0) in self._wires:
            return
        design, text = unit(f"{op.kind[0]}divrem", op.width, op.latency)
        self._module.units[design] = text
        pins: list[str] = []
        for each in sorted((op, self._ops[self._together[op.id]]), key=lambda each: each.kind):
            name = self._module.names.fresh(self._base(each))
            self._lines.append(f"{self._module.source(each.statement)}wire {vector(each.width)}{name};")
            self._wires[each.id, 0] = Signal(name, each.width)
            pins.append(f".{'y' if 'div' in each.kind else 'z'}({name})")
        instance = self._module.names.fresh(f"{self._base(op)}_unit")
        ports = "".join(f".{port}({each.text}), " for port, each in zip("ab", operands, strict=True))
        self._lines.append(f"{design} {instance} (.clk(ap_clk), {ports}{', '.join(pins)});")

    def _emit_product(self, op: Operation) -> None:
        """A module of its own, as wide as the factors are before they are extended."""
        factors: list[tuple[Signal, bool]] = []
        for operand in op.operands:
            factor = self._ops[operand]
            narrow = factor.kind in ("zext", "sext") and operand in self._wiring
            shown = self._at(factor.operands[0] if narrow else operand, op.start_cycle)
            factors.append((shown, factor.kind == "sext"))
        (a, a_signed), (b, b_signed) = factors
        design, text = product(op.width, (a.width, a_signed), (b.width, b_signed))
        self._module.units[design] = text
        name = self._module.names.fresh(self._base(op))
        instance = self._module.names.fresh(f"{name}_unit")
        self._lines.append(f"wire {vector(op.width)}{name};")
        self._lines.append(f"{design} {instance} (.clk(ap_clk), .a({a.text}), .b({b.text}), .y({name}));")
        self._wires[op.id, 0] = Signal(name, op.width)

    def _emit_chain(self, op: Operation) -> None:
        chain = self._chains.get(op.id)
        if chain is None:
            return
        for k in range(1, chain.length + 1):
            if op.kind == "iv" and k == 1:
                continue
            source = chain.names[k - 2] if k > 1 else self._wire(op.id, 0)
            load = self._birth(op) + (k - 1) * (self._interval or 0)
            statement = f"{chain.names[k - 1].text} <= {source.text};"
            enable = "" if chain.free[k - 1] else f"if ({self._stage(load)}) "
            self._clocked.append(enable + statement)
