"""Dependence distances between accesses to one array, in iterations of the loop that is pipelined.

Affine subscripts are decided exactly, in closed form where both accesses move alike and with isl
otherwise; others are decided where their addresses differ by a constant (`seer.schedule.linear`), and
everything else is assumed to touch the whole array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import islpy as isl

from seer.lang.affine import Affine, Symbol, symbol_order
from seer.lang.intervals import Intervals
from seer.lang.terms import Array, Expr, Iv
from seer.schedule.entries import EntryDistances
from seer.schedule.lattice import has_common_root, least_gap
from seer.schedule.linear import Linear, linear_distance
from seer.schedule.model import Counter

__all__ = ["Access", "Dependences"]


@dataclass(frozen=True)
class Access:
    """One load or store: its subscripts as affine forms, or None where one of them is not affine, and its
    address as a linear form. `subscripts` are the positions of their values, each with its own form."""

    array: Array
    is_store: bool
    forms: tuple[Affine, ...] | None
    address: Linear | None = None
    subscripts: tuple[tuple[int, Affine | None], ...] = ()


@dataclass(frozen=True)
class _Domain:
    """Where the accesses run. A counter is (lower, upper, step), its value lower + step·u for u ≥ 0;
    `strides` are the iterations that one step of each counter is away; `bounds` (least, greatest) of the
    other symbols."""

    counters: tuple[tuple[int, Affine, Affine, int], ...]
    strides: tuple[int, ...]
    bounds: tuple[tuple[Symbol, tuple[int, int] | None], ...]


_Parted = tuple[int, tuple[tuple[Symbol, int], ...], int]


class Dependences:
    """Dependences inside one region: a pipelined loop with these counters, or (without) straight code.

    `repeats` says that a region without counters is the body of a pipelined while loop: subscripts that are
    affine in what stands around it stay the same in all iterations.
    `symbols` are the induction variables and parameters that subscripts and bounds mention; where only
    a hull or a type bounds one of them, all of it is assumed. `around` are the counters of a drain-free nest
    around the pipelined loop: distances are counted across its entries, too.
    """

    def __init__(
        self,
        counters: Sequence[Counter],
        symbols: Mapping[Symbol, Expr],
        repeats: bool = False,
        around: Sequence[Counter] = (),
    ) -> None:
        self._repeats = repeats
        self._entries = EntryDistances(around, counters) if around else None
        self.strides: Mapping[int, int] = {}
        """By how much values grow in an iteration, once all are known (`seer.schedule.linear.strides_of`)."""
        self.intervals = Intervals()
        self._counters = tuple((c.iv.level, c.lower, c.upper, c.iv.step) for c in counters)
        self._strides = _strides(counters)
        constant = counters and all(counter.constant for counter in counters)
        self._trips = self._strides[0] * counters[0].trip_count({}) if constant else None
        self._line: tuple[int, int, int, int] | None = None
        if len(counters) == 1 and counters[0].constant:
            (only,) = counters
            self._line = only.iv.level, only.lower.constant, only.trip_count({}), only.iv.step
        self._memo: dict[tuple[int, int, int, int | None], tuple[Access, Access, int | None]] = {}
        self._parts: dict[int, tuple[Access, list[_Parted]]] = {}
        self._bounds: dict[Symbol, tuple[int, int]] = {}
        inner = {counter[0] for counter in self._counters}
        for symbol, term in symbols.items():
            if symbol in inner:
                continue
            if isinstance(term, Iv):
                # Not in its steps: the loop around may begin elsewhere in the hull, even at run time.
                self._bounds[symbol] = (term.lower, term.upper - 1)
            else:
                interval = self.intervals.of(term)
                self._bounds[symbol] = (interval.slo, interval.shi)

    def same_iteration(self, first: Access, second: Access) -> bool:
        """Whether the two may touch one element within one iteration."""
        return self._distance(first, second, 0, 0) is not None

    def distance(self, first: Access, second: Access, least: int) -> int | None:
        """The smallest d ≥ `least` such that `second`, d iterations after `first`, may touch the same
        element; None if there is none. Across entries of a loop in a drain-free nest it may be less than the
        smallest."""
        found = self._distance(first, second, least, None)
        if self._entries is None or first.array is not second.array:
            return found
        across = self._entries.least(first.forms, second.forms, self._bounds)
        if across is None:
            return found
        return max(across, least) if found is None else min(found, max(across, least))

    def exact(self, first: Access, second: Access) -> bool:
        """Whether `distance` is exact, not an assumption."""
        if self._entries is not None and (first.forms is None or second.forms is None):
            return False
        return self._decided(first, second, 0, None)[0]

    def _distance(self, first: Access, second: Access, least: int, most: int | None) -> int | None:
        if first.forms is None or second.forms is None:
            return self._found(first, second, least, most)  # changes as `strides` become known
        # By identity: comparing subscripts takes longer than most answers. The memo keeps the accesses alive.
        key = id(first), id(second), least, most
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = (first, second, self._found(first, second, least, most))
        return known[2]

    def _found(self, first: Access, second: Access, least: int, most: int | None) -> int | None:
        if first.array is not second.array or (not self._counters and not self._repeats and least > 0):
            return None
        if first.forms is None or second.forms is None:
            return self._decided(first, second, least, most)[1]
        if self._repeats and least > 0:
            return None if self._distance(first, second, 0, 0) is None else least
        if most == 0 and all(a.terms == b.terms for a, b in zip(first.forms, second.forms, strict=True)):
            same = all(a.constant == b.constant for a, b in zip(first.forms, second.forms, strict=True))
            return least if same else None
        if most is None and self._line is not None:
            equations = self._equations(first, second)
            if equations is not None:
                return least_gap(equations, self._line[2], least)
        used = sorted(
            {symbol for form in (*first.forms, *second.forms) for symbol, _ in form.terms}
            | {symbol for _, lo, up, _ in self._counters for form in (lo, up) for symbol, _ in form.terms},
            key=symbol_order,
        )
        inner = {counter[0] for counter in self._counters}
        bounds = tuple((symbol, self._bounds.get(symbol)) for symbol in used if symbol not in inner)
        domain = _Domain(self._counters, self._strides, bounds)
        return _minimum_distance(first.forms, second.forms, domain, least, most)

    def _equations(self, first: Access, second: Access) -> list[tuple[int, int, int]] | None:
        """p·x − q·y = e for iterations x and y of the only counter in which the two meet; None where other
        symbols do not cancel out."""
        assert self._line is not None
        _, low, _, step = self._line
        found: list[tuple[int, int, int]] = []
        for (p, rest, a), (q, other, b) in zip(self._parted(first), self._parted(second), strict=True):
            if rest != other:
                return None
            found.append((p * step, q * step, b - a + (q - p) * low))
        return found

    def _parted(self, access: Access) -> list[_Parted]:
        """Each subscript of an access: the only counter's coefficient, the other terms, and the constant."""
        known = self._parts.get(id(access))
        if known is None:
            assert self._line is not None and access.forms is not None
            level = self._line[0]
            parts: list[_Parted] = []
            for form in access.forms:
                rest = tuple(term for term in form.terms if term[0] != level)
                parts.append((form.coefficients.get(level, 0), rest, form.constant))
            known = self._parts[id(access)] = (access, parts)
        return known[1]

    def _decided(
        self, first: Access, second: Access, least: int, most: int | None
    ) -> tuple[bool, int | None]:
        """Whether the distance is known, and without affine forms what it is or has to be assumed."""
        if first.forms is not None and second.forms is not None:
            return True, None
        if first.address is None or second.address is None:
            return False, least
        known, distance = linear_distance(first.address, second.address, self.strides, least, most)
        if known and distance is not None and self._trips is not None and distance >= self._trips:
            distance = None
        return known, distance


