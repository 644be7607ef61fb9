"""Random C expressions that are defined for all values, and ordered where it matters."""

from __future__ import annotations

from collections.abc import Callable

from seer.fuzz.c_types import FLOATS, INTEGERS, ArrayOf, Scalar, literal
from seer.fuzz.calls import Calls
from seer.fuzz.places import Place, Places
from seer.fuzz.scope import Scope
from seer.fuzz.tree import FIXED, Node, expression

__all__ = ["Expressions"]

_ASSIGNMENTS = ("=", "=", "=", "+=", "-=", "*=", "&=", "|=", "^=", "<<=", ">>=", "/=", "%=")
_MATH = ("sqrt", "fabs", "floor", "sqrtf", "fabsf", "ceil", "trunc", "roundf")
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


class Expressions:
    """Draws expressions in a scope. `depth` bounds the nesting; `effects` allows them inside."""

    def __init__(self, scope: Scope, casts: tuple[Scalar, ...], to_integer: str) -> None:
        self._scope = scope
        self._draw = scope.draw
        self._casts = casts
        self._to_integer = to_integer
        self.effects = True
        self.places = Places(scope, self.integer)
        self.calls = Calls(scope, self.places, self.of)

    def of(self, type: Scalar, depth: int) -> Node:
        """An expression that converts to `type` without undefined behaviour."""
        if type.floating:
            return self.floating(depth)
        if type.name == "_Bool" and self._draw.random() < 0.15:
            return self.floating(depth)
        return self.integer(depth)

    # Integers

    def integer(self, depth: int) -> Node:
        """An expression of integer type."""
        draw = self._draw
        if depth <= 0 or draw.random() < 0.12:
            return self._leaf(False, depth)
        one = self.integer
        match draw.randrange(17):
            case 0 | 1 | 2:
                return expression(
                    False, "(", one(depth - 1), f" {draw.choice('+-*&|^')} ", one(depth - 1), ")"
                )
            case 3:
                return self._comparison(depth)
            case 4:
                divisor = draw.choice((7, 15, 63, 255))
                sign = draw.choice("/%")
                return expression(
                    False, "(", one(depth - 1), f" {sign} ((", one(depth - 1), f" & {divisor}) + 1))"
                )
            case 5:
                return self._shift(depth)
            case 6:
                return self._logical(depth)
            case 7:
                return self._choice(False, depth)
            case 8 | 9:
                type = draw.choice(self._casts)
                return expression(False, f"(({type.name})", one(depth - 1), ")")
            case 10:
                return self._from_float(depth)
            case 11:
                return self._guarded(depth)
            case 12:
                return self._called(False, depth) or self._leaf(False)
            case 13 | 14:
                return self._effect(False, depth) or self._leaf(False)
            case 15:
                return self._unsigned_division(depth)
            case _:
                return expression(False, draw.choice(("-", "~", "!", "+", "!!")), "(", one(depth - 1), ")")

    def _leaf(self, floating: bool, depth: int = 0) -> Node:
        draw, scope = self._draw, self._scope
        if not floating and draw.random() < 0.25:
            counters = [c for c in scope.counters if scope.touched.may_read(c.name)]
            if counters:
                counter = draw.choice(counters)
                scope.read(counter.name)
                return expression(False, counter.name)
        if draw.random() < 0.75:
            place = self.places.scalar(min(depth, 1), False, lambda t: t.floating == floating)
            if place is not None:
                return expression(floating, *place[0])
        type = draw.choice(FLOATS if floating else INTEGERS)
        return expression(floating, literal(draw, type))

    def _comparison(self, depth: int) -> Node:
        both = self.floating if self._draw.random() < 0.3 else self.integer
        sign = self._draw.choice(_COMPARISONS)
        return expression(False, "(", both(depth - 1), f" {sign} ", both(depth - 1), ")")

    def _shift(self, depth: int) -> Node:
        type = self._draw.choice(self._casts)
        amount = self.integer(depth - 1)
        sign = self._draw.choice(("<<", ">>"))
        if type.promoted & (type.promoted - 1):
            return expression(
                False,
                f"(({type.name})",
                self.integer(depth - 1),
                f" {sign} ((unsigned)",
                amount,
                f" % {type.promoted}u))",
            )
        mask = type.promoted - 1 if self._draw.random() < 0.5 else min(7, type.promoted - 1)
        return expression(
            False, f"(({type.name})", self.integer(depth - 1), f" {sign} (", amount, f" & {mask}))"
        )

    def _unsigned_division(self, depth: int) -> Node:
        type = self._draw.choice([t for t in self._casts if not t.signed and t.bits >= 32])
        sign = self._draw.choice("/%")
        left, right = self.integer(depth - 1), self.integer(depth - 1)
        return expression(False, f"(({type.name})", left, f" {sign} (({type.name})", right, " | 1))")

    def _logical(self, depth: int) -> Node:
        left, right = self._in_order(lambda: self.condition(depth - 1), lambda: self.condition(depth - 1))
        return expression(False, "(", left, f" {self._draw.choice(('&&', '||'))} ", right, ")")

    def condition(self, depth: int) -> Node:
        """Something to test."""
        return self.floating(depth) if self._draw.random() < 0.1 else self.integer(depth)

    def _in_order(self, *makers: Callable[[], Node]) -> list[Node]:
        """Operands that C evaluates one after the other: each may touch what the others touch."""
        scope = self._scope
        before, merged, made = scope.touched, scope.touched.copy(), []
        for make in makers:
            scope.touched = before.copy()
            made.append(make())
            merged.add(scope.touched)
        scope.touched = merged
        return made

    def _choice(self, floating: bool, depth: int) -> Node:
        test, then, otherwise = self._in_order(
            lambda: self.condition(depth - 1),
            lambda: self._either(floating, depth - 1),
            lambda: self._either(floating, depth - 1),
        )
        return expression(floating, "(", test, " ? ", then, " : ", otherwise, ")")

    def _either(self, floating: bool, depth: int) -> Node:
        return self.floating(depth) if floating else self.integer(depth)

    def _from_float(self, depth: int) -> Node:
        """A float that is made an integer: only where it fits."""
        if self._draw.random() < 0.5:
            return expression(False, f"{self._to_integer}(", self.floating(depth - 1), ")")
        place = self.places.scalar(0, False, lambda t: t.floating)
        if place is None:
            return self._leaf(False)
        name = "".join(map(str, place[0]))
        type = self._draw.choice([t for t in self._casts if t.bits >= 16])
        low = "0" if not type.signed else "-9000"
        return expression(False, f"({name} > {low} && {name} < 9000 ? ({type.name}){name} : 5)")

    def _guarded(self, depth: int) -> Node:
        """An operation that is defined only under the condition before it."""
        draw, scope = self._draw, self._scope
        place = self.places.scalar(
            0, False, lambda t: not t.floating and t.bits <= 64 and "_BitInt" not in t.name
        )
        if place is None:
            return self._leaf(False)
        name = "".join(map(str, place[0]))
        arrays = [
            o
            for o in scope.objects
            if isinstance(o.type, ArrayOf)
            and isinstance(o.type.element, Scalar)
            and not o.type.element.floating
            and len(o.type.extents) == 1
            and scope.touched.may_read(o.base)
            and scope.touched.may_read(o.name)
        ]
        if arrays and draw.random() < 0.6:
            array = draw.choice(arrays)
            scope.read(array.base)
            scope.read(array.name)
            extent = array.type.extents[0]  # type: ignore[union-attr]
            access = f"{array.name}[{name}]"
            if draw.random() < 0.5:
                return expression(False, f"({name} >= 0 && {name} < {extent} && {access})")
            return expression(
                False, f"({name} >= 0 && {name} < {extent} ? {access} : ", self._leaf(False), ")"
            )
        saved, self.effects = self.effects, False
        dividend = self.integer(depth - 1)
        self.effects = saved
        sign = draw.choice("/%")
        return expression(False, f"({name} > 0 ? ", dividend, f" {sign} {name} : ", self._leaf(False), ")")

    # Floats

    def floating(self, depth: int) -> Node:
        """An expression of type float or double, or an integer where a float is wanted."""
        draw = self._draw
        if depth <= 0 or draw.random() < 0.15:
            return self._leaf(True, depth)
        one = self.floating
        match draw.randrange(11):
            case 0 | 1 | 2:
                return expression(True, "(", one(depth - 1), f" {draw.choice('+-*/')} ", one(depth - 1), ")")
            case 3:
                return expression(
                    True, "(", one(depth - 1), f" {draw.choice('+-*')} ", self.integer(depth - 1), ")"
                )
            case 4:
                return self._choice(True, depth)
            case 5:
                return expression(True, f"(({draw.choice(FLOATS).name})", one(depth - 1), ")")
            case 6:
                return expression(True, f"(({draw.choice(FLOATS).name})", self.integer(depth - 1), ")")
            case 7:
                name = draw.choice(_MATH)
                return expression(True, f"{name}(", one(depth - 1), ")")
            case 8:
                return self._called(True, depth) or self._leaf(True)
            case 9:
                return self._effect(True, depth) or self._leaf(True)
            case _:
                return expression(True, "-(", one(depth - 1), ")")

    # Effects

    def _effect(self, floating: bool, depth: int) -> Node | None:
        """An assignment, a step or a comma expression, if effects are allowed here."""
        if not self.effects:
            return None
        draw = self._draw
        if draw.random() < 0.15:
            first, second = self._in_order(
                lambda: self.integer(depth - 1), lambda: self._either(floating, depth - 1)
            )
            return expression(floating, "(", first, ", ", second, ")")
        place = self.places.scalar(1, True, lambda t: t.floating == floating)
        if place is None:
            return None
        node = self.step(place) if draw.random() < 0.45 else self.assignment(place, depth - 1)
        return expression(floating, "(", *node, ")")

    def step(self, place: Place) -> tuple[str | Node, ...]:
        """`++` or `--` on one side."""
        self.places.written(place)
        sign = self._draw.choice(("++", "--"))
        return (sign, *place[0]) if self._draw.random() < 0.5 else (*place[0], sign)

    def assignment(self, place: Place, depth: int) -> tuple[str | Node, ...]:
        """An assignment to a scalar, plain or compound."""
        draw, type = self._draw, place[1]
        assert isinstance(type, Scalar)
        operator = draw.choice(("=", "=", "+=", "-=", "*=") if type.floating else _ASSIGNMENTS)
        if operator in ("<<=", ">>="):
            value = Node(FIXED, ("(", self.integer(depth), f") & {min(7, type.promoted - 1)}"))
        elif operator in ("/=", "%="):
            value = Node(FIXED, ("((", self.integer(depth), ") & 15) + 1"))
        elif operator == "=":
            value = self.of(type, depth)
        else:
            value = self.floating(depth) if type.floating else self.integer(depth)
        self.places.written(place)
        return (*place[0], f" {operator} ", value)

    def _called(self, floating: bool, depth: int) -> Node | None:
        return self.calls.value(floating, depth, self.effects)
