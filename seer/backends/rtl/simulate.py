"""`simulate`: a generated design run on recorded calls, its cycles counted and its memories compared."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from seer.backends.rtl.interface import Interface
from seer.backends.rtl.testbench import BENCH, Bench, words64
from seer.backends.rtl.verilator import build
from seer.errors import BackendError, EquivalenceError
from seer.lang.operators import to_unsigned
from seer.lang.terms import TopArray
from seer.schedule.cycles import cycles
from seer.schedule.model import Schedule
from seer.verify.agreement import differing, float_arrays

__all__ = [
    "Call",
    "CallResult",
    "Mismatch",
    "Simulation",
    "compare",
    "execute",
    "inputs",
    "longest",
    "simulate",
]

_SHOWN_MISMATCHES = 10
_OPTIMISE_ABOVE = {1: 200_000, 3: 5_000_000}
"""C++ optimisation levels, and the number of cycles above which each pays for its compile time."""
_LEAST_SECONDS = 120
_SLOWEST_CYCLES_PER_SECOND = 20_000


class Call(Protocol):
    """One recorded call; contents are row-major numbers in [0, 2^width), see `seer.verify.vectors`."""

    @property
    def params(self) -> Mapping[str, int]: ...
    @property
    def arrays_before(self) -> Mapping[str, Any]: ...
    @property
    def arrays_after(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class CallResult:
    """Cycles of one call, and how many elements differ from the recorded contents."""

    cycles: int
    mismatches: int


@dataclass(frozen=True)
class Mismatch:
    """An element that differs: `index` is row-major."""

    call: int
    array: str
    index: int
    expected: int
    got: int

    def __str__(self) -> str:
        return f"call {self.call}: {self.array}[{self.index}] is {self.got}, expected {self.expected}"


@dataclass(frozen=True)
class Simulation:
    """The outcome of all calls; `examples` are the first few mismatches."""

    calls: tuple[CallResult, ...]
    examples: tuple[Mismatch, ...]

    @property
    def cycles(self) -> int:
        """Summed over the calls."""
        return sum(call.cycles for call in self.calls)

    @property
    def mismatches(self) -> int:
        return sum(call.mismatches for call in self.calls)

    def to_json(self) -> dict[str, Any]:
        """What sim.json holds."""
        return {
            "calls": [{"cycles": c.cycles, "mismatches": c.mismatches} for c in self.calls],
            "cycles": self.cycles,
            "mismatches": self.mismatches,
            "examples": [
                {"call": m.call, "array": m.array, "index": m.index, "expected": m.expected, "got": m.got}
                for m in self.examples
            ],
        }


def simulate(
    schedule: Schedule, verilog: str, calls: Sequence[Call], folder: Path, limit: int | None = None
) -> Simulation:
    """Run the design of `schedule`, given as `verilog`, on each call, one after the other.

    `limit` is the number of cycles after which a call counts as hanging; without it, twice the predicted
    cycles and a thousand more. Writes NAME.v, NAME_bench.v, sim.json and sim.log into `folder`. Raises
    EquivalenceError when a call does not end, BackendError when a tool is missing or fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    interface = Interface.of(schedule)
    bench = Bench(interface)
    name = interface.module
    (folder / f"{name}.v").write_text(verilog)
    (folder / f"{name}_bench.v").write_text(bench.verilog())
    logfile = folder / "sim.log"
    logfile.write_text(f"simulation of {name}, {len(calls)} calls\n")
    if limit is None:
        limit = longest(cycles(schedule, call) for call in calls)
    optimise = max((o for o, least in _OPTIMISE_ABOVE.items() if limit * len(calls) > least), default=0)
    program = build(f"{verilog}\n{bench.verilog()}", BENCH, bench.main(), logfile, optimise)
    output = execute(program, inputs(bench, calls), len(calls), limit, logfile)
    simulation = compare(bench, schedule, calls, output, limit)
    (folder / "sim.json").write_text(json.dumps(simulation.to_json(), indent=1) + "\n")
    with logfile.open("a") as log:
        for number, result in enumerate(simulation.calls):
            log.write(f"call {number}: {result.cycles} cycles, {result.mismatches} mismatches\n")
        for m in simulation.examples:
            log.write(f"{m}\n")
        log.write(f"total: {simulation.cycles} cycles, {simulation.mismatches} mismatches\n")
    return simulation


def longest(predicted: Iterable[int]) -> int:
    """How many cycles a call may take that should take one of these numbers."""
    return 2 * max(predicted, default=0) + 1000


def _in_words(values: Any) -> bool:
    """Whether elements are held as machine words; those of more than 64 bits may be Python's integers."""
    return isinstance(values, np.ndarray) and values.dtype != object


