"""Extraction against simpler ways: python benchmarks/extraction.py [--rounds N] [--results FILE] [NAME]…

For each kernel of the repository (or those whose name holds one of the NAMEs) the rules grow one e-graph, and
from it are taken

- seer's front,
- greedy: for each class its cheapest node, by area,
- two phases, as the paper has it: for each statement the node of least latency by the paper's laws, then
  for each expression the node of least area,
- the best of 1,000 random choices of nodes.

The last three are taken sequential and with their loops pipelined. All designs are scheduled, and their areas
estimated, in the same way. A line has the least cycles of each with the area there; then, for each other way,
by how much of the box below the worst corner (cycles by area, of any of these designs) seer's front covers
more than theirs, in percent, and `!` where one of their designs is beaten by none of seer's.

Run it from the repository's root. A last line counts the kernels. With `--results`, what a kernel gave is
kept in FILE, and kernels that are in it already are not measured again: a pass may be made in parts, each of
`--seconds` of CPU time at most, at whose end it stops before the next kernel.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

from kernels import Kernel, kernels

from seer.driver import explore
from seer.driver.counted import counted
from seer.driver.options import Limits, Options
from seer.driver.reference import calls_of
from seer.driver.wishes import Wishes
from seer.driver.worker import deeply
from seer.egraph.language import CONSTRUCTORS, Term, build
from seer.egraph.scoping import ill_formed
from seer.egraph.snapshot import CostFunction, ENode, Snapshot
from seer.errors import SeerError
from seer.extract.costs import NodeCosts
from seer.extract.expressions import Choices
from seer.extract.features import features, iterations
from seer.extract.price import Pricer
from seer.lang.program import Program
from seer.lang.terms import Block, For, Loop, Statement, While
from seer.lang.traverse import statements
from seer.schedule import Target, schedule

RANDOM = 1_000
LEAST_GAIN = 0.001
"""Percent of the box that count as a difference."""

Key = tuple[Block, frozenset[Loop]]
Figures = tuple[float, float]
"""Cycles and weighted area."""


def every_kernel() -> Iterator[Kernel]:
    """Those of the repository, and the matrix product on integers."""
    for kernel in kernels():
        yield replace(kernel, benches=())
        if kernel.name == "gemm_ncubed":
            yield replace(kernel, name="gemm_ncubed int", defines=("TYPE=int",), benches=())


class Grown(explore._Explorer):  # pyright: ignore[reportPrivateUsage]
    """An exploration whose e-graph and schedules others may use."""

    @property
    def snapshot(self) -> Snapshot:
        return self._egraph.snapshot()

    @property
    def pricer(self) -> Pricer:
        return self._extraction._pricer  # pyright: ignore[reportPrivateUsage]

    def front(self) -> list[Figures]:
        return [(float(found.figures.cycles), found.figures.weighted) for found in self._archive.front]


def grown(kernel: Kernel, rounds: int) -> Grown:
    program, source = kernel.program(), kernel.source()
    options = Options(limits=Limits(rounds=rounds))
    target = Target.load(options.target)
    written = schedule(program, frozenset(), target)
    calls = counted(written, calls_of(program, source, 0, 4), False)
    request = explore.Request(program, options, tuple(calls))
    explorer = Grown(request, lambda message: None)
    explorer.run()
    return explorer


# -- the other ways -------------------------------------------------------------------------------------


def greedy(snapshot: Snapshot, target: Target) -> list[Block]:
    """The cheapest node of every class by area."""
    costs = NodeCosts(snapshot, target)

    def cost(_: Snapshot, node: ENode) -> int:
        return 1 + round(100 * costs.own(node)[1])

    return extracted(snapshot, cost)


def random_choices(snapshot: Snapshot, count: int) -> list[Block]:
    """Bodies by random costs of nodes."""
    rng = random.Random(0)
    found: dict[Block, None] = {}
    for _ in range(count):
        found.update(dict.fromkeys(extracted(snapshot, lambda _, node: rng.randint(1, 1_000))))
    return list(found)


def extracted(snapshot: Snapshot, cost: CostFunction) -> list[Block]:
    block = cast(Block, snapshot.builder(snapshot.cheapest(cost)).term(snapshot.root))
    return [block] if ill_formed(block) is None else []


def two_phases(snapshot: Snapshot, target: Target) -> list[Block]:
    """First control, by latency under the laws of a pipelined loop, then expressions by area."""
    block = _TwoPhases(snapshot, target).block(snapshot.root)
    return [] if block is None or ill_formed(block[1]) is not None else [block[1]]


class _TwoPhases:
    def __init__(self, snapshot: Snapshot, target: Target) -> None:
        self._snapshot = snapshot
        self._target = target
        self._area = Choices(snapshot, target).area
        self._known: dict[int, tuple[float, Block] | None] = {}
        self._open: set[int] = set()

    def block(self, class_id: int) -> tuple[float, Block] | None:
        """The latency and the statements of a B or S class."""
        if class_id in self._open:
            return None
        if class_id not in self._known:
            self._open.add(class_id)
            found = [made for node in self._snapshot.classes[class_id] if (made := self._node(node))]
            self._open.discard(class_id)
            self._known[class_id] = min(found, key=lambda one: one[0], default=None)
        return self._known[class_id]

    def _node(self, node: ENode) -> tuple[float, Block] | None:
        parts: list[Term] = []
        inner: list[tuple[float, Block]] = []
        for child, sort in zip(node.children, CONSTRUCTORS[node.op].inputs[len(node.values) :], strict=True):
            if sort in ("E", "I"):
                if not self._area.has(child):
                    return None
                parts.append(self._area.term(child))
                continue
            found = self.block(child)
            if found is None:
                return None
            inner.append(found)
            parts.append(found[1])
        if node.op == "Nil":
            return 0.0, ()
        if node.op == "Cons":
            return sum(latency for latency, _ in inner), inner[0][1] + inner[1][1]
        statement = cast(Statement, build(node.op, node.values, parts))
        latency = sum(latency for latency, _ in inner)
        if isinstance(statement, (For, While)):
            known = features(statement.body, None, self._target)
            trips = iterations(statement)
            if any(isinstance(s, (For, While)) for s in statements(statement.body)):
                latency = trips * latency
            else:
                latency = (trips - 1) * known.interval + known.length
        elif node.op == "Store":
            latency = 1.0
        return latency, (statement,)


# -- comparison -----------------------------------------------------------------------------------------


def designs(program: Program, bodies: Iterable[Block]) -> list[Key]:
    """Each body sequential and pipelined."""
    found: dict[Key, None] = {}
    for body in bodies:
        found[body, frozenset()] = None
        found[body, Wishes().auto_pipelined(replace(program, body=body))] = None
    return list(found)


def priced(pricer: Pricer, keys: Sequence[Key]) -> list[Figures]:
    """Their figures; of many, those that may be best, since sharing operators costs no cycles."""
    left = list(keys)
    if len(left) > 40:
        quick = [(key, price) for key in left if (price := pricer.quick(*key)) is not None]
        quick.sort(key=lambda one: (one[1].cycles, one[1].vector.total))
        left, least = [], float("inf")
        for key, price in quick:
            if price.vector.total < 1.02 * least:
                left.append(key)
                least = min(least, price.vector.total)
        left = left[:40]
    built = [pricer.whole(body, pipelined) for body, pipelined in left]
    return [(p.cycles, p.area.weighted(pricer.target)) for p in built if p is not None]


def volume(points: Sequence[Figures], worst: Figures) -> float:
    total, least = 0.0, worst[1]
    for cycles, area in sorted(points):
        if area < least:
            total += (worst[0] - cycles) * (least - area)
            least = area
    return total


@dataclass(frozen=True)
class Outcome:
    """What one kernel gave: a line, and for each way what seer's front covers more, and whether one of its
    designs is beaten by none of seer's."""

    text: str
    gains: Mapping[str, float]
    unbeaten: Mapping[str, bool]


