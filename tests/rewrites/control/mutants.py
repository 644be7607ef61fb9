"""Deliberately broken outputs of control rules: wrong bounds, dropped guards, ignored dependences.

A mutant keeps the claim of the offer that it was made of, moved along where statements change places, so that
a check which believed the claim would accept it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from seer.lang.operators import to_signed, to_unsigned
from seer.lang.terms import TRUE, Block, Const, Expr, For, If, Iv, Op, Statement, Store, While
from seer.lang.traverse import Rewriter, bodies, subexpressions, with_bodies
from seer.rewrites.control._rule import Offer
from seer.verify.correspondence import Correspondence
from seer.verify.instances import Path
from seer.verify.step_claim import Meeting, Steps

__all__ = ["KINDS", "Mutant", "mutants"]

KINDS = ("bound", "guard", "dependence", "element", "dropped")


@dataclass(frozen=True)
class Mutant:
    """A broken output; `kind` is one of KINDS."""

    kind: str
    block: Block
    claim: Correspondence | Steps | None


_Moved = Callable[[Path], Path | None]


def mutants(offer: Offer, rng: random.Random, most: int) -> list[Mutant]:
    """Up to `most` broken versions of an offer, as many kinds as there are among them."""
    by_kind: dict[str, list[Mutant]] = {kind: [] for kind in KINDS}
    for mutant in _all(offer):
        by_kind[mutant.kind].append(mutant)
    chosen: list[Mutant] = []
    for found in by_kind.values():
        rng.shuffle(found)
    while len(chosen) < most and any(by_kind.values()):
        chosen += [found.pop() for found in by_kind.values() if found]
    return chosen[:most]


def _all(offer: Offer) -> Iterator[Mutant]:
    block, claim = offer.replacement, offer.correspondence
    for path, statement in _walk(block, ()):
        for kind, changed in _changes(statement):
            yield Mutant(kind, _changed(block, path, changed), claim)
    for path, position, kind in _places(block, ()):
        swapped = kind == "dependence"
        edited = _edited(block, path, position, swapped)
        moved = _moves(path, position, swapped)
        yield Mutant(kind, edited, None if claim is None else _moved_claim(claim, moved))


def _walk(block: Block, prefix: Path) -> Iterator[tuple[Path, Statement]]:
    """Statements with the positions that lead to them; branches of an If count as positions."""
    for position, statement in enumerate(block):
        path = (*prefix, position)
        yield path, statement
        inner = bodies(statement)
        for k, body in enumerate(inner):
            yield from _walk(body, (*path, k) if len(inner) > 1 else path)


def _changed(block: Block, path: Path, new: Statement) -> Block:
    position, *rest = path
    if not rest:
        return (*block[:position], new, *block[position + 1 :])
    statement = block[position]
    inner = list(bodies(statement))
    k = rest.pop(0) if len(inner) > 1 else 0
    inner[k] = _changed(inner[k], tuple(rest), new)
    return (*block[:position], with_bodies(statement, inner), *block[position + 1 :])


def _changes(statement: Statement) -> Iterator[tuple[str, Statement]]:
    match statement:
        case For(iv, lower, upper, body):
            step = Const(iv.bits, iv.step)
            yield "bound", For(iv, lower, Op("sub", iv.bits, (upper, step)), body)
            yield "bound", For(iv, Op("add", iv.bits, (lower, step)), upper, body)
            if isinstance(upper, Const) and to_signed(upper.value, iv.bits) + iv.step < 1 << (iv.bits - 1):
                yield "bound", _longer(statement, upper)
        case If(condition, then, otherwise) if condition is not TRUE:
            yield "guard", If(TRUE, then, otherwise)
            for other in _conditions(condition):
                yield "bound", If(other, then, otherwise)
        case While(condition, body):
            for other in _conditions(condition):
                yield "bound", While(other, body)
        case Store(array, indices, value, when):
            if when is not TRUE:
                yield "guard", Store(array, indices, value)
            for select in (n for n in subexpressions(value) if isinstance(n, Op) and n.name == "select"):
                for arm in select.operands[1:]:
                    yield "guard", Store(array, indices, _Replacing(select, arm).expression(value), when)
            for k, index in enumerate(indices):
                other = Op("add", index.width, (index, Const(index.width, 1)))
                yield "element", Store(array, (*indices[:k], other, *indices[k + 1 :]), value, when)
        case _:
            pass


def _conditions(condition: Expr) -> Iterator[Expr]:
    """A condition with another constant, or with the edge of a comparison on the other side."""
    for node in subexpressions(condition):
        if isinstance(node, Const) and node.bits > 1:
            other = Const(node.bits, to_unsigned(node.value + 1, node.bits))
            yield _Replacing(node, other).expression(condition)
        elif isinstance(node, Op) and node.name in ("slt", "ult"):
            edge = Op({"slt": "sle", "ult": "ule"}[node.name], 1, node.operands)
            yield _Replacing(node, edge).expression(condition)


def _longer(loop: For, upper: Const) -> For:
    """The loop with one iteration more, its hull with it."""
    iv = loop.iv
    wider = Iv(iv.bits, iv.level, iv.lower, iv.upper + iv.step, iv.step)
    body = Rewriter(lambda e: wider if e is iv else e).block(loop.body)
    last = to_unsigned(to_signed(upper.value, iv.bits) + iv.step, iv.bits)
    return For(wider, loop.lower, Const(iv.bits, last), body)


class _Replacing(Rewriter):
    """Puts one expression in another's place."""

    def __init__(self, old: Expr, new: Expr) -> None:
        super().__init__()
        self._old, self._new = old, new

    def _rebuild(self, node: Expr) -> Expr:
        return self._new if node is self._old else super()._rebuild(node)


