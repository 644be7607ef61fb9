"""Random C statements; every loop ends, and a function executes a bounded number of them."""

from __future__ import annotations

from collections.abc import Callable

from seer.fuzz.c_types import ArrayOf, Scalar, Struct, Type, literal
from seer.fuzz.calls import MOST
from seer.fuzz.expressions import Expressions
from seer.fuzz.initialisers import initialiser
from seer.fuzz.loops import Loops
from seer.fuzz.scope import Object, Scope
from seer.fuzz.tree import Node, statement

__all__ = ["Statements", "declared"]


def declared(type: Type, name: str) -> str:
    """A declarator with its type."""
    if isinstance(type, ArrayOf):
        return f"{type.element.name} {name}{''.join(f'[{extent}]' for extent in type.extents)}"
    return f"{type.name} {name}"


class Statements:
    """Draws statements in the scope of one function, whose result is `returned`."""

    def __init__(
        self,
        scope: Scope,
        expressions: Expressions,
        types: Callable[[], Type],
        fresh: Callable[[str], str],
        returned: Scalar | Struct | None,
    ) -> None:
        self._scope = scope
        self._draw = scope.draw
        self._expressions = expressions
        self._places = expressions.places
        self._types = types
        self._fresh = fresh
        self._returned = returned
        self._loops = Loops(scope, expressions, fresh, self.block)

    def block(self, depth: int, loop: bool = False, switch: bool = False) -> Node:
        """Several statements; declarations among them end with it."""
        objects = len(self._scope.objects)
        parts = [self.one(depth, loop, switch) for _ in range(self._draw.randint(1, 4))]
        del self._scope.objects[objects:]
        return Node("fixed", tuple(parts))

    def one(self, depth: int, loop: bool, switch: bool) -> Node:
        """A statement; `loop` and `switch` say what `break` and `continue` would leave."""
        scope, draw = self._scope, self._draw
        scope.start()
        scope.cost += scope.weight
        choice = draw.random()
        if depth <= 0 or choice < 0.34 or scope.cost > MOST:
            return self._simple(loop, switch)
        if choice < 0.5:
            return self._if(depth, loop, switch)
        if choice < 0.58:
            return self._switch(depth, loop)
        if choice < 0.7:
            return self._declaration()
        if choice < 0.74:
            return self._memory() or self._simple(loop, switch)
        if choice < 0.8:
            return self._walk() or self._simple(loop, switch)
        if choice < 0.83:
            return statement("{\n", self.block(depth - 1, loop, switch), "}")
        return self._loops.one(depth)

    def _simple(self, loop: bool, switch: bool) -> Node:
        draw = self._draw
        choice = draw.random()
        if choice < 0.07 and (loop or switch):
            return self._under_condition("break;")
        if choice < 0.13 and loop:
            return self._under_condition("continue;")
        if choice < 0.16:
            return self._under_condition(self.result())
        if choice < 0.24:
            called = self._expressions.calls.whole()
            if called is not None:
                return statement(*called, ";")
        if choice < 0.32:
            copied = self._struct_copy()
            if copied is not None:
                return copied
        if choice < 0.4:
            return statement(self._expressions.integer(3), ";")
        if choice < 0.45:
            part = self._part_of_a_word()
            if part is not None:
                return part
        place = self._places.scalar(1, True)
        if place is None:
            return statement(self._expressions.integer(2), ";")
        if draw.random() < 0.2:
            return statement(*self._expressions.step(place), ";")
        return statement(*self._expressions.assignment(place, draw.randint(1, 4)), ";")

    def _part_of_a_word(self) -> Node | None:
        """Some bytes of an integer, mostly, are replaced and the others kept."""
        draw, expressions = self._draw, self._expressions
        # The place stands there twice, unordered.
        saved, expressions.effects = expressions.effects, False
        place = self._places.scalar(1, True, lambda type: not type.floating and type.bits in (16, 32, 64))
        made = None
        if place is not None and isinstance(place[1], Scalar):
            bits = place[1].bits
            suffix = "ull" if bits == 64 else "u"
            ones = sum(0xFF << bit for bit in range(0, bits, 8) if draw.random() < 0.4)
            if draw.random() < 0.1:
                ones ^= 1 << draw.randrange(bits)
            mask, by = f"{ones:#x}{suffix}", f"{8 * draw.randrange(bits // 8)}"
            counters = self._scope.counters
            if counters and draw.random() < 0.6:
                by = f"(({draw.choice(counters).name} & {bits // 8 - 1}) * 8)"
            if draw.random() < 0.5:
                mask = f"({mask} << {by})"
            wide = "uint64_t" if bits == 64 else "uint32_t"
            new = Node("fixed", (f"({wide})(", expressions.integer(2), f") {draw.choice(('<<', '>>'))} {by}"))
            self._places.written(place)
            made = statement(*place[0], " = (", *place[0], f" & ~{mask}) | ((", new, f") & {mask});")
        expressions.effects = saved
        return made

    def _under_condition(self, action: str | Node) -> Node:
        if self._draw.random() < 0.04:
            return statement(action)
        condition = self._expressions.condition(2)
        return statement("if (", condition, ") ", action)

    def result(self) -> Node:
        """A return statement."""
        self._scope.start()
        if self._returned is None:
            return Node("fixed", ("return;",))
        if isinstance(self._returned, Scalar):
            value = self._expressions.of(self._returned, 3)
            return Node("fixed", ("return ", value, ";"))
        return Node("fixed", ("return ", *self._struct_value(self._returned), ";"))

    def _struct_value(self, type: Struct) -> tuple[str | Node, ...]:
        if self._draw.random() < 0.3:
            called = self._expressions.calls.struct(type)
            if called is not None:
                return called
        place = self._places.struct(type, False) if self._draw.random() < 0.7 else None
        if place is not None:
            return place[0]
        return (f"({type.name})", initialiser(self._draw, type, self._pure))

    def _pure(self, type: Scalar) -> Node:
        saved, self._expressions.effects = self._expressions.effects, False
        value = self._expressions.of(type, 1)
        self._expressions.effects = saved
        return value

    def _struct_copy(self) -> Node | None:
        structs = [o.type for o in self._scope.objects if isinstance(o.type, Struct) and not o.constant]
        if not structs:
            return None
        type = self._draw.choice(structs)
        place = self._places.struct(type, True)
        if place is None:
            return None
        # A struct that is copied onto a part of itself: from another object only.
        self._places.written(place)
        return statement(*place[0], " = ", *self._struct_value(type), ";")

    def _declaration(self) -> Node:
        type, name = self._types(), self._fresh("v")
        constant = self._draw.random() < 0.15
        if constant and not isinstance(type, Struct) and self._draw.random() < 0.6:
            value = initialiser(self._draw, type, lambda t: literal(self._draw, t))
            made = statement(f"static const {declared(type, name)} = ", value, ";")
        elif isinstance(type, Scalar):
            value = self._expressions.of(type, 3)
            made = statement(f"{'const ' * constant}{declared(type, name)} = ", value, ";")
        elif isinstance(type, Struct) and self._draw.random() < 0.4:
            made = statement(f"{declared(type, name)} = ", *self._struct_value(type), ";")
            constant = False
        else:
            value = initialiser(self._draw, type, self._pure)
            made = statement(f"{'const ' * constant}{declared(type, name)} = ", value, ";")
        self._scope.objects.append(Object(name, type, name, constant))
        return made

    def _memory(self) -> Node | None:
        """memset of one array, or memcpy between two of one type."""
        scope, draw = self._scope, self._draw
        arrays = [
            o for o in scope.objects if isinstance(o.type, ArrayOf) and not o.arrow and o.name == o.base
        ]
        targets = [o for o in arrays if not o.constant]
        if not targets:
            return None
        to = draw.choice(targets)
        assert isinstance(to.type, ArrayOf)
        count = "".join(f"{extent} * " for extent in to.type.extents)
        size = f"{count}sizeof({to.type.element.name})"
        if draw.random() < 0.3:
            # Arrays of one type are rare: a copy of it.
            scope.read(to.base)
            made = self._fresh("v")
            scope.objects.append(Object(made, to.type, made))
            return statement(f"{declared(to.type, made)};\nmemcpy({made}, {to.name}, {size});")
        scope.write(to.base)
        sources = [o for o in arrays if o.type == to.type and o.base != to.base]
        if sources and draw.random() < 0.7:
            source = draw.choice(sources)
            scope.read(source.base)
            return statement(f"{draw.choice(('memcpy', 'memmove'))}({to.name}, {source.name}, {size});")
        return statement(f"memset({to.name}, 0, {size});")

    def _walk(self) -> Node | None:
        """A pointer that walks over a part of a known array."""
        scope, draw = self._scope, self._draw
        arrays = [
            o
            for o in scope.objects
            if isinstance(o.type, ArrayOf)
            and isinstance(o.type.element, Scalar)
            and len(o.type.extents) == 1
            and not o.constant
        ]
        if not arrays:
            return None
        array = draw.choice(arrays)
        assert isinstance(array.type, ArrayOf) and isinstance(array.type.element, Scalar)
        size, element = array.type.extents[0], array.type.element
        first = draw.randint(0, size - 1)
        steps = draw.randint(1, size - first)
        pointer, counter = self._fresh("p"), self._fresh("i")
        start = draw.choice((f"{array.name} + {first}", f"&{array.name}[{first}]"))
        scope.read(array.base)
        scope.write(array.base)
        scope.cost += scope.weight * steps
        expressions = self._expressions
        value = expressions.of(element, 2)
        form = draw.randrange(3)
        if form == 0:
            end = f"{array.name} + {first + steps}"
            end = f"{array.name} + {first + steps}"
            head = f"for ({element.name} *{pointer} = {start}; {pointer} < {end}; {pointer}++)"
            return statement(f"{head} *{pointer} = ", value, ";")
        declaration = f"{element.name} *{pointer} = {start};\n"
        loop = f"for (int {counter} = 0; {counter} < {steps}; {counter}++)"
        if form == 1:
            return statement("{\n", declaration, f"{loop} *{pointer}++ = ", value, ";\n}")
        back = f"{pointer} += {steps};\n"
        return statement("{\n", declaration, back, f"{loop} *--{pointer} = ", value, ";\n}")

    def _if(self, depth: int, loop: bool, switch: bool) -> Node:
        condition = self._expressions.condition(3)
        then = self.block(depth - 1, loop, switch)
        if self._draw.random() < 0.5:
            return statement("if (", condition, ") {\n", then, "}")
        otherwise = self.block(depth - 1, loop, switch)
        return statement("if (", condition, ") {\n", then, "} else {\n", otherwise, "}")

    def _switch(self, depth: int, loop: bool) -> Node:
        draw = self._draw
        labels = draw.sample(range(8), draw.randint(1, 5))
        default = draw.randint(0, 2 * len(labels))
        parts: list[str | Node] = ["switch ((", self._expressions.integer(2), ") & 7) {\n"]
        for position, label in enumerate(labels):
            parts.append(f"case {label}:\n" + "default:\n" * (position == default))
            if draw.random() < 0.2 and position < len(labels) - 1:
                continue
            # Declarations of one case are not those of another.
            parts += ["{\n", self.block(depth - 1, loop, True), "}\n"]
            if draw.random() < 0.6:
                parts.append(statement("break;"))
        return statement(*parts, ";\n}")
