"""The last stores of straight-line code, in an order in which none destroys what another still reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seer.lang.terms import TRUE, Array, ArrayType, Expr, Load, LocalArray, Op, Store
from seer.lang.traverse import expressions, subexpressions
from seer.rewrites.control._own import fresh_array
from seer.rewrites.control._rule import Refused
from seer.rewrites.control._subscripts import relation

__all__ = ["Element", "NotFollowed", "ordered"]

_KEPT = 1 << 10
"""Registers for values that go round in a circle are numbered from here on."""


class NotFollowed(Exception):
    """Arrays whose elements cannot be followed."""

    def __init__(self, array: Array) -> None:
        super().__init__()
        self.array = array


@dataclass
class Element:
    """What an element holds: `value` if `when`, else what it held before the block."""

    array: Array
    indices: tuple[Expr, ...]
    value: Expr
    when: Expr


def ordered(finals: Sequence[tuple[Array, Element]], kept: list[LocalArray] | None = None) -> list[Store]:
    """The last stores, each in front of those that write what it still reads.

    Where values go round in a circle a register, which is added to `kept`, keeps one of them.
    """
    stores = [Store(array, e.indices, e.value, e.when) for array, e in finals]
    writers: dict[Array, list[int]] = {}
    for number, store in enumerate(stores):
        writers.setdefault(store.array, []).append(number)
    behind = [_overwritten(store, number, stores, writers) for number, store in enumerate(stores)]
    readers = [0] * len(stores)
    for numbers in behind:
        for number in numbers:
            readers[number] += 1
    waiting = list(range(len(stores)))
    result: list[Store] = []
    while waiting:
        first = next((number for number in waiting if not readers[number]), None)
        if first is not None:
            result.append(stores[first])
            waiting.remove(first)
        else:
            first, value = _kept(waiting, stores, writers, behind, kept)
            assert kept is not None
            old = stores[first]
            result.append(Store(kept[-1], (), value))
            stores[first] = Store(old.array, old.indices, Load(kept[-1], ()))
        for number in behind[first]:
            readers[number] -= 1
        behind[first] = []
    return result


def _kept(
    waiting: Sequence[int],
    stores: Sequence[Store],
    writers: Mapping[Array, Sequence[int]],
    behind: Sequence[Sequence[int]],
    kept: list[LocalArray] | None,
) -> tuple[int, Expr]:
    """A store of which no subscript reads what others write, and what its element holds behind it, for which
    `kept` gains a register; raises NotFollowed or Refused."""
    for number in waiting:
        store = stores[number]
        place = Load(store.array, store.indices)
        alone = Store(store.array, store.indices, place)
        if kept is not None and behind[number] and not _overwritten(alone, number, stores, writers):
            kept.append(fresh_array(ArrayType(place.width, ()), _KEPT + len(kept)))
            if store.when is TRUE:
                return number, store.value
            return number, Op("select", place.width, (store.when, store.value, place))
    raise _exchanged([stores[number] for number in waiting])


def _overwritten(
    reader: Store, own: int, stores: Sequence[Store], writers: Mapping[Array, Sequence[int]]
) -> list[int]:
    """Which other stores write an element that `reader` reads."""
    found: dict[int, None] = {}
    for node in subexpressions(*expressions(reader)):
        if not isinstance(node, Load):
            continue
        for number in writers.get(node.array, ()):
            if number == own or number in found:
                continue
            match relation(node.indices, stores[number].indices):
                case "same":
                    found[number] = None
                case None:
                    raise NotFollowed(node.array)
    return list(found)


def _exchanged(waiting: Sequence[Store]) -> Exception:
    arrays = [store.array for store in waiting if store.array.type.shape]
    return NotFollowed(arrays[0]) if arrays else Refused("registers exchange their values")
