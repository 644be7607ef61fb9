"""The independent check accepts every schedule, and refuses each that was made illegal."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import prod

import pytest

from seer.lang import interpreter
from seer.lang.operators import mask
from seer.lang.program import Program
from seer.lang.terms import Load, Local, Op, Store, TopArray
from seer.schedule import Target, auto_pipelined, schedule
from seer.schedule.check import static_faults
from seer.schedule.model import PipelinedLoop, Schedule, data_dependent
from seer.schedule.replay import replay
from tests.schedule import test_exclusive, test_limits
from tests.schedule.mutations import Conflict, Mutation, conflicts_of, mutations
from tests.schedule.programs import RandomProgram, array, const, counter, loop, op, program, scalar

TARGET = Target.load("xc7")
ONE_PORT = Target.load("xc7", memory_ports=1)
A, B = array("a", 32, 64), array("b", 32, 64)

KINDS = {
    "early",
    "chain",
    "latency",
    "port",
    "decide",
    "register",
    "exclusive",
    "limit",
    "dependence",
    "length",
    "interval",
}


def kernels() -> Iterator[tuple[Program, Target, dict[str, int]]]:
    i, s = counter(0, 20), scalar(0)
    next_a = op("add", i, 1)
    chain = op("add", op("mul", Load(A, (i,)), Load(B, (i,))), Load(B, (next_a,)))
    yield program([A, B], loop(i, Store(A, (next_a,), chain))), TARGET, {}
    sums = op("xor", op("add", Load(A, (i,)), Load(A, (next_a,))), Load(A, (op("add", i, 2),)))
    yield program([A, B], loop(i, Store(A, (i,), sums))), TARGET, {}
    total = Store(s, (), op("add", op("mul", Load(s, ()), 5), Load(A, (i,))))
    last = Store(B, (const(0),), Load(s, ()))
    yield program([A, B], Local(s, (Store(s, (), const(1)), loop(i, total), last))), TARGET, {}
    scattered = op("and", Load(A, (i,)), 1)  # often the same as before
    count = Store(B, (scattered,), op("add", Load(B, (scattered,)), 1))
    yield program([A, B], loop(i, count)), TARGET, {}
    shift = Store(A, (i,), Load(B, (i,)))
    yield program([A, B], loop(i, shift, Store(B, (next_a,), const(7)))), ONE_PORT, {}
    wide = op(
        "sub", op("add", op("add", Load(A, (i,)), Load(B, (i,))), i), Op("zext", 32, (op("slt", i, 3),))
    )
    yield program([A, B], loop(i, Store(A, (i,), wide))), TARGET, {}
    for limit in (1, 2):
        yield test_limits.squares(6), TARGET, {test_limits.WIDE: limit}
    e = test_exclusive
    sides = ([e.put(k, op("add", e.at(e.A, k), e.at(e.A, k + 9)))] for k in range(4))
    yield e.cases(*sides), TARGET, {}
    yield e.cases(*([e.put(k, e.at(e.A, k))] for k in range(3))), ONE_PORT, {}


def contents_of(p: Program, seed: int) -> dict[str, list[int]]:
    rng = random.Random(seed)
    return {
        a.name: [rng.getrandbits(a.type.width) & mask(a.type.width) for _ in range(prod(a.type.shape))]
        for a in p.arrays
        if isinstance(a, TopArray)
    }


def faults(
    found: Schedule, target: Target, contents: dict[str, list[int]], params: dict[str, int]
) -> list[str]:
    """On paper, else in a replay, else in what a replay leaves."""
    wrong = static_faults(found, target)
    if wrong:
        return wrong
    result = replay(found, contents, params, registers=0x5A5A5A5A)
    expected = interpreter.run(found.program, contents, params)
    differ = [name for name, values in expected.items() if result.arrays[name] != values]
    return result.faults + [f"{name} differs" for name in differ]


def refused(
    p: Program,
    target: Target,
    limits: dict[str, int],
    contents: dict[str, list[int]],
    params: dict[str, int],
    patch: pytest.MonkeyPatch,
    every: int = 1,
    recurs: bool = False,
) -> Counter[str]:
    """How many mutations of each kind were refused; fails where one is accepted."""
    counts: Counter[str] = Counter()
    for pipelined in (frozenset(), auto_pipelined(p)):
        found = schedule(p, pipelined, target, limits, share="none")
        assert faults(found, target, contents, params) == []
        seen: list[Conflict] = []
        if not data_dependent(found.body):
            seen = conflicts_of(found, contents, params, patch)
        for number, mutation in enumerate(mutations(found, target, seen, recurs)):
            if number % every:
                continue
            assert refuses(mutation, target, contents, params), (mutation.kind, mutation.text)
            counts[mutation.kind] += 1
    return counts


def refuses(
    mutation: Mutation, target: Target, contents: dict[str, list[int]], params: dict[str, int]
) -> bool:
    return bool(faults(mutation.schedule, target, contents, params))


def test_mutations_of_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    for p, target, limits in kernels():
        counts += refused(p, target, limits, contents_of(p, 3), {}, monkeypatch, recurs=True)
    assert counts.total() >= 200
    assert set(counts) == KINDS - {"decide"}, counts


@pytest.mark.parametrize("seed", range(4))
def test_mutations_of_random_programs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mutated(seed, monkeypatch, every=5).total() >= 5


@pytest.mark.soak
def test_mutations_of_many_random_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    for seed in range(80):
        counts += mutated(seed, monkeypatch)
    assert KINDS - {"limit"} <= set(counts), counts


def mutated(seed: int, patch: pytest.MonkeyPatch, every: int = 1) -> Counter[str]:
    made = RandomProgram(seed, control=seed % 2 == 0)
    contents, params = made.inputs()
    return refused(made.program, (TARGET, ONE_PORT)[seed % 3 == 0], {}, contents, params, patch, every)


def test_a_wrong_memory_is_refused() -> None:
    """All contents differ, and what is read reaches what is written without being masked."""
    i = counter(0, 20)
    c = array("c", 32, 64)
    value = op("add", op("xor", Load(A, (i,)), i), Load(B, (op("add", i, 3),)))
    p = program([A, B, c], loop(i, Store(c, (i,), value)))
    found = schedule(p, auto_pipelined(p), TARGET)
    contents = contents_of(p, 5)
    assert faults(found, TARGET, contents, {}) == []
    (node,) = found.body
    assert isinstance(node, PipelinedLoop)
    wrong = 0
    for access in (o for o in node.region.operations if o.kind in ("load", "store")):
        for memory in sorted({"a", "b", "c"} - {access.memory or ""}):
            operations = list(node.region.operations)
            operations[access.id] = replace(access, memory=memory)
            region = replace(node.region, operations=tuple(operations))
            changed = replace(found, body=(replace(node, region=region),))
            assert faults(changed, TARGET, contents, {}), (access.id, memory)
            wrong += 1
    assert wrong == 6
