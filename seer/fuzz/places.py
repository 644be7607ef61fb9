"""Random lvalues and subscripts: always inside of their objects."""

from __future__ import annotations

from collections.abc import Callable

from seer.fuzz.c_types import ArrayOf, Scalar, Struct, Type
from seer.fuzz.scope import Object, Scope
from seer.fuzz.tree import Node

__all__ = ["Place", "Places"]

Place = tuple[tuple[str | Node, ...], Type, Object]
"""The parts of an lvalue, its type, and the object it lies in."""


class Places:
    """Draws lvalues; `integer` draws an integer expression of a depth."""

    def __init__(self, scope: Scope, integer: Callable[[int], Node]) -> None:
        self._scope = scope
        self._draw = scope.draw
        self._integer = integer

    def scalar(
        self, depth: int, write: bool, wanted: Callable[[Scalar], bool] = lambda _: True
    ) -> Place | None:
        """An lvalue of arithmetic type; None if there is none.

        To `write` it keeps others from writing it; `written` says when that is done.
        """
        return self._drawn(lambda t: isinstance(t, Scalar) and wanted(t), depth, write)

    def written(self, place: Place) -> None:
        """The assignment to `place` is complete: operands that are not ordered after it leave it alone."""
        self._scope.write(place[2].base)

    def struct(self, type: Struct, write: bool) -> Place | None:
        """An lvalue of this struct type."""
        return self._drawn(lambda t: t == type, 0, write)

    def _drawn(self, wanted: Callable[[Type], bool], depth: int, write: bool) -> Place | None:
        touched = self._scope.touched
        fits = touched.may_write if write else touched.may_read
        found = [
            (o, route)
            for o in self._scope.objects
            if fits(o.base) and fits(o.name) and not (write and o.constant)
            for route in _routes(o.type, wanted)
        ]
        if not found:
            return None
        chosen, route = self._draw.choice(found)
        self._mark(chosen, write)
        return self._along(chosen, route, depth)

    def _mark(self, chosen: Object, write: bool) -> None:
        if write:
            # The right side may still read it: the store comes after.
            self._scope.touched.kept.add(chosen.base)
            self._scope.writes.add(chosen.base)
        else:
            self._scope.read(chosen.base)
        if chosen.name != chosen.base:
            self._scope.read(chosen.name)

    def _along(self, chosen: Object, route: tuple[str, ...], depth: int) -> Place:
        parts: list[str | Node] = [chosen.name if route or not chosen.arrow else f"(*{chosen.name})"]
        type, arrow = chosen.type, chosen.arrow
        for step in route:
            if isinstance(type, ArrayOf):
                for position, extent in enumerate(type.extents):
                    index = self.subscript(extent, depth)
                    if position == 0 and len(type.extents) == 1 and self._draw.random() < 0.15:
                        parts = ["(*(", *parts, " + (", *index, ")))"]
                    else:
                        parts += ["[", *index, "]"]
                type, arrow = type.element, False
            elif isinstance(type, Struct):
                parts += ["->" if arrow else ".", step]
                type, arrow = dict(type.fields)[step], False
        return tuple(parts), type, chosen

    def subscript(self, extent: int, depth: int) -> tuple[str | Node, ...]:
        """Parts of an expression with a value in 0..extent-1."""
        fitting = [c for c in self._scope.counters if c.lower >= 0 and self._scope.touched.may_read(c.name)]
        if fitting and self._draw.random() < 0.6:
            counter = self._draw.choice(fitting)
            self._scope.read(counter.name)
            if counter.upper < extent:
                return (counter.name,) if self._draw.random() < 0.7 else (f"{extent - 1} - {counter.name}",)
            return (f"({counter.name}) % {extent}",)
        if depth <= 0 or self._draw.random() < 0.3:
            return (str(self._draw.randrange(extent)),)
        index = self._integer(depth - 1)
        if extent & (extent - 1) == 0:
            return ("(", index, f") & {extent - 1}")
        return ("(unsigned)(", index, f") % {extent}u")


def _routes(type: Type, wanted: Callable[[Type], bool]) -> list[tuple[str, ...]]:
    """The ways from an object of a type to its parts that are wanted: fields, and `[]` for an element."""
    found: list[tuple[str, ...]] = [()] if wanted(type) else []
    if isinstance(type, ArrayOf):
        found += [("[]", *rest) for rest in _routes(type.element, wanted)]
    elif isinstance(type, Struct):
        found += [(name, *rest) for name, field in type.fields for rest in _routes(field, wanted)]
    return found
