"""Small local arrays whose places are known become registers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.affine import AffineForms
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Load,
    Local,
    LocalArray,
    Statement,
    Store,
    While,
)
from seer.lang.traverse import Rewriter, bodies, expressions, statements, subexpressions, with_bodies
from seer.lang.uses import touched
from seer.rewrites.control._guards import trips
from seer.rewrites.control._nests import constant, first_value
from seer.rewrites.control._own import fresh_array, is_unit, offer_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Refused
from seer.rewrites.control.promotion import carried, narrow
from seer.verify.closed_forms import closed

__all__ = ["Dissolution"]

_MOST_STORES = 160


@dataclass(frozen=True)
class Dissolution(ControlRule):
    """{ T[3]; … T[2] = T[1]; T[1] = T[0]; T[0] = e … }  -->  { t0; t1; t2; … t2 = t1; t1 = t0; t0 = e … }

    Registers have no ports to wait for: a delay line, or the elements of a window that are sorted, is then
    read and written at all its places in one cycle. Loops over places are unrolled.

    Conditions: a local array of at most `max_words` elements, which some iteration uses at two places or at a
    constant one; once the loops whose counters select places are unrolled, which need constant bounds for
    that, each of its subscripts is a constant.
    """

    name: ClassVar[str] = "dissolution"
    summary: ClassVar[str] = "{ T[2]; T[1] = T[0]; T[0] = e } --> { t0; t1; t1 = t0; t0 = e }"
    conditions: ClassVar[str] = "a small local array; constant subscripts once loops over it are unrolled"
    takes: ClassVar[FragmentKind] = "nest"

    max_words: int = 16

    def _attempt(self, fragment: Block) -> Attempt:
        (scope,) = fragment
        if not isinstance(scope, Local) or not scope.array.type.shape:
            raise Refused("dissolution takes the scope of an array")
        words = math.prod(scope.array.type.shape)
        if words > self.max_words:
            raise Refused(f"the array has {words} elements; {self.max_words} are the most")
        if not any(_waits(places) for places in _places(closed(scope.body), scope.array)):
            raise Refused("the array is used at one place at a time")
        return Attempt((offer_of(self, fragment, self._dissolved),))

    def _dissolved(self, block: Block) -> Block:
        (scope,) = closed(block)
        assert isinstance(scope, Local)
        old = scope.array
        body = _unrolled(scope.body, old)
        if sum(is_unit(s) for s in _all(body)) > _MOST_STORES:
            raise Refused(f"there would be more than {_MOST_STORES} stores")
        type = ArrayType(old.type.width, (), old.type.content)
        registers = [fresh_array(type, number) for number in range(math.prod(old.type.shape))]
        result = _Dissolving(old, registers).block(body)
        for register in reversed(registers):
            result = (Local(register, result),)
        return narrow(carried(result, lambda value: False))


def _waits(places: Sequence[tuple[Expr, ...]]) -> bool:
    """Whether one iteration uses several places, or one that all iterations use."""
    return len(dict.fromkeys(places)) > 1 or any(isinstance(i, Const) for place in places for i in place)


def _places(block: Block, array: LocalArray) -> list[list[tuple[Expr, ...]]]:
    """The subscripts of an array, those of each loop's own statements by themselves."""
    own: list[tuple[Expr, ...]] = []
    inner: list[list[tuple[Expr, ...]]] = []
    for statement in block:
        if isinstance(statement, Store) and statement.array is array:
            own.append(statement.indices)
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load) and node.array is array:
                own.append(node.indices)
        for body in bodies(statement):
            found = _places(body, array)
            if isinstance(statement, (For, While)):
                inner += found
            else:
                own += found[0]
                inner += found[1:]
    return [own, *inner]


def _all(block: Block) -> list[Statement]:
    """The statements of a block and those in them; units are not opened."""
    inner = (part for s in block if not is_unit(s) for body in bodies(s) for part in _all(body))
    return [*block, *inner]


def _unrolled(block: Block, array: LocalArray) -> Block:
    """`block` with the loops unrolled whose counters select places of an array, or bound loops that do."""
    result: list[Statement] = []
    for statement in block:
        if is_unit(statement) or array not in touched(statement):
            result.append(statement)
        elif isinstance(statement, For) and _selects(statement, array):
            count, start = trips(statement), first_value(statement)
            if count * sum(is_unit(s) for s in _all(statement.body)) > _MOST_STORES:
                raise Refused("a loop over the array is too long to be unrolled")
            for number in range(count):
                value = constant(statement.iv.bits, start + number * statement.iv.step)
                result += _unrolled(_At(statement, value).block(statement.body), array)
        else:
            result.append(with_bodies(statement, [_unrolled(body, array) for body in bodies(statement)]))
    return tuple(result)


def _selects(loop: For, array: LocalArray) -> bool:
    """Whether a loop's counter is part of a subscript of an array, or of a bound of a loop that uses it."""
    for statement in statements(loop.body):
        roots: list[Expr] = []
        if isinstance(statement, For) and array in touched(statement):
            roots += [statement.lower, statement.upper]
        if isinstance(statement, Store) and statement.array is array:
            roots += statement.indices
        for node in subexpressions(*expressions(statement)):
            if isinstance(node, Load) and node.array is array:
                roots += node.indices
        if loop.iv in subexpressions(*roots):
            return True
    return False


class _At(Rewriter):
    """Puts a value in the place of a loop's counter."""

    def __init__(self, loop: For, value: Expr) -> None:
        super().__init__(lambda e: value if e is loop.iv else e)


class _Dissolving(Rewriter):
    """Puts registers in the place of an array's elements."""

    def __init__(self, old: LocalArray, registers: Sequence[LocalArray]) -> None:
        super().__init__()
        self._old, self._registers = old, registers
        self._forms = AffineForms()

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and node.array is self._old:
            return Load(self._register(node.indices), ())
        return super()._rebuild(node)

    def statement(self, s: Statement) -> Statement:
        if isinstance(s, Store) and s.array is self._old:
            return Store(self._register(s.indices), (), self.expression(s.value), self.expression(s.when))
        return super().statement(s)

    def _register(self, indices: Sequence[Expr]) -> LocalArray:
        number = 0
        for index, extent in zip(indices, self._old.type.shape, strict=True):
            form = self._forms.of(index)
            if form is None or form.terms:
                raise Refused("a subscript of the array is no constant")
            if not 0 <= form.constant < extent:
                raise Refused("a place is outside of the array")
            number = number * extent + form.constant
        return self._registers[number]
