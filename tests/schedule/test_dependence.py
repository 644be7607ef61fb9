"""Dependence distances equal those of enumerated iterations."""

from __future__ import annotations

import itertools
import random

from seer.lang.affine import Affine, Symbol
from seer.lang.terms import Expr, Iv, Param
from seer.schedule.dependence import Access, Dependences
from seer.schedule.model import Counter
from tests.schedule.programs import array, counter

A = array("a", 32, 100)


def access(*forms: Affine, store: bool = True) -> Access:
    return Access(A, store, forms)


def form(constant: int, **coefficients: int) -> Affine:
    return Affine.build(constant, {int(k[1:]) if k[0] == "i" else k: c for k, c in coefficients.items()})


def constant_counter(iv: Iv) -> Counter:
    return Counter(iv, Affine(iv.lower), Affine(iv.upper))


def enumerated(
    first: Access, second: Access, counters: list[Counter], outer: dict[int, Iv], least: int
) -> int | None:
    assert first.forms is not None and second.forms is not None
    best: int | None = None
    for outside in itertools.product(*(range(v.lower, v.upper, v.step) for v in outer.values())):
        symbols: dict[Symbol, int] = dict(zip(outer, outside, strict=True))
        iterations: list[dict[Symbol, int]] = [symbols]
        for c in counters:
            iterations = [
                {**it, c.iv.level: value}
                for it in iterations
                for value in range(c.lower.evaluate(it), c.upper.evaluate(it), c.iv.step)
            ]
        for m, x in enumerate(iterations):
            for n, y in enumerate(iterations):
                same = all(
                    f.evaluate(x) == g.evaluate(y) for f, g in zip(first.forms, second.forms, strict=True)
                )
                if n - m >= least and same and (best is None or n - m < best):
                    best = n - m
    return best


def test_random_distances() -> None:
    rng = random.Random(7)
    found = 0
    for _ in range(400):
        depth = rng.randint(1, 2)
        outer = {0: counter(0, 3)} if rng.random() < 0.4 else {}
        ivs = [
            counter(len(outer) + k, rng.randint(1, 6), rng.randint(0, 1), rng.choice([1, 1, 2]))
            for k in range(depth)
        ]
        ivs = [iv if iv.lower < iv.upper else counter(iv.level, 2) for iv in ivs]
        counters = [constant_counter(iv) for iv in ivs]
        if depth == 1 and outer and rng.random() < 0.5:
            counters = [Counter(ivs[0], form(0, i0=1), form(rng.randint(1, 4), i0=1))]
        dimensions = rng.randint(1, 2)
        levels = [*outer, *(iv.level for iv in ivs)]

        def index() -> Affine:
            return Affine.build(rng.randint(-2, 3), {level: rng.randint(-1, 2) for level in levels})  # noqa: B023

        x = access(*(index() for _ in range(dimensions)))
        y = access(*(index() for _ in range(dimensions)))
        if rng.random() < 0.4:
            y = access(*(Affine(f.constant + rng.randint(-3, 3), f.terms) for f in x.forms or ()))
        symbols: dict[Symbol, Expr] = {**outer, **{iv.level: iv for iv in ivs}}
        dependences = Dependences(counters, symbols)
        least = rng.randint(0, 1)
        expected = enumerated(x, y, counters, outer, least)
        actual = dependences.distance(x, y, least)
        if counters[0].constant:
            assert actual == expected
        elif expected is not None:
            # Bounds that depend on outer counters: never later than the real one.
            assert actual is not None and actual <= expected
        found += expected is not None
    assert found > 60


def test_steps_and_strides() -> None:
    i = counter(0, 64, step=2)
    d = Dependences([constant_counter(i)], {0: i})
    assert d.distance(access(form(4, i0=1)), access(form(0, i0=1), store=False), 0) == 2
    assert d.distance(access(form(3, i0=1)), access(form(0, i0=1), store=False), 0) is None
    assert d.distance(access(form(0)), access(form(0), store=False), 1) == 1


def test_a_loop_around_may_begin_elsewhere_in_its_hull() -> None:
    """for (j = n; …; j += 2): whether j is ever odd is known when it begins."""
    j, i = counter(0, 16, step=2), counter(1, 4)
    around = Dependences([], {0: j})
    assert around.same_iteration(access(form(0, i0=1)), access(form(3), store=False))
    assert not around.same_iteration(access(form(0, i0=1)), access(form(16), store=False))
    inside = Dependences([constant_counter(i)], {0: j, 1: i})
    assert inside.distance(access(form(0, i0=1, i1=2)), access(form(3), store=False), 0) == 0


def test_flattened_nest_counts_iterations_of_the_whole_nest() -> None:
    i, j = counter(0, 10), counter(1, 8)
    d = Dependences([constant_counter(i), constant_counter(j)], {0: i, 1: j})
    assert d.distance(access(form(0, i1=1)), access(form(0, i1=1), store=False), 1) == 8
    assert d.distance(access(form(1, i0=1), form(0, i1=1)), access(form(0, i0=1), form(0, i1=1)), 0) == 8


def test_what_is_not_affine_is_assumed() -> None:
    i = counter(0, 10)
    d = Dependences([constant_counter(i)], {0: i})
    unknown = Access(A, False, None)
    assert d.distance(access(form(0, i0=1)), unknown, 0) == 0
    assert d.distance(unknown, access(form(0, i0=1)), 1) == 1
    assert not d.exact(unknown, access(form(0)))
    other = Access(array("b", 32, 100), True, None)
    assert d.distance(other, unknown, 0) is None


def test_parameters_are_bounded_by_their_range_only() -> None:
    n, i = Param(32, "n"), counter(0, 10)
    d = Dependences([], {"n": n, 0: i})
    assert d.same_iteration(access(form(0, n=1)), access(form(0, i0=1)))
    assert not d.same_iteration(access(form(0, n=1)), access(form(1, n=1)))
