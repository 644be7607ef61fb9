"""The rules for what stands in memories: copies, windows, reductions, what the last pass stores."""

from __future__ import annotations

from typing import Any

from seer.lang.terms import Const, Expr, For, Iv, Local, Op
from seer.rewrites.control import copying, interleaving, lanes, window, write_back
from seer.rewrites.control._nests import Nest
from seer.rewrites.control._stencils import Stencil
from seer.rewrites.control.copying import Copying
from seer.rewrites.control.interleaving import Interleaving
from seer.rewrites.control.lanes import Lanes
from seer.rewrites.control.window import Window
from seer.rewrites.control.write_back import WriteBack
from tests.rewrites.control.entry import INNER, OUTER, Broken, Entry, T, nest
from tests.rewrites.control.memory_programs import (
    passes,
    random_passes,
    random_reads,
    random_reduction,
    random_tiles,
    random_window,
    tiles,
)
from tests.verify.loop_terms import A, W, X, Y, at, const, load, op, store, top

__all__ = ["ENTRIES"]

_PLACE = op("add", at(OUTER, 6), INNER)
_SUM = op("urem", op("add", load(A, OUTER), load(X, _PLACE)), const(97))
_TOTAL = op("urem", op("add", load(T), load(X, _PLACE)), const(97))
_GRID = top("grid", 9, 9)


def _never_last(loop: For) -> tuple[Expr, Expr]:
    first, last = _ends(loop)
    return last, first


def _next_element(nest: Nest, loops: tuple[int, ...]) -> tuple[Expr, ...]:
    return tuple(op("add", e, const(1, e.width)) for e in _element(nest, loops))


def _all_start_anew(*_: Any) -> bool:
    return True


def _one_less(nest: Nest) -> list[Stencil]:
    """Windows whose places are taken to be one column nearer."""
    return [
        Stencil(tuple((load, row, max(0, column - 1)) for load, row, column in stencil.places))
        for stencil in _stencils(nest)
    ]


def _one_tile(nest: Nest, outer: int, inner: int) -> Nest:
    """A tile whose iterations all are the first."""
    tile = _tile(nest, outer, inner)
    units = tile.units[: len(nest.units)] * (outer * inner)
    return Nest(tile.loops, tile.scopes, units)


def _first_pass(nest: Nest, free: tuple[int, ...]) -> dict[Expr, Expr]:
    """The outer counters as they are in the beginning."""
    values = dict(_last_pass(nest, free))
    return {iv: const(iv.lower) if isinstance(values[iv], Const) else values[iv] for iv in nest.ivs}


def _no_guard(block: Any, condition: Expr) -> Any:
    return block


def _shifted(old: Iv, level: int, lower: int, upper: int, step: int) -> Iv:
    return Iv(old.bits, level, lower, upper - 1, step)


_ends, _element, _stencils = interleaving.ends, copying._element, window.stencils
_last_pass, _tile = write_back._last_pass, lanes._tile
_ROW, _COLUMN, _PASS = Iv(W, 1, 0, 4, 1), Iv(W, 2, 0, 4, 1), Iv(W, 0, 0, 3, 1)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        Interleaving(),
        example=nest(
            (
                Local(
                    T,
                    (
                        store(T, (), const(0)),
                        *nest((store(T, (), _TOTAL),), INNER),
                        store(A, OUTER, load(T)),
                    ),
                ),
            ),
            OUTER,
        ),
        programs=random_reduction,
        broken=(
            Broken(interleaving, "ends", _never_last),
            Broken(interleaving, "_starts_anew", _all_start_anew),
        ),
        variants=(Interleaving(max_words=2),),
        kinds=("bound", "element", "dependence", "guard"),
    ),
    Entry(
        Copying(),
        example=nest((store(A, _PLACE, op("add", load(X, INNER), load(X, load(Y, _PLACE)))),), OUTER, INNER),
        programs=random_reads,
        broken=(Broken(copying, "_element", _next_element),),
        kinds=("bound", "element", "dropped"),
    ),
    Entry(
        Window(),
        example=nest(
            (
                store(
                    A,
                    _PLACE,
                    op(
                        "add",
                        op("add", load(_GRID, at(OUTER, 1, 1), INNER), load(_GRID, OUTER, at(INNER, 1, 1))),
                        op("sub", load(_GRID, OUTER, INNER), load(_GRID, OUTER, at(INNER, 1, 2))),
                    ),
                ),
            ),
            OUTER,
            INNER,
        ),
        programs=random_window,
        broken=(
            Broken(window, "stencils", _one_less),
            Broken(window, "under", _no_guard),
            Broken(window, "_counter", _shifted),
        ),
        variants=(Window(max_words=4),),
        kinds=("bound", "element", "dependence", "guard"),
    ),
    Entry(
        Lanes(),
        example=tiles(_PASS, _ROW, _COLUMN, Op("eq", 1, (_PASS, const(2)))),
        programs=random_tiles,
        broken=(Broken(lanes, "_tile", _one_tile),),
        variants=(Lanes(ports=8),),
        sample=6,
        fires=4,
        kinds=("bound", "element"),
    ),
    Entry(
        WriteBack(),
        example=passes(OUTER, INNER, Op("eq", 1, (OUTER, const(5)))),
        programs=random_passes,
        broken=(
            Broken(write_back, "_last_pass", _first_pass),
            Broken(write_back, "ends", _never_last),
        ),
        variants=(WriteBack(ports=1),),
        kinds=("bound", "element", "dropped"),
    ),
)
