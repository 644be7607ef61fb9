"""SeerLang expressions as C++ expressions, exactly and without undefined behaviour.

Terms are signless; C values are numbers. An integer is asked for in one of three ways: its unsigned
reading, its signed reading, or any number congruent to it modulo 2^k. The last costs least: sums,
products and bit operations pass it down, so that no conversion appears until one is needed.
Widths up to 64 bits are computed in C's own types, whatever the width; wider ones in `seer.emit.wide`.
Expressions whose users read them as floats are asked for as such, in `seer.emit.floats`.
"""

from __future__ import annotations

from collections.abc import Mapping

from seer.emit.accesses import Accesses
from seer.emit.c_types import CType, native
from seer.emit.conditions import Conditions
from seer.emit.floats import Floats
from seer.emit.partial import Partial
from seer.emit.sharing import Key
from seer.emit.values import (
    POSTFIX,
    UNARY,
    Value,
    arithmetic,
    balanced,
    bitwise,
    cast,
    choice,
    compatible,
    literal,
    parenthesised,
    wrapped,
)
from seer.emit.variables import Variables
from seer.emit.wide import Wide, low_word
from seer.lang.intervals import Intervals
from seer.lang.operators import OPERATORS, mask, to_signed
from seer.lang.terms import Const, Expr, Iv, Load, Op, Param

__all__ = ["Expressions"]

_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "and": "&", "or": "|", "xor": "^"}
_ROUND_NEGATIVES = -1_000_000
"""Constants from here to −1 are written as negative numbers, others with the top bit set in hexadecimal."""


