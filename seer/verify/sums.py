"""Sums as a whole: both sides of a rearranged sum have one linear form.

Modulo 2^w an expression of additions, subtractions and multiplications by constants is Σ cᵢ·xᵢ + c, whatever
the order in which it is written: what is no such operator is one of the xᵢ.
"""

from __future__ import annotations

from dataclasses import dataclass

from seer.lang.terms import Const, Expr, Op

__all__ = ["LinearForm", "linear_form", "same_sum"]


@dataclass(frozen=True)
class LinearForm:
    """Σ coefficient · term + constant modulo 2^width; terms in the order in which they first occur."""

    width: int
    terms: tuple[tuple[Expr, int], ...]
    constant: int


def linear_form(root: Expr) -> LinearForm:
    """The linear form of an expression; a term of its own where nothing is added."""
    size = 1 << root.width
    forms: dict[Expr, tuple[dict[Expr, int], int]] = {}
    for node in _inside(root):
        match node:
            case Const(_, value):
                forms[node] = ({}, value)
            case Op("add", _, (a, b)):
                forms[node] = _combined(forms[a], forms[b], 1, size)
            case Op("sub", _, (a, b)):
                forms[node] = _combined(forms[a], forms[b], -1, size)
            case Op("mul", _, (Const(_, value), a)) | Op("mul", _, (a, Const(_, value))):
                forms[node] = _combined(({}, 0), forms[a], value, size)
            case Op("shl", width, (a, Const(_, amount))):
                forms[node] = _combined(({}, 0), forms[a], 1 << amount if amount < width else 0, size)
            case _:
                forms[node] = ({node: 1}, 0)
    terms, constant = forms[root]
    return LinearForm(root.width, tuple((term, c) for term, c in terms.items() if c), constant)


def same_sum(left: Expr, right: Expr) -> bool:
    """Whether both are the same combination of the same terms."""
    a, b = linear_form(left), linear_form(right)
    return a.width == b.width and a.constant == b.constant and dict(a.terms) == dict(b.terms)


def _inside(root: Expr) -> list[Expr]:
    """The nodes of the sum at `root`, its terms included, operands first."""
    order: dict[Expr, None] = {}
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if node in order:
            continue
        if ready:
            order[node] = None
            continue
        stack.append((node, True))
        match node:
            case Op("add" | "sub", _, (a, b)):
                stack += [(b, False), (a, False)]
            case Op("mul", _, (Const() as c, a)) | Op("mul", _, (a, Const() as c)):
                stack += [(c, False), (a, False)]
            case Op("shl", _, (a, Const())):
                stack.append((a, False))
    return list(order)


def _combined(
    a: tuple[dict[Expr, int], int], b: tuple[dict[Expr, int], int], factor: int, size: int
) -> tuple[dict[Expr, int], int]:
    terms = dict(a[0])
    for term, c in b[0].items():
        terms[term] = (terms.get(term, 0) + factor * c) % size
    return terms, (a[1] + factor * b[1]) % size
