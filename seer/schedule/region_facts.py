"""A region as the area estimate sees it: users, bits that matter, signals that are the same everywhere."""

from __future__ import annotations

from collections.abc import Hashable

from seer.lang.operators import OPERATORS
from seer.schedule.bits import Counters, known_bits, wanted_bits
from seer.schedule.model import Operation, Region
from seer.schedule.sources import is_wiring
from seer.schedule.target import Target
from seer.schedule.units import unit_of

__all__ = ["OWN", "SHIFTS", "Masks", "RegionFacts"]

Masks = tuple[tuple[str, int], ...]
"""Numbers by the names of memories."""

OWN = ("value", "counter")
"""What the signals of one region or scope alone begin with."""

SHIFTS = frozenset({"shl", "lshr", "ashr"})


class RegionFacts:
    """A region with what the parts of the estimate ask of it; see `region_area` for the arguments."""

    def __init__(
        self,
        region: Region,
        interval: int,
        levels: frozenset[int | str],
        counters: Counters,
        address_bits: Masks,
        register_bits: Masks,
        target: Target,
    ) -> None:
        self.ops = region.operations
        self.interval = interval
        self.levels = levels
        self.target = target
        # A look-up table of k inputs holds 2^k words of one bit.
        self.inputs = target.file.memory.lut_words.bit_length() - 1
        self.users: list[list[Operation]] = [[] for _ in self.ops]
        self.wiring = [is_wiring(op, self.ops) for op in self.ops]
        for op in self.ops:
            inputs = op.operands if op.predicate is None else (*op.operands, op.predicate)
            for operand in dict.fromkeys(inputs):
                self.users[operand].append(op)
        self.known = known_bits(self.ops, counters, dict(register_bits))
        self.wanted = wanted_bits(self.ops, self.known, dict(address_bits))

    def own(self, id_: int) -> int:
        """The bits of a value that vary and that anyone reads."""
        return self.known[id_].own & self.wanted[id_]

    def real_users(self, id_: int) -> list[Operation]:
        """The operations that use a value, behind any wiring."""
        found: list[Operation] = []
        for user in self.users[id_]:
            found += self.real_users(user.id) if self.wiring[user.id] else [user]
        return found

    def feeds_dsp(self, id_: int) -> bool:
        users = self.real_users(id_)
        return bool(users) and all(
            user.kind == "mul" and unit_of(user, self.ops, self.target).area.dsp > 0 for user in users
        )

    def is_dsp(self, op: Operation) -> bool:
        """Whether a combinational product stands in DSP blocks, or the sum behind one."""
        if op.kind == "add":
            return self.in_dsp(op)
        return op.kind == "mul" and not op.latency and unit_of(op, self.ops, self.target).area.dsp > 0

    def in_dsp(self, op: Operation) -> bool:
        """Whether a DSP block adds up: a product that nobody else uses, to something but a running sum."""
        if op.kind != "add":
            return False
        terms = [self.ops[operand] for operand in op.operands]
        return any(
            term.kind == "mul"
            and not term.latency
            and self.users[term.id] == [op]
            and unit_of(term, self.ops, self.target).area.dsp == 1
            for term in terms
        ) and all(term.kind != "read" for term in terms)

    def signal(self, id_: int, cycle: int) -> tuple[tuple[Hashable, ...], Operation | None]:
        """What shows a value in a cycle; and the operator that drives it then, if it is no register."""
        source, shifts = self.ops[id_], list[int]()
        while self.wiring[source.id]:
            if source.kind in SHIFTS:
                shifts.append(self.ops[source.operands[1]].value or 0)
            source = self.ops[source.operands[0]]
        rest = tuple(shifts)
        match source.kind:
            case "const":
                return ("const", source.value, rest), None
            case "param":
                return ("param", source.symbol, rest), None
            case "read" if source.forwarded and cycle == source.result_cycle:
                return ("value", source.id, 0, rest), source
            case "read" if source.memory not in self.levels or cycle == source.result_cycle:
                return ("register", source.memory, rest), None
            case "load" if cycle == source.result_cycle:
                return ("port", source.memory, source.port, rest), None
            case "iv" if source.level not in self.levels:
                return ("counter", source.level, rest), None
        age = max(0, cycle - source.result_cycle)
        if age == 0:
            return self._computed(source, rest), source
        if source.kind == "load" and age == 1:
            return ("copy", source.memory, source.port, rest), None
        copy = 1 if not self.interval else -(-age // self.interval)
        return ("value", source.id, copy, rest), None

    def _computed(self, op: Operation, shifts: tuple[int, ...]) -> tuple[Hashable, ...]:
        """An operator is the same in all regions where its operands are."""
        if op.instance is None and op.kind in OPERATORS and not op.latency:
            operands = [self.signal(operand, op.start_cycle)[0] for operand in op.operands]
            if all(operand[0] not in OWN for operand in operands):
                return ("operator", op.kind, op.width, *operands, shifts)
        return ("value", op.id, 0, shifts)
