"""Cycles of the parts of a schedule as formulas in trip counts, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seer.lang.affine import Affine, Held, Symbol, Unsigned
from seer.lang.program import Origin, Program
from seer.lang.terms import For, If, While
from seer.schedule.control import ControlCosts
from seer.schedule.model import (
    Branch,
    Counter,
    Node,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    Schedule,
    SequentialLoop,
    WhileLoop,
)

__all__ = ["Part", "parts"]


@dataclass(frozen=True)
class Part:
    """A node of the loop tree: how deep it lies, what it is and where, and its cycles.

    `trips` is the number of iterations as a formula, "N" where only the data say it, "" for what is no loop.
    `cycles` is the formula of the whole part, which names the parts inside it by their names.
    """

    depth: int
    name: str
    place: str
    what: str
    trips: str
    cycles: str
    node: Node


def parts(schedule: Schedule) -> tuple[Part, ...]:
    """The parts of a schedule, outer before inner; straight code counts too. What the target's control adds
    to a part stands in its formula, what it adds to a call does not."""
    return tuple(_Namer(schedule.program, schedule.control).parts(schedule.body, 0))


class _Namer:
    def __init__(self, program: Program, control: ControlCosts) -> None:
        self._program = program
        self._control = control
        self._counts: dict[str, int] = {}

    def parts(self, nodes: Sequence[Node], depth: int) -> Iterator[Part]:
        for node in nodes:
            yield from self._part(node, depth)

    def _part(self, node: Node, depth: int) -> Iterator[Part]:
        match node:
            case Region():
                name = self._fresh("straight")
                yield Part(depth, name, "", "straight code", "", str(node.length), node)
            case PipelinedLoop():
                name, place = self._named("loop", node.loops)
                trips = _trips(node.counters)
                guard = self._guard(node.counters, node.guard)
                once = node.region.length + self._control.pipelined_loop
                cycles = f"{node.initiation_interval}·({trips} − 1) + {once}"
                if node.around:
                    more = _more(self._control.pipelined_loop)
                    cycles = f"{guard}{node.initiation_interval}·{trips}{more}"
                elif guard:
                    cycles = f"{guard}({cycles} if {trips} > 0)"
                yield Part(depth, name, place, "pipelined", trips, cycles, node)
            case SequentialLoop():
                name, place = self._named("loop", (node.loop,))
                trips = _trips((node.counter,))
                inner = list(self.parts(node.body, depth + 1))
                each = f"{_sum(inner, depth + 1)}{_more(self._control.sequential_iteration)}"
                guard = self._guard((node.counter,), node.guard)
                cycles = f"{guard}{trips}·({each}){_more(self._control.sequential_loop)}"
                if node.drain:
                    cycles += f" + {node.drain}" + (f" if {trips} > 0" if guard else "")
                what = "drain-free" if node.drain_free else "sequential"
                yield Part(depth, name, place, what, trips, cycles, node)
                yield from inner
            case Branch():
                name, place = self._named("if", (node.statement,))
                sides = [list(self.parts(side, depth + 1)) for side in (node.then, node.otherwise)]
                then, otherwise = (_sum(side, depth + 1) or "0" for side in sides)
                first = node.condition.length + self._control.branch
                cycles = f"{first} + ({then} or {otherwise})"
                yield Part(depth, name, place, "branch", "", cycles, node)
                yield from (*sides[0], *sides[1])
            case WhileLoop():
                name, place = self._named("while", (node.loop,))
                inner = list(self.parts(node.body, depth + 1))
                again = node.condition if node.tail is None else node.tail
                each = str(again.length + self._control.sequential_iteration)
                body = " + ".join(filter(None, (_sum(inner, depth + 1), each)))
                cycles = f"{node.condition.length + self._control.sequential_loop} + N·({body})"
                yield Part(depth, name, place, "while", "N", cycles, node)
                yield from inner
            case PipelinedWhile():
                name, place = self._named("while", (node.loop,))
                once = node.body.length + self._control.pipelined_loop
                more = f"{node.initiation_interval}·(N − 1) + {once}"
                cycles = f"{node.condition.length} + ({more} if N > 0)"
                yield Part(depth, name, place, "pipelined while", "N", cycles, node)
            case Parallel():
                branches = [list(self.parts(branch, depth + 1)) for branch in node.branches]
                sums = [_sum(branch, depth + 1) for branch in branches]
                starts = zip(node.begun, sums, strict=True)
                each = ", ".join(f"{start} + {sum_}" if start else sum_ for start, sum_ in starts)
                yield Part(depth, self._fresh("parallel"), "", "side by side", "", f"max({each})", node)
                for branch in branches:
                    yield from branch

    def _guard(self, counters: Sequence[Counter], times: int) -> str:
        """Evaluating bounds that are not constants."""
        constant = all(counter.constant for counter in counters)
        return "" if constant or not self._control.bounds else f"{self._control.bounds * times} + "

    def _named(self, kind: str, statements: tuple[For | While | If, ...]) -> tuple[str, str]:
        merged = Origin()
        for statement in statements:
            merged = merged.merged(self._program.origins.get(statement, Origin()))
        shown = merged.locations[0].short if merged.locations else ""
        return self._fresh("_".join(merged.labels) or kind), shown

    def _fresh(self, name: str) -> str:
        unique = name
        while unique in self._counts:
            self._counts[name] += 1
            unique = f"{name}{self._counts[name]}"
        self._counts[unique] = 1
        return unique


def _sum(inner: Sequence[Part], depth: int) -> str:
    """The cycles of the parts right below, straight code as a number."""
    direct = [part for part in inner if part.depth == depth]
    return " + ".join(part.cycles if isinstance(part.node, Region) else part.name for part in direct)


def _more(cycles: int) -> str:
    """A number to add, if it is not 0."""
    return f" {'+' if cycles > 0 else '−'} {abs(cycles)}" if cycles else ""


def _trips(counters: Sequence[Counter]) -> str:
    if all(counter.constant for counter in counters):
        total = 1
        for counter in counters:
            total *= counter.trip_count({})
        return str(total)
    (counter,) = counters
    if counter.registers:
        return "N"
    span = _spelled(counter.upper, counter.lower)
    return f"⌈({span})/{counter.iv.step}⌉" if counter.iv.step > 1 else f"({span})"


def _name(symbol: Symbol) -> str:
    match symbol:
        case int():
            return f"i{symbol}"
        case str():
            return symbol
        case Unsigned(name):
            return name
        case Held(array):
            return f"register{array.level}"


def _spelled(upper: Affine, lower: Affine) -> str:
    """upper − lower; counters around are i0, i1, … by level."""
    factors: dict[Symbol, int] = dict(upper.terms)
    for symbol, factor in lower.terms:
        factors[symbol] = factors.get(symbol, 0) - factor
    terms = [(factor, _name(symbol)) for symbol, factor in factors.items()]
    terms.append((upper.constant - lower.constant, ""))
    text = ""
    for factor, name in terms:
        if factor == 0:
            continue
        size = name if name and abs(factor) == 1 else f"{abs(factor)}{'·' if name else ''}{name}"
        sign = ("−" if factor < 0 else "") if not text else (" − " if factor < 0 else " + ")
        text += sign + size
    return text or "0"