class Expressions:
    """Emits the expressions of one statement after another.

    `used_helpers` collects the names of the helper functions that the emitted text calls.
    """

    def __init__(self, variables: Variables, intervals: Intervals) -> None:
        self.variables = variables
        self.intervals = intervals
        self.used_helpers: list[str] = []
        self.used_headers: list[str] = []
        self.floats = Floats(self)
        self.accesses = Accesses(self)
        self._wide = Wide(self)
        self._partial = Partial(self)
        self._conditions = Conditions(self)
        # By node, then by the way it was asked for: "signed", "unsigned", "wide", "float", "condition" or k.
        self._memo: dict[Expr, dict[str | int, Value]] = {}
        self.named: dict[Expr, Value] = {}
        self._keys: Mapping[Expr, Key] = {}
        self._checked: Mapping[Key, None] = {}

    def begin(self, keys: dict[Expr, Key], checked: Mapping[Key, None]) -> None:
        """Start a statement: no temporaries yet, and these loads need a bounds check."""
        self._memo, self.named = {}, {}
        # From the roots: asking from the leaves up would walk below each of them.
        for node in reversed(keys):
            self.intervals.of(node)
        self._keys, self._checked = keys, checked

    def is_checked(self, node: Expr) -> bool:
        """Whether a load of the present statement needs a check of its subscripts."""
        return node in self._keys and self._keys[node] in self._checked

    def name(self, node: Expr, temporary: Value) -> None:
        """From here on, `node` is spelled as a temporary that holds it."""
        self.named[node] = temporary
        self._memo.pop(node, None)

    def _known(self, node: Expr) -> dict[str | int, Value]:
        return self._memo.setdefault(node, {})

    def use_helper(self, name: str) -> None:
        if name not in self.used_helpers:
            self.used_helpers.append(name)

    def use_header(self, name: str) -> None:
        if name not in self.used_headers:
            self.used_headers.append(name)

    # The ways to ask.

    def unsigned(self, node: Expr) -> Value:
        """The unsigned reading; `node` has at most 64 bits."""
        return self._reading(node, False)

    def signed(self, node: Expr) -> Value:
        """The signed reading; `node` has at most 64 bits."""
        return self._reading(node, True)

    def modular(self, node: Expr, k: int) -> Value:
        """A number congruent to `node` modulo 2^k; k is at most 64 and at most the width of `node`."""
        found = self._known(node).get(k)
        if found is None:
            found = self.named.get(node)
            if found is None:
                found = self._modular(node, k) if node.width > 1 else self.condition(node)
            elif found.floating:
                found = self.floats.pattern(node)
            elif node.width > 64:
                found = low_word(found)
            if k == node.width:
                found = self._refined(found, node)
            self._known(node)[k] = found
        return found

    def wide(self, node: Expr) -> Value:
        """`node`, of more than 64 bits, as an ap_uint of its width."""
        found = self._known(node).get("wide")
        if found is None:
            found = self.named.get(node) or self._wide.node(node)
            self._known(node)["wide"] = found
        return found

    def floating(self, node: Expr) -> Value:
        """`node`, of 32 or 64 bits, as the float or double that it is the pattern of."""
        found = self._known(node).get("float")
        if found is None:
            found = self._known(node)["float"] = self.floats.value(node)
        return found

    # Readings.

    def _reading(self, node: Expr, signed: bool) -> Value:
        way = "signed" if signed else "unsigned"
        found = self._known(node).get(way)
        if found is None:
            found = self._refined(self._read(node, signed), node)
            self._known(node)[way] = found
        return found

    def _read(self, node: Expr, signed: bool) -> Value:
        if isinstance(node, Const):
            return literal(to_signed(node.value, node.bits) if signed else node.value)
        if isinstance(node, Op) and node.name == "select" and node.bits > 1 and node not in self.named:
            condition, *arms = node.operands
            a, b = (self._reading(arm, signed) for arm in arms)
            return choice(self.condition(condition), *compatible(a, b))
        return wrapped(self.modular(node, node.width), node.width, signed)

    def _refined(self, value: Value, node: Expr) -> Value:
        """With what intervals know, if `value` is one of the readings of `node`."""
        if node.width > 64:
            return value
        known = self.intervals.of(node)
        if value.lo >= 0 and value.hi <= mask(node.width):
            return value.within(known.ulo, known.uhi)
        if value.lo >= -(1 << (node.width - 1)) and value.hi <= mask(node.width - 1):
            return value.within(known.slo, known.shi)
        return value

    # Numbers modulo 2^k.

    def _modular(self, node: Expr, k: int) -> Value:
        match node:
            case Const():
                value = node.value & mask(k)
                negative = to_signed(value, k)
                return literal(negative if _ROUND_NEGATIVES <= negative < 0 else value)
            case Iv():
                return self.variables.induction(node)
            case Param():
                return self.variable(node, self.variables.param(node), self.variables.type_of_param(node))
            case Load():
                return self._load(node)
            case Op():
                return self._operation(node, k)
            case _:
                raise TypeError(type(node).__name__)

    def variable(self, node: Expr, text: str, type: CType) -> Value:
        """The value of a variable or element of C type `type`."""
        if node.width > 64:
            return low_word(Value(text, POSTFIX, node.width, False, 0, mask(node.width)))
        known = self.intervals.of(node)
        lo, hi = (known.slo, known.shi) if type.signed else (known.ulo, known.uhi)
        if type.floating:
            return self.floats.pattern(node)
        if not type.arbitrary:
            bits = max(type.bits, 32)
            return Value(text, POSTFIX, bits, type.signed or type.bits < 32, lo, hi, boolean=type.bits == 1)
        # Leave ap_int's own arithmetic, whose widths differ from C's.
        candidates = (native(32, True), native(64, True), native(64, False))
        container = next(candidate for candidate in candidates if candidate.holds(lo, hi))
        return Value(f"({container.spelling}){text}", UNARY, container.bits, container.signed, lo, hi)

    def _load(self, node: Load) -> Value:
        return self.variable(node, self.accesses.element(node), self.variables.type_of(node.array))

    def _operation(self, node: Op, k: int) -> Value:
        operands, ones = node.operands, Const(node.bits, mask(node.bits))
        if OPERATORS[node.name].float_result:
            return self.floats.pattern(node)
        match node.name:
            case "fptosi" | "fptoui" if node.width <= 64:
                return self.floats.to_integer(node)
            case "add" | "sub" | "mul":
                a, b = (self.modular(operand, k) for operand in operands)
                if node.name == "sub" and a.atom and a.lo == 0 and b.lo > b.type.lowest and b.signed:
                    return Value(f"-{parenthesised(b, POSTFIX)}", UNARY, b.bits, True, -b.hi, -b.lo)
                return arithmetic(_SYMBOLS[node.name], a, b, k)
            case "xor" if ones in operands:
                return self._complement(self.modular(operands[operands[0] is ones], k), k)
            case "and" | "or" | "xor":
                a, b = (self.modular(operand, k) for operand in operands)
                return bitwise(_SYMBOLS[node.name], a, b, k)
            case "select":
                a, b = (self.modular(operand, k) for operand in operands[1:])
                a, b, _, _ = balanced(a, b, k)
                return choice(self.condition(operands[0]), a, b)
            case "trunc":
                return self.modular(operands[0], k)
            case "zext" | "sext":
                inner = operands[0]
                if k <= inner.width:
                    return self.modular(inner, k)
                return self._reading(inner, node.name == "sext")
            case "shl" if node.width <= 64 or isinstance(operands[1], Const):
                return self._partial.shift_left(node, k)
        if node.width > 64:
            return low_word(self.wide(node))
        return (
            self._partial.shift_right(node) if node.name in ("lshr", "ashr") else self._partial.division(node)
        )

    def _complement(self, value: Value, k: int) -> Value:
        if value.boolean or value.bits < k:
            value = cast(value, 64 if k > 32 else 32, value.signed)
        text = f"~{parenthesised(value, UNARY)}"
        lo, hi = (~value.hi, ~value.lo) if value.signed else (0, mask(value.bits))
        return Value(text, UNARY, value.bits, value.signed, lo, hi)

    # Truth values.

    def condition(self, node: Expr) -> Value:
        """A 1-bit expression as 0 or 1, in the form of a C condition where it is one."""
        found = self._known(node).get("condition")
        if found is None:
            if node in self.named:
                found = self.named[node]
            elif isinstance(node, Const):
                found = literal(node.value)
            elif isinstance(node, Op) and OPERATORS[node.name].shape != "convert":
                found = self._conditions.operation(node)
            else:
                found = wrapped(self._modular(node, 1), 1, False)
            self._known(node)["condition"] = found
        return found

    def wide_constant(self, value: int, width: int) -> Value:
        """A constant of more than 64 bits."""
        return self._wide.constant(value, width)

    def compare_wide(self, symbol: str, a: Expr, b: Expr, signed: bool) -> str:
        """Text of a comparison of operands of more than 64 bits."""
        return self._wide.comparison(symbol, a, b, signed)
