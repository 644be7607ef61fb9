"""Forwarding through straight-line code: of registers, and of elements of arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from seer.lang.intervals import Intervals
from seer.lang.terms import TRUE, Array, Block, Expr, Load, LocalArray, Op, Statement, Store
from seer.lang.traverse import Rewriter, expressions, subexpressions
from seer.lang.uses import read_by
from seer.rewrites.control._last_stores import Element, NotFollowed, ordered
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.rewrites.control._straight import Straight, straight
from seer.rewrites.control._subscripts import inside, relation
from seer.rewrites.control.mux import merged

__all__ = ["Forwarding", "Substitution", "forwarded", "forwarded_elements"]

_MAX_NODES = 2_000
"""Operations of the largest value that is forwarded."""


@dataclass(frozen=True)
class Forwarding(ControlRule):
    """t = u; A[0] = f(t); B[i] = A[0]; t = g(t)  -->  A[0] = f(u); B[i] = f(u); t = g(u)

    What was stored is used directly where it is read again, so that the datapath rules reach across
    statements; each register and each such element is stored once, at the end of the block, and not at all
    where its array is local to the block. A store under a predicate gives a choice between the new value and
    the one before. That is store-to-load forwarding, and the removal of repeated loads and of dead stores.

    Conditions: straight-line code. An element is followed if the subscripts of its array in the block are
    surely in bounds and each two of them surely equal or different, which subscripts that differ by a
    constant are; other arrays are left as they are. No array is written that a forwarded value reads, and no
    two elements exchange their values.
    """

    name: ClassVar[str] = "forwarding"
    summary: ClassVar[str] = "t = u; A[i] = f(t); B[i] = A[i] --> A[i] = f(u); B[i] = f(u); t = u"
    conditions: ClassVar[str] = "straight-line code; nothing that a forwarded value reads is written between"
    takes: ClassVar[FragmentKind] = "straight"
    checked_by: ClassVar[ProofKind] = "symbolic"

    def _attempt(self, fragment: Block) -> Attempt:
        code = straight(fragment)
        found = [forwarded_elements(code).block()]
        together = merged(code)
        if len(together.stores) < len(code.stores):
            found.append(forwarded_elements(together).block())
        blocks = [block for block in dict.fromkeys(found) if block != fragment]
        if not blocks:
            raise Refused("there is nothing to forward")
        return Attempt(
            tuple(
                Offer(self.name, self.description, "substitution", fragment, block, None, {})
                for block in blocks
            )
        )


def forwarded_elements(code: Straight) -> Straight:
    """Straight-line code with registers and elements forwarded; raises Refused."""
    given: dict[Array, None] = {}
    best: Straight | None = None
    while True:
        attempt = _Forward(code, given)
        try:
            result = attempt.run()
        except NotFollowed as found:
            if best is not None:
                return best
            given[found.array] = None
            continue
        except Refused:
            if best is None:
                raise
            return best
        if not attempt.gains:
            raise Refused("there is nothing to forward")
        idle = [array for array in attempt.followed if array not in attempt.gains]
        if not idle:
            return result
        # What gains nothing stays where it is, unless that stands in the way of the rest.
        best = result
        given.update(dict.fromkeys(idle))


class _Forward:
    """One pass over straight-line code in which all arrays but those `given` up are followed."""

    def __init__(self, code: Straight, given: dict[Array, None]) -> None:
        self._code = code
        self._given = given
        self._intervals = Intervals()
        self._held: dict[Array, list[Element]] = {}
        self._last_reads = {
            array: position
            for position, store in enumerate(code.stores)
            for array in read_by(*expressions(store))
        }
        self.gains: dict[Array, None] = {}

    @property
    def followed(self) -> list[Array]:
        """The arrays of more than one element that were followed."""
        return [array for array in self._held if array.type.shape]

    def run(self) -> Straight:
        kept: list[Store] = []
        for position, store in enumerate(self._code.stores):
            seen = _Seen(self).statement(store)
            assert isinstance(seen, Store)
            if seen.array in self._given:
                self._keep(seen, kept, position)
            else:
                self._hold(seen)
        dead = set(self._code.scopes)
        finals = [
            (array, element)
            for array, elements in self._held.items()
            if array not in dead
            for element in elements
            if element.value is not Load(array, element.indices)
        ]
        registers: list[LocalArray] = []
        last = ordered(finals, registers)
        return Straight((*self._code.scopes, *registers), (*kept, *last), self._code.base)

    def read(self, array: Array, indices: tuple[Expr, ...]) -> Expr:
        """What a load gives at this point."""
        element = None if array in self._given else self._find(array, indices)
        if element is None:
            return Load(array, indices)
        self.gains[array] = None
        if element.when is TRUE:
            return element.value
        return Op("select", element.value.width, (element.when, element.value, Load(array, indices)))

    def _find(self, array: Array, indices: tuple[Expr, ...]) -> Element | None:
        for element in self._held.get(array, ()):
            match relation(element.indices, indices):
                case "same":
                    return element
                case None:
                    raise NotFollowed(array)
        return None

    def _keep(self, store: Store, kept: list[Store], position: int) -> None:
        """A store to an array that is not followed stays; no value that is still needed may read it."""
        for array, elements in list(self._held.items()):
            if any(store.array in read_by(e.value, e.when, *e.indices) for e in elements):
                if array not in self._code.scopes or self._last_reads.get(array, -1) > position:
                    raise NotFollowed(array)
                self._held[array] = []
        kept.append(store)

    def _hold(self, store: Store) -> None:
        array, value, when = store.array, store.value, store.when
        if array in self._code.scopes:
            self.gains[array] = None
        if not inside(array, store.indices, self._intervals):
            raise NotFollowed(array)
        element = self._find(array, store.indices)
        if element is not None:
            self.gains[array] = None
            element.value, element.when = self._chosen(element, value, when)
            value = element.value
        else:
            if when is not TRUE and not array.type.shape:
                value, when = Op("select", value.width, (when, value, Load(array, ()))), TRUE
            self._held.setdefault(array, []).append(Element(array, store.indices, value, when))
        if len(subexpressions(value)) > _MAX_NODES:
            raise Refused(f"a value would take more than {_MAX_NODES} operations")

    def _chosen(self, element: Element, value: Expr, when: Expr) -> tuple[Expr, Expr]:
        """What an element holds, and when, after another store to it."""
        if when is TRUE:
            return value, TRUE
        array, before = element.array, element.value
        if element.when is not TRUE:
            if array not in read_by(value, before):
                return Op("select", value.width, (when, value, before)), Op("or", 1, (element.when, when))
            # What it held is read anyway: a choice costs less than conditions that meet.
            old = Load(array, element.indices)
            before = Op("select", value.width, (element.when, before, old))
        return Op("select", value.width, (when, value, before)), TRUE


class _Seen(Rewriter):
    """Replaces loads of what is followed by what they give."""

    def __init__(self, state: _Forward) -> None:
        super().__init__()
        self._state = state

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load):
            return self._state.read(node.array, tuple(self._memo[i] for i in node.indices))
        return super()._rebuild(node)


def forwarded(
    block: Block, store_of: Callable[[Statement], Store], with_store: Callable[[Statement, Store], Statement]
) -> Block:
    """Stores, or what `store_of` finds one in, with registers forwarded; raises Refused."""
    values: dict[Array, Expr] = {}
    last: dict[Array, Statement] = {}
    kept: list[Statement] = []
    for statement in block:
        seen = Substitution(values).statement(store_of(statement))
        assert isinstance(seen, Store)
        array = seen.array
        if array.type.shape:
            if any(array in read_by(value) for value in values.values()):
                raise Refused("an array is written that a forwarded value reads")
            kept.append(with_store(statement, seen))
            continue
        value = seen.value
        if seen.when is not TRUE:
            value = Op("select", value.width, (seen.when, value, values.get(array, Load(array, ()))))
        values[array], last[array] = value, statement
    finals = [(array, Element(array, (), value, TRUE)) for array, value in values.items()]
    finals = [(array, element) for array, element in finals if element.value is not Load(array, ())]
    return (*kept, *(with_store(last[store.array], store) for store in ordered(finals)))


class Substitution(Rewriter):
    """Replaces loads of registers by their values."""

    def __init__(self, values: dict[Array, Expr]) -> None:
        super().__init__()
        self._values = values

    def _rebuild(self, node: Expr) -> Expr:
        if isinstance(node, Load) and not node.array.type.shape and node.array in self._values:
            return self._values[node.array]
        return super()._rebuild(node)
