"""Prices of whole programs."""

from __future__ import annotations

from seer.extract.price import Pricer
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Const, For, Iv, Load, Op, Store, TopArray, While
from seer.schedule import Target
from seer.verify.vectors import Call, memory

TARGET = Target.load("xc7")
A = TopArray(ArrayType(32, (8,)), "a")
IV = Iv(32, 0, 0, 8, 1)
FIRST = Load(A, (Const(32, 0),))


def const(value: int) -> Const:
    return Const(32, value)


COUNTED = (For(IV, const(0), const(8), (Store(A, (const(0),), Op("sub", 32, (FIRST, const(1)))),)),)
DEPENDENT = (While(Op("ne", 1, (FIRST, const(0))), COUNTED[0].body),)


def program() -> Program:
    return Program("p", (Argument("a", A, False, "int"),), COUNTED)


def test_a_design_whose_cycles_need_contents_has_no_price_without_them() -> None:
    pricer = Pricer(program(), TARGET, [{}])
    assert pricer.counts_by_parameters
    assert pricer.whole(COUNTED, frozenset()) is not None
    assert pricer.whole(DEPENDENT, frozenset()) is None


def test_with_contents_it_has_one_though_the_program_did_not_need_them() -> None:
    pricer = Pricer(program(), TARGET, [Call({}, {"a": memory(32, [8] + 7 * [0])})])
    assert pricer.counts_by_parameters
    counted, dependent = (pricer.whole(body, frozenset()) for body in (COUNTED, DEPENDENT))
    assert counted is not None and dependent is not None
    assert dependent.cycles > 8
