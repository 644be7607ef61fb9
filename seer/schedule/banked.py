"""A region's values with each access to a partitioned array as accesses to its banks.

Everything behind this works on banks as on any other memories: what decides about the bank, the address in
it, the predicates of stores and the multiplexers behind loads are values with their delays and areas.

An access whose bank is known becomes one. Otherwise a load becomes one load of each bank that it may mean and
a tree of selects, over the bits of what decides; a store one in each, enabled by those bits. So are the loads
of an array that the region stores to: a word that is read in vain might just be written. Accesses that differ
by a constant have the same decider, so in each bank at most one of them takes place; that the tree's
conditions exclude each other is what lets them share a port.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

from seer.lang.operators import mask
from seer.lang.terms import Array, Statement
from seer.schedule.bank_analysis import Choice, Subscript, Symbols, Taken, take_apart
from seer.schedule.dependence import Access
from seer.schedule.linear import LinearForms
from seer.schedule.memories import is_register
from seer.schedule.partition import Banks, Layout, Ring, bank_of
from seer.schedule.value_table import Value, ValueTable
from seer.schedule.values import ValueGraph, address_bits

__all__ = ["BankedGraph", "banked"]


@dataclass(frozen=True)
class _Held:
    """What a region has stored to a register so far, and under which condition (None: always)."""

    value: int
    condition: int | None


@dataclass
class BankedGraph(ValueTable):
    """What `ValueGraph` has that is needed to build operations."""

    accesses: dict[int, Access] = field(default_factory=dict)
    statements: dict[int, Statement] = field(default_factory=dict)


def banked(graph: ValueGraph, banks: Banks, symbols: Symbols) -> ValueGraph | BankedGraph:
    """The graph with its partitioned arrays in banks and others in rings; the graph itself where it touches
    none of them."""
    layouts = dict(banks.layouts)
    rings = {array: Ring.of(array, words) for array, words in banks.rings}
    if not any(access.array in layouts or access.array in rings for access in graph.accesses.values()):
        return graph
    return _Banking(graph, layouts, rings, symbols).run()


class _Banking:
    def __init__(
        self,
        graph: ValueGraph,
        layouts: Mapping[Array, Layout],
        rings: Mapping[Array, Ring],
        symbols: Symbols,
    ) -> None:
        self._graph = graph
        self._layouts = layouts
        self._rings = rings
        self._symbols = symbols
        self._made = BankedGraph()
        self._linear = LinearForms(self._made.values)
        self._place: list[int] = []
        # Loads of banks of one word that nothing stores to here: one is enough for all.
        self._only_word: dict[Array, int] = {}
        # Banks that are registers, and the statement that stored to them last.
        self._held: dict[Array, _Held] = {}
        self._writers: dict[Array, Statement] = {}
        self._statement: Statement | None = None
        self._stored = {access.array for access in graph.accesses.values() if access.is_store}

    def run(self) -> BankedGraph:
        made = self._made
        for position, value in enumerate(self._graph.values):
            first = len(made.values)
            statement = self._statement = self._graph.statements.get(position)
            self._place.append(self._built(position, value))
            if statement is not None:
                for new in range(first, len(made.values)):
                    made.statements.setdefault(new, statement)
        self._write_registers()
        return made

    def _write_registers(self) -> None:
        """What was stored to registers, each written once at the region's end."""
        for bank, held in self._held.items():
            predicated = held.condition is not None
            operands = (held.value,) if held.condition is None else (held.value, held.condition)
            value = Value("write", bank.type.width, operands, predicated, bank)
            position = self._append(value, None)
            if bank in self._writers:
                self._made.statements.setdefault(position, self._writers[bank])

    def _load_register(self, bank: Array) -> int:
        held = self._held.get(bank)
        if held is not None and held.condition is None:
            return held.value
        old = self._made.intern(Value("read", bank.type.width, array=bank))
        if held is None or held.condition is None:
            return old
        return self._made.operation("select", bank.type.width, (held.condition, held.value, old))

    def _store_register(self, bank: Array, data: int, when: int | None) -> int:
        held = self._held.get(bank)
        if when is None or held is None:
            self._held[bank] = _Held(data, when)
        else:
            value = self._made.operation("select", bank.type.width, (when, data, held.value))
            either = None
            if held.condition is not None:
                either = self._made.operation("or", 1, (held.condition, when))
            self._held[bank] = _Held(value, either)
        if self._statement is not None:
            self._writers[bank] = self._statement
        return data

    def _built(self, position: int, value: Value) -> int:
        access = self._graph.accesses.get(position)
        moved = replace(value, operands=tuple(self._place[operand] for operand in value.operands))
        if access is not None:
            if access.array in self._rings:
                return self._append(replace(moved, array=self._rings[access.array]), access)
            layout = self._layouts.get(access.array)
            return self._append(moved, access) if layout is None else self._access(moved, access, layout)
        if value.kind in ("load", "store", "write", "decide", "none"):
            return self._append(moved, None)
        return self._made.intern(moved)

    def _append(self, value: Value, access: Access | None) -> int:
        self._made.values.append(value)
        position = len(self._made.values) - 1
        if access is not None:
            self._made.accesses[position] = access
        return position

    def _access(self, value: Value, access: Access, layout: Layout) -> int:
        taken: list[Taken] = []
        for (index, affine), cut, extent in zip(
            access.subscripts, layout, access.array.type.shape, strict=True
        ):
            bits = max(1, (extent - 1).bit_length())
            position = self._made.resize(self._place[index], bits)
            if cut is None:
                taken.append(Taken(None, (Choice(0, 0, position),)))
                continue
            linear = self._linear.of(position)
            # Affine forms read signed, subscripts are unsigned: no difference if no element has the sign bit.
            signed = extent > 1 << (self._graph.values[index].width - 1)
            subscript = Subscript(position, None if signed else affine, linear)
            taken.append(take_apart(self._made, subscript, cut, self._symbols))
        predicate = value.operands[-1] if value.predicated else None
        return self._spread(value, access, layout, taken, (), predicate)

    def _spread(
        self,
        value: Value,
        access: Access,
        layout: Layout,
        taken: Sequence[Taken],
        chosen: tuple[Choice, ...],
        when: int | None,
    ) -> int:
        """The accesses, and for a load the value, with the banks of the first dimensions chosen; they take
        place under the condition `when`."""
        if len(chosen) == len(taken):
            return self._in_bank(value, access, layout, chosen, when)
        return self._tree(value, access, layout, taken, chosen, when, taken[len(chosen)].choices)

    def _tree(
        self,
        value: Value,
        access: Access,
        layout: Layout,
        taken: Sequence[Taken],
        chosen: tuple[Choice, ...],
        when: int | None,
        choices: Sequence[Choice],
    ) -> int:
        if len(choices) == 1:
            return self._spread(value, access, layout, taken, (*chosen, choices[0]), when)
        decider = taken[len(chosen)].decider
        assert decider is not None
        # The highest bit in which the deciding values differ parts them.
        bit = (choices[0].when ^ choices[-1].when).bit_length() - 1
        condition = self._bit(decider, bit)
        sides: list[int] = []
        for holds in (1, 0):
            side = [choice for choice in choices if choice.when >> bit & 1 == holds]
            enabled = when
            if access.array in self._stored:
                enabled = self._made.both(when, condition if holds else self._made.negation(condition))
            sides.append(self._tree(value, access, layout, taken, chosen, enabled, side))
        if value.kind == "store":
            return sides[-1]
        return self._made.operation("select", value.width, (condition, *sides))

    def _bit(self, decider: int, bit: int) -> int:
        made, width = self._made, self._made.values[decider].width
        if width == 1:
            return decider
        shifted = decider
        if bit:
            shifted = made.operation("lshr", width, (decider, made.constant(width, bit)))
        return made.operation("trunc", 1, (shifted,))

    def _in_bank(
        self,
        value: Value,
        access: Access,
        layout: Layout,
        chosen: tuple[Choice, ...],
        when: int | None,
    ) -> int:
        made = self._made
        bank = bank_of(access.array, layout, tuple(choice.bank for choice in chosen))
        if is_register(bank):
            if value.kind == "load":
                return self._load_register(bank)
            return self._store_register(bank, value.operands[1], when)
        if bank in self._only_word:
            return self._only_word[bank]
        bits = address_bits(bank)
        address = made.constant(bits, 0)
        for choice, extent in zip(chosen, bank.type.shape, strict=True):
            if extent == 1:  # nothing to choose, and no bit of an offset to trust
                continue
            scaled = made.operation("mul", bits, (address, made.constant(bits, extent & mask(bits))))
            address = made.operation("add", bits, (scaled, made.resize(choice.offset, bits)))
        data = value.operands[1 : len(value.operands) - value.predicated] if value.kind == "store" else ()
        operands = (address, *data) if when is None else (address, *data, when)
        position = self._append(Value(value.kind, value.width, operands, when is not None, bank), access)
        if prod(bank.type.shape) == 1 and access.array not in self._stored:
            self._only_word[bank] = position
        return position
