"""Symbolic execution of loop-free blocks: what every array holds at their end, over the initial state.

Values are hash-consed: equal numbers mean equal values. A register holds one value. Any other array is a base
with elements on top that are known to differ from each other and to lie inside; a store whose element may be
one of them, or may lie outside, makes a new base. Equal values are equal for every state; others may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seer.lang.intervals import Intervals
from seer.lang.operators import OPERATORS
from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Const,
    Expr,
    Group,
    If,
    Load,
    Local,
    Op,
    Statement,
    Store,
    Table,
)
from seer.lang.traverse import subexpressions

__all__ = ["Symbols", "Unfollowed", "Value", "execute"]

Value = int
"""A hash-consed symbolic value."""
_Key = tuple
_Indices = tuple[Value, ...]
_Linear = tuple[int, tuple[tuple[Value, int], ...]]
"""A constant and multiples of values, modulo 2 to the width."""


class Unfollowed(Exception):
    """A statement that is not executed symbolically."""


class Symbols:
    """The values of some executions. What `assumed` says of conditions is taken for granted."""

    def __init__(self) -> None:
        self._table: dict[_Key, Value] = {}
        self._keys: list[_Key] = []
        self._linear: dict[Value, _Linear] = {}
        self.assumed: Mapping[Value, bool] = {}
        self.true = self.constant(TRUE)
        self.false = self.constant(Const(1, 0))

    def key(self, value: Value) -> _Key:
        """How a value was made."""
        return self._keys[value]

    def parts(self, value: Value) -> list[Value]:
        """The values that a value is made of."""
        name, *rest = self._keys[value]
        match name:
            case "leaf" | "initial" | "unknown":
                return []
            case "elements":
                base, *elements = rest
                return [base, *(part for indices, held in elements for part in (*indices, held))]
            case "load" | "store":
                return rest
            case _:
                return rest[1:]

    def constant(self, const: Const) -> Value:
        return self._intern(("leaf", const))

    def make(self, *key: object) -> Value:
        """The value of a key: an operator's name, its bits and operands, or anything else as it is."""
        simple = self._simplified(key)
        value = self._intern(key) if simple is None else simple
        return value if value not in self.assumed else self.true if self.assumed[value] else self.false

    def _intern(self, key: _Key) -> Value:
        value = self._table.setdefault(key, len(self._table))
        if value == len(self._keys):
            self._keys.append(key)
        return value

    def _simplified(self, key: _Key) -> Value | None:
        """A simpler value that is equal, if there is one: constants folded, conjunctions in one order."""
        name, *rest = key
        if name not in OPERATORS:
            return None
        bits, *operands = rest
        if name == "select":
            condition, yes, no = operands
            if condition in (self.true, self.false) or yes == no:
                return no if condition == self.false else yes
        elif bits == 1 and name == "and":
            return self._conjunction(operands)
        elif bits == 1 and name == "or" and self.true in operands:
            return self.true
        elif bits == 1 and name == "or" and self.false in operands:
            return operands[0] if operands[1] == self.false else operands[1]
        elif bits == 1 and name == "xor" and operands[1] == self.true:
            inner = self._keys[operands[0]]
            if inner[:2] == ("xor", 1) and inner[3] == self.true:
                return inner[2]
        consts = [
            k[1] for k in (self._keys[o] for o in operands) if k[0] == "leaf" and isinstance(k[1], Const)
        ]
        if len(consts) < len(operands):
            return None
        folded = OPERATORS[name].evaluate(consts[-1].bits, bits, *(c.value for c in consts))
        return self._intern(("leaf", Const(bits, folded)))

    def _conjunction(self, operands: list[Value]) -> Value | None:
        parts: dict[Value, None] = {}
        for operand in operands:
            inner = self._keys[operand]
            parts.update(dict.fromkeys(inner[2:] if inner[:2] == ("and", 1) else (operand,)))
        parts.pop(self.true, None)
        if self.false in parts:
            return self.false
        if len(parts) < 2:
            return next(iter(parts), self.true)
        return self._intern(("and", 1, *sorted(parts)))

    def relation(self, one: _Indices, two: _Indices) -> str | None:
        """`same` or `apart` if two subscripts are surely so."""
        found = [self._compare(a, b) for a, b in zip(one, two, strict=True)]
        if "apart" in found:
            return "apart"
        return "same" if all(relation == "same" for relation in found) else None

    def _compare(self, one: Value, two: Value) -> str | None:
        if one == two:
            return "same"
        (a, b), widths = (self._keys[one], self._keys[two]), (self.width(one), self.width(two))
        if a[0] == b[0] == "leaf" and isinstance(a[1], Const) and isinstance(b[1], Const):
            return "same" if a[1].value == b[1].value else "apart"
        if widths[0] is None or widths[0] != widths[1]:
            return None
        (c, terms), (d, others) = self._form(one, widths[0]), self._form(two, widths[0])
        if terms != others:
            return None
        return "same" if c == d else "apart"

    def width(self, value: Value) -> int | None:
        """Bits of a value that an operator or a leaf gives."""
        key = self._keys[value]
        if key[0] == "leaf":
            return key[1].width
        return key[1] if key[0] in OPERATORS else None

    def _form(self, value: Value, bits: int) -> _Linear:
        """A value as a linear form modulo 2^bits."""
        known = self._linear.get(value)
        if known is None:
            known = self._linear[value] = self._new_form(value, bits)
        return known

    def _new_form(self, value: Value, bits: int) -> _Linear:
        name, *rest = self._keys[value]
        if name == "leaf" and isinstance(rest[0], Const):
            return rest[0].value, ()
        if name in ("add", "sub", "mul"):
            a, b = (self._form(operand, bits) for operand in rest[1:])
            if name != "mul":
                return _sum(a, b, 1 if name == "add" else -1, bits)
            if not b[1] or not a[1]:
                form, factor = (a, b[0]) if not b[1] else (b, a[0])
                return _sum((0, ()), form, factor, bits)
        return 0, ((value, 1),)


