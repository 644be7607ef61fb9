"""Random expressions on ap_int, with their values by the vendor's rules, computed on Python's integers.

Nothing here uses seer: a number is a Python integer, a type the width and the sign of what it is held in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WIDEST = 128
C_TYPES = {
    "bool": (1, False),
    "signed char": (8, True),
    "unsigned char": (8, False),
    "short": (16, True),
    "unsigned short": (16, False),
    "int": (32, True),
    "unsigned": (32, False),
    "long long": (64, True),
    "unsigned long long": (64, False),
}
Values = Mapping[str, int]


@dataclass(frozen=True)
class Type:
    """`width` bits with or without a sign; `c` is the name of a C type, "" for ap_int and ap_uint."""

    width: int
    signed: bool
    c: str = ""

    @property
    def text(self) -> str:
        return self.c or f"ap_{'' if self.signed else 'u'}int<{self.width}>"

    def wrap(self, number: int) -> int:
        """What is left of a number that is kept in this type."""
        bits = number & ((1 << self.width) - 1)
        return bits - (1 << self.width) if self.signed and bits >> (self.width - 1) else bits


@dataclass(frozen=True)
class Expression:
    """C++ text, its type, and its value for values of the arguments."""

    text: str
    type: Type
    value: Callable[[Values], int]


def common_width(a: Type, b: Type) -> int:
    """Bits that hold the numbers of both types, where a sign costs one more beside an unsigned one."""
    return max(a.width + (b.signed and not a.signed), b.width + (a.signed and not b.signed))


def result(operator: str, a: Type, b: Type) -> Type:
    """The type of a binary operator's result."""
    either = a.signed or b.signed
    match operator:
        case "+":
            return Type(common_width(a, b) + 1, either)
        case "-":
            return Type(common_width(a, b) + 1, True)
        case "*":
            return Type(a.width + b.width, either)
        case "/":
            return Type(a.width + b.signed, either)
        case "%":
            return Type(min(a.width, b.width + (a.signed and not b.signed)), a.signed)
        case _:
            return Type(common_width(a, b), either)


def quotient(x: int, y: int) -> int:
    """Division towards zero."""
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "&": lambda x, y: x & y,
    "|": lambda x, y: x | y,
    "^": lambda x, y: x ^ y,
    "/": quotient,
    "%": lambda x, y: x - quotient(x, y) * y,
}
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
}
BOOL = Type(1, False, "bool")


def shifted(type: Type, x: int, amount: int) -> int:
    """A left shift, or to the right by a negative amount."""
    return type.wrap(x << min(amount, 256) if amount >= 0 else x >> min(-amount, 256))


def bits(x: int, high: int, low: int) -> int:
    """Bits low..high; in reverse order where high is the lower one."""
    if high >= low:
        return x >> low & ((1 << (high - low + 1)) - 1)
    return sum((x >> (low - n) & 1) << n for n in range(low - high + 1))


