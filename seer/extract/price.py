"""The price of loops and programs: cycles of their real schedule, and estimated area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from seer.errors import InputError
from seer.lang.affine import Symbol
from seer.lang.operators import to_signed
from seer.lang.program import Program
from seer.lang.terms import Block, For, Iv, Loop
from seer.lang.traverse import loop_free, statements, subexpressions
from seer.schedule import area_estimate, cycles, cycles_of, schedule
from seer.schedule.area import Area
from seer.schedule.area_vector import AreaVector, area_vector
from seer.schedule.model import Schedule
from seer.schedule.profile import Call
from seer.schedule.target import Target

__all__ = ["Price", "Pricer", "WholePrice"]


@dataclass(frozen=True)
class Price:
    """Cycles, and area by what other loops may share."""

    cycles: float
    area: AreaVector


@dataclass(frozen=True)
class WholePrice:
    """A program's schedule, its cycles over all counted calls, and its estimated area."""

    schedule: Schedule
    cycles: int
    area: Area


class Pricer:
    """Schedules candidates of one program on one target.

    `calls` are the counted calls; their parameters alone are enough where no count depends on the
    contents of arrays.
    """

    def __init__(
        self,
        program: Program,
        target: Target,
        calls: Sequence[Call | Mapping[str, int]],
        share: str = "all",
    ) -> None:
        self.program = program
        self.target = target
        self.calls = calls
        self.share = share
        self._loops: dict[tuple[Loop, frozenset[Loop]], Price | None] = {}

    @property
    def memory_ports(self) -> int:
        return self.target.memory_ports

    def loop(self, loop: Loop, inner: frozenset[Loop]) -> Iterator[tuple[frozenset[Loop], Price]]:
        """The loop sequential and, where it can be, pipelined; `inner` are the pipelined loops in it."""
        for pipelined in (inner, inner | {loop}):
            if pipelined is not inner and not _can_pipeline(loop, inner):
                continue
            price = self._price(loop, pipelined)
            if price is not None:
                yield pipelined, price

    def _price(self, loop: Loop, pipelined: frozenset[Loop]) -> Price | None:
        key = (loop, pipelined)
        if key not in self._loops:
            self._loops[key] = self._scheduled_price(loop, pipelined)
        return self._loops[key]

    def _scheduled_price(self, loop: Loop, pipelined: frozenset[Loop]) -> Price | None:
        try:
            found = schedule(replace(self.program, body=(loop,)), pipelined, self.target, share=self.share)
        except InputError:
            return None  # the target cannot build this candidate; others of its class may do
        if not area_estimate(found, self.target).fits(self.target.file.capacity):
            return None
        samples = [{**_values(loop, quarter), **self._first_params()} for quarter in range(5)]
        area = area_vector(found, self.target)
        total = sum(cycles_of(found.body, values, found.control) for values in samples)
        return Price(total / len(samples), area)

    def _first_params(self) -> Mapping[str, int]:
        """The first call's parameters, read signed as bounds read them."""
        if not self.calls:
            return {}
        first = self.calls[0]
        values = first if isinstance(first, Mapping) else first.params
        return {p.name: to_signed(values[p.name], p.bits) for p in self.program.params if p.name in values}

    def whole(self, body: Block, pipelined: frozenset[Loop], any_size: bool = False) -> WholePrice | None:
        """The price of a whole program body; None if it cannot be built, or is larger than the device, unless
        it may be of `any_size`."""
        try:
            found = schedule(replace(self.program, body=body), pipelined, self.target, share=self.share)
        except InputError:
            return None
        area = area_estimate(found, self.target)
        if not any_size and not area.fits(self.target.file.capacity):
            return None
        total = sum(cycles(found, call) for call in self.calls)
        return WholePrice(found, total, area)


def _can_pipeline(loop: Loop, inner: frozenset[Loop]) -> bool:
    if loop_free(loop.body):
        return True
    nest = isinstance(loop, For) and len(loop.body) == 1 and isinstance(loop.body[0], For)
    return nest and loop.body[0] in inner


def _values(loop: Loop, quarter: int) -> dict[Symbol, int]:
    """For each enclosing level the value so many quarters into its hull.

    A loop whose bounds need them is priced at all five: in the middle alone it may run once or never, and
    then every way to schedule it looks alike.
    """
    values: dict[Symbol, int] = {}
    counted = [statement for statement in statements((loop,)) if isinstance(statement, For)]
    bound = {inner.iv.level for inner in counted}
    for inner in counted:
        for node in subexpressions(inner.lower, inner.upper):
            if isinstance(node, Iv) and node.level not in bound:
                last = max(0, -(-(node.upper - node.lower) // node.step) - 1)
                values[node.level] = node.lower + last * quarter // 4 * node.step
    return values
