"""Random loops in all their forms. One that does not count draws on the function's `fuel`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from seer.fuzz.calls import MOST
from seer.fuzz.expressions import Expressions
from seer.fuzz.scope import Counter, Scope
from seer.fuzz.tree import Node, statement

__all__ = ["FUEL", "Loops"]

FUEL = 12
"""How many iterations all uncounted loops of a call may take together."""

_COUNTERS = ("int", "int", "int", "signed char", "unsigned char", "short", "long", "unsigned", "size_t")


class _Block(Protocol):
    def __call__(self, depth: int, loop: bool = False, switch: bool = False) -> Node: ...


class Loops:
    """Draws loops around what `block` draws."""

    def __init__(
        self, scope: Scope, expressions: Expressions, fresh: Callable[[str], str], block: _Block
    ) -> None:
        self._scope = scope
        self._draw = scope.draw
        self._expressions = expressions
        self._fresh = fresh
        self._block = block

    def one(self, depth: int) -> Node:
        """A loop."""
        most = max(1, (MOST - self._scope.cost) // (4 * self._scope.weight))
        choice = self._draw.random()
        if choice < 0.65:
            nested = self._within(depth, min(8, most)) if choice < 0.15 else None
            return nested or self._counted(depth, min(8, most))
        return self._uncounted(depth)

    def _within(self, depth: int, most: int) -> Node | None:
        """A loop whose bound is the counter of a loop around it."""
        draw, name = self._draw, self._fresh("i")
        outer = [counter for counter in self._scope.counters if counter.upper < most]
        if not outer:
            return None
        around = draw.choice(outer)
        up = draw.choice((f"{name}++", f"++{name}", f"{name} += 1"))
        match draw.randrange(3):
            case 0:
                limit = draw.randint(around.lower + 1, most)
                head = f"for (int {name} = {around.name}; {name} < {limit}; {up})"
                bound, trips = Counter(name, around.lower, limit - 1), limit - around.lower
            case 1:
                step = draw.choice((1, 2))
                head = f"for (int {name} = 0; {name} < {around.name}; {name} += {step})"
                bound, trips = Counter(name, 0, max(0, around.upper - 1)), around.upper
            case _:
                head = f"for (int {name} = 0; {name} <= {around.name}; {up})"
                bound, trips = Counter(name, 0, around.upper), around.upper + 1
        return statement(f"{head} {{\n", self._inside(depth, trips, bound), "}")

    def _counted(self, depth: int, most: int) -> Node:
        draw = self._draw
        trips, type, name = (
            draw.randint(0, most) if most < 3 else draw.randint(1, most),
            "int",
            self._fresh("i"),
        )
        first = draw.choice((0, 0, 0, 1, 2))
        step = draw.choice((1, 1, 1, 2, 3))
        form = draw.randrange(8)
        if form != 6:
            type = draw.choice(_COUNTERS)
        last = first + step * (trips - 1)
        bound = Counter(name, first, max(first, last))
        label = f"{self._fresh('L')}: " if draw.random() < 0.15 else ""
        up = draw.choice((f"{name}++", f"++{name}", f"{name} += 1", f"{name} = {name} + 1"))
        if step > 1:
            up = draw.choice((f"{name} += {step}", f"{name} = {name} + {step}"))
        limit = first + step * trips
        match form:
            case 0 | 1:
                head = f"for ({type} {name} = {first}; {name} < {limit}; {up})"
            case 2:
                head = f"for ({type} {name} = {first}; {name} <= {limit - 1}; {up})"
            case 3:
                head = f"for ({type} {name} = {first}; {limit} != {name}; {up})"
            case 4:
                # Down to `first`, by a test that an unsigned counter can fail.
                down = draw.choice((f"{name}--", f"--{name}", f"{name} -= 1"))
                head = f"for ({type} {name} = {first + trips}; {name} > {first}; {down})"
                bound = Counter(name, first + 1, first + max(1, trips))
            case 5:
                other = self._fresh("k")
                head = f"for ({type} {name} = {first}, {other} = {limit}; {name} < {limit}; {up}, {other}--)"
            case 6:
                scaled = draw.choice((f"{name} <<= 1", f"{name} *= 2"))
                head = f"for (int {name} = 1; {name} < {1 << trips}; {scaled})"
                bound = Counter(name, 1, 1 << max(0, trips - 1))
            case _:
                head = f"for (; {name} < {limit}; {up})"
        body = self._inside(depth, trips, bound)
        if form == 7:
            return statement("{\n", f"{type} {name} = {first};\n{label}{head} {{\n", body, "}\n}")
        return statement(f"{label}{head} {{\n", body, "}")

    def _inside(self, depth: int, trips: int, counter: Counter | None) -> Node:
        scope = self._scope
        outer, counters = scope.weight, len(scope.counters)
        scope.weight *= max(1, trips)
        if counter is not None:
            scope.counters.append(counter)
        body = self._block(depth - 1, True)
        del scope.counters[counters:]
        scope.weight = outer
        return body

    def _uncounted(self, depth: int) -> Node:
        draw, expressions = self._draw, self._expressions
        test = expressions.condition(2)
        form = draw.randrange(4)
        if form == 0:
            body = self._inside(depth, FUEL, None)
            return statement("while (fuel-- > 0 && ", test, ") {\n", body, "}")
        if form == 1:
            body = self._inside(depth, FUEL + 1, None)
            return statement("do {\n", body, "} while (fuel-- > 0 && ", test, ");")
        if form == 2:
            self._scope.start()
            step = expressions.integer(2)
            body = self._inside(depth, FUEL, None)
            return statement("for (; ", test, "; ", step, ") {\nif (--fuel < 0) break;\n", body, "}")
        name = self._fresh("i")
        # The counter is changed in the body, upwards only.
        self._scope.start()
        more = expressions.condition(1)
        body = self._inside(depth, 6, None)
        change = f"{name} += {draw.randint(1, 3)};\n"
        head = f"for (int {name} = {draw.randint(0, 2)}; {name} < 6; {name}++) {{\n"
        return statement(head, "if (--fuel < 0) break;\n", body, "if (", more, ") ", change, "}")
