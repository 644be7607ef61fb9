"""Registers that count along with loops, and what they hold by the loops' counters.

    n = 0; for i in [0, 8) { v[n] = A[i]; n = n + 2 }
    n = 0; for i in [0, 8) { v[2*i] = A[i]; n = 2*i + 2 }

Induction variables, as M. Wolfe calls them (Beyond induction variables, 1992), here those whose step in each
iteration is a constant: what one holds in iteration k is what it held before the loop and k steps. Everything
is reckoned modulo 2 to the register's width, so that wrapping changes nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from seer.lang.operators import mask, to_signed
from seer.lang.terms import (
    TRUE,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Statement,
    Store,
    While,
)
from seer.lang.traverse import Rewriter, statements, subexpressions, with_bodies

__all__ = ["closed"]


@dataclass(frozen=True)
class _Linear:
    """constant + Σ coefficient · term, plus what register `start` held when the body at hand began.

    Terms are counters and parameters, read signed. The sum is right modulo 2 to `bits`.
    """

    bits: int
    constant: int
    terms: tuple[tuple[Iv | Param, int], ...] = ()
    start: LocalArray | None = None

    def plus(self, other: _Linear, factor: int = 1) -> _Linear | None:
        """The sum with a multiple of another one; None where two starts meet."""
        if other.start is not None:
            if self.start is not None or factor != 1:
                return None
            return other.plus(self)
        total = dict(self.terms)
        for term, coefficient in other.terms:
            total[term] = total.get(term, 0) + factor * coefficient
        terms = tuple((term, coefficient) for term, coefficient in total.items() if coefficient)
        constant = self.constant + factor * other.constant
        return _Linear(min(self.bits, other.bits), constant, terms, self.start)

    def times(self, factor: int) -> _Linear | None:
        """A multiple."""
        return _Linear(self.bits, 0).plus(self, factor)

    def modulo(self, bits: int) -> _Linear:
        """The same with all numbers reduced, so that equal values look alike."""
        whole = 1 << bits
        reduced = ((term, coefficient % whole) for term, coefficient in self.terms)
        terms = sorted(((t, c) for t, c in reduced if c), key=lambda item: _order(item[0]))
        return _Linear(bits, self.constant % whole, tuple(terms), self.start)

    def expression(self) -> Expr:
        """The sum as an expression of `bits` bits."""
        bits = self.bits
        result: Expr | None = None
        for term, coefficient in self.terms:
            value = _resized(term, bits)
            if coefficient != 1:
                value = Op("mul", bits, (value, Const(bits, coefficient & mask(bits))))
            result = value if result is None else Op("add", bits, (result, value))
        constant = Const(bits, self.constant & mask(bits))
        if result is None or not constant.value:
            return constant if result is None else result
        return Op("add", bits, (result, constant))


_Known = dict[LocalArray, _Linear]


def _order(term: Iv | Param) -> tuple[int, int, str]:
    return (0, term.level, "") if isinstance(term, Iv) else (1, term.bits, term.name)


def _resized(term: Iv | Param, bits: int) -> Expr:
    if term.bits == bits:
        return term
    return Op("sext" if term.bits < bits else "trunc", bits, (term,))


@functools.lru_cache(maxsize=1024)
def closed(block: Block) -> Block:
    """`block` with what registers hold, where it is a sum of counters, parameters and constants, in place of
    their loads; all statements stay where they are."""
    return _Closing().block(block, {})


class _Closing:
    def __init__(self) -> None:
        self._steps: dict[For, dict[LocalArray, int]] = {}

    def block(self, block: Block, known: _Known) -> Block:
        """`block` where `known` holds, which becomes what holds behind it."""
        return tuple(self._statement(statement, known) for statement in block)

    def _statement(self, statement: Statement, known: _Known) -> Statement:
        match statement:
            case Store():
                made = _seen(statement, known)
                _learn(statement, known)
                return made
            case Group(body):
                return Group(self.block(body, known))
            case Local(array, body):
                known.pop(array, None)
                made = Local(array, self.block(body, known))
                known.pop(array, None)
                return made
            case If():
                condition = _Values(known).expression(statement.condition)
                sides = dict(known), dict(known)
                then = self.block(statement.then, sides[0])
                otherwise = self.block(statement.otherwise, sides[1])
                known.clear()
                known.update({r: v for r, v in sides[0].items() if sides[1].get(r) == v})
                return If(condition, then, otherwise)
            case For():
                return self._for(statement, known)
            case While():
                for register in _written(statement.body):
                    known.pop(register, None)
                body = self.block(statement.body, dict(known))
                return While(_Values(known).expression(statement.condition), body)
            case _:
                known.clear()
                return statement

    def _for(self, loop: For, known: _Known) -> Statement:
        bounds = _Values(known)
        lower, upper = bounds.expression(loop.lower), bounds.expression(loop.upper)
        first = linear(loop.lower, known)
        steps, trips = self._counted(loop), _trips(lower, upper, loop.iv.step)
        inside = dict(known)
        for register in _written(loop.body):
            before = inside.pop(register, None)
            known.pop(register, None)
            step = steps.get(register)
            if before is None or step is None:
                continue
            along = _along(before, loop.iv, first, step)
            if along is not None:
                inside[register] = along
            if trips is not None:
                known[register] = replace(before, constant=before.constant + step * trips).modulo(before.bits)
        body = self.block(loop.body, inside)
        made = with_bodies(loop, [body])
        assert isinstance(made, For)
        return For(made.iv, lower, upper, made.body)

    def _counted(self, loop: For) -> dict[LocalArray, int]:
        """By how much one iteration of a loop changes registers, where that is a constant."""
        if loop not in self._steps:
            written = _written(loop.body)
            known: _Known = {r: _Linear(r.type.width, 0, (), r) for r in written}
            self.block(loop.body, known)
            ends = {r: known.get(r) for r in written}
            self._steps[loop] = {
                r: end.constant
                for r, end in ends.items()
                if end is not None and end.start is r and not end.terms
            }
        return self._steps[loop]


def _along(before: _Linear, iv: Iv, first: _Linear | None, step: int) -> _Linear | None:
    """What a register holds when an iteration begins, that held `before` in front of the loop, whose counter
    starts at `first`."""
    if first is None or first.start is not None or first.bits < before.bits or step % iv.step:
        return None
    factor = step // iv.step
    begun = before.plus(_Linear(before.bits, 0, ((iv, 1),)), factor)
    found = None if begun is None else begun.plus(first, -factor)
    return None if found is None else found.modulo(before.bits)


def _trips(lower: Expr, upper: Expr, step: int) -> int | None:
    """How often a loop runs that has constant bounds."""
    if not isinstance(lower, Const) or not isinstance(upper, Const):
        return None
    span = to_signed(upper.value, upper.bits) - to_signed(lower.value, lower.bits)
    return max(0, -(-span // step))


def _learn(store: Store, known: _Known) -> None:
    """What a store says about its register."""
    array = store.array
    if not isinstance(array, LocalArray) or array.type.shape:
        return
    value = linear(store.value, known)
    width = array.type.width
    value = value.modulo(width) if value is not None and value.bits >= width else None
    if store.when is not TRUE and known.get(array) != value:
        value = None
    if value is None:
        known.pop(array, None)
    else:
        known[array] = value


def linear(root: Expr, known: Mapping[LocalArray, _Linear]) -> _Linear | None:
    """The sum that an expression is, as far down as its low bits are known; None if they are not."""
    found: dict[Expr, _Linear | None] = {}
    for node in subexpressions(root):
        found[node] = _node(node, found, known)
    return found[root]


def _node(
    node: Expr, found: Mapping[Expr, _Linear | None], known: Mapping[LocalArray, _Linear]
) -> _Linear | None:
    match node:
        case Const(bits, value):
            return _Linear(bits, to_signed(value, bits))
        case Iv() | Param():
            return _Linear(node.bits, 0, ((node, 1),))
        case Load(LocalArray() as array, ()):
            return known.get(array)
        case Op("sext", bits, (Const() | Iv() | Param() as leaf,)):
            exact = found[leaf]
            return None if exact is None else replace(exact, bits=bits)
        case Op("zext", bits, (Iv() as leaf,)) if leaf.lower >= 0:
            return _Linear(bits, 0, ((leaf, 1),))
        case Op("zext", bits, (Const(_, value),)):
            return _Linear(bits, value)
        case Op("sext" | "zext", _, (inner,)):
            return found[inner]  # the low bits, and no more of them
        case Op("trunc", bits, (inner,)):
            part = found[inner]
            return None if part is None else replace(part, bits=min(part.bits, bits))
        case Op("add" | "sub" as name, _, (a, b)):
            left, right = found[a], found[b]
            if left is None or right is None:
                return None
            return left.plus(right, 1 if name == "add" else -1)
        case Op("mul", _, (a, b)):
            left, right = found[a], found[b]
            if left is None or right is None:
                return None
            if left.terms or left.start is not None:
                left, right = right, left
            bits = min(left.bits, right.bits)
            product = None if left.terms or left.start is not None else right.times(left.constant)
            return None if product is None else replace(product, bits=bits)
        case Op("shl", bits, (a, Const(_, by))) if by < bits:
            part = found[a]
            return None if part is None else part.times(1 << by)
        case _:
            return None


def _written(block: Block) -> list[LocalArray]:
    """The registers from outside of a block that it stores to."""
    own = {s.array for s in statements(block) if isinstance(s, Local)}
    found: dict[LocalArray, None] = {}
    for statement in statements(block):
        array = statement.array if isinstance(statement, Store) else None
        if isinstance(array, LocalArray) and not array.type.shape and array not in own:
            found[array] = None
    return list(found)


class _Values(Rewriter):
    """Puts what registers hold in the place of their loads."""

    def __init__(self, known: Mapping[LocalArray, _Linear]) -> None:
        super().__init__()
        self._known = known

    def _rebuild(self, node: Expr) -> Expr:
        match node:
            case Load(LocalArray() as array, ()) if array in self._known:
                value = self._known[array]
                return node if value.start is not None else value.expression()
            case _:
                return super()._rebuild(node)


def _seen(store: Store, known: Mapping[LocalArray, _Linear]) -> Store:
    made = _Values(known).statement(store)
    assert isinstance(made, Store)
    return made