def _places(block: Block, prefix: Path) -> Iterator[tuple[Path, int, str]]:
    """Bodies and positions in them at which two statements may change places, or one be dropped."""
    for position in range(len(block)):
        if position + 1 < len(block):
            yield prefix, position, "dependence"
            yield prefix, position, "dropped"
        elif position:
            yield prefix, position, "dropped"
    for position, statement in enumerate(block):
        inner = bodies(statement)
        for k, body in enumerate(inner):
            path = (*prefix, position)
            yield from _places(body, (*path, k) if len(inner) > 1 else path)


def _edited(block: Block, path: Path, position: int, swapped: bool) -> Block:
    if path:
        at, *rest = path
        statement = block[at]
        inner = list(bodies(statement))
        k = rest.pop(0) if len(inner) > 1 else 0
        inner[k] = _edited(inner[k], tuple(rest), position, swapped)
        return (*block[:at], with_bodies(statement, inner), *block[at + 1 :])
    if swapped:
        return (*block[:position], block[position + 1], block[position], *block[position + 2 :])
    return (*block[:position], *block[position + 1 :])


def _moves(prefix: Path, position: int, swapped: bool) -> _Moved:
    """Where stores are after an edit; None where they are no more."""

    def moved(path: Path) -> Path | None:
        if path[: len(prefix)] != prefix or len(path) <= len(prefix):
            return path
        at = path[len(prefix)]
        if swapped:
            at = {position: position + 1, position + 1: position}.get(at, at)
        elif at == position:
            return None
        elif at > position:
            at -= 1
        return (*prefix, at, *path[len(prefix) + 1 :])

    return moved


def _moved_claim(claim: Correspondence | Steps, moved: _Moved) -> Correspondence | Steps:
    if isinstance(claim, Steps):
        meetings: list[Meeting] = []
        for meeting in claim.meetings:
            path = moved(meeting.after)
            if path is not None:
                meetings.append(replace(meeting, after=path))
        return Steps(tuple(meetings))
    images = [replace(image, path=path) for image in claim.images if (path := moved(image.path)) is not None]
    return Correspondence(tuple(sorted(images, key=lambda image: image.path)), claim.values)