def _words(values: Any, width: int, count: int) -> np.ndarray:
    """`count` elements as 64-bit words, least significant first."""
    per_element = words64(width)
    if _in_words(values):
        flat = values.astype(np.uint64).reshape(-1)
    elif per_element == 1:
        flat = np.array(list(values), dtype=np.uint64)
    else:
        parts = [int(value) >> (64 * k) & (2**64 - 1) for value in values for k in range(per_element)]
        flat = np.array(parts, dtype=np.uint64)
    if flat.size != count * per_element:
        raise ValueError(f"{flat.size // per_element} elements where {count} are expected")
    return flat


def _elements(values: Any, width: int) -> np.ndarray:
    """The elements of an array as rows of 64-bit words, least significant first."""
    per_element = words64(width)
    count = values.size // per_element if _in_words(values) else len(values)
    return _words(values, width, count).reshape(-1, per_element)


def inputs(bench: Bench, calls: Sequence[Call]) -> bytes:
    """What the simulator reads: see `Bench`."""
    params = {port.param.name for port in bench.interface.params}
    blocks: list[np.ndarray] = []
    for call in calls:
        for name, width in bench.inputs:
            value = [to_unsigned(call.params[name], width)] if name in params else call.arrays_before[name]
            blocks.append(_words(value, width, 1))
        for memory in bench.memories:
            whole = call.arrays_before[memory.whole]
            if memory.whole == memory.name:
                blocks.append(_words(whole, memory.width, memory.words))
            else:
                bank = _elements(whole, memory.width)[np.array(memory.elements)]
                blocks.append(bank.reshape(-1))
    return b"".join(block.astype("<u8").tobytes() for block in blocks)


def execute(
    program: Path, data: bytes, calls: int, limit: int, logfile: Path, model: int | None = None
) -> np.ndarray:
    """Run the simulator, of several models in one program the one of this number; returns the 64-bit words
    that it wrote."""
    seconds = _LEAST_SECONDS + calls * limit / _SLOWEST_CYCLES_PER_SECOND
    with tempfile.TemporaryDirectory(prefix="seer_sim_") as name:
        (Path(name) / "input").write_bytes(data)
        command = [str(program), "input", "output", str(calls), str(limit)]
        command += [] if model is None else [str(model)]
        run_program(command, Path(name), logfile, seconds, "the simulator")
        return np.frombuffer((Path(name) / "output").read_bytes(), dtype="<u8")


def run_program(command: Sequence[str], folder: Path, logfile: Path, seconds: float, what: str) -> None:
    """Run a simulator in `folder`, what it prints behind the log; `what` names it in BackendErrors."""
    with logfile.open("a") as log:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BackendError(f"{what} failed: {error}", hint=f"see {logfile}") from error
    if done.returncode != 0:
        raise BackendError(f"{what} ended with exit code {done.returncode}", hint=f"see {logfile}")


def compare(
    bench: Bench, schedule: Schedule, calls: Sequence[Call], output: np.ndarray, limit: int
) -> Simulation:
    """What the simulator wrote against the recorded memories. Raises EquivalenceError for a call that did
    not end."""
    results: list[CallResult] = []
    examples: list[Mismatch] = []
    widths = {a.name: a.type.width for a in schedule.program.arrays if isinstance(a, TopArray)}
    floats = float_arrays(schedule.program.arguments)
    position = 0
    for number, call in enumerate(calls):
        taken = int(output[position])
        position += 1
        if taken == 2**64 - 1:
            raise EquivalenceError(
                f"the simulation of {schedule.program.name} did not end within {limit} cycles"
                f" (call {number}), many more than its schedule takes"
            )
        after: dict[str, np.ndarray] = {}
        for name, width in bench.outputs:
            size = words64(width)
            after[name] = output[position : position + size]
            position += size
        for memory in bench.memories:
            size = words64(memory.width) * memory.words
            found = output[position : position + size]
            position += size
            if memory.whole == memory.name:
                after[memory.name] = found
            else:
                whole = after.get(memory.whole)
                if whole is None:
                    before = call.arrays_before[memory.whole]
                    whole = after[memory.whole] = _elements(before, memory.width).copy()
                per_element = words64(memory.width)
                whole[np.array(memory.elements)] = found.reshape(-1, per_element)
        wrong = 0
        for name, expected in call.arrays_after.items():
            want = _elements(expected, widths[name])
            # An array that the design never touches keeps what the call found in it.
            got = after.get(name)
            if got is None:
                got = _elements(call.arrays_before[name], widths[name])
            got = got.reshape(want.shape)
            if name in floats:
                held = f"<u{widths[name] // 8}"
                different = differing(want[:, 0].astype(held), got[:, 0].astype(held), floating=True)
            else:
                different = np.flatnonzero((want != got).any(axis=1))
            wrong += len(different)
            for index in different[: _SHOWN_MISMATCHES - len(examples)]:
                pair = (_number(want[index]), _number(got[index]))
                examples.append(Mismatch(number, name, int(index), *pair))
        results.append(CallResult(taken, wrong))
    return Simulation(tuple(results), tuple(examples))


def _number(words: np.ndarray) -> int:
    return sum(int(word) << (64 * k) for k, word in enumerate(words))
