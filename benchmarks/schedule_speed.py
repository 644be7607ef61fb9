"""How long scheduling one region takes, from its statements: python benchmarks/schedule_speed.py [REGIONS]

Prints the median and the greatest CPU time over random regions of about 100 and of about 1,000 operations, as
the body of a pipelined loop and as straight code, with and without sharing of operators. A region has four
arrays, affine subscripts, sums, products and conditions, and a register that is carried around the loop.
"""

from __future__ import annotations

import random
import statistics
import sys
import time

from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Const, Expr, For, If, Iv, Load, Local, LocalArray, Op, Store, TopArray
from seer.schedule import Target, dependence, region, schedule
from seer.schedule.model import regions
from seer.schedule.region import schedule_region

ARRAYS = [TopArray(ArrayType(32, (4096,)), name) for name in "abcd"]
COUNTER = Iv(32, 0, 0, 900, 1)
TOTAL = LocalArray(ArrayType(32, ()), 0)
TIMELESS = ("const", "param", "iv")
STATEMENTS = {100: 7, 1000: 53}
"""How many give about so many operations."""


def number(value: int) -> Const:
    return Const(32, value)


def random_region(rng: random.Random, statements: int, pipelined: bool) -> Program:
    """A loop over a register that is set before and stored behind; straight code: the body of a loop that is
    not pipelined."""
    known: list[Expr] = [COUNTER]

    def index() -> Expr:
        scaled = Op("mul", 32, (COUNTER, number(rng.randint(1, 4))))
        return Op("add", 32, (scaled, number(rng.randint(0, 400))))

    def value(depth: int) -> Expr:
        kind = rng.random()
        if depth == 0 or kind < 0.1:
            return Load(rng.choice(ARRAYS), (index(),)) if rng.random() < 0.5 else rng.choice(known)
        name = rng.choice(["add", "sub", "mul", "xor", "add"])
        made = Op(name, 32, (value(depth - 1), value(depth - 1)))
        known.append(made)
        return made

    body: list[Store | If] = []
    for _ in range(statements):
        store = Store(rng.choice(ARRAYS), (index(),), value(2))
        if rng.random() < 0.2:
            condition = Op("slt", 1, (value(1), number(5)))
            other = Store(rng.choice(ARRAYS), (index(),), value(2))
            body.append(If(condition, (store,), (other,)))
        else:
            body.append(store)
    body.append(Store(TOTAL, (), Op("add", 32, (Load(TOTAL, ()), value(2)))))
    loop = For(COUNTER, number(0), number(900), tuple(body))
    last = Store(ARRAYS[0], (number(0),), Load(TOTAL, ()))
    whole = Local(TOTAL, (Store(TOTAL, (), number(0)), loop, last))
    arguments = tuple(Argument(array.name, array, True, "int") for array in ARRAYS)
    return Program("region", arguments, (whole,))


def measure(size: int, pipelined: bool, share: str, count: int, target: Target) -> str:
    """Schedules `count` regions of about `size` operations."""
    seconds: list[float] = []
    sizes: list[int] = []
    for seed in range(count):
        program = random_region(random.Random(seed), STATEMENTS[size], pipelined)
        loops = frozenset({program.body[0].body[1]}) if pipelined else frozenset()
        for cached in (schedule_region, region._drafted, region.share_units, dependence._minimum_distance):
            cached.cache_clear()
        start = time.process_time()
        found = schedule(program, loops, target, share=share)
        seconds.append(time.process_time() - start)
        largest = max(regions(found.body), key=lambda found: len(found.operations))
        sizes.append(sum(op.kind not in TIMELESS for op in largest.operations))
    kind = f"{'pipelined' if pipelined else 'straight':9}  share {share:4}"
    return (
        f"{kind}  {statistics.median(sizes):6.0f} operations  median {statistics.median(seconds):7.3f} s"
        f"  greatest {max(seconds):7.3f} s  ({count} regions)"
    )


def import_solver() -> None:
    """Once in a process, and half a second."""
    from ortools.sat.python import cp_model

    cp_model.CpSolver()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    import_solver()
    target = Target.load("xc7")
    for size in (100, 1000):
        for pipelined in (True, False):
            for share in ("none", "all"):
                print(measure(size, pipelined, share, max(3, count * 100 // size), target), flush=True)


if __name__ == "__main__":
    main()
