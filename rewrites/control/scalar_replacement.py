"""An element that the previous iteration stored is not loaded again: it stands in a register."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from seer.lang.affine import Affine, AffineForms
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Block,
    Expr,
    For,
    Load,
    Local,
    LocalArray,
    Statement,
    Store,
)
from seer.lang.traverse import Rewriter, expressions, loop_free, subexpressions, with_bodies
from seer.rewrites.control._own import copied, fresh_array, is_unit, offer_of, store_of, with_store
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused
from seer.rewrites.control.promotion import carried

__all__ = ["ScalarReplacement"]


@dataclass(frozen=True)
class ScalarReplacement(ControlRule):
    """for i in l..u { A[i] = f(A[i - 1]) }  -->  t = A[l - 1]; for i in l..u { t = f(t); A[i] = t }

    Conditions: a loop without loops and branches in it; one store to the array, which every iteration makes,
    at a subscript that is affine and moves with the counter; a load of what the iteration before has stored
    (Callahan, Carr and Kennedy 1990). A recurrence through memory becomes one through a register, and a port
    is free.
    """

    name: ClassVar[str] = "scalar_replacement"
    summary: ClassVar[str] = "for i: A[i] = f(A[i - 1]) --> t = A[l - 1]; for i { t = f(t); A[i] = t }"
    conditions: ClassVar[str] = "one store to the array in an iteration, which the next one reads; affine"
    takes: ClassVar[FragmentKind] = "body"

    locals_around: int = 0
    """How many Locals enclose the fragment, for what binds none itself."""

    def placed(self, locals_around: int, loops_around: int) -> ScalarReplacement:
        return replace(self, locals_around=locals_around)

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, For) or not loop_free(loop.body):
            raise Refused("scalar_replacement takes a counted loop without loops in it")
        return Attempt((offer_of(self, fragment, _replaced, around=self.locals_around),))


def _replaced(block: Block) -> Block:
    """The block, a loop of units, with registers for what its iterations hand on."""
    carried_on = carried(block, lambda value: True)
    loop = carried_on[0]
    if len(carried_on) != 1 or not isinstance(loop, For) or not all(map(is_unit, loop.body)):
        raise Refused("scopes or branches are left in the loop")
    stores = [store_of(unit) for unit in loop.body]
    first: list[Statement] = []
    registers: list[LocalArray] = []
    units = list(loop.body)
    for array in dict.fromkeys(store.array for store in stores):
        loads = _handed_on(loop, stores, array)
        if not loads:
            continue
        register = fresh_array(ArrayType(array.type.width, (), array.type.content), len(registers))
        registers.append(register)
        reading = _Reading(loads, register)
        for k, unit in enumerate(units):
            store = store_of(unit)
            seen = reading.statement(store)
            assert isinstance(seen, Store)
            units[k] = with_store(unit, seen)
        (k,) = (k for k, unit in enumerate(units) if store_of(unit).array is array)
        store = store_of(units[k])
        handed = Store(array, store.indices, Load(register, ()))
        units[k : k + 1] = [copied(Store(register, (), store.value)), with_store(units[k], handed)]
        first.append(copied(Store(register, (), _before_first(loop, loads[0]))))
    if not registers:
        raise Refused("no iteration reads what the one before has stored")
    result: Block = (*first, with_bodies(loop, [tuple(units)]))
    for register in reversed(registers):
        result = (Local(register, result),)
    return result


def _handed_on(loop: For, stores: list[Store], array: Array) -> list[Load]:
    """The loads of the element that the previous iteration has stored, as it is written in this one."""
    own = [store for store in stores if store.array is array]
    if len(own) != 1 or own[0].when is not TRUE or not array.type.shape:
        return []
    forms = AffineForms()
    wanted = [_previous(forms.of(index), loop) for index in own[0].indices]
    if None in wanted or all(_step(forms.of(index), loop) == 0 for index in own[0].indices):
        return []
    place = stores.index(own[0])
    found: dict[Load, None] = {}
    for position, store in enumerate(stores):
        for node in subexpressions(*expressions(store)):
            if not isinstance(node, Load) or node.array is not array:
                continue
            if [forms.of(index) for index in node.indices] == wanted:
                if position > place:
                    return []
                found[node] = None
    return list(found)


def _step(form: Affine | None, loop: For) -> int:
    return 0 if form is None else form.coefficients.get(loop.iv.level, 0)


def _previous(form: Affine | None, loop: For) -> Affine | None:
    """The form of a subscript in the iteration before."""
    if form is None:
        return None
    return Affine(form.constant - _step(form, loop) * loop.iv.step, form.terms)


def _before_first(loop: For, load: Load) -> Expr:
    """What a load reads in the first iteration."""
    lower = loop.lower
    return Rewriter(lambda e: lower if e is loop.iv else e).expression(load)


class _Reading(Rewriter):
    """Reads a register instead of elements."""

    def __init__(self, loads: list[Load], register: LocalArray) -> None:
        super().__init__()
        self._values: dict[Expr, Expr] = {load: Load(register, ()) for load in loads}

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node in self._values:
            return self._values[node]
        return super()._rebuild(node)