WAYS: Mapping[str, Callable[[Snapshot, Target], list[Block]]] = {
    "greedy": greedy,
    "two phases": two_phases,
    "random": lambda snapshot, target: random_choices(snapshot, RANDOM),
}


def compared(kernel: Kernel, rounds: int) -> Outcome:
    explorer = grown(kernel, rounds)
    pricer, snapshot = explorer.pricer, explorer.snapshot
    ours = explorer.front()
    theirs = {
        name: priced(pricer, designs(pricer.program, way(snapshot, pricer.target)))
        for name, way in WAYS.items()
    }
    every = [*ours, *(one for found in theirs.values() for one in found)]
    worst = max(one[0] for one in every) + 1, max(one[1] for one in every) + 1
    box = (worst[0] - min(one[0] for one in every)) * (worst[1] - min(one[1] for one in every))
    size = sum(len(nodes) for nodes in snapshot.classes.values())
    text = f"{kernel.name:22} {size:7,} {min(ours)[0]:11,.0f} {min(ours)[1]:8,.0f}"
    gains: dict[str, float] = {}
    unbeaten: dict[str, bool] = {}
    for name, found in theirs.items():
        gains[name] = 100 * (volume(ours, worst) - volume(found, worst)) / box
        unbeaten[name] = any(not any(a <= c and b <= d for a, b in ours) for c, d in found)
        least = min(found, default=(float("nan"), float("nan")))
        mark = "!" if unbeaten[name] else " "
        text += f" | {least[0]:11,.0f} {least[1]:8,.0f} {gains[name]:+7.2f}{mark}"
    return Outcome(text, gains, unbeaten)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=Limits().rounds)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    given = parser.parse_args(arguments)
    known = _known(given.results)
    print(f"{'kernel':22} {'e-nodes':>7} {'seer':>20}" + "".join(f" | {name:>29}" for name in WAYS))
    outcomes: list[Outcome] = []
    for kernel in every_kernel():
        if given.names and not any(name in kernel.name for name in given.names):
            continue
        outcome = known.get(kernel.name)
        if outcome is None:
            if time.process_time() > given.seconds:
                continue
            try:
                outcome = compared(kernel, given.rounds)
            except SeerError as error:
                outcome = Outcome(f"{kernel.name:22} {error.message}", {}, {})
            if given.results is not None:
                with given.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"name": kernel.name, **asdict(outcome)}) + "\n")
        print(outcome.text, flush=True)
        if outcome.gains:
            outcomes.append(outcome)
    for name in WAYS:
        better = sum(outcome.gains[name] > LEAST_GAIN for outcome in outcomes)
        worse = sum(outcome.gains[name] < -LEAST_GAIN for outcome in outcomes)
        left = sum(outcome.unbeaten[name] for outcome in outcomes)
        print(
            f"{name}: seer's front covers more on {better} of {len(outcomes)} kernels, less on {worse}; "
            f"on {left} it leaves a design unbeaten"
        )


def _known(results: Path | None) -> dict[str, Outcome]:
    """What an earlier part of the pass has measured."""
    if results is None or not results.exists():
        return {}
    lines = (json.loads(line) for line in results.read_text(encoding="utf-8").splitlines())
    return {line.pop("name"): Outcome(**line) for line in lines}


if __name__ == "__main__":
    deeply(main, sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # an e-graph may be dropped in its own thread only, and that one has ended
