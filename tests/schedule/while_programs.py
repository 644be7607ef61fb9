"""While loops for tests: over arrays a, b and c of 64 words, with a counter, a sum and a flag."""

from __future__ import annotations

import random

from seer.lang.program import Program
from seer.lang.terms import Const, Expr, If, Load, Local, Op, Statement, Store, While
from tests.schedule.programs import array, const, op, program, scalar

A, B, C = (array(name, 32, 64) for name in "abc")
I, S, F = scalar(0), scalar(1), scalar(2, 1)  # noqa: E741


def local(*body: Statement) -> Statement:
    """A body with a counter, a sum and a flag, all set."""
    start = (Store(I, (), const(0)), Store(S, (), const(0)), Store(F, (), Const(1, 1)))
    return Local(I, (Local(S, (Local(F, (*start, *body)),)),))


def step(by: int = 1) -> Statement:
    return Store(I, (), op("add", Load(I, ()), by))


def random_while(seed: int) -> tuple[Program, dict[str, list[int]]]:
    """A program around one loop, which ends for sure, and contents of its arrays."""
    rng = random.Random(seed)
    i, s = Load(I, ()), Load(S, ())

    def value(depth: int) -> Expr:
        leaf = [i, s, Load(A, (op("and", i, 63),)), Load(C, (op("and", s, 63),)), const(rng.randrange(9))]
        if depth == 0:
            return rng.choice(leaf)
        return op(rng.choice(["add", "sub", "mul", "xor", "and"]), value(depth - 1), value(depth - 1))

    body: list[Statement] = []
    for _ in range(rng.randint(1, 4)):
        match rng.randrange(4):
            case 0:
                body.append(Store(S, (), value(2)))
            case 1:
                body.append(Store(rng.choice([B, C]), (op("and", value(1), 63),), value(2)))
            case 2:
                store = Store(B, (const(rng.randrange(4)),), value(1))
                body.append(If(op("slt", value(1), value(1)), (store,)))
            case _:
                ends = op("eq", op("and", value(1), 7), 0)
                body.append(If(ends, (Store(F, (), Const(1, 0)),)))
    body.insert(rng.randrange(len(body) + 1), step(rng.randint(1, 3)))
    running = Op("and", 1, (op("slt", i, rng.randrange(50)), Load(F, ())))
    made = program([A, B, C], local(While(running, tuple(body)), Store(B, (const(5),), s)))
    return made, {name: [rng.randrange(200) for _ in range(64)] for name in "abc"}
