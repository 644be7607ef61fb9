"""Iterations of a loop: how many there are, and what holds in the first and the last alone."""

from __future__ import annotations

from seer.lang.affine import AffineForms
from seer.lang.conditions import both
from seer.lang.operators import to_unsigned
from seer.lang.terms import Block, Const, Expr, For, If, Local, Op, Statement, Store
from seer.rewrites.control._own import is_unit, store_of, with_store
from seer.rewrites.control._rule import Refused

__all__ = ["ends", "trips", "under"]


def ends(loop: For) -> tuple[Expr, Expr]:
    """The conditions that hold in the first and in the last iteration; raises Refused."""
    iv, step = loop.iv, loop.iv.step
    forms = AffineForms()
    lower, upper = forms.of(loop.lower), forms.of(loop.upper)
    if lower is None or upper is None:
        raise Refused("the bounds of the inner loop are not affine")
    if step == 1:
        last: Expr = Op("sub", iv.bits, (loop.upper, Const(iv.bits, 1)))
    elif (upper + lower.scaled(-1)).terms:
        raise Refused("the trip count of the inner loop is not constant")
    else:
        trips = -(-(upper + lower.scaled(-1)).constant // step)
        offset = Const(iv.bits, to_unsigned(step * (trips - 1), iv.bits))
        last = Op("add", iv.bits, (loop.lower, offset))
    return Op("eq", 1, (iv, loop.lower)), Op("eq", 1, (iv, _folded(last, forms)))


def _folded(value: Expr, forms: AffineForms) -> Expr:
    form = forms.of(value)
    if form is None or form.terms:
        return value
    return Const(value.width, to_unsigned(form.constant, value.width))


def trips(loop: For) -> int:
    """Iterations of a loop that has a constant number of them, at least one; raises Refused."""
    forms = AffineForms()
    lower, upper = forms.of(loop.lower), forms.of(loop.upper)
    if lower is None or upper is None or (upper + lower.scaled(-1)).terms:
        raise Refused("the trip count is not constant")
    span = (upper + lower.scaled(-1)).constant
    if span <= 0:
        raise Refused("the loop never runs")
    return -(-span // loop.iv.step)


def under(block: Block, condition: Expr) -> Block:
    """`block`, of units, Locals and Ifs, where `condition` holds."""
    return tuple(_guarded(statement, condition) for statement in block)


def _guarded(statement: Statement, condition: Expr) -> Statement:
    if is_unit(statement):
        store = store_of(statement)
        guarded = Store(store.array, store.indices, store.value, both(condition, store.when))
        return with_store(statement, guarded)
    if isinstance(statement, Local):
        return Local(statement.array, under(statement.body, condition))
    return If(condition, (statement,))