class Generator:
    """Expressions on the given arguments; `source` decides all."""

    def __init__(self, source: random.Random, arguments: Mapping[str, Type]) -> None:
        self._source = source
        self._arguments = arguments

    def expression(self, depth: int) -> Expression:
        """An expression of an ap type."""
        makers = [self._binary] * 4 + [
            self._shift,
            self._unary,
            self._range,
            self._joined,
            self._cast,
            self._choice,
        ]
        for _ in range(20):
            made = self._source.choice(makers)(depth) if depth > 0 else self._leaf()
            if made.type.width <= WIDEST:
                return made
        return self._leaf()

    def _ap(self) -> Type:
        width = self._source.choice([1, 2, 5, 7, 8, 9, 16, 17, 31, 32, 33, 48, 64, 65, 100, 128])
        return Type(width, self._source.random() < 0.5)

    def _leaf(self) -> Expression:
        name = self._source.choice([n for n, t in self._arguments.items() if not t.c])
        return Expression(name, self._arguments[name], lambda values: values[name])

    def _number(self, depth: int) -> Expression:
        """An operand beside one of an ap type: often of a C type."""
        kind = self._source.random()
        if kind < 0.55:
            return self.expression(depth)
        if kind < 0.7:
            constant = self._source.choice([0, 1, 2, 5, 77, 1000, 2**31 - 1])
            return Expression(str(constant), Type(32, True, "int"), lambda _: constant)
        if kind < 0.8:
            return self._truth(depth)
        name = self._source.choice([n for n, t in self._arguments.items() if t.c])
        return Expression(name, self._arguments[name], lambda values: values[name])

    def _truth(self, depth: int) -> Expression:
        kind = self._source.random()
        a = self.expression(depth - 1)
        if kind < 0.5:
            b, operator = self._number(depth - 1), self._source.choice([*COMPARISONS])
            if common_width(a.type, b.type) > WIDEST:
                b = a
            function = COMPARISONS[operator]
            a, b = (a, b) if self._source.random() < 0.5 else (b, a)
            text = f"({a.text} {operator} {b.text})"
            return Expression(text, BOOL, lambda values: int(function(a.value(values), b.value(values))))
        if kind < 0.65:
            position = self._source.randrange(a.type.width)
            text = (
                f"{_object(a)}[{position}].to_bool()"
                if a.text.isidentifier()
                else f"{_object(a)}.test({position})"
            )
            return Expression(text, BOOL, lambda values: a.value(values) >> position & 1)
        width = a.type.width
        method, function = self._source.choice(
            [
                ("and_reduce", lambda x: int(x == (1 << width) - 1)),
                ("nand_reduce", lambda x: int(x != (1 << width) - 1)),
                ("or_reduce", lambda x: int(x != 0)),
                ("nor_reduce", lambda x: int(x == 0)),
                ("xor_reduce", lambda x: x.bit_count() & 1),
                ("xnor_reduce", lambda x: 1 - (x.bit_count() & 1)),
                ("to_bool", lambda x: int(x != 0)),
            ]
        )
        mask = (1 << width) - 1
        return Expression(f"{_object(a)}.{method}()", BOOL, lambda values: function(a.value(values) & mask))

    def _binary(self, depth: int) -> Expression:
        a, b = self.expression(depth - 1), self._number(depth - 1)
        if self._source.random() < 0.3 and b.type.c:
            a, b = b, a
        operator = self._source.choice([*ARITHMETIC])
        if operator in "/%":
            # A divisor that is not 0.
            odd, inner = Type(common_width(b.type, Type(1, False)), b.type.signed), b
            if inner.type.c:
                inner = Expression(
                    f"ap_{'' if b.type.signed else 'u'}int<{b.type.width}>({b.text})", b.type, b.value
                )
            b = Expression(f"({inner.text} | ap_uint<1>(1))", odd, lambda values: inner.value(values) | 1)
            if common_width(a.type, b.type) + 1 > WIDEST:
                return self._leaf()
        function, type = ARITHMETIC[operator], result(operator, a.type, b.type)
        text = f"({a.text} {operator} {b.text})"
        return Expression(text, type, lambda values: type.wrap(function(a.value(values), b.value(values))))

    def _shift(self, depth: int) -> Expression:
        a, left = self.expression(depth - 1), self._source.random() < 0.5
        if self._source.random() < 0.4:
            constant = self._source.choice([0, 1, 3, 8, 31, 64, 127, -1, -9])
            amount = Expression(f"({constant})", Type(32, True, "int"), lambda _: constant)
        else:
            amount = self._number(depth - 1)
            if amount.type.width > 32 or amount.type.c == "long long":
                amount = Expression(
                    f"ap_int<6>({amount.text})", Type(6, True), _wrapped(amount, Type(6, True))
                )
        type = Type(a.type.width, a.type.signed)
        text = f"({a.text} {'<<' if left else '>>'} {amount.text})"

        def value(values: Values) -> int:
            by = amount.value(values)
            return shifted(type, a.value(values), by if left else -by)

        return Expression(text, type, value)

    def _unary(self, depth: int) -> Expression:
        a = self.expression(depth - 1)
        match self._source.choice("-~+"):
            case "-":
                type = result("-", Type(1, False), a.type)
                return Expression(f"(-{a.text})", type, lambda values: -a.value(values))
            case "~":
                return Expression(f"(~{a.text})", a.type, lambda values: a.type.wrap(~a.value(values)))
            case _:
                return Expression(f"(+{a.text})", a.type, a.value)

    def _range(self, depth: int) -> Expression:
        a = self.expression(depth - 1)
        width = a.type.width
        high, low = self._source.randrange(width), self._source.randrange(width)
        call = self._source.choice(["range", ""])
        text = f"{_object(a)}{'.' + call if call else ''}({high}, {low})"
        return Expression(
            text, Type(width, False), lambda values: bits(a.value(values) & ((1 << width) - 1), high, low)
        )

    def _joined(self, depth: int) -> Expression:
        parts = []
        for _ in range(self._source.choice([2, 3])):
            part = self.expression(depth - 1)
            # The length of a range is not the width of its type.
            parts.append(Expression(f"{part.type.text}({part.text})", part.type, part.value))
        type = Type(sum(part.type.width for part in parts), False)

        def value(values: Values) -> int:
            joined = 0
            for part in parts:
                joined = joined << part.type.width | part.value(values) & ((1 << part.type.width) - 1)
            return joined

        text = f"({', '.join(part.text for part in parts)})"
        if len(parts) == 2 and self._source.random() < 0.5:
            text = f"{parts[0].text}.concat({parts[1].text})"
        return Expression(text, type, value)

    def _cast(self, depth: int) -> Expression:
        a = self._number(depth - 1)
        if self._source.random() < 0.3:
            name = self._source.choice([*C_TYPES][1:])
            through = Type(*C_TYPES[name], name)
            # A wide number becomes one of 64 bits on its way, which changes nothing here.
            a = Expression(f"(({name}){a.text})", through, _wrapped(a, through))
        type = self._ap()
        return Expression(f"{type.text}({a.text})", type, _wrapped(a, type))

    def _choice(self, depth: int) -> Expression:
        condition, type = self._truth(depth), self._ap()
        sides = [self._number(depth - 1) for _ in range(2)]
        left, right = (Expression(f"{type.text}({s.text})", type, _wrapped(s, type)) for s in sides)
        text = f"({condition.text} ? {left.text} : {right.text})"
        return Expression(
            text, type, lambda values: left.value(values) if condition.value(values) else right.value(values)
        )


