"""Fewer register bits at no cost in cycles: operations move where less waits.

Interval, length and every constraint stay; only slack is used.
"""

from __future__ import annotations

from collections.abc import Sequence

from seer.schedule.constraints import Problem
from seer.schedule.operations import EFFECTS
from seer.schedule.slots import Slots

__all__ = ["register_bits", "shorten_lifetimes"]

_COPY = 4
"""How many cycles of waiting are as bad as a register."""


def shorten_lifetimes(
    problem: Problem, starts: Sequence[int], interval: int, length: int, stable: frozenset[int]
) -> tuple[int, ...]:
    """`starts` with operations moved later or earlier so that fewer bits live across cycles.

    `stable` values cost nothing to keep. Greedy: one pass from the effects backwards in which operands
    are taken to follow, then exact passes forwards and backwards; the best of all is kept.
    """
    mover = _Mover(problem, list(starts), interval, length, stable)
    best, least = list(starts), (mover.registers(), mover.total())
    for backwards, optimistic in ((True, True), (False, False), (True, False), (False, False)):
        mover.sweep(backwards, optimistic)
        cost = mover.registers(), mover.total()
        if cost < least:
            best, least = list(mover.starts), cost
    return tuple(best)


def register_bits(problem: Problem, starts: Sequence[int], interval: int, stable: frozenset[int]) -> int:
    """Bits of the registers that hold values between cycles (ceil(lifetime / II) copies of each value,
    one in straight code)."""
    return _Mover(problem, list(starts), interval, 0, stable).registers()


class _Mover:
    def __init__(
        self, problem: Problem, starts: list[int], interval: int, length: int, stable: frozenset[int]
    ) -> None:
        self.starts = starts
        self._problem = problem
        self._interval = interval
        self._length = length
        self._stable = stable
        drafts = problem.drafts
        self._out: list[list[tuple[int, int]]] = [[] for _ in drafts]
        self._in: list[list[tuple[int, int]]] = [list(edges) for edges in problem.edges]
        for v, edges in enumerate(problem.edges):
            for u, latency in edges:
                self._out[u].append((v, latency))
        for edge in problem.carried:
            latency = edge.latency - interval * edge.distance
            self._out[edge.source].append((edge.sink, latency))
            self._in[edge.sink].append((edge.source, latency))
        # Wiring is transparent: what keeps is the register before it.
        self._root = list(range(len(drafts)))
        self._users: list[list[int]] = [[] for _ in drafts]
        self._roots: list[list[int]] = []
        for v, draft in enumerate(drafts):
            roots = list(dict.fromkeys(self._root[u] for u in draft.inputs))
            self._roots.append(roots)
            if draft.is_wiring:
                self._root[v] = self._root[draft.operands[0]]
                continue
            for root in roots:
                self._users[root].append(v)
        self._slots = Slots([group.pool for group in problem.groups], interval)
        for group in problem.groups:
            for operation in group.operations:
                self._slots.take(operation, starts[operation])

    def total(self) -> int:
        """What all values cost."""
        return sum(self._cost(root) for root in range(len(self.starts)))

    def registers(self) -> int:
        """Bits of registers."""
        widths = (draft.width for draft in self._problem.drafts)
        return sum(width * self._copies(self._lifetime(v)) for v, width in enumerate(widths))

    def _copies(self, lifetime: int) -> int:
        return -(-lifetime // self._interval) if self._interval else min(1, lifetime)

    def _cost(self, root: int) -> int:
        """Mostly the bits of its registers; the bits times cycles show the way to fewer."""
        lifetime = self._lifetime(root)
        return self._problem.drafts[root].width * (_COPY * self._copies(lifetime) + lifetime)

    def _lifetime(self, root: int) -> int:
        """Cycles in which a value has to be kept."""
        draft = self._problem.drafts[root]
        if root in self._stable or draft.is_wiring or not self._users[root]:
            return 0
        starts = self.starts
        born = last = starts[root] + draft.latency
        for user in self._users[root]:
            if starts[user] > last:
                last = starts[user]
        return last - born

    def sweep(self, backwards: bool, optimistic: bool) -> None:
        order = range(len(self.starts))
        for v in reversed(order) if backwards else order:
            draft = self._problem.drafts[v]
            if draft.is_timeless or v == self._problem.decision:
                continue
            if draft.is_wiring:
                # Out of the way of its operand for now, or behind it where it has just moved.
                if backwards:
                    self.starts[v] = min(self._length - 1, *(self.starts[w] - gap for w, gap in self._out[v]))
                else:
                    self._settle(v)
                continue
            if optimistic and draft.kind in EFFECTS:
                continue
            self._move(v, optimistic)
        for v, draft in enumerate(self._problem.drafts):
            if draft.is_wiring:
                self._settle(v)

    def _move(self, v: int, optimistic: bool) -> None:
        now = self.starts[v]
        low = max((self.starts[u] + latency for u, latency in self._in[v] if u != v), default=0)
        latency = self._problem.drafts[v].latency
        high = self._length - (latency or 1)
        for w, gap in self._out[v]:
            if w != v:
                high = min(high, self.starts[w] - gap)
        low = max(low, 0)
        if high <= low:
            return
        candidates = {low, high, now}
        affected = [r for r in self._roots[v] if r not in self._stable]
        for root in affected:
            others = [self.starts[user] for user in self._users[root] if user != v]
            if others:
                candidates.add(min(max(max(others), low), high))
        best, least = now, None
        competes = self._slots.competes(v)
        if competes:
            self._slots.release(v, now)
        for cycle in sorted(candidates, key=lambda c: (-c if optimistic else abs(c - now), c)):
            if cycle != now and competes and not self._slots.free(v, cycle):
                continue
            self.starts[v] = cycle
            cost = self._cost(v) + sum(
                self._cost(root) for root in affected if not (optimistic and self._follows(root, v))
            )
            if least is None or cost < least:
                best, least = cycle, cost
        self.starts[v] = best
        if competes:
            self._slots.take(v, best)

    def _follows(self, root: int, user: int) -> bool:
        """Whether an operand is likely to move along with its only user."""
        draft = self._problem.drafts[root]
        return not draft.is_timeless and draft.kind != "read" and self._users[root] == [user]

    def _settle(self, v: int) -> None:
        """Wiring stands where its operand arrives."""
        self.starts[v] = max((self.starts[u] + gap for u, gap in self._in[v]), default=0)
