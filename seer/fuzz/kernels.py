"""Whole random C programs: types, tables, globals, helper functions and a top."""

from __future__ import annotations

import random
from dataclasses import dataclass

from seer.fuzz.c_types import FLOATS, INTEGERS, WIDE, ArrayOf, Scalar, Struct, Type, bit_precise, literal
from seer.fuzz.expressions import Expressions
from seer.fuzz.initialisers import initialiser
from seer.fuzz.loops import FUEL
from seer.fuzz.scope import Function, Object, Parameter, Scope
from seer.fuzz.statements import Statements, declared
from seer.fuzz.tree import Node, statement

__all__ = ["Kernel", "random_kernel"]

_HEADERS = "#include <stdint.h>\n#include <stddef.h>\n#include <string.h>\n#include <math.h>\n"


@dataclass(frozen=True)
class Kernel:
    """A C file as a tree, and its top function."""

    top: str
    tree: Node

    @property
    def text(self) -> str:
        """The file, indented."""
        lines, depth = [], 0
        for line in str(self.tree).splitlines():
            depth -= line.startswith("}")
            label = line.startswith(("case ", "default:"))
            lines.append("    " * max(0, depth - label) + line)
            depth += line.endswith("{")
        return "\n".join(lines) + "\n"


def random_kernel(draw: random.Random, prefix: str, size: int = 3, bit_int: bool = False) -> Kernel:
    """A program that is defined for all arguments; equal states of `draw` give equal programs.

    `prefix` begins the names of all that it defines, so that several fit one file. `size` is how deep its
    statements nest; `bit_int` adds the types `_BitInt(N)`, which not every compiler knows.
    """
    return _Writer(draw, prefix, size, bit_int).kernel()


