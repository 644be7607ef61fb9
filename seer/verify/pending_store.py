"""Equality of a loop with one that runs the stores to an array one iteration late.

    for i { B(A) }   and   { P: w = 0; for i { B'(A, P) }; A[a] = v if w }

where the registers P = (a…, v, w) hold a store that is still to be made. The proof is an induction over the
iterations. Its invariant: all arrays but A are equal, and A of the first loop is A of the second after the
store A[a] = v if w. It holds before the loop, as w is 0 then; it is kept by every iteration, which symbolic
execution of both bodies shows on a state that satisfies it; and after the loop the store is made. What is
used of arrays is that a load behind a store gives what was stored if the subscripts are equal, and what was
there if not."""

from __future__ import annotations

from dataclasses import dataclass

from seer.lang.intervals import Intervals
from seer.lang.terms import Array, Block, Const, For, Load, Local, LocalArray, Store
from seer.lang.traverse import without_groups
from seer.lang.uses import free_arrays
from seer.verify.symbolic import SymbolicState, Unfollowed, Value, Values

__all__ = ["equal_with_pending_store"]


def equal_with_pending_store(before: Block, after: Block) -> bool:
    """Whether `after` is proved to be `before` with the stores to one array one iteration late."""
    before, after = without_groups(before), without_groups(after)
    form = _form_of(after)
    if form is None or free_arrays(before) & set(form.registers):
        return False
    bodies = _common_bodies(before, (form.loop,))
    if bodies is None:
        return False
    try:
        return _Induction(form).holds(*bodies)
    except Unfollowed:
        return False


@dataclass(frozen=True)
class _Form:
    """`prologue; loop; flush` in the scopes of `registers`; the flush makes the store that a, v and w
    hold."""

    registers: tuple[LocalArray, ...]
    prologue: Block
    loop: For
    flush: Store

    @property
    def pending(self) -> tuple[Array, ...]:
        """The registers v, w, a…"""
        parts = (self.flush.value, self.flush.when, *self.flush.indices)
        return tuple(part.array for part in parts if isinstance(part, Load))


def _form_of(block: Block) -> _Form | None:
    registers: list[LocalArray] = []
    while len(block) == 1 and isinstance(block[0], Local):
        registers.append(block[0].array)
        block = block[0].body
    if len(block) < 2:
        return None
    *prologue, loop, flush = block
    if not isinstance(loop, For) or not isinstance(flush, Store):
        return None
    own = set(registers)
    held = (flush.value, flush.when, *flush.indices)
    if not flush.array.type.shape or flush.array in own:
        return None
    if not all(isinstance(part, Load) and part.array in own and not part.indices for part in held):
        return None
    if not all(isinstance(s, Store) and s.array in own for s in prologue):
        return None
    if any(register.type.shape for register in registers) or len(own) < len(registers):
        return None
    return _Form(tuple(registers), tuple(prologue), loop, flush)


def _common_bodies(before: Block, after: Block) -> tuple[Block, Block] | None:
    """What stands in two perfect nests of the same loops; None where the loops differ."""
    depth = 0
    while len(before) == len(after) == 1:
        old, new = before[0], after[0]
        if not isinstance(old, For) or not isinstance(new, For):
            break
        if (old.iv, old.lower, old.upper) != (new.iv, new.lower, new.upper):
            return None
        before, after, depth = old.body, new.body, depth + 1
    return (before, after) if depth else None


class _Induction:
    def __init__(self, form: _Form) -> None:
        self._form = form
        self._values = Values()
        self._intervals = Intervals()

    def holds(self, before: Block, after: Block) -> bool:
        """Whether the invariant holds before the loop and is kept by an iteration."""
        form, values = self._form, self._values
        array = form.flush.array
        started = SymbolicState(values)
        started.run(form.prologue)
        if self._condition(started) != values.leaf(Const(1, 0)):
            return False
        pending = self._made(SymbolicState(values))
        old = _BehindPending(values, array, pending)
        old.run(before)
        new = SymbolicState(values)
        new.run(after)
        if not self._in_bounds(new, after):
            return False
        others = {*old.contents, *new.contents} - {array, *form.registers}
        if any(old.of(other) != new.of(other) for other in others):
            return False
        return self._unguarded(old.of(array)) == self._unguarded(self._made(new))

    def _condition(self, state: SymbolicState) -> Value:
        return state.of(self._form.pending[1])

    def _made(self, state: SymbolicState) -> Value:
        """The contents of the array in a state once the pending store is made."""
        value, when, *indices = (state.of(register) for register in self._form.pending)
        places = [self._values.number(index) for index in indices]
        return self._values.make("store", state.of(self._form.flush.array), value, when, *places)

    def _in_bounds(self, state: SymbolicState, body: Block) -> bool:
        """Whether a store that waits after an iteration is one inside the array.

        Otherwise a load at its place would not give what was stored.
        """
        shape = self._form.flush.array.type.shape
        places = [self._values.number(state.of(register)) for register in self._form.pending[2:]]
        parts = self._values.parts_of(self._condition(state))
        return all(
            any(self._guards(part, place, extent) for part in parts) or self._fits(place, extent, body)
            for place, extent in zip(places, shape, strict=True)
        )

    def _guards(self, condition: Value, place: Value, extent: int) -> bool:
        """Whether a condition is that the place is below the extent."""
        match self._values.key(condition):
            case ("ult", 1, a, b) if self._values.number(a) == place:
                limit = self._values.key(b)
                return limit[0] == "leaf" and isinstance(limit[1], Const) and limit[1].value == extent
            case _:
                return False

    def _fits(self, place: Value, extent: int, body: Block) -> bool:
        """Whether some expression that a register got in the body has this value and is below the extent."""
        state = SymbolicState(self._values)
        for statement in body:
            if isinstance(statement, Store):
                fits = self._intervals.of(statement.value).uhi < extent
                if fits and self._values.number(*state.evaluated(statement.value)) == place:
                    return True
            state.run((statement,))
        return False

    def _unguarded(self, contents: Value) -> Value:
        """The contents where guards that a store's subscripts are in bounds are left out: a store that is not
        does nothing."""
        values = self._values
        match values.key(contents):
            case ("store", inner, value, when, *places):
                pairs = list(zip(places, self._form.flush.array.type.shape, strict=True))
                parts = [
                    part for part in values.parts_of(when) if not any(self._guards(part, *p) for p in pairs)
                ]
                return values.make("store", self._unguarded(inner), value, values.all_of(parts), *places)
            case _:
                return contents


class _BehindPending(SymbolicState):
    """A state in which one array's contents are those behind the pending store."""

    def __init__(self, values: Values, array: Array, pending: Value) -> None:
        super().__init__(values, {array: pending})
        self._pending = pending

    def _load(self, array: Array, indices: list[Value]) -> Value:
        values = self.values
        if self.of(array) != self._pending:
            return super()._load(array, indices)
        _, contents, value, when, *places = values.key(self._pending)
        same = [values.equal(index, place) for index, place in zip(indices, places, strict=True)]
        behind = values.make("load", contents, *indices)
        return values.make("select", array.type.width, values.all_of([when, *same]), value, behind)