def _strides(counters: Sequence[Counter]) -> tuple[int, ...]:
    strides = [1]
    for counter in reversed(counters[1:]):
        strides.insert(0, strides[0] * counter.trip_count({}))
    return tuple(strides[: len(counters)])


@lru_cache(maxsize=65536)
def _minimum_distance(
    first: tuple[Affine, ...], second: tuple[Affine, ...], domain: _Domain, least: int, most: int | None
) -> int | None:
    if all(a.terms == b.terms for a, b in zip(first, second, strict=True)):
        offsets = [(a.constant - b.constant, a.coefficients) for a, b in zip(first, second, strict=True)]
        if most == 0 or not domain.counters:
            return least if all(offset == 0 for offset, _ in offsets) else None
        if len(domain.counters) == 1:
            return _uniform(offsets, domain, least)
    unknowns = _unknowns(first, second)
    if len(unknowns) == 1 and (most == 0 or not domain.counters):
        found = _in_one_unknown(first, second, domain, unknowns[0])
        if found is not None:
            return least if found else None
    return _by_isl(first, second, domain, least, most)


def _unknowns(first: tuple[Affine, ...], second: tuple[Affine, ...]) -> list[Symbol]:
    """The symbols that do not cancel out in one iteration, in order."""
    found = {symbol for a, b in zip(first, second, strict=True) for symbol, _ in {*a.terms} ^ {*b.terms}}
    return sorted(found, key=symbol_order)


