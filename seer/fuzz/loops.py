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

_BOUNDS = ("int", "int", "int", "signed char", "unsigned char", "short", "long", "unsigned")


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
            if choice < 0.15:
                made = self._within(depth, min(8, most))
            else:
                made = self._bounded_by_data(depth, min(8, most)) if choice < 0.32 else None
            return made or self._counted(depth, min(8, most))
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

    def _bounded_by_data(self, depth: int, most: int) -> Node | None:
        """A loop whose bounds are values of run time, which the body may change."""
        draw, name, held = self._draw, self._fresh("i"), self._fresh("n")
        highest = (1 << most.bit_length() - 1) - 1
        if highest < 1:
            return None
        type, counter = draw.choice(_BOUNDS), draw.choice(("int", "int", "long", "unsigned", "unsigned char"))
        up = draw.choice((f"{name}++", f"{name} += 1", f"{name} += 2"))
        below = Counter(name, 0, highest - 1)
        match draw.randrange(5):
            case 0:
                limit = ("((", self._pure(), f") & {highest})")
                body = self._inside(depth, highest, below)
                head = (f"for ({counter} {name} = 0; {name} < ", *limit, f"; {up}) {{\n")
                return statement(*head, body, "}")
            case 1:
                start = (f"({counter})((", self._pure(), f") & {highest})")
                body = self._inside(depth, highest, Counter(name, 1, highest))
                head = (f"for ({counter} {name} = ", *start, f"; {name} > 0; {name}--) {{\n")
                return statement(*head, body, "}")
            case 2:
                elements = [part for _ in range(3) for part in ("(", self._pure(), f") & {highest}, ")]
                first, last = draw.randrange(3), draw.randrange(3)
                body = self._inside(depth, highest, below)
                begin = f"{{\n{type} {held}[3] = {{"
                head = f"for ({counter} {name} = {held}[{first}]; {name} < {held}[{last}]; {up}) {{\n"
                change = self._changed(f"{held}[{draw.randrange(3)}]", highest)
                return statement(begin, *elements, f"}};\n{head}", body, *change, "}\n}")
            case _:
                start = ("(", self._pure(), f") & {highest};\n")
                limit = draw.choice((held, f"{held} + 0", f"{highest} - {held}", f"{held} / 2 + {held} % 2"))
                body = self._inside(depth, highest, below)
                head = f"for ({counter} {name} = 0; {name} < {limit}; {up}) {{\n"
                change = self._changed(held, highest)
                return statement(f"{{\n{type} {held} = ", *start, head, body, *change, "}\n}")

    def _pure(self) -> Node:
        """An expression without effects."""
        self._scope.start()
        saved, self._expressions.effects = self._expressions.effects, False
        value = self._expressions.integer(2)
        self._expressions.effects = saved
        return value

    def _changed(self, held: str, highest: int) -> tuple[str | Node, ...]:
        """Sometimes: what bounds a loop gets another value, inside of it."""
        if self._draw.random() < 0.7:
            return ()
        target = self._draw.choice((held, held, f"*(&{held})"))
        return (f"{target} = (", self._pure(), f") & {highest};\n")

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