def _object(expression: Expression) -> str:
    """The text as an object of its type, whose methods may be called."""
    if expression.text.isidentifier():
        return expression.text
    return f"{expression.type.text}({expression.text})"


def _wrapped(expression: Expression, type: Type) -> Callable[[Values], int]:
    return lambda values: type.wrap(expression.value(values))


def interesting(source: random.Random, type: Type) -> int:
    """Extreme numbers often, else ones of all magnitudes."""
    ends = [0, 1, -1, (1 << type.width) - 1, 1 << (type.width - 1), (1 << (type.width - 1)) - 1]
    if source.random() < 0.4:
        return type.wrap(source.choice(ends))
    return type.wrap(source.getrandbits(source.randint(1, type.width)) * source.choice([1, -1]))


def kernel(
    name: str, arguments: Mapping[str, Type], expressions: Sequence[Expression], results: Sequence[Type]
) -> str:
    """C++ that stores each expression in an array of one element."""
    listed = [f"{type.text} {argument}" for argument, type in arguments.items()]
    listed += [f"{type.text} r{number}[1]" for number, type in enumerate(results)]
    lines = [f"    r{number}[0] = {expression.text};" for number, expression in enumerate(expressions)]
    return "\n".join(["#include <ap_int.h>", f"void {name}({', '.join(listed)}) {{", *lines, "}", ""])
