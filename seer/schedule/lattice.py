"""Two small integer problems in closed form: linear equations in one unknown, and in two of one range."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["has_common_root", "least_gap"]


def has_common_root(equations: Sequence[tuple[int, int]], low: int, high: int, step: int) -> bool:
    """Whether some x = low + step·q, q ≥ 0, of at most `high` solves a·x = e for all (a, e)."""
    root: int | None = None
    for a, e in equations:
        if a == 0:
            if e != 0:
                return False
            continue
        if e % a or root not in (None, e // a):
            return False
        root = e // a
    if root is None:
        return low <= high
    return low <= root <= high and (root - low) % step == 0


def least_gap(equations: Sequence[tuple[int, int, int]], count: int, least: int) -> int | None:
    """The least y − x ≥ `least` (which is not negative) over 0 ≤ x, y < `count` with a·x − c·y = e for all
    (a, c, e); None if there is none."""
    line: tuple[int, int, int, int] | None = None  # x = x0 + k·vx, y = y0 + k·vy for all k
    for a, c, e in equations:
        if line is None:
            if a == 0 and c == 0:
                if e != 0:
                    return None
                continue
            divisor, s, t = _bezout(a, -c)
            if e % divisor:
                return None
            times = e // divisor
            line = s * times, t * times, c // divisor, a // divisor
            continue
        x0, y0, vx, vy = line
        slope, rest = a * vx - c * vy, e - a * x0 + c * y0
        if slope == 0:
            if rest != 0:
                return None
        elif rest % slope:
            return None
        else:
            k = rest // slope
            line = x0 + k * vx, y0 + k * vy, 0, 0
    if line is None:
        return least if least < count else None
    return _least_on(line, count, least)


def _least_on(line: tuple[int, int, int, int], count: int, least: int) -> int | None:
    x0, y0, vx, vy = line
    # Each condition is low ≤ offset + k·slope ≤ high.
    low, high = None, None
    for offset, slope, bottom, top in (
        (x0, vx, 0, count - 1),
        (y0, vy, 0, count - 1),
        (y0 - x0, vy - vx, least, count - 1),
    ):
        if slope == 0:
            if not bottom <= offset <= top:
                return None
            continue
        ends = (bottom - offset, top - offset) if slope > 0 else (offset - top, offset - bottom)
        first, last = -(-ends[0] // abs(slope)), ends[1] // abs(slope)
        low = first if low is None else max(low, first)
        high = last if high is None else min(high, last)
    if low is None or high is None:
        return y0 - x0
    if low > high:
        return None
    return y0 - x0 + (vy - vx) * (low if vy > vx else high)


def _bezout(a: int, b: int) -> tuple[int, int, int]:
    """(g, s, t) with s·a + t·b = g = gcd(a, b) > 0."""
    r, s, t = (a, b), (1, 0), (0, 1)
    while r[1]:
        q = r[0] // r[1]
        r, s, t = (r[1], r[0] - q * r[1]), (s[1], s[0] - q * s[1]), (t[1], t[0] - q * t[1])
    sign = -1 if r[0] < 0 else 1
    return sign * r[0], sign * s[0], sign * t[0]
