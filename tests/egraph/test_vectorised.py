"""Operators on arrays compute what the operators of seer.lang do; the ring proves nothing that is false."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

from seer.egraph import exhaustive, ring
from seer.egraph.obligations import Obligation
from seer.egraph.vectorised import evaluate
from seer.lang.intervals import Interval
from seer.lang.operators import OPERATORS
from seer.lang.terms import Const, Expr, Op, Param

INTEGER = [o for o in OPERATORS.values() if not (o.is_float or o.shape == "convert")]


@pytest.mark.parametrize("name", [o.name for o in INTEGER])
@pytest.mark.parametrize("width", [1, 3, 9])
def test_every_operator(name: str, width: int):
    operator = OPERATORS[name]
    bits = {"compare": 1, "widen": width + 2, "narrow": max(1, width - 2)}.get(operator.shape, width)
    if operator.shape == "narrow" and bits == width:
        return
    widths = [1, width, width] if operator.shape == "select" else [width] * operator.arity
    params = [Param(w, f"p{k}") for k, w in enumerate(widths)]
    found = np.broadcast_to(evaluate(Op(name, bits, tuple(params)), params), [1 << w for w in widths])
    draw = random.Random(name)
    every = list(product(*(range(1 << w) for w in widths)))
    for values in every if len(every) < 200 else draw.sample(every, 200):
        assert found[values] == operator.evaluate(width, bits, *values)


def test_what_is_too_wide_is_refused():
    a = Param(20, "a")
    with pytest.raises(ValueError, match="too many"):
        evaluate(Op("zext", 40, (a,)), [a])


A, B = Param(3, "a"), Param(3, "b")
P = Param(1, "p")


def term(draw: random.Random, bits: int, depth: int) -> Expr:
    """A random term over A, B and P of the operators that the ring knows something of."""
    if depth == 0 or draw.random() < 0.15:
        return (
            draw.choice([A, B])
            if bits == 3 and draw.random() < 0.8
            else Const(bits, draw.randrange(1 << bits))
        )
    inner = lambda w: term(draw, w, depth - 1)  # noqa: E731
    match draw.randrange(9):
        case 0 if bits > 3:
            return Op(draw.choice(["zext", "sext"]), bits, (inner(draw.randint(2, bits - 1)),))
        case 1:
            return Op("trunc", bits, (inner(bits + draw.randint(1, 2)),))
        case 2:
            by = Const(bits, draw.randrange(min(1 << bits, bits + 2)))
            return Op(draw.choice(["shl", "lshr"]), bits, (inner(bits), by))
        case 3:
            return Op(
                draw.choice(["udiv", "urem", "sdiv", "srem"]),
                bits,
                (inner(bits), Const(bits, draw.randrange(1 << bits))),
            )
        case 4:
            return Op(draw.choice(["udiv", "urem", "srem", "shl"]), bits, (inner(bits), inner(bits)))
        case 5:
            return Op("select", bits, (P, inner(bits), inner(bits)))
        case _:
            return Op(draw.choice(["add", "sub", "mul"]), bits, (inner(bits), inner(bits)))


def test_what_the_ring_proves_holds():
    draw = random.Random(7)
    proved = 0
    for _ in range(1500):
        bits = draw.choice([3, 4, 5])
        left = term(draw, bits, 3)
        right = draw.choice([term(draw, bits, 2), Op("add", bits, (term(draw, bits, 1), left))])
        u, v = sorted(draw.randrange(8) for _ in range(2))
        operands = ((A, Interval.unsigned(3, u, v)), (B, Interval.full(3)), (P, Interval.full(1)))
        obligation = Obligation(left, right, operands)
        if ring.prove(obligation):
            proved += 1
            assert exhaustive.check("r", (), obligation) is None, str(obligation)
    assert proved > 30
