"""Several ways in which one program becomes hardware."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from seer.errors import InputError
from seer.fuzz.partitions import random_partitions
from seer.lang.program import Program
from seer.lang.terms import For, Loop, While
from seer.lang.traverse import statements
from seer.schedule import SHARING, Target, auto_pipelined, drain_free, schedule
from seer.schedule.model import Parallel, Schedule, regions

__all__ = ["VARIANTS", "Variant", "scheduled"]

VARIANTS = 3
"""Variants of each program: nothing pipelined, everything that can be, and some of that."""
_MAIN = "xc7"
_DEVICES = (_MAIN, _MAIN, "ecp5")
_CLOCKS = (3.5, 5.0, 10.0, 25.0)
_MEMORIES = ((64, 2048), (64, 2048), (0, 0), (0, 4096), (4096, 4096))
"""Bits up to which local arrays stand in registers, and in LUT RAM; the first are the target's own."""
_PARTITIONED = 0.6
"""How many of the variants have arrays in banks."""
_DRAIN_FREE = 0.5
"""In how many of those that are pipelined nests do not drain between their loops."""
_PARALLEL = 0.4
"""In how many what is independent runs side by side."""


@dataclass(frozen=True)
class Variant:
    """A program on a target, and its schedule."""

    target: Target
    schedule: Schedule

    def __str__(self) -> str:
        s, memory = self.schedule, self.target.file.memory
        limits = "".join(f", {unit} limited to {limit}" for unit, limit in s.limits)
        partitions = "".join(f", ARRAY_PARTITION {partition}" for partition in s.partitions)
        partitions += ", side by side" if any(isinstance(node, Parallel) for node in s.body) else ""
        thresholds = f"{memory.register_bits} and {memory.distributed_bits} bits"
        return (
            f"{s.target} at {s.clock_ns:g} ns, {self.target.memory_ports} memory ports, share {s.share},"
            f" arrays in registers and LUT RAM up to {thresholds}{limits}{partitions}"
        )


def scheduled(program: Program, number: int, seed: str) -> Variant:
    """Variant `number` of a program; equal seeds give equal variants.

    Where a target has no unit for the clock, the next slower one is taken, and where it has none at all,
    the main one. Raises InputError for what that has no unit for.
    """
    draw = random.Random(f"{seed}:variant {number}")
    ports, share = draw.choice((1, 2)), draw.choice((*SHARING, "all"))
    thresholds, first = draw.choice(_MEMORIES), draw.randrange(len(_CLOCKS) - 1)
    limited, unlucky = draw.random() < 0.4, draw.randrange(1 << 30)
    device = draw.choice(_DEVICES)
    parallel = draw.random() < _PARALLEL
    pipelined = frozenset(_pipelined(program, number, draw))
    if number and draw.random() < _DRAIN_FREE:
        pipelined = _going_on(program, pipelined)
    partitions = random_partitions(program, draw) if draw.random() < _PARTITIONED else ()
    devices = [(name, clock) for name in dict.fromkeys((device, _MAIN)) for clock in _CLOCKS[first:]]
    for position, (name, clock) in enumerate(devices):
        try:
            target = _with_memories(Target.load(name, clock, ports), *thresholds)
            # What units there are does not depend on who shares them, which takes most of the time.
            plain = schedule(
                program,
                pipelined,
                target,
                share="none" if limited else share,
                partitions=partitions,
                parallel=parallel,
            )
        except InputError as error:
            if position + 1 < len(devices) and ("clock" in error.message or name != _MAIN):
                continue
            raise
        limits = _limits(plain, random.Random(unlucky)) if limited else {}
        if not limited:
            return Variant(target, plain)
        limited_too = schedule(
            program,
            pipelined,
            target,
            limits or None,
            share=share,
            partitions=partitions,
            parallel=parallel,
        )
        return Variant(target, limited_too)
    raise AssertionError("the last target returns or raises")


def _pipelined(program: Program, number: int, draw: random.Random) -> Iterator[Loop]:
    """None, all, or some of the loops that are pipelined by themselves; a nest is flattened or not."""
    if number == 0:
        return
    chosen = auto_pipelined(program)
    for statement in statements(program.body):
        if isinstance(statement, (For, While)) and statement in chosen:
            innermost = not any(isinstance(s, (For, While)) for s in statements(statement.body))
            if number == 1 or (innermost and draw.random() < 0.7):
                yield statement


def _going_on(program: Program, pipelined: frozenset[Loop]) -> frozenset[Loop]:
    """With the loops around pipelined ones going on without draining, where that is possible."""
    wider = drain_free(program, pipelined)
    try:
        schedule(program, wider, Target.load(_MAIN), share="none")
    except InputError:
        return pipelined
    return wider


def _with_memories(target: Target, register_bits: int, distributed_bits: int) -> Target:
    memory = replace(
        target.file.memory,
        register_bits=register_bits,
        distributed_bits=distributed_bits,
        distributed_words=0,
    )
    print_ = f"{target.fingerprint}:{register_bits}:{distributed_bits}"
    return replace(target, fingerprint=print_, file=replace(target.file, memory=memory), _units={})


def _limits(plain: Schedule, draw: random.Random) -> dict[str, int]:
    """Limits of some of the units that a schedule uses."""
    used = dict.fromkeys(op.unit for region in regions(plain.body) for op in region.operations if op.unit)
    return {unit: draw.choice((1, 1, 2)) for unit in used if draw.random() < 0.3}
