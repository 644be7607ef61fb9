"""`Schedule`: a program lowered to operations with start cycles, and the loop tree over them.

The RTL generator and the area model read nothing else. How many cycles a schedule takes:

- `Region`: its `length`.
- `PipelinedLoop` of trip count N ≥ 1: II·(N−1) + region length. Iteration n issues its operation
  of start cycle s in cycle II·n + s of the loop.
- `SequentialLoop`: the sum of its body over its iterations; testing and stepping the counter takes
  place in the body's last cycle and costs nothing.
- A loop whose bounds are all constants costs nothing to enter (its counters are set on the edge that
  enters it) and runs at least once: the scheduler drops loops that never run. Any other loop takes
  `guard` cycles on entry, in which its bounds are evaluated, also when it then runs zero times.
- A drain-free nest: sequential loops, each around one loop, the innermost a `PipelinedLoop` with `around`.
  That one hands on when its last iteration has been issued, so it takes II·N. The outermost loop waits for
  that iteration's end, `drain` cycles behind its own last iteration, if it had any. In each iteration
  of a loop the regions and the inner guard take a multiple of II, so that all iterations are issued in step.
- `Branch`: the length of its condition's region and the cycles of the side that it takes; an empty side
  takes none.
- `PipelinedWhile` of N iterations: the length of its condition's region, and II·(N−1) + body length if N ≥ 1.
- `WhileLoop` of N iterations: without a `tail`, N + 1 times the length of its condition's region, and its
  body N times; with one, the length of its condition's region once, and N times its body and its tail.
- `Parallel`: the longest of its branches, each with the cycles after which it begins.
- Nodes that follow one another add up. A whole program takes at least one cycle.

How often data-dependent control goes which way is counted by running the program: see
`seer.schedule.profile`. A node names the statement that it stems from by its `site`, the statement's position
in a walk of the whole program, outer before inner (`seer.schedule.sites`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from seer.lang.affine import Affine, Symbol
from seer.lang.program import Program
from seer.lang.terms import For, If, Iv, LocalArray, Statement, While
from seer.schedule.control import ControlCosts
from seer.schedule.memory import ROMS, SPLIT_PORTS, Memory
from seer.schedule.partition import Partition

__all__ = [
    "ROMS",
    "SHARING",
    "SPLIT_PORTS",
    "Branch",
    "Counter",
    "Memory",
    "Node",
    "Operation",
    "Parallel",
    "PipelinedLoop",
    "PipelinedWhile",
    "Region",
    "Schedule",
    "SequentialLoop",
    "WhileLoop",
    "counters_of",
    "data_dependent",
    "regions",
]


@dataclass(frozen=True)
class Operation:
    """One operation of a region.

    `kind` is an operator name of `seer.lang.operators`, or
      `const` (`value`), `param` (`symbol` = name), `iv` (`level`): available in every cycle, start 0;
        an `iv` may be narrower than its counter and is then its low bits;
      `load` (operands: address) and `store` (operands: address, data, and where not all lanes of the word
        are written their enables, lowest first): on `memory` and `port`;
      `read` and `write` (operand: data): of the register (zero-dimensional array) `memory`, at most one
        of each for a register in a region, and a read that takes place before the write;
      `decide` (operand: 1 bit): the condition of a branch or a while loop, in the region's last cycle,
        or of a pipelined while loop's next iteration, in the cycle before that one starts.
    `operands` are ids of operations of the same region, less than the operation's own; those of widening
    and narrowing operators apart, operand widths are as in `seer.lang.terms.Op`. Accesses to one memory
    stand in program order. `predicate`, if any, is the id of a 1-bit operation that enables a store, a write
    or a load; what a load that is not enabled yields is unspecified, and reaches no effect. Accesses of which
    at most one is enabled in any iteration may take one port in the same `start_cycle`; no others may, in
    pipelined loops modulo the interval. `latency` counts cycles from `start_cycle` until the
    result may be used; 0 is combinational within the cycle. A `load` has the latency of its memory, its
    data leaving the memory's output register. A `store` or `write` of start cycle s is visible from cycle
    s + 1. A `read` that is `forwarded` stands in a pipelined loop and sees what the previous iteration writes
    in that very cycle, if it does: data that a load gave, under a predicate known since the cycle before.
    `start_ns` is when in `start_cycle` the operands have arrived, `ready_ns` when in cycle
    start_cycle + latency the result has. `unit` names the target's functional unit, or None where
    nothing is built (constants, extensions, truncations, shifts by a `const` operand, accesses). A unit
    of latency L ≥ 1 has L register stages and takes new operands in every cycle. `instance` numbers the units
    of one operator, of the same widths and latency: operations of one instance, also in different regions,
    share its hardware, so no two of them are issued in one cycle. It is None where there is no unit, and for
    combinational units that are not shared. Where it is `staged`, the operands pass a register in front of
    the unit, which is one cycle of `latency`: room for the multiplexers of a unit that is shared.

    An address has the bits that the memory's words need, at least one, and counts words from 0; where a
    subscript leaves its array, the access goes to some word or to none.

    `statement` is what the operation was first made for; its origin is in the program.

    Values that hold still while a region runs, and may be taken in any of its cycles without a copy:
    `const`, `param`, an `iv` of a loop around the region (not of the pipelined loop itself), and a `read`
    of a register that the region does not write.
    """

    id: int
    kind: str
    width: int
    operands: tuple[int, ...] = ()
    start_cycle: int = 0
    latency: int = 0
    start_ns: float = 0.0
    ready_ns: float = 0.0
    unit: str | None = None
    instance: int | None = None
    staged: bool = False
    memory: str | None = None
    port: int | None = None
    predicate: int | None = None
    value: int | None = None
    symbol: str | None = None
    level: int | None = None
    forwarded: bool = False
    statement: Statement | None = field(default=None, compare=False, repr=False)

    @property
    def result_cycle(self) -> int:
        """The first cycle in which the result may be used."""
        return self.start_cycle + self.latency


@dataclass(frozen=True)
class Region:
    """A loop-free stretch, or the body of a pipelined loop; ids are positions in `operations`.

    `length` in cycles covers every operation: the last store or write falls in cycle length − 1 at
    the latest, and a pipelined unit's result is taken before the region ends. It is at least 1; regions
    and loops without effect are not in a schedule. One that stands `beside` the pipelined loop of a
    drain-free nest runs while iterations of that loop do: it may end with idle cycles, and shares nothing.
    Some of its operations may end up to `late` cycles behind it, when counters and registers `changing`, by
    level and name, may have changed: like in a pipelined loop of that interval, these are copied.
    """

    operations: tuple[Operation, ...]
    length: int
    beside: bool = False
    late: int = 0
    changing: frozenset[int | str] = frozenset()


@dataclass(frozen=True)
class Counter:
    """A loop's induction variable and its bounds, over parameters and enclosing levels."""

    iv: Iv
    lower: Affine
    upper: Affine

    @property
    def registers(self) -> tuple[LocalArray, ...]:
        """The registers that the bounds read when the loop begins."""
        return (*self.lower.registers, *self.upper.registers)

    @property
    def constant(self) -> bool:
        return not self.lower.terms and not self.upper.terms

    def trip_count(self, values: Mapping[Symbol, int]) -> int:
        """Iterations at the given parameters (by name) and enclosing induction values (by level)."""
        span = self.upper.evaluate(values) - self.lower.evaluate(values)
        return max(0, -(-span // self.iv.step))


@dataclass(frozen=True)
class PipelinedLoop:
    """A modulo-scheduled loop; more than one counter (outermost first) when a nest is flattened.

    Flattened counters all have constant bounds. `loops` are the For terms, outermost first. `bound_by`
    says what keeps the initiation interval from being less: `trip count` (it is 1), `recurrence through
    NAME`, `ports of NAME`, `operators UNIT (limit N)`, with a remark where a dependence is assumed or a
    resource and dependences act together. `site` is that of the outermost loop.

    In a drain-free nest `around` are the counters of the loops around it and `moving` the registers written
    beside it. Both may change II cycles after an iteration is issued: they are taken in its first cycle.
    """

    counters: tuple[Counter, ...]
    region: Region
    initiation_interval: int
    bound_by: str
    loops: tuple[For, ...]
    site: int = 0
    around: tuple[Counter, ...] = ()
    moving: frozenset[str] = frozenset()
    guard: int = 1


@dataclass(frozen=True)
class SequentialLoop:
    """A loop whose next iteration starts when the last one has ended, in a `drain_free` nest been issued."""

    counter: Counter
    body: tuple[Node, ...]
    loop: For
    site: int = 0
    drain_free: bool = False
    drain: int = 0
    guard: int = 1


@dataclass(frozen=True)
class Branch:
    """An If that holds loops (others are predicated inside of regions).

    `condition` ends with a `decide`; it holds whatever loop-free code stands in front of the If, too.
    """

    condition: Region
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    statement: If
    site: int = 0


@dataclass(frozen=True)
class WhileLoop:
    """A loop whose condition, a region that ends with a `decide`, runs before the first iteration.

    Where the body ends with loop-free code, that is `tail`: the condition of the next iteration is computed
    in the same region, which ends with a `decide`, too. Without a tail `condition` runs again.
    """

    condition: Region
    body: tuple[Node, ...]
    tail: Region | None
    loop: While
    site: int = 0


@dataclass(frozen=True)
class PipelinedWhile:
    """A While without loops inside whose next iteration starts before this one has ended.

    `condition` runs before the first iteration. `body` holds one iteration and the condition of the next,
    whose `decide` stands in cycle II − 1: an iteration starts only when it is known to take place, so nothing
    is speculated. `bound_by` is as in `PipelinedLoop`, or `condition` where the decision takes that long.
    """

    condition: Region
    body: Region
    initiation_interval: int
    bound_by: str
    loop: While
    site: int = 0


@dataclass(frozen=True)
class Parallel:
    """Sequences of nodes side by side; done when the last of them is. One stands in a schedule's own body, or
    with `starts` in that of a sequential loop that is not drain-free.

    No register that one writes is touched by another under way at the same time. Without `starts` they begin
    together, and no memory is accessed by two of them. With `starts` each begins so many cycles after the
    node itself, and each takes the same cycles whatever the data are; then they may access one memory, as
    long as no port is taken twice in a cycle and each access follows those of earlier branches that it
    depends on.
    """

    branches: tuple[tuple[Node, ...], ...]
    starts: tuple[int, ...] = ()

    @property
    def begun(self) -> tuple[int, ...]:
        """After how many cycles each of them begins."""
        return self.starts or (0,) * len(self.branches)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Those of all branches."""
        return tuple(node for branch in self.branches for node in branch)


Node = Region | PipelinedLoop | SequentialLoop | Branch | WhileLoop | PipelinedWhile | Parallel


def regions(nodes: tuple[Node, ...]) -> Iterator[Region]:
    """All regions below `nodes`, in program order."""
    for node in nodes:
        match node:
            case Region():
                yield node
            case PipelinedLoop():
                yield node.region
            case SequentialLoop():
                yield from regions(node.body)
            case Branch():
                yield node.condition
                yield from regions(node.then)
                yield from regions(node.otherwise)
            case WhileLoop():
                yield node.condition
                yield from regions(node.body)
                if node.tail is not None:
                    yield node.tail
            case PipelinedWhile():
                yield node.condition
                yield node.body
            case Parallel():
                yield from regions(node.nodes)


def data_dependent(nodes: tuple[Node, ...]) -> bool:
    """Whether cycles depend on the contents of arrays."""
    return any(
        isinstance(node, (Branch, WhileLoop, PipelinedWhile))
        or any(counter.registers for counter in counters_of(node))
        or (isinstance(node, SequentialLoop) and data_dependent(node.body))
        or (isinstance(node, Parallel) and data_dependent(node.nodes))
        for node in nodes
    )


def loop_counters(nodes: tuple[Node, ...]) -> Iterator[Counter]:
    """The counters of all loops below `nodes`."""
    for node in nodes:
        yield from counters_of(node)
        match node:
            case SequentialLoop() | WhileLoop():
                yield from loop_counters(node.body)
            case Branch():
                yield from loop_counters((*node.then, *node.otherwise))
            case Parallel():
                yield from loop_counters(node.nodes)


def counters_of(node: Node) -> tuple[Counter, ...]:
    """The counters of a loop that counts, outermost first."""
    match node:
        case PipelinedLoop():
            return node.counters
        case SequentialLoop():
            return (node.counter,)
        case _:
            return ()


Stages = tuple[tuple[str, float], ...]
"""Units by name that stand behind registers of their operands, and the delay in ns, wiring included, of the
multiplexers for which there is to be time in front of these."""

SHARING = ("all", "loop", "none")
"""Which operators may be shared."""


@dataclass(frozen=True)
class Schedule:
    """A scheduled program at one clock on one target.

    `limits` are the units, by name, of which no more than so many start an operation in one cycle. `share`
    says which operators may be shared: `none`, `loop` (those of one region), or `all` (also those
    of different regions, which never run at once). `control` is what the target's control adds to the
    cycles above. `partitions` are those that were asked for. `stages` are the units that limits put behind
    registers.
    """

    program: Program
    target: str
    clock_ns: float
    memories: tuple[Memory, ...]
    body: tuple[Node, ...]
    limits: tuple[tuple[str, int], ...] = ()
    share: str = "none"
    control: ControlCosts = field(default_factory=ControlCosts)
    partitions: tuple[Partition, ...] = ()
    stages: Stages = ()
