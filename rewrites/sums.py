"""Sums of many operands, put together as a whole.

    ((a + b) + c) + … --> a tree that adds what is narrow first

Associativity and commutativity would make every order of a sum; here the operands of one are taken apart and
put together again: terms with the same coefficient are added before the multiplication, and at each step the
two narrowest are added (Huffman 1952, with the width of a sum as its weight), so that adders are as narrow as
they can be and the tree as shallow as its widths allow. A register that is read is added last, so that a
recurrence holds one addition. Each form has the same linear form as the sum (`seer.verify.sums`).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seer.lang.intervals import Intervals
from seer.lang.operators import to_signed
from seer.lang.terms import Block, Const, Expr, Load, LocalArray, Op, Store
from seer.lang.traverse import statements
from seer.verify.sums import linear_form

__all__ = ["NAME", "arrangements", "sums_of"]

NAME = "sum"
_LEAST, _MOST = 4, 512
"""Terms of sums that are put together anew; with a register among them, three are enough: a moving average
adds one element and takes another off."""


@dataclass(frozen=True, order=True)
class _Part:
    """A partial sum: the additions on its longest path (0 where these do not matter), its significant bits,
    whether they are read signed, a number that breaks ties, and whether it counts negatively."""

    depth: int
    bits: int
    signed: bool
    number: int
    negative: bool
    value: Expr


def sums_of(block: Block) -> Iterator[Expr]:
    """The largest sums in what is stored, each once; subscripts are left alone."""
    seen: dict[Expr, None] = {}
    for statement in statements(block):
        if isinstance(statement, Store):
            for root in (statement.value, statement.when):
                yield from _sums_below(root, seen)


def _sums_below(root: Expr, seen: dict[Expr, None]) -> Iterator[Expr]:
    stack = [(root, False)]
    while stack:
        node, inside = stack.pop()
        if not isinstance(node, Op) or node in seen:
            continue
        adds = node.name in ("add", "sub")
        if adds and not inside:
            seen[node] = None
            yield node
        elif not adds:
            seen[node] = None
        scaled = node.name in ("mul", "shl") and any(isinstance(o, Const) for o in node.operands)
        stack += [(operand, adds or (inside and scaled)) for operand in reversed(node.operands)]


def arrangements(root: Expr, intervals: Intervals) -> list[Expr]:
    """Other ways to write a sum: with the narrowest adders, with the shortest paths, with a register last."""
    form = linear_form(root)
    registers = [term for term, c in form.terms if c == 1 and _is_register(term)]
    if not _LEAST - bool(registers) <= len(form.terms) <= _MOST:
        return []
    width, constant = root.width, form.constant
    found: dict[Expr, None] = {}
    if len(form.terms) >= _LEAST:
        for balanced in (False, True):
            found[_put_together(width, form.terms, constant, intervals, balanced)] = None
    for last in registers[:1]:
        rest = [(term, c) for term, c in form.terms if term is not last]
        found[Op("add", width, (last, _put_together(width, rest, constant, intervals, True)))] = None
    return [made for made in found if made is not root]


def _is_register(term: Expr) -> bool:
    return isinstance(term, Load) and isinstance(term.array, LocalArray) and not term.indices


def _put_together(
    width: int,
    terms: Iterable[tuple[Expr, int]],
    constant: int,
    intervals: Intervals,
    balanced: bool,
) -> Expr:
    by_coefficient: dict[int, list[_Part]] = {}
    for number, (term, coefficient) in enumerate(terms):
        signed = to_signed(coefficient, width)
        part = _Part(0, *_significant(term, intervals), number, signed < 0, term)
        by_coefficient.setdefault(abs(signed), []).append(part)
    if not balanced:
        _share_multiples(by_coefficient, width)
    parts: list[_Part] = []
    for number, (coefficient, group) in enumerate(by_coefficient.items()):
        total = _added(group, width, balanced)
        if coefficient != 1:
            scaled = Op("mul", width, (total.value, Const(width, coefficient % (1 << width))))
            bits = min(width, total.bits + coefficient.bit_length())
            total = _Part(total.depth, bits, total.signed, number, total.negative, scaled)
        parts.append(_Part(total.depth, total.bits, total.signed, number, total.negative, total.value))
    if constant:
        parts.append(_Part(0, constant.bit_length(), False, len(parts), False, Const(width, constant)))
    total = _added(parts, width, balanced)
    return Op("sub", width, (Const(width, 0), total.value)) if total.negative else total.value


def _share_multiples(by_coefficient: dict[int, list[_Part]], width: int) -> None:
    """20·a + 5·b = 5·(4·a + b): what is a power of two apart is multiplied once, on a longer path."""
    for coefficient in sorted(by_coefficient, reverse=True):
        shares = [d for d in by_coefficient if 1 < d < coefficient and coefficient % d == 0]
        shares = [d for d in shares if (coefficient // d).bit_count() == 1]
        if not shares:
            continue
        divisor = max(shares)
        total = _added(by_coefficient.pop(coefficient), width, balanced=False)
        times = coefficient // divisor
        scaled = Op("mul", width, (total.value, Const(width, times)))
        bits = min(width, total.bits + times.bit_length() - 1)
        number = 1 + max(part.number for part in by_coefficient[divisor])
        by_coefficient[divisor].append(_Part(total.depth, bits, total.signed, number, total.negative, scaled))


def _added(parts: Sequence[_Part], width: int, balanced: bool) -> _Part:
    """The sum of the parts, the two narrowest first, or of the two with the shortest paths."""
    heap = list(parts)
    heapq.heapify(heap)
    number = max(part.number for part in parts)
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        number += 1
        signed = a.signed or b.signed or a.negative != b.negative
        widest = max(part.bits + (signed and not part.signed) for part in (a, b))
        bits = min(widest + 1, width)
        if a.negative == b.negative:
            made, negative = Op("add", width, (a.value, b.value)), a.negative
        else:
            more, less = (b, a) if a.negative else (a, b)
            made, negative = Op("sub", width, (more.value, less.value)), False
        depth = max(a.depth, b.depth) + 1 if balanced else 0
        heapq.heappush(heap, _Part(depth, bits, signed, number, negative, made))
    return heap[0]


def _significant(term: Expr, intervals: Intervals) -> tuple[int, bool]:
    """The bits that a term needs, and whether it is read signed: in the way that needs fewer."""
    bounds = intervals.of(term)
    unsigned = max(1, bounds.uhi.bit_length())
    signed = max(bounds.shi.bit_length(), (~bounds.slo).bit_length()) + 1
    return (signed, True) if bounds.slo < 0 and signed < unsigned else (unsigned, False)
