"""Random nests with registers that count along with the loops, or nearly so."""

from __future__ import annotations

import random

from seer.lang.operators import mask, to_unsigned
from seer.lang.terms import (
    TRUE,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    If,
    Iv,
    Local,
    LocalArray,
    Op,
    Store,
    While,
)
from tests.verify.loop_terms import A, B, W, X, const, load, op, store

__all__ = ["random_counting"]

_MOST_DEPTH = 3


def random_counting(rng: random.Random) -> Block:
    """Loops in loops around registers that step, by constants mostly, and select elements."""
    return _Nest(rng).block()


class _Nest:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        widths = (W, rng.choice((W, W, 8)))
        self._registers = [LocalArray(ArrayType(w, ()), level) for level, w in enumerate(widths)]
        self._whiles = 0

    def block(self) -> Block:
        body = (*self._starts(), *self._body(()), *self._ends())
        for register in reversed(self._registers):
            body = (Local(register, body),)
        return body

    def _starts(self) -> Block:
        rng = self._rng
        return tuple(
            store(r, (), Const(r.type.width, rng.choice((0, 0, 1, 5, mask(r.type.width)))))
            if rng.random() < 0.85
            else store(r, (), self._resized(load(X, const(1)), r.type.width))
            for r in self._registers
        )

    def _ends(self) -> Block:
        return tuple(store(A, const(8 + k), self._resized(load(r), W)) for k, r in enumerate(self._registers))

    def _body(self, ivs: tuple[Iv, ...]) -> Block:
        rng = self._rng
        result: Block = ()
        for _ in range(rng.randint(1, 3)):
            match rng.randrange(8):
                case 0 | 1 | 2 if len(ivs) < _MOST_DEPTH:
                    result += (self._loop(ivs),)
                case 3 if ivs:
                    branch = (self._step(ivs),) if rng.random() < 0.5 else (self._store(ivs),)
                    result += (If(Op("slt", 1, (ivs[-1], const(2))), branch, (self._step(ivs),)),)
                case 4 if self._whiles < 1 and ivs:
                    result += self._while(ivs)
                case _:
                    result += (self._store(ivs),)
            if rng.random() < 0.7:
                result += (self._step(ivs),)
        return result

    def _loop(self, ivs: tuple[Iv, ...]) -> For:
        rng = self._rng
        lower, step = rng.choice((0, 0, 1, -1)), rng.choice((1, 1, 1, 2, 3))
        upper = lower + rng.choice((0, 1, 3, 4))
        iv = Iv(W, len(ivs), lower, upper, step)
        if ivs and rng.random() < 0.2:
            hull = Iv(W, len(ivs), min(ivs[-1].lower, upper), max(upper, ivs[-1].lower), 1)
            return For(hull, ivs[-1], self._const(upper), self._body((*ivs, hull)))
        return For(iv, self._const(lower), self._const(upper), self._body((*ivs, iv)))

    def _while(self, ivs: tuple[Iv, ...]) -> Block:
        self._whiles += 1
        register = self._registers[0]
        inner = (self._store(ivs), store(register, (), op("add", load(register), const(1))))
        return (While(Op("slt", 1, (load(register), const(self._rng.randrange(8)))), inner),)

    def _step(self, ivs: tuple[Iv, ...]) -> Store:
        rng = self._rng
        register = rng.choice(self._registers)
        width = register.type.width
        old: Expr = load(register)
        amount: Expr = Const(width, to_unsigned(rng.choice((1, 1, 2, 4, -1)), width))
        value: Expr = Op(rng.choice(("add", "add", "add", "sub")), width, (old, amount))
        chance = rng.random()
        if chance < 0.1:
            value = self._resized(rng.choice((const(3), *ivs)), width)
        elif chance < 0.15:
            value = self._resized(load(rng.choice(self._registers)), width)
        elif chance < 0.2:
            value = Op("mul", width, (old, Const(width, 2)))
        elif chance < 0.3 and width < W:
            wide = Op(rng.choice(("sext", "zext")), W, (old,))
            value = Op("trunc", width, (op("add", wide, const(1)),))
        when = Op("ult", 1, (load(X, const(2)), const(3))) if rng.random() < 0.05 else TRUE
        return Store(register, (), value, when)

    def _store(self, ivs: tuple[Iv, ...]) -> Store:
        rng = self._rng
        places = [self._resized(load(r), W) for r in self._registers]
        place = rng.choice((*places, *places, *ivs))
        return store(
            rng.choice((A, B)), op("and", place, const(7)), op("add", place, rng.choice((const(1), *ivs)))
        )

    def _const(self, value: int) -> Const:
        return Const(W, to_unsigned(value, W))

    def _resized(self, value: Expr, bits: int) -> Expr:
        if value.width == bits:
            return value
        name = "trunc" if value.width > bits else self._rng.choice(("sext", "zext"))
        return Op(name, bits, (value,))