def _sum(a: _Linear, b: _Linear, factor: int, bits: int) -> _Linear:
    """a + factor · b"""
    modulus = 1 << bits
    terms = dict(a[1])
    for value, c in b[1]:
        terms[value] = (terms.get(value, 0) + factor * c) % modulus
    kept = tuple(sorted((value, c) for value, c in terms.items() if c))
    return (a[0] + factor * b[0]) % modulus, kept


@dataclass
class _Contents:
    """An array: what it was, and elements that were stored since, all inside and none twice."""

    base: Value
    elements: dict[_Indices, Value] = field(default_factory=dict)


def execute(block: Block, symbols: Symbols, side: str) -> dict[Array, Value]:
    """The final contents of the arrays from outside that a block has changed. `side` tells the unspecified
    contents of two blocks apart.

    Raises Unfollowed where the block is not loop-free.
    """
    state = _State(symbols, side)
    state.block(block, symbols.true)
    return state.finals()


class _State:
    """A symbolic state."""

    def __init__(self, symbols: Symbols, side: str) -> None:
        self._symbols = symbols
        self._side = side
        self._intervals = Intervals()
        self._contents: dict[Array, _Contents] = {}
        self._scopes = 0

    def finals(self) -> dict[Array, Value]:
        frozen = {array: self._frozen(contents) for array, contents in self._contents.items()}
        return {a: value for a, value in frozen.items() if value != self._symbols.make("initial", a)}

    def block(self, block: Block, condition: Value) -> None:
        """Executes a block where `condition` holds."""
        for statement in block:
            self._statement(statement, condition)

    def _statement(self, statement: Statement, condition: Value) -> None:
        symbols = self._symbols
        match statement:
            case Store():
                self._store(statement, condition)
            case If():
                (holds,) = self._values(statement.condition)
                negated = symbols.make("xor", 1, holds, symbols.true)
                for body, chosen in ((statement.then, holds), (statement.otherwise, negated)):
                    inside = symbols.make("and", 1, condition, chosen)
                    if inside != symbols.false:
                        self.block(body, inside)
            case Group():
                self.block(statement.body, condition)
            case Local():
                outer = self._contents.get(statement.array)
                self._scopes += 1
                self._contents[statement.array] = _Contents(symbols.make("unknown", self._side, self._scopes))
                self.block(statement.body, condition)
                del self._contents[statement.array]
                if outer is not None:
                    self._contents[statement.array] = outer
            case _:
                raise Unfollowed

    def _values(self, *roots: Expr) -> list[Value]:
        """What expressions are in the present state."""
        memo: dict[Expr, Value] = {}
        for node in subexpressions(*roots):
            match node:
                case Load(array=array, indices=indices):
                    memo[node] = self._load(array, tuple(memo[i] for i in indices))
                case Op(name=name, bits=bits, operands=operands):
                    memo[node] = self._symbols.make(name, bits, *(memo[o] for o in operands))
                case _:
                    memo[node] = self._symbols.make("leaf", node)
        return [memo[root] for root in roots]

    def _of(self, array: Array) -> _Contents:
        if array not in self._contents:
            self._contents[array] = _Contents(self._symbols.make("initial", array))
        return self._contents[array]

    def _load(self, array: Array, indices: _Indices) -> Value:
        contents = self._of(array)
        if not array.type.shape:
            return contents.base
        element = None if isinstance(array, Table) else self._element(contents, indices)
        if element is None and contents.elements:
            return self._symbols.make("load", self._frozen(contents), *indices)
        if element is None or element not in contents.elements:
            return self._symbols.make("load", contents.base, *indices)
        return contents.elements[element]

    def _element(self, contents: _Contents, indices: _Indices) -> _Indices | None:
        """The element that subscripts select, by the name that it has; None if it may be one of several."""
        for known in contents.elements:
            relation = self._symbols.relation(known, indices)
            if relation == "same":
                return known
            if relation is None:
                return None
        return indices

    def _frozen(self, contents: _Contents) -> Value:
        """All elements as one value."""
        symbols, base = self._symbols, contents.base
        changed = [
            (indices, value)
            for indices, value in contents.elements.items()
            if value != symbols.make("load", base, *indices)
        ]
        return symbols.make("elements", base, *sorted(changed)) if changed else base

    def _store(self, store: Store, condition: Value) -> None:
        symbols, array = self._symbols, store.array
        *subscripts, value, when = self._values(*store.indices, store.value, store.when)
        holds = symbols.make("and", 1, condition, when)
        if holds == symbols.false:
            return
        indices, contents = tuple(subscripts), self._of(array)
        width = array.type.width
        if not array.type.shape:
            contents.base = symbols.make("select", width, holds, value, contents.base)
            return
        inside = all(
            self._intervals.of(index).uhi < extent
            for index, extent in zip(store.indices, array.type.shape, strict=True)
        )
        element = self._element(contents, indices) if inside else None
        if element is None:
            below = self._frozen(contents)
            key = symbols.key(below)
            if holds == symbols.true and key[0] == "store" and key[4:] == indices:
                # What was written there just before is gone, in bounds or not.
                below = key[1]
            base = symbols.make("store", below, value, holds, *indices)
            self._contents[array] = _Contents(base)
            return
        before = contents.elements.get(element)
        if before is None:
            before = symbols.make("load", contents.base, *element)
        contents.elements[element] = symbols.make("select", width, holds, value, before)
