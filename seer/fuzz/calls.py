"""Random calls of the functions written before, with arguments of every kind."""

from __future__ import annotations

from collections.abc import Callable

from seer.fuzz.c_types import ArrayOf, Scalar, Struct
from seer.fuzz.places import Places
from seer.fuzz.scope import Function, Object, Parameter, Scope
from seer.fuzz.tree import Node, expression

__all__ = ["MOST", "Calls"]

MOST = 400
"""How many statements one call of a generated function may execute, callees included."""


class Calls:
    """Draws calls; `value` of a function's result, `whole` of any function as a statement."""

    def __init__(self, scope: Scope, places: Places, scalar: Callable[[Scalar, int], Node]) -> None:
        self._scope = scope
        self._draw = scope.draw
        self._places = places
        self._scalar = scalar

    def value(self, floating: bool, depth: int, effects: bool) -> Node | None:
        """A call that gives an integer or a float; without `effects`, of a function that has none."""

        def fits(f: Function) -> bool:
            plain = isinstance(f.result, Scalar) and f.result.floating == floating
            field = isinstance(f.result, Struct) and self._field(f.result, floating) is not None
            return (plain or field) and (effects or not _has_effects(f))

        called = self._call(fits, depth)
        if called is None:
            return None
        function, parts = called
        if isinstance(function.result, Struct):
            parts = (*parts, f".{self._field(function.result, floating)}")
        return expression(floating, *parts)

    def struct(self, type: Struct) -> tuple[str | Node, ...] | None:
        """A call that gives this struct."""
        called = self._call(lambda f: f.result == type, 1)
        return called[1] if called else None

    def whole(self) -> tuple[str | Node, ...] | None:
        """A call of any function."""
        called = self._call(lambda _: True, 2)
        return called[1] if called else None

    @staticmethod
    def _field(struct: Struct, floating: bool) -> str | None:
        found = [n for n, t in struct.fields if isinstance(t, Scalar) and t.floating == floating]
        return found[0] if found else None

    def _call(
        self, wanted: Callable[[Function], bool], depth: int
    ) -> tuple[Function, tuple[str | Node, ...]] | None:
        scope = self._scope
        touched = scope.touched
        fitting = [
            f
            for f in scope.functions
            if wanted(f)
            and scope.cost + scope.weight * f.cost <= MOST
            and all(touched.may_read(base) for base in f.reads)
            and all(touched.may_write(base) for base in f.writes)
        ]
        if not fitting:
            return None
        function = self._draw.choice(fitting)
        # Memories first, each another one, and none that the function touches by itself.
        taken = {*function.reads, *function.writes}
        memories: dict[str, tuple[Object, str]] = {}
        for parameter in function.parameters:
            if parameter.passing == "value":
                continue
            found = self._memory(parameter, taken)
            if found is None:
                return None
            memories[parameter.name] = found
            taken.add(found[0].base)
        for base in function.reads:
            scope.read(base)
        for base in function.writes:
            scope.write(base)
        for parameter in function.parameters:
            if parameter.name in memories:
                self._touch(memories[parameter.name][0], parameter.constant)
        parts: list[str | Node] = [f"{function.name}("]
        for position, parameter in enumerate(function.parameters):
            parts += [", "] if position else []
            if parameter.name in memories:
                parts.append(memories[parameter.name][1])
            elif isinstance(parameter.type, Scalar):
                parts.append(self._scalar(parameter.type, min(depth, 2) - 1))
            else:
                place = (
                    self._places.struct(parameter.type, False) if isinstance(parameter.type, Struct) else None
                )
                literal = f"({parameter.type.name}){{{0}}}" if isinstance(parameter.type, Struct) else "0"
                parts += place[0] if place else [literal]
        scope.cost += scope.weight * function.cost
        return function, (*parts, ")")

    def _touch(self, memory: Object, read_only: bool) -> None:
        self._scope.read(memory.name)
        self._scope.read(memory.base)
        if not read_only:
            self._scope.write(memory.base)

    def _memory(self, parameter: Parameter, taken: set[str]) -> tuple[Object, str] | None:
        """An object to pass by its address, and how it is spelled."""
        touched = self._scope.touched
        found: list[tuple[Object, str]] = []
        for o in self._scope.objects:
            free = touched.may_read(o.base) if parameter.constant else touched.may_write(o.base)
            if o.base in taken or not free or not touched.may_read(o.name):
                continue
            if o.constant and not parameter.constant:
                continue
            found += [(o, text) for text in self._spellings(o, parameter)]
        return self._draw.choice(found) if found else None

    def _spellings(self, o: Object, parameter: Parameter) -> list[str]:
        wanted = parameter.type
        if parameter.passing == "pointer":
            if o.type == wanted:
                return [o.name if o.arrow else f"&{o.name}"]
            if isinstance(o.type, ArrayOf) and o.type.element == wanted:
                indices = "".join(f"[{self._draw.randrange(extent)}]" for extent in o.type.extents)
                return [f"&{o.name}{indices}"]
            return []
        if o.type == wanted:
            return [o.name]
        if isinstance(o.type, ArrayOf) and isinstance(wanted, ArrayOf) and o.type.element == wanted.element:
            if o.type.extents[1:] == wanted.extents:
                return [f"{o.name}[{self._draw.randrange(o.type.extents[0])}]"]
            one = len(o.type.extents) == len(wanted.extents) == 1
            if one and o.type.extents[0] > wanted.extents[0]:
                offset = self._draw.randint(0, o.type.extents[0] - wanted.extents[0])
                return [f"{o.name} + {offset}", f"&{o.name}[{offset}]"]
        return []


def _has_effects(function: Function) -> bool:
    return bool(function.writes) or any(p.passing != "value" and not p.constant for p in function.parameters)
