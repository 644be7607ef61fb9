"""Random C functions of nested control flow, each defined for all arguments and certain to end.

Every loop that does not count draws on `fuel`. Effects stand in expressions only where C orders them.
"""

from __future__ import annotations

import random

__all__ = ["function"]

SCALARS = {"x": "int", "y": "unsigned char", "z": "short", "u": "unsigned"}
ARRAYS = {"a": ("int", 8), "b": ("signed char", 4)}


def function(source: random.Random, name: str) -> str:
    """The text of a function of arrays `a`, `b` and scalars `x`, `y`."""
    return _Writer(source).function(name)


class _Writer:
    def __init__(self, source: random.Random) -> None:
        self._random = source
        self._counters: list[str] = []
        self._fresh = 0

    def function(self, name: str) -> str:
        body = self._block(3, loop=False, switch=False, indent=1)
        return (
            f"int {name}(int a[8], signed char b[4], int x, unsigned char y)\n{{\n"
            "    short z = x;\n    unsigned u = y;\n    int fuel = 30;\n"
            f"{body}    return x + y + z + u;\n}}\n"
        )

    # Expressions

    def _variable(self, avoid: str = "") -> str:
        return self._random.choice([v for v in SCALARS if v != avoid])

    def _pure(self, depth: int = 2) -> str:
        choice = self._random.random()
        if depth == 0 or choice < 0.35:
            if self._counters and choice < 0.12:
                return self._random.choice(self._counters)
            return self._variable() if choice < 0.28 else str(self._random.randint(-3, 9))
        if choice < 0.5:
            array, (_, size) = self._random.choice(list(ARRAYS.items()))
            return f"{array}[{self._pure(depth - 1)} & {size - 1}]"
        if choice < 0.6:
            return f"({self._pure(depth - 1)} ? {self._pure(depth - 1)} : {self._pure(depth - 1)})"
        if choice < 0.68:
            return f"{self._random.choice('!~-')}({self._pure(depth - 1)})"
        operators = ["+", "-", "*", "&", "^", "|", "<", ">", "<=", "==", "!=", "&&", "||"]
        return f"({self._pure(depth - 1)} {self._random.choice(operators)} {self._pure(depth - 1)})"

    def _effect(self, depth: int = 2, avoid: str = "") -> str:
        """An expression that may write variables, but not `avoid`."""
        choice = self._random.random()
        variable = self._variable(avoid)
        if depth == 0 or choice < 0.2:
            step = self._random.choice(["{}++", "{}--", "++{}", "--{}"])
            return step.format(variable)
        if choice < 0.3:
            operator = self._random.choice(["=", "+=", "^=", "-=", "|=", "*="])
            return f"({variable} {operator} {self._pure(1)})"
        if choice < 0.4:
            return f"({variable} = {self._effect(depth - 1, variable)} + {self._random.randint(0, 5)})"
        if choice < 0.5:
            index = self._random.randint(0, 3)
            return f"({self._random.choice('ab')}[{index}] += {self._effect(depth - 1, avoid)})"
        parts = [
            self._effect(depth - 1, avoid) if self._random.random() < 0.6 else self._pure(1) for _ in "012"
        ]
        if choice < 0.65:
            return f"({parts[0]} && {parts[1]})"
        if choice < 0.8:
            return f"({parts[0]} || {parts[1]})"
        if choice < 0.9:
            return f"({parts[0]} ? {parts[1]} : {parts[2]})"
        return f"({parts[0]}, {parts[1]})"

    def _condition(self) -> str:
        return self._effect() if self._random.random() < 0.3 else self._pure()

    # Statements

    def _block(self, depth: int, loop: bool, switch: bool, indent: int) -> str:
        count = self._random.randint(1, 4)
        return "".join(self._statement(depth, loop, switch, indent) for _ in range(count))

    def _statement(self, depth: int, loop: bool, switch: bool, indent: int) -> str:
        pad = "    " * indent
        choice = self._random.random()
        if depth == 0 or choice < 0.3:
            return pad + self._simple(loop, switch)
        if choice < 0.55:
            text = (
                f"{pad}if ({self._condition()}) {{\n{self._block(depth - 1, loop, switch, indent + 1)}{pad}}}"
            )
            if self._random.random() < 0.5:
                text += f" else {{\n{self._block(depth - 1, loop, switch, indent + 1)}{pad}}}"
            return text + "\n"
        if choice < 0.68:
            return self._switch(depth, loop, indent)
        return self._loop(depth, indent)

    def _simple(self, loop: bool, switch: bool) -> str:
        choice = self._random.random()
        if choice < 0.12 and (loop or switch):
            return "break;\n"
        if choice < 0.22 and loop:
            return "continue;\n"
        if choice < 0.27:
            return f"return {self._pure()};\n"
        if choice < 0.45:
            return f"{self._effect()};\n"
        if choice < 0.7:
            array, (_, size) = self._random.choice(list(ARRAYS.items()))
            operator = self._random.choice(["=", "+=", "^="])
            return f"{array}[{self._pure(1)} & {size - 1}] {operator} {self._pure()};\n"
        return f"{self._variable()} {self._random.choice(['=', '+=', '-='])} {self._pure()};\n"

    def _switch(self, depth: int, loop: bool, indent: int) -> str:
        pad = "    " * indent
        labels = self._random.sample(range(-1, 7), self._random.randint(1, 5))
        default = self._random.randint(0, 2 * len(labels))
        text = f"{pad}switch ({self._condition()} & 7) {{\n"
        for position, label in enumerate(labels):
            text += f"{pad}case {label}:\n"
            if position == default:
                text += f"{pad}default:\n"
            if self._random.random() < 0.2 and position < len(labels) - 1:
                continue
            text += self._block(depth - 1, loop, True, indent + 1)
            if self._random.random() < 0.6:
                text += f"{pad}    break;\n"
        return f"{text}{pad}    ;\n{pad}}}\n"

    def _loop(self, depth: int, indent: int) -> str:
        pad = "    " * indent
        self._fresh += 1
        counter = f"i{self._fresh}"
        kind = self._random.choice(["counted", "counted", "counted", "while", "do", "for", "bare", "changed"])
        if kind == "counted":
            first, trips = self._random.randint(-2, 2), self._random.randint(0, 4)
            steps = f"{counter}++, {self._effect(1)}"
            head = self._random.choice(
                [
                    f"for (int {counter} = {first}; {counter} < {first + trips}; {counter}++)",
                    f"for (int {counter} = {first + trips}; {counter} > {first}; --{counter})",
                    f"for (signed char {counter} = {first}; {counter} <= {first + trips}; {counter} += 2)",
                    f"for (int {counter} = {first}; {counter} < (y & 3); {counter}++)",
                    f"for (int {counter} = {first}, j = x; {counter} < {first + trips}; j++, {counter}++)",
                    f"for (int {counter} = {first}; {counter} < {first + trips}; {steps})",
                ]
            )
            self._counters.append(counter)
            body = self._block(depth - 1, True, False, indent + 1)
            self._counters.pop()
            if "y & 3" in head:  # the body may change y
                body = f"{pad}    if (--fuel < 0) break;\n{body}"
            return f"{pad}{head} {{\n{body}{pad}}}\n"
        body = self._block(depth - 1, True, False, indent + 1)
        fuel = f"{pad}    if (--fuel < 0) break;\n"
        if kind == "while":
            return f"{pad}while (fuel-- > 0 && {self._condition()}) {{\n{body}{pad}}}\n"
        if kind == "do":
            condition = self._condition() if self._random.random() < 0.8 else "0"
            return f"{pad}do {{\n{body}{pad}}} while (fuel-- > 0 && {condition});\n"
        if kind == "for":
            step = f"{self._effect(1)}, {counter} <<= 1"
            head = f"for (int {counter} = 1, j = x; {counter} < 64 && {self._condition()}; {step})"
            return f"{pad}{head} {{\n{fuel}{pad}    z ^= j;\n{body}{pad}}}\n"
        if kind == "bare":
            parts = [
                self._effect(1) if self._random.random() < 0.5 else "",
                self._condition() if self._random.random() < 0.5 else "",
                self._effect(1) if self._random.random() < 0.5 else "",
            ]
            return f"{pad}for ({'; '.join(parts)}) {{\n{fuel}{body}{pad}}}\n"
        self._counters.append(counter)
        step = f"{pad}    if ({self._pure(1)}) {counter} += {self._random.randint(0, 2)};\n"
        self._counters.pop()
        head = f"int {counter};\n{pad}for ({counter} = 0; {counter} < 6; {counter}++)"
        return f"{pad}{head} {{\n{fuel}{body}{step}{pad}}}\n"
