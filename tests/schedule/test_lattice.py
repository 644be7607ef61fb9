"""Closed forms against enumeration."""

from __future__ import annotations

import random

from seer.schedule.lattice import has_common_root, least_gap


def test_least_gap() -> None:
    rng = random.Random(1)
    found = 0
    for _ in range(4000):
        count, least = rng.randint(0, 12), rng.randint(0, 3)
        x, y = rng.randint(0, 11), rng.randint(0, 11)
        equations = []
        for _ in range(rng.randint(0, 3)):
            a, c = rng.randint(-4, 4), rng.randint(-4, 4)
            equations.append((a, c, a * x - c * y if rng.random() < 0.8 else rng.randint(-6, 6)))
        gaps = [
            v - u
            for u in range(count)
            for v in range(count)
            if v - u >= least and all(a * u - c * v == e for a, c, e in equations)
        ]
        assert least_gap(equations, count, least) == min(gaps, default=None), (equations, count, least)
        found += bool(gaps)
    assert 1000 < found < 3500


def test_has_common_root() -> None:
    rng = random.Random(2)
    found = 0
    for _ in range(3000):
        low, step = rng.randint(-5, 5), rng.randint(1, 3)
        high, x = low + rng.randint(-2, 9), rng.randint(-5, 9)
        equations = []
        for _ in range(rng.randint(0, 3)):
            a = rng.randint(-3, 3)
            equations.append((a, a * x if rng.random() < 0.8 else rng.randint(-6, 6)))
        expected = any(all(a * v == e for a, e in equations) for v in range(low, high + 1, step))
        assert has_common_root(equations, low, high, step) == expected
        found += expected
    assert 500 < found < 2500
