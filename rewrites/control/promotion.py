"""Registers that only carry a value to its uses disappear; the others get the scope that they need."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import ClassVar

from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Const,
    Expr,
    For,
    If,
    Load,
    Local,
    LocalArray,
    Op,
    Statement,
    Store,
    While,
)
from seer.lang.traverse import bodies, expressions, statements, subexpressions, with_bodies
from seer.lang.uses import first_use, read_by, touched, written_by
from seer.rewrites.control._own import is_unit, offer_of, store_of, with_store
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused
from seer.rewrites.control.forwarding import Substitution
from seer.verify.bound_copies import with_bounds_of_origin
from seer.verify.closed_forms import closed

__all__ = ["Promotion", "carried", "narrow"]

_MAX_NODES = 400
"""The largest expression that takes a register's place."""
_CHEAP = ("add", "sub", "mul", "shl", "zext", "sext", "trunc", "and", "or", "xor")
_Values = dict[Array, Expr]


@dataclass(frozen=True)
class Promotion(ControlRule):
    """{ t; t = e; … A[i] = f(t) }  -->  … A[i] = f(e)
    { t; for i { t = e; … t … } }  -->  for i { t; … }
    { n = 0; for i { … n … ; n = n + 1 } }  -->  for i { … i … }

    Conditions: nothing that e reads is written between the store and the use, and the store always comes
    before it. Into a loop that the store stands outside of, only arithmetic on counters and parameters is
    carried: anything else would be computed anew in each iteration. A register that grows by a constant in
    each iteration is a multiple of the counter. Bounds read the register that another is a copy of. Registers
    without uses go, and so do values that are overwritten before they are read; one that every iteration of
    a loop writes before it reads it moves into that loop.
    """

    name: ClassVar[str] = "promotion"
    summary: ClassVar[str] = "{ t; t = e; A[i] = f(t) } --> A[i] = f(e)"
    conditions: ClassVar[str] = "one value reaches each use, and what it reads is not written between"
    takes: ClassVar[FragmentKind] = "nest"

    def _attempt(self, fragment: Block) -> Attempt:
        (statement,) = fragment
        if not isinstance(statement, Local):
            raise Refused("promotion takes the scope of a register")
        return Attempt((replace(offer_of(self, fragment, _promoted), supersedes=True),))


def _promoted(block: Block) -> Block:
    return narrow(without_overwritten(carried(with_bounds_of_origin(closed(block)), _is_cheap)))


def carried(block: Block, carries: Callable[[Expr], bool]) -> Block:
    """`block`, of units, with known values in place of registers, and without registers that nothing reads.

    `carries` says which values are computed anew in each iteration of a loop in front of which they were
    stored. Raises Refused.
    """
    forwarded = _forwarded(block, {}, carries)
    while True:
        cleaned = _without_dead(forwarded)
        if cleaned == forwarded:
            return cleaned
        forwarded = cleaned


def _forwarded(block: Block, values: _Values, carries: Callable[[Expr], bool]) -> Block:
    """`block` with known values in place of registers; `values` becomes what is known behind it."""
    result: list[Statement] = []
    for statement in block:
        if is_unit(statement):
            seen = Substitution(values).statement(store_of(statement))
            assert isinstance(seen, Store)
            result.append(with_store(statement, seen))
            _learn(values, seen)
            continue
        written = written_by((statement,))
        match statement:
            case For() | While():
                inside = {
                    register: value for register, value in _kept(values, written).items() if carries(value)
                }
                if isinstance(statement, While):
                    condition = Substitution(inside).expression(statement.condition)
                    result.append(While(condition, _forwarded(statement.body, inside, carries)))
                else:
                    result.append(with_bodies(statement, [_forwarded(statement.body, inside, carries)]))
            case If():
                condition = Substitution(values).expression(statement.condition)
                branches = [_forwarded(body, dict(values), carries) for body in bodies(statement)]
                result.append(If(condition, branches[0], branches[1]))
            case Local():
                body = _forwarded(statement.body, values, carries)
                result.append(Local(statement.array, body))
                written = {*written, statement.array}
                _forget(values, {statement.array})
                continue
            case _:
                raise Refused(f"{type(statement).__name__} statements are not understood")
        _forget(values, written)
    return tuple(result)


