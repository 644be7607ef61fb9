"""How often data-dependent control goes which way, counted by running the program on a call.

The program is run, by the reference interpreter unless something faster is given, with counters in it:
stores to one more array, at the beginning of each body. So counts belong to the program, whatever of it is
pipelined, and no schedule is needed for them. What no loop depends on is left out of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from seer.lang import interpreter
from seer.lang.operators import to_signed
from seer.lang.program import Argument, Program
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Load,
    Local,
    Op,
    Statement,
    Store,
    TopArray,
    While,
)
from seer.lang.traverse import loop_free, statements
from seer.schedule.sites import inner_sites, numbered
from seer.schedule.slicing import control_arrays

__all__ = ["Call", "Profile", "Runner", "profile", "profile_with"]

_COUNTS = "#counts"
_BITS = 64


class Call(Protocol):
    """One recorded call; contents are row-major numbers in [0, 2^width), see `seer.verify.vectors`."""

    @property
    def params(self) -> Mapping[str, int]: ...
    @property
    def arrays_before(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Profile:
    """Counts by site, over one call.

    `taken[s]`: how often the body of a loop ran, or the first side of an If that holds loops. `entered[s]`:
    how often a loop was entered with at least one iteration to run.
    """

    taken: Sequence[int]
    entered: Sequence[int]


Runner = Callable[[Program, Mapping[str, Sequence[int]], Mapping[str, int]], Mapping[str, Sequence[int]]]
"""The arrays of a program after a call, as `seer.lang.interpreter.run` gives them."""

_runner: list[Runner] = [interpreter.run]


def profile_with(runner: Runner) -> None:
    """Run programs with something faster than the interpreter, for the rest of the process."""
    _runner[0] = runner


_RECENT: dict[tuple[Block, str], Profile] = {}
_KEPT = 256


def profile(program: Program, call: Call) -> Profile:
    """The counts of one call. Raises InputError where a loop does not seem to end."""
    contents = {name: _flat(values) for name, values in call.arrays_before.items()}
    counting, sites = _instrumented(program)
    key = (counting.body, repr((sorted(call.params.items()), sorted(contents.items()))))
    found = _RECENT.pop(key, None)
    if found is None:
        after = _runner[0](counting, contents, dict(call.params))[_COUNTS]
        found = Profile(after[:sites], after[sites:])
        if len(_RECENT) >= _KEPT:
            del _RECENT[next(iter(_RECENT))]
    _RECENT[key] = found
    return found


def _flat(values: Any) -> list[int]:
    return [int(value) for value in (values.reshape(-1).tolist() if hasattr(values, "reshape") else values)]


def _instrumented(program: Program) -> tuple[Program, int]:
    """The program with counters, and the number of its sites."""
    body, sites = _counting(program.body)
    counts = TopArray(ArrayType(_BITS, (2 * sites,)), _COUNTS)
    argument = Argument(_COUNTS, counts, False, "unsigned long")
    return replace(program, arguments=(*program.arguments, argument), body=body, origins={}), sites


@lru_cache(maxsize=64)
def _counting(body: Block) -> tuple[Block, int]:
    sites = max(1, sum(1 for _ in statements(body)))
    counts = TopArray(ArrayType(_BITS, (2 * sites,)), _COUNTS)

    relevant = control_arrays(body)

    def count(position: int, by: Expr) -> Store:
        index = (Const(_BITS, position),)
        return Store(counts, index, Op("add", _BITS, (Load(counts, index), by)))

    def block(old: Block, site: int) -> Block:
        new: list[Statement] = []
        for statement, here in numbered(old, site):
            new += rebuilt(statement, here)
        return tuple(new)

    def rebuilt(s: Statement, site: int) -> list[Statement]:
        blocks = [block(*inner) for inner in inner_sites(s, site)]
        once = count(site, Const(_BITS, 1))
        match s:
            case For():
                runs = Op("zext", _BITS, (Op("slt", 1, (s.lower, s.upper)),))
                entered = count(sites + site, runs)
                if not blocks[0] and isinstance(s.lower, Const) and isinstance(s.upper, Const):
                    # Nothing in it matters: how often it runs is known without running it.
                    span = to_signed(s.upper.value, s.iv.bits) - to_signed(s.lower.value, s.iv.bits)
                    return [entered, count(site, Const(_BITS, max(0, -(-span // s.iv.step))))]
                return [entered, For(s.iv, s.lower, s.upper, (once, *blocks[0]))]
            case While():
                entered = count(sites + site, Op("zext", _BITS, (s.condition,)))
                return [entered, While(s.condition, (once, *blocks[0]))]
            case If() if loop_free((s,)):
                return [If(s.condition, *blocks)] if blocks[0] or blocks[1] else []
            case If():
                return [If(s.condition, (once, *blocks[0]), blocks[1])]
            case Group():
                return [Group(blocks[0])]
            case Local():
                return [Local(s.array, blocks[0])]
            case Store():
                return [s] if s.array in relevant else []
            case _:
                raise TypeError(type(s).__name__)

    return block(body, 0), sites