def _in_one_unknown(
    first: tuple[Affine, ...], second: tuple[Affine, ...], domain: _Domain, unknown: Symbol
) -> bool | None:
    """Whether the two meet in one iteration, where only one symbol does not cancel out; None where its
    values are not known."""
    equations = [
        (a.coefficients.get(unknown, 0) - b.coefficients.get(unknown, 0), b.constant - a.constant)
        for a, b in zip(first, second, strict=True)
    ]
    for level, lower, upper, step in domain.counters:
        if level == unknown:
            if lower.terms or upper.terms:
                return None
            return has_common_root(equations, lower.constant, upper.constant - 1, step)
    bound = dict(domain.bounds).get(unknown)
    return None if bound is None else has_common_root(equations, *bound, 1)


def _uniform(offsets: list[tuple[int, dict[Symbol, int]]], domain: _Domain, least: int) -> int | None:
    """Both accesses move alike with the only counter: coefficient · step · d = offset in each dimension."""
    level, lower, upper, step = domain.counters[0]
    found: int | None = None
    for offset, coefficients in offsets:
        stride = coefficients.get(level, 0) * step
        if stride == 0:
            if offset != 0:
                return None
            continue
        if offset % stride:
            return None
        distance = offset // stride
        if found not in (None, distance):
            return None
        found = distance
    distance = least if found is None else found
    if distance < least:
        return None
    if not lower.terms and not upper.terms:
        trip = -(-(upper.constant - lower.constant) // step)
        return distance if distance < trip else None
    return distance


def _by_isl(
    first: tuple[Affine, ...], second: tuple[Affine, ...], domain: _Domain, least: int, most: int | None
) -> int | None:
    names: dict[Symbol, str] = {bound[0]: f"s{i}" for i, bound in enumerate(domain.bounds)}
    exists = list(names.values())
    constraints: list[str] = []
    for (_, bound), name in zip(domain.bounds, names.values(), strict=True):
        if bound is None:
            continue
        low, high = bound
        constraints.append(f"{low} <= {name} <= {high}")
    sides: list[dict[Symbol, str]] = []
    for side in "xy":
        here = dict(names)
        for k, (level, lower, upper, step) in enumerate(domain.counters):
            value, count = f"{side}{k}", f"u{side}{k}"
            exists += [value, count]
            here[level] = value
            constraints.append(f"{value} = {_spell(lower, names)} + {step}*{count} and {count} >= 0")
            constraints.append(f"{value} < {_spell(upper, names)}")
        sides.append(here)
    distance = " + ".join(f"{stride}*(uy{k} - ux{k})" for k, stride in enumerate(domain.strides)) or "0"
    constraints.append(f"d = {distance} and d >= {least}")
    if most is not None:
        constraints.append(f"d <= {most}")
    for a, b in zip(first, second, strict=True):
        constraints.append(f"{_spell(a, sides[0])} = {_spell(b, sides[1])}")
    prefix = f"exists {', '.join(exists)} : " if exists else ""
    solutions = isl.Set(f"{{ [d] : {prefix}{' and '.join(constraints)} }}")
    if solutions.is_empty():
        return None
    minimum = solutions.dim_min_val(0)
    return minimum.to_python()


def _spell(form: Affine, names: Mapping[Symbol, str]) -> str:
    return " + ".join([f"{form.constant}", *(f"{c}*{names[symbol]}" for symbol, c in form.terms)])
