"""How long extraction takes from a large e-graph: python benchmarks/extraction_speed.py [NODES [LOOPS]]

Generates a kernel of loops over arrays with sums, products by constants, shifts and masks, lets the datapath
rules grow its e-graph to so many e-nodes (100,000 by default, 20 loops), and prints seconds of wall clock
time by stage, the front, and the greatest resident size of the process.
"""

from __future__ import annotations

import random
import resource
import sys
import time

from seer.driver.options import Limits
from seer.egraph.explore import EGraph
from seer.egraph.limits import Limits as GraphLimits
from seer.egraph.snapshot import Snapshot
from seer.extract.front import Extraction
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Const, Expr, For, Iv, Load, Op, Statement, Store, TopArray
from seer.schedule import Target

WIDTH = 32
ARRAYS = tuple(TopArray(ArrayType(WIDTH, (1024,)), f"a{k}") for k in range(8))
STATEMENTS = 6
TERMS = 16


def generated(loops: int, rng: random.Random) -> Program:
    """A kernel of so many loops, one behind the other."""
    body = tuple(loop(rng, 500 + 3 * number) for number in range(loops))
    arguments = tuple(Argument(array.name, array, True, "int") for array in ARRAYS)
    return Program("generated", arguments, body)


def loop(rng: random.Random, trips: int) -> For:
    iv = Iv(WIDTH, 0, 0, trips, 1)
    body: list[Statement] = []
    for _ in range(STATEMENTS):
        value = sum_of([product(rng, iv) for _ in range(TERMS)])
        scaled = Op("mul", WIDTH, (value, Const(WIDTH, rng.choice((3, 5, 7)))))
        body.append(Store(rng.choice(ARRAYS), (index(rng, iv),), scaled))
    return For(iv, Const(WIDTH, 0), Const(WIDTH, trips), tuple(body))


def index(rng: random.Random, iv: Iv) -> Expr:
    return Op("add", WIDTH, (iv, Const(WIDTH, rng.randint(0, 7))))


def product(rng: random.Random, iv: Iv) -> Expr:
    load = Load(rng.choice(ARRAYS), (index(rng, iv),))
    kind = rng.choice(("mul", "mul", "shl", "and", "xor"))
    constant = rng.choice((3, 5, 6, 7, 9, 12, 15, 24)) if kind != "shl" else rng.randint(1, 4)
    return Op(kind, WIDTH, (load, Const(WIDTH, constant)))


def sum_of(parts: list[Expr]) -> Expr:
    total = parts[0]
    for part in parts[1:]:
        total = Op("add", WIDTH, (total, part))
    return total


def size(snapshot: Snapshot) -> int:
    return sum(len(nodes) for nodes in snapshot.classes.values())


def grown(program: Program, nodes: int) -> Snapshot:
    """The program's e-graph after so many steps that it has about so many e-nodes."""
    egraph = EGraph(limits=GraphLimits(nodes=nodes, matches=50_000))
    egraph.add(program)
    reached = 0
    while not egraph.limits_hit:
        report = egraph.step()
        if not report.changed and not report.banned:
            break
        reached = size(egraph.snapshot())
        print(f"step {report.step}: {reached:,} e-nodes", flush=True)
    return egraph.snapshot()


def main() -> None:
    nodes = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    loops = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    program = generated(loops, random.Random(0))
    started = time.perf_counter()
    snapshot = grown(program, nodes)
    print(f"grown in {time.perf_counter() - started:.1f} s: {size(snapshot):,} e-nodes, {loops} loops")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    extraction = Extraction(program, Target.load("xc7"), [{}], Limits())
    started, used = time.perf_counter(), time.process_time()
    front = extraction.run(snapshot, {})
    seconds = time.perf_counter() - started
    print(f"extracted in {seconds:.1f} s ({time.process_time() - used:.1f} s of CPU time)")
    for stage, share in extraction.seconds.items():
        print(f"  {stage:<12} {share:6.1f} s")
    for point in front:
        print(f"  {point.cycles:,} cycles, area {point.area:,.0f}")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"greatest resident size: {after} MB ({before} MB before extraction)")


if __name__ == "__main__":
    main()