def _learn(values: _Values, store: Store) -> None:
    """What a store says about its register, and makes unknown of others."""
    _forget(values, {store.array})
    if store.array.type.shape or store.when is not TRUE or not isinstance(store.array, LocalArray):
        return
    if store.array not in read_by(store.value) and len(subexpressions(store.value)) <= _MAX_NODES:
        values[store.array] = store.value


def _kept(values: _Values, written: AbstractSet[Array]) -> _Values:
    return {r: v for r, v in values.items() if r not in written and not read_by(v) & written}


def _forget(values: _Values, written: AbstractSet[Array]) -> None:
    kept = _kept(values, written)
    values.clear()
    values.update(kept)


def _is_cheap(value: Expr) -> bool:
    """Whether a value may be computed in each iteration of a loop: it is arithmetic on counters."""
    return all(
        not isinstance(node, Load) and (not isinstance(node, Op) or node.name in _CHEAP)
        for node in subexpressions(value)
    )


def _reads(block: Block) -> set[Array]:
    return {array for s in statements(block) for array in read_by(*expressions(s))}


def _without_dead(block: Block) -> Block:
    """`block` without the Locals that nothing in their scope reads."""
    result: Block = ()
    for statement in block:
        if isinstance(statement, Local) and statement.array not in _reads(statement.body):
            result += _without_dead(_without_stores(statement.body, statement.array))
        else:
            result += (with_bodies(statement, [_without_dead(body) for body in bodies(statement)]),)
    return result


def _without_stores(block: Block, array: Array) -> Block:
    kept = (s for s in block if not (is_unit(s) and store_of(s).array is array))
    return tuple(
        s if is_unit(s) else with_bodies(s, [_without_stores(body, array) for body in bodies(s)])
        for s in kept
    )


def without_overwritten(block: Block, following: Block = ()) -> Block:
    """`block`, of units, without stores to registers that are surely written before they are read: in the
    block, or in what is `following`."""
    result: list[Statement] = []
    for position, statement in enumerate(block):
        rest = (*block[position + 1 :], *following)
        if is_unit(statement):
            store = store_of(statement)
            register = isinstance(store.array, LocalArray) and not store.indices
            if not register or first_use(rest, store.array) != "written":
                result.append(statement)
            continue
        match statement:
            case Local(array, body):
                # What a register holds at the end of its scope nobody reads.
                end = () if array.type.shape else (Store(array, (), Const(array.type.width, 0)),)
                inner = [without_overwritten(body, (*end, *rest))]
            case If():
                inner = [without_overwritten(body, rest) for body in bodies(statement)]
            case _:
                # The next iteration follows the body.
                inner = [without_overwritten(body) for body in bodies(statement)]
        result.append(with_bodies(statement, inner))
    return tuple(result)


def narrow(block: Block) -> Block:
    """`block` with each Local around as few statements as need it, and inside of the loops that allow it."""
    result: list[Statement] = []
    for statement in block:
        if isinstance(statement, Local):
            result += _sunk(statement.array, narrow(statement.body))
        elif is_unit(statement):
            result.append(statement)
        else:
            result.append(with_bodies(statement, [narrow(body) for body in bodies(statement)]))
    return tuple(result)


def _in_order(array: LocalArray, body: Block) -> Block:
    """`body`, a scope, with that of `array` around it and not directly in it: their order means nothing."""
    (outer,) = body
    assert isinstance(outer, Local)
    if len(outer.body) == 1 and isinstance(outer.body[0], Local) and outer.body[0].array is array:
        return (Local(array, (Local(outer.array, outer.body[0].body),)),)
    return body


def _sunk(array: LocalArray, body: Block) -> Block:
    """`body` with a scope of `array` around the statements that use it."""
    used = [position for position, s in enumerate(body) if array in touched(s)]
    if not used:
        return body
    first, last = used[0], used[-1]
    inner = body[first : last + 1]
    if len(inner) == 1 and not is_unit(inner[0]):
        (only,) = inner
        if isinstance(only, Local):
            inner = (Local(only.array, _sunk(array, only.body)),)
            return (*body[:first], *_in_order(array, inner), *body[last + 1 :])
        if isinstance(only, (For, While)) and array in read_by(*expressions(only)):
            return (*body[:first], Local(array, inner), *body[last + 1 :])
        if isinstance(only, (For, While)) and first_use(only.body, array) != "read":
            inner = (with_bodies(only, [_sunk(array, only.body)]),)
            return (*body[:first], *inner, *body[last + 1 :])
    return (*body[:first], Local(array, inner), *body[last + 1 :])