class _Writer:
    def __init__(self, draw: random.Random, prefix: str, size: int, bit_int: bool) -> None:
        self._draw = draw
        self._prefix = prefix
        self._size = size
        self._scalars = (*INTEGERS, *FLOATS, *FLOATS)
        self._casts = INTEGERS
        if draw.random() < 0.2:
            self._scalars, self._casts = (*self._scalars, *WIDE), (*INTEGERS, *WIDE)
        if bit_int and draw.random() < 0.5:
            precise = tuple(bit_precise(draw) for _ in range(4))
            self._scalars, self._casts = (*self._scalars, *precise), (*self._casts, *precise)
        # No program has all types: that would leave few objects of each.
        self._scalars = tuple(draw.sample(self._scalars, draw.randint(2, 6)))
        self._structs: list[Struct] = []
        self._globals: list[Object] = []
        self._functions: list[Function] = []
        self._numbers: dict[str, int] = {}

    def _fresh(self, kind: str) -> str:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}{self._numbers[kind]}"

    def _scalar(self) -> Scalar:
        return self._draw.choice(self._scalars)

    def _type(self) -> Type:
        """Of a variable."""
        draw = self._draw
        choice = draw.random()
        if choice < 0.5:
            return self._scalar()
        element = draw.choice(self._structs) if self._structs and draw.random() < 0.3 else self._scalar()
        if choice < 0.85:
            return ArrayOf(element, (draw.choice((1, 2, 3, 4, 5, 8)),))
        if choice < 0.93 or not self._structs:
            return ArrayOf(element, (draw.randint(1, 4), draw.randint(2, 4)))
        return draw.choice(self._structs)

    def kernel(self) -> Kernel:
        draw = self._draw
        parts: list[Node] = [Node("fixed", (_HEADERS,))]
        if draw.random() < 0.3:
            parts.append(self._enum())
        for _ in range(draw.choice((0, 0, 1, 1, 2))):
            parts.append(self._struct())
        for _ in range(draw.choice((0, 0, 1, 2))):
            parts.append(self._table())
        for _ in range(draw.choice((0, 0, 0, 1, 2))):
            parts.append(self._global())
        parts.append(self._to_integer())
        for _ in range(draw.choice((0, 1, 1, 2))):
            parts.append(self._function(f"{self._prefix}f{len(self._functions)}", top=False))
        top = f"{self._prefix}top"
        parts.append(self._function(top, top=True))
        return Kernel(top, Node("fixed", tuple(parts)))

    def _to_integer(self) -> Node:
        name = f"{self._prefix}to_int"
        return statement(
            f"static int {name}(double x) {{\nif (x > -1e6 && x < 1e6)\nreturn (int)x;\nreturn 7;\n}}"
        )

    def _enum(self) -> Node:
        name = f"enum {self._prefix}colour"
        signed = self._draw.random() < 0.5
        values = ", ".join(
            f"{self._prefix}{letter}"
            + (f" = {self._draw.randint(-4 if signed else 0, 40)}" if n % 2 == 0 else "")
            for n, letter in enumerate("ABC")
        )
        self._scalars = (*self._scalars, Scalar(name, 32, False))
        one = f"{self._prefix}{self._draw.choice('ABC')}"
        self._globals.append(Object(one, Scalar("int", 32, True), one, True))
        return statement(f"{name} {{ {values} }};")

    def _struct(self) -> Node:
        draw = self._draw
        name = f"{self._prefix}s{len(self._structs)}"
        fields: list[tuple[str, Type]] = []
        for letter in "xyzw"[: draw.randint(1, 4)]:
            choice = draw.random()
            if choice < 0.7 or (choice >= 0.85 and not self._structs):
                fields.append((letter, self._scalar()))
            elif choice < 0.85:
                fields.append((letter, ArrayOf(self._scalar(), (draw.randint(1, 4),))))
            else:
                fields.append((letter, draw.choice(self._structs)))
        struct = Struct(f"struct {name}" if draw.random() < 0.5 else f"{name}_t", tuple(fields))
        self._structs.append(struct)
        inner = " ".join(f"{declared(type, field)};" for field, type in fields)
        if struct.name.endswith("_t"):
            return statement(f"typedef struct {name} {{ {inner} }} {struct.name};")
        return statement(f"{struct.name} {{ {inner} }};")

    def _table(self) -> Node:
        name = f"{self._prefix}t{self._fresh('table')[5:]}"
        extents = (self._draw.randint(1, 8),) if self._draw.random() < 0.7 else (2, self._draw.randint(2, 4))
        element = self._draw.choice(self._structs) if self._structs and self._draw.random() < 0.2 else None
        type = ArrayOf(element or self._scalar(), extents)
        value = initialiser(self._draw, type, lambda t: literal(self._draw, t))
        self._globals.append(Object(name, type, name, True))
        return statement(
            f"{self._draw.choice(('static const', 'const'))} {declared(type, name)} = ", value, ";"
        )

    def _global(self) -> Node:
        name, type = f"{self._prefix}g{self._fresh('global')[6:]}", self._type()
        self._globals.append(Object(name, type, name))
        return statement(f"{self._draw.choice(('static ', '', ''))}{declared(type, name)};")

    def _parameters(self, top: bool) -> list[Parameter]:
        found, draw = [], self._draw
        for _ in range(draw.randint(1, 5)):
            name, type = self._fresh("a"), self._type()
            if isinstance(type, ArrayOf):
                constant = not top and draw.random() < 0.3
                found.append(Parameter(name, type, "array", constant))
            elif self._by_address(type, top):
                found.append(Parameter(name, type, "pointer"))
            else:
                found.append(Parameter(name, type, "value"))
        return found

    def _by_address(self, type: Type, top: bool) -> bool:
        if not isinstance(type, Struct):
            return self._draw.random() < 0.1
        return (top and not type.flat) or self._draw.random() < 0.5

    def _function(self, name: str, top: bool) -> Node:
        draw = self._draw
        parameters = self._parameters(top)
        result: Scalar | Struct | None = self._scalar() if draw.random() < 0.75 else None
        flat = [s for s in self._structs if s.flat or not top]
        if flat and draw.random() < 0.25:
            result = draw.choice(flat)
        scope = Scope(draw, list(self._globals), functions=list(self._functions))
        for p in parameters:
            if p.passing == "pointer" and isinstance(p.type, Struct):
                scope.objects.append(Object(p.name, p.type, p.name, arrow=True))
            else:
                shown = f"(*{p.name})" if p.passing == "pointer" else p.name
                scope.objects.append(Object(shown, p.type, shown, p.constant))
        expressions = Expressions(scope, self._casts, f"{self._prefix}to_int")
        statements = Statements(scope, expressions, self._type, self._fresh, result)
        parts: list[str | Node] = [f"int fuel = {FUEL};\n"]
        for type in self._scalars[:2]:
            # Something to compute with.
            local = self._fresh("v")
            scope.start()
            parts.append(statement(f"{declared(type, local)} = ", expressions.of(type, 2), ";"))
            scope.objects.append(Object(local, type, local))
        parts += [statements.one(self._size, False, False) for _ in range(draw.randint(2, 6) if top else 2)]
        if result is not None:
            parts += [statements.result(), "\n"]
        listed = ", ".join(
            f"{'const ' * p.constant}{declared(p.type, ('*' if p.passing == 'pointer' else '') + p.name)}"
            for p in parameters
        )
        known = {o.base for o in self._globals if not o.constant}
        summary = Function(
            name,
            result,
            tuple(parameters),
            frozenset(scope.reads & known),
            frozenset(scope.writes & known),
            scope.cost,
        )
        self._functions.append(summary)
        returned = "void" if result is None else result.name
        prefix = "" if top else draw.choice(("static ", "static inline ", ""))
        return statement(f"{prefix}{returned} {name}({listed}) {{\n", *parts, "}")
