"""Equality of loop-free blocks by symbolic execution, where need be in each of the cases that may occur.

Both blocks are executed on one symbolic state; they are equal when every array ends with the same symbolic
contents. Where they do not, a condition that decides what differs is taken for true, then for false, and so
on, and both blocks must end alike in each case that is possible. That proves that statements under conditions
which exclude each other are one statement under either.
"""

from __future__ import annotations

from collections.abc import Mapping

from seer.lang.terms import Array, Block, Const
from seer.verify.elementwise import Symbols, Unfollowed, Value, execute

__all__ = ["equal_straight_line"]

_MAX_CASES = 64
"""Cases in which both blocks are executed."""


def equal_straight_line(before: Block, after: Block) -> bool:
    """Whether two blocks without loops are proved equal as functions of the state.

    Blocks that hold a loop are not proved equal.
    """
    try:
        return _Comparison(before, after).run({})
    except Unfollowed:
        return False


class _Comparison:
    """Executes two blocks in more and more special cases, until they end alike in each or differ in one."""

    def __init__(self, before: Block, after: Block) -> None:
        self._before, self._after = before, after
        self._symbols = Symbols()
        self._left = _MAX_CASES

    def run(self, case: dict[Value, bool]) -> bool:
        """Whether the blocks are equal where `case` is true of conditions."""
        self._left -= 1
        if self._left < 0:
            return False
        symbols = self._symbols
        symbols.assumed = case
        one, two = execute(self._before, symbols, "before"), execute(self._after, symbols, "after")
        if one == two:
            return True
        conditions = self._deciding(one, two)
        atoms = [atom for atom in _atoms(symbols, conditions) if atom not in case]
        if not atoms:
            return False
        held = [atom for atom, holds in case.items() if holds]
        impossible = [atom for atom in atoms if any(_exclude(symbols, atom, other) for other in held)]
        if impossible:
            return self.run(case | dict.fromkeys(impossible, False))
        atom, *others = atoms
        excluded = [other for other in others if _exclude(symbols, atom, other)]
        true = case | dict.fromkeys(excluded, False) | {atom: True}
        return self.run(true) and self.run(case | {atom: False})

    def _deciding(self, one: Mapping[Array, Value], two: Mapping[Array, Value]) -> list[Value]:
        """The conditions in what differs, those that stand on one side only first."""
        first: dict[Value, None] = {}
        second: dict[Value, None] = {}
        for array in dict.fromkeys((*one, *two)):
            initial = self._symbols.make("initial", array)
            ends = self._elements(one.get(array, initial)), self._elements(two.get(array, initial))
            for part in dict.fromkeys((*ends[0], *ends[1])):
                values = [end.get(part) for end in ends]
                if values[0] != values[1]:
                    for found, value in zip((first, second), values, strict=True):
                        self._conditions(value, found)
        alone = [c for c in (*first, *second) if (c in first) != (c in second)]
        return list(dict.fromkeys((*alone, *first, *second)))

    def _elements(self, contents: Value) -> dict[object, Value]:
        """What an array holds by element, as far as that is known, and else as one."""
        name, *rest = self._symbols.key(contents)
        return {"base": rest[0], **dict(rest[1:])} if name == "elements" else {"base": contents}

    def _conditions(self, value: Value | None, found: dict[Value, None]) -> None:
        """Adds all conditions of choices and of stores in a value."""
        waiting = [] if value is None else [value]
        seen: dict[Value, None] = {}
        while waiting:
            value = waiting.pop()
            if value in seen:
                continue
            seen[value] = None
            key = self._symbols.key(value)
            if key[0] == "select":
                found[key[2]] = None
            elif key[0] == "store":
                found[key[3]] = None
            waiting += reversed(self._symbols.parts(value))


def _atoms(symbols: Symbols, conditions: list[Value]) -> list[Value]:
    """The conditions that others are made of."""
    found: dict[Value, None] = {}
    waiting, seen = list(reversed(conditions)), set[Value]()
    while waiting:
        value = waiting.pop()
        if value in seen:
            continue
        seen.add(value)
        name, *rest = symbols.key(value)
        if name in ("and", "or", "xor") or (name == "select" and rest[0] == 1):
            waiting += reversed(rest[1:])
        elif value not in (symbols.true, symbols.false):
            found[value] = None
    return list(found)


def _exclude(symbols: Symbols, one: Value, two: Value) -> bool:
    """Whether two conditions say that one value is two different constants."""
    a, b = _equation(symbols, one), _equation(symbols, two)
    return a is not None and b is not None and a[0] == b[0] and a[1] is not b[1]


def _equation(symbols: Symbols, condition: Value) -> tuple[Value, Const] | None:
    """x = constant as x and the constant."""
    name, *rest = symbols.key(condition)
    if name != "eq":
        return None
    for x, y in (rest[1:], rest[:0:-1]):
        key = symbols.key(y)
        if key[0] == "leaf" and isinstance(key[1], Const):
            return x, key[1]
    return None
