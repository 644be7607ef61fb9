"""Schedules written by hand: what the tests of the generator that need exact cycles are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import pytest

from seer.errors import Location
from seer.lang.affine import Affine
from seer.lang.program import RETURN_NAME, Argument, Origin, Program
from seer.lang.terms import ArrayType, Const, For, Iv, Param, Term, TopArray
from seer.schedule.model import (
    Counter,
    Memory,
    Node,
    Operation,
    PipelinedLoop,
    Region,
    Schedule,
    SequentialLoop,
)


@dataclass(frozen=True)
class RecordedCall:
    """What the simulator takes."""

    params: Mapping[str, int]
    arrays_before: Mapping[str, Any]
    arrays_after: Mapping[str, Any]


@dataclass
class RegionBuilder:
    """Operations in the order in which they are added; each call returns the operation's id."""

    operations: list[Operation] = field(default_factory=list)

    def __call__(self, kind: str, width: int, *operands: int, at: int = 0, **rest: Any) -> int:
        id_ = len(self.operations)
        # As the scheduler does: constants and wiring have no unit.
        rest.setdefault("unit", None if kind in ("const", "zext", "sext", "trunc") else kind)
        if kind == "load":
            rest.setdefault("latency", 1)
            rest.setdefault("port", 0)
        self.operations.append(Operation(id_, kind, width, operands, at, **rest))
        return id_

    def region(self, length: int) -> Region:
        return Region(tuple(self.operations), length)


@dataclass
class Handmade:
    """A program's arguments, and the schedule of a body over them."""

    name: str
    arguments: list[Argument] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    origins: dict[Term, Origin] = field(default_factory=dict)
    _loops: int = 0

    def array(self, name: str, width: int, *shape: int, ports: int = 2) -> TopArray:
        term = TopArray(ArrayType(width, shape), name)
        self.arguments.append(Argument(name, term, False, "unsigned"))
        kind = "external" if shape else "register"
        self.memories.append(Memory(name, term, kind, width, prod(shape), ports if shape else 1, True))
        return term

    def register(self, name: str, width: int) -> None:
        term = TopArray(ArrayType(width, ()), name)
        self.memories.append(Memory(name, term, "register", width, 1, 1, False))

    def param(self, name: str, width: int) -> None:
        self.arguments.append(Argument(name, Param(width, name), False, "unsigned"))

    def counter(
        self,
        level: int,
        lower: int | Affine,
        upper: int | Affine,
        step: int = 1,
        hull: tuple[int, int] = (0, 64),
    ) -> Counter:
        """`hull` is needed where the bounds are not constant."""
        if isinstance(lower, int) and isinstance(upper, int):
            hull = (lower, upper)
        bounds = [Affine(b) if isinstance(b, int) else b for b in (lower, upper)]
        return Counter(Iv(32, level, *hull, step), *bounds)

    def pipelined(self, interval: int, region: Region, *counters: Counter) -> PipelinedLoop:
        return PipelinedLoop(counters, region, interval, "hand", tuple(self._loop(c, ()) for c in counters))

    def sequential(self, counter: Counter, *body: Node) -> SequentialLoop:
        return SequentialLoop(counter, body, self._loop(counter, body))

    def _loop(self, counter: Counter, body: tuple[Node, ...]) -> For:
        """A For with the right induction variable; nothing reads its bounds and body."""
        self._loops += 1
        label = f"L{self._loops}"
        loop = For(counter.iv, Const(32, self._loops), Const(32, 0), ())
        self.origins[loop] = Origin((label,), ("i",), (Location("hand.c", self._loops, 1),))
        return loop

    def schedule(self, *body: Node) -> Schedule:
        self.arguments.sort(key=lambda argument: argument.name == RETURN_NAME)
        program = Program(self.name, tuple(self.arguments), (), self.origins)
        return Schedule(program, "xc7", 5.0, tuple(self.memories), body)


@pytest.fixture
def handmade() -> Callable[[str], Handmade]:
    return Handmade


@pytest.fixture
def region() -> Callable[[], RegionBuilder]:
    return RegionBuilder


@pytest.fixture
def call() -> Callable[..., RecordedCall]:
    return RecordedCall
