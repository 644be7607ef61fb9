"""Random partitions of the arrays of a program."""

from __future__ import annotations

import random

from seer.lang.program import Program
from seer.schedule.naming import memory_names
from seer.schedule.partition import KINDS, Partition, problem_of

__all__ = ["random_partitions"]

_MOST_BANKS = 12


def random_partitions(program: Program, draw: random.Random, chance: float = 0.5) -> tuple[Partition, ...]:
    """Partitions of some of the arrays, each of few banks."""
    found: list[Partition] = []
    for array, name in memory_names(program).items():
        shape = array.type.shape
        banks = 1
        for _ in range(draw.choice((1, 1, 2)) if shape and draw.random() < chance else 0):
            dim = draw.randint(0, len(shape))
            factor = draw.choice((2, 2, 3, 4, 5, 7))
            made = Partition(name, draw.choice(KINDS), factor, dim)
            cut = shape if dim == 0 else (shape[dim - 1],)
            for extent in cut:
                banks *= extent if made.kind == "complete" else factor
            if problem_of(made, array) is None and banks <= _MOST_BANKS:
                found.append(made)
    return tuple(found)
