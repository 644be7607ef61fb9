"""Loops whose bounds are known when they begin: what they may read, and what becomes of them in each form."""

from __future__ import annotations

import pytest

from seer.driver.law_table import law_table
from seer.egraph.scoping import ill_formed
from seer.emit.locals import needs_initial_value
from seer.lang.from_mlir import from_module
from seer.lang.interpreter import run
from seer.lang.loop_bounds import bound_problem, bound_registers
from seer.lang.program import Program
from seer.lang.terms import TRUE, ArrayType, Expr, For, Iv, Load, Local, LocalArray, Range, Statement, Store
from seer.lang.text import parse_program, print_program
from seer.lang.to_mlir import Form, to_module
from seer.report.spelling import spell
from seer.rewrites.control.fusion import Fusion
from seer.rewrites.control.unroll import Unroll
from seer.schedule import Target, pipelined_by_trip_count, schedule
from seer.schedule.formula import parts
from seer.schedule.policy import trip_count, unrolled
from tests.schedule.programs import array, const, counter, loop, op, program

A, B = array("a", 32, 8), array("b", 32, 8)
HELD = LocalArray(ArrayType(32, (), Range(0, 8)), 0)
N = Load(HELD, ())
I = Iv(32, 0, 0, 8, 1)  # noqa: E741


def late(*body: Statement, upper: Expr = N) -> For:
    return For(I, const(0), upper, body)


def mark(iv: Iv = I) -> Store:
    return Store(B, (iv,), const(1))


def whole(*body: Statement) -> Program:
    first = Store(HELD, (), op("and", Load(A, (const(0),)), 7))
    return program([A, B], Local(HELD, (first, *body)))


def test_a_bound_may_read_a_register_that_the_body_keeps() -> None:
    good = whole(late(mark(), Store(A, (const(0),), const(0))))
    assert ill_formed(good.body) is None
    assert run(good, {"a": [3] * 8, "b": [0] * 8}, {})["b"] == [1, 1, 1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (late(mark(), Store(HELD, (), const(0))), "writes what its bounds read"),
        (
            late(late(Store(HELD, (), const(0), op("slt", I, 2)), upper=const(3))),
            "writes what its bounds read",
        ),
        (late(mark(), upper=Load(A, (const(0),))), "memory other than a register"),
        (late(mark(), upper=Load(array("n", 32), ())), "memory other than a register"),
    ],
)
def test_what_a_body_may_change_is_no_bound(bad: For, problem: str) -> None:
    assert problem in (bound_problem(bad) or "")
    assert problem in (ill_formed((bad,), arrays=frozenset({HELD})) or "")


@pytest.mark.parametrize("form", ["plain", "affine"])
def test_forms_of_exchange(form: Form) -> None:
    """Loops inside with bounds on such a counter, and accesses by it, are no affine ones either."""
    j = Iv(32, 1, 0, 8, 1)
    inner = For(j, I, op("add", N, -1), (Store(B, (j,), Load(A, (op("and", op("add", I, j), 7),))),))
    made = whole(late(mark(), inner), Store(HELD, (), const(2)), late(mark(), upper=op("add", N, 1)))
    again = from_module(to_module(made, form))
    assert again.body == made.body
    assert parse_program(print_program(made)).body == made.body


@pytest.mark.parametrize("rule", [Unroll(factor=2), Unroll(factor=None)])
def test_not_unrolled(rule: Unroll) -> None:
    attempt = rule.attempt((late(mark()),))
    assert not attempt.offers and "trip count is not constant" in attempt.refusals[0]
    inside = Iv(32, 1, 0, 8, 1)
    around = rule.attempt((loop(counter(0, 4), For(inside, const(0), N, (mark(inside),))),))
    assert not around.offers and around.refusals
    assert trip_count(late(mark())) is None
    with pytest.raises(ValueError, match="constant bounds"):
        unrolled(late(mark()))


def test_not_fused() -> None:
    attempt = Fusion().attempt((late(mark()), late(Store(A, (I,), const(3)))))
    assert not attempt.offers and "known only when it begins" in attempt.refusals[0]
    # Nor where one of them stands inside.
    around = loop(counter(0, 4), For(Iv(32, 1, 0, 8, 1), const(0), N, (mark(Iv(32, 1, 0, 8, 1)),)))
    assert not Fusion().attempt((around, around)).offers


def test_a_register_that_only_a_bound_reads_needs_a_value() -> None:
    assert needs_initial_value(Local(HELD, (late(mark()),)))
    assert not needs_initial_value(Local(HELD, (Store(HELD, (), const(3)), late(mark()))))
    assert needs_initial_value(Local(HELD, (Store(HELD, (), const(3), op("slt", N, 1)), late(mark()))))


def test_reports() -> None:
    made = whole(late(mark()))
    (found,) = (s for s in made.body[0].body if isinstance(s, For))  # type: ignore[union-attr]
    assert bound_registers(found) == (HELD,)
    assert "for (i" in spell(found) and "< t0" in spell(found)
    chosen, pipelined = pipelined_by_trip_count(made, 64)
    assert pipelined
    rows = list(parts(schedule(chosen, pipelined, Target.load("xc7"))))
    assert any(row.trips == "N" and "N > 0" in row.cycles for row in rows)


def test_laws_are_priced() -> None:
    second = For(I, const(0), const(8), (Store(A, (I,), op("add", Load(A, (I,)), 1), TRUE),))
    table = law_table(whole(late(mark()), second), Target.load("xc7"))
    assert len(table.variants) > 1
    assert all(variant.law > 0 and variant.scheduled > 0 for variant in table.variants)
