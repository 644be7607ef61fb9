"""Proof that two blocks with loops of any kind are one function of the state, by stepping through both.

A rule that makes one loop of several claims where the blocks meet (`step_claim`). Both blocks are executed
symbolically from the beginning and from each meeting, in any state in which they meet, until they meet again
or both end: along every path of the new block the original, under the conditions of that path, has to come to
a meeting at which everything is as claimed, or to its end with the same memories. Between two meetings either
block takes a step at least and finitely many, so both run for ever or both end, and by induction over the
meetings they leave the same state. (A bisimulation of cut points, as in translation validation: Zuck, Pnueli,
Fang and Goldberg 2002.)

Of the original it is taken for granted that it is well-formed: its counters stay inside their hulls, and what
it stores inside of content ranges. What it reads from a scope that has just begun is equal to nothing of the
new block's, so nothing is proved where that matters.
"""

from __future__ import annotations

from collections.abc import Callable

from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Range,
    Store,
    Table,
    TopArray,
    While,
)
from seer.lang.traverse import bodies
from seer.verify.instances import NotProved, Path
from seer.verify.step_binders import outside
from seer.verify.step_claim import Meeting, Steps
from seer.verify.step_machine import (
    Arrived,
    Finished,
    Frame,
    Machine,
    State,
    Undecided,
    counter_symbol,
)
from seer.verify.step_values import Facts

__all__ = ["prove_steps"]

_MAX_PATHS = 2_000
_MAX_FACTS = 60
"""Conditions that one step may depend on."""
_MAX_PASSED = 12
"""Control points of the original that one step of the new block may pass."""


def prove_steps(before: Block, after: Block, claim: Steps) -> None:
    """Raises NotProved unless `after` is proved equal to `before`."""
    free, bases = outside(before)
    also, others = outside(after)
    if not also.keys() <= free.keys():
        raise NotProved("the new block uses something else from outside")
    if any(bases.get(kind, base) != base for kind, base in others.items()):
        raise NotProved("the new block numbers its binders from another level")
    enclosing = [array.level for array in free if isinstance(array, LocalArray)]
    if "local" in others and others["local"] <= max(enclosing, default=-1):
        raise NotProved("the new block binds a Local that it uses from outside")
    try:
        _Proof(before, after, claim, [a for a in free if isinstance(a, Array)]).run()
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise NotProved(f"the claim does not fit the blocks: {error!r}") from error


class _Proof:
    def __init__(self, before: Block, after: Block, claim: Steps, free: list[Array]) -> None:
        self._before = before
        self._after = after
        self._meetings: dict[tuple[Path, Path], list[Meeting]] = {}
        for meeting in claim.meetings:
            self._meetings.setdefault((meeting.before, meeting.after), []).append(meeting)
        self._stops_before = frozenset(m.before for m in claim.meetings)
        self._stops_after = frozenset(m.after for m in claim.meetings)
        self._free = free
        self._machine = Machine()
        self._paths = _MAX_PATHS

    def run(self) -> None:
        scalars, contents = self._outside_state()
        starts = [
            State((Frame("block", (), block),), scalars, contents, {})
            for block in (self._before, self._after)
        ]
        self._explore(starts[0], starts[1])
        for meetings in self._meetings.values():
            for meeting in meetings:
                self._explore(*self._met(meeting))

    def _outside_state(self) -> tuple[dict[Array, Expr], dict[Array, TopArray]]:
        scalars: dict[Array, Expr] = {}
        contents: dict[Array, TopArray] = {}
        for array in self._free:
            if isinstance(array, Table):
                continue
            name = array.name if isinstance(array, TopArray) else f"local {getattr(array, 'level', '')}"
            if array.type.shape:
                contents[array] = TopArray(array.type, f"#{name}")
            else:
                scalars[array] = self._machine.symbol(name, array.type.width, array.type.content)
        return scalars, contents

    # -- states in which the blocks meet --------------------------------------------------------------

    def _met(self, meeting: Meeting) -> tuple[State, State]:
        machine, nothing = self._machine, Facts()

        def local(array: LocalArray) -> Expr | TopArray:
            name = f"before {array.level}"
            if array.type.shape:
                return TopArray(array.type, f"#{name}")
            return machine.symbol(name, array.type.width, array.type.content)

        def counter(loop: For, at_head: bool) -> Expr:
            return counter_symbol(machine, loop.iv, f"counter {loop.iv.level}", at_head)

        before = self._stand(self._before, meeting.before, local, counter)
        registers, arrays, counters = dict(meeting.registers), dict(meeting.arrays), dict(meeting.counters)

        def claimed(array: LocalArray) -> Expr | TopArray:
            if array.type.shape and array.level in arrays:
                same = arrays[array.level]
                if same.type.shape != array.type.shape or same.type.width != array.type.width:
                    raise NotProved("the claim equates arrays of different types")
                if same not in before.contents:
                    raise NotProved("the claim names an array that is not in scope")
                return before.contents[same]
            if not array.type.shape and array.level in registers:
                value = machine.evaluate(registers[array.level], before, nothing)
                if value.width != array.type.width:
                    raise NotProved("the claim gives a register a value of another width")
                return value
            return machine.fresh(array)

        def claimed_counter(loop: For, at_head: bool) -> Expr:
            if loop.iv.level not in counters:
                raise NotProved("the claim says nothing of a counter")
            value = machine.evaluate(counters[loop.iv.level], before, nothing)
            low, high = machine.values.signed_range(value)
            if value.width != loop.iv.bits or low < loop.iv.lower or (not at_head and high >= loop.iv.upper):
                raise NotProved("the claim takes a counter out of its hull")
            return value

        return before, self._stand(self._after, meeting.after, claimed, claimed_counter)

    def _stand(
        self,
        block: Block,
        path: Path,
        local: Callable[[LocalArray], Expr | TopArray],
        counter: Callable[[For, bool], Expr],
    ) -> State:
        """The state of a block that stands at a control point."""
        scalars, contents = self._outside_state()
        counters: dict[int, Expr] = {}
        frames: list[Frame] = []
        prefix: Path = ()
        rest = list(path)
        while True:
            position = rest.pop(0)
            if not 0 <= position < len(block):
                raise NotProved("the claim names no statement")
            statement = block[position]
            here = (*prefix, position)
            is_loop = isinstance(statement, (For, While))
            if not rest and not is_loop:
                if not isinstance(statement, (Store, If)):
                    raise NotProved("the claim names a statement that is no control point")
                frames.append(Frame("block", prefix, block, position))
                break
            frames.append(Frame("block", prefix, block, position + 1))
            if isinstance(statement, For):
                counters[statement.iv.level] = counter(statement, not rest)
            if not rest:
                frames.append(Frame("head", here, statement=statement))
                break
            match statement:
                case For(body=body):
                    frames.append(Frame("step", here, statement=statement))
                case While(body=body):
                    frames.append(Frame("head", here, statement=statement))
                case Local(array, body):
                    frames.append(Frame("scope", here, statement=statement))
                    value = local(array)
                    if isinstance(value, TopArray):
                        contents[array] = value
                    else:
                        scalars[array] = value
                case Group(body):
                    pass
                case If():
                    branch = rest.pop(0)
                    if branch not in (0, 1) or not rest:
                        raise NotProved("the claim names no statement")
                    body = bodies(statement)[branch]
                    here = (*here, branch)
                case _:
                    raise NotProved("the claim names no statement")
            block, prefix = body, here
        return State(tuple(frames), scalars, contents, counters)

    # -- from one meeting to the next -------------------------------------------------------------------

    def _explore(self, before: State, after: State) -> None:
        waiting = [(after, Facts())]
        while waiting:
            state, facts = waiting.pop()
            found = self._machine.run(state, self._stops_after, facts)
            if isinstance(found, Undecided):
                for holds in (False, True):
                    waiting.append((found.state, facts.extended(found.condition, holds)))
                self._count(facts)
                continue
            self._follow(before, found, facts)

    def _follow(self, before: State, after: Arrived | Finished, facts: Facts) -> None:
        """Let the original come to where the new block is."""
        waiting = [(before, facts, 0)]
        while waiting:
            state, known, passed = waiting.pop()
            found = self._machine.run(state, self._stops_before, known)
            match found, after:
                case Undecided(condition, stopped), _:
                    for holds in (False, True):
                        waiting.append((stopped, known.extended(condition, holds), passed))
                    self._count(known)
                case Finished(), Finished():
                    self._agree(found.state, after.state, known)
                    self._obligations(found.state, after.state, known)
                case Finished(), Arrived():
                    self._ends(found.state, after.state, known)
                case Arrived(path, stopped), Arrived(other) if any(
                    self._meets(meeting, stopped, after.state, known)
                    for meeting in self._meetings.get((path, other), ())
                ):
                    self._obligations(stopped, after.state, known)
                case Arrived(path, stopped), _:
                    if passed >= _MAX_PASSED:
                        raise NotProved("the blocks do not meet as claimed")
                    waiting.append((stopped, known, passed + 1))

    def _ends(self, before: State, after: State, facts: Facts) -> None:
        """The original has ended; the new block, at a control point, has to end, too."""
        waiting = [(after, facts, 0)]
        while waiting:
            state, known, passed = waiting.pop()
            found = self._machine.run(state, self._stops_after, known)
            match found:
                case Finished(ended):
                    self._agree(before, ended, known)
                    self._obligations(before, ended, known)
                case Undecided(condition, stopped):
                    for holds in (False, True):
                        waiting.append((stopped, known.extended(condition, holds), passed))
                    self._count(known)
                case Arrived(state=stopped):
                    if passed >= _MAX_PASSED:
                        raise NotProved("the original ends where the new block goes on")
                    waiting.append((stopped, known, passed + 1))

    def _count(self, facts: Facts) -> None:
        if len(facts) > _MAX_FACTS:
            raise NotProved("a step depends on too many conditions")
        self._paths -= 1
        if self._paths < 0:
            raise NotProved("there are too many paths to step through")

    def _meets(self, meeting: Meeting, before: State, after: State, facts: Facts) -> bool:
        machine = self._machine
        for level, value in meeting.registers:
            array = next((a for a in after.scalars if isinstance(a, LocalArray) and a.level == level), None)
            if array is None:
                raise NotProved("the claim names a register that is not in scope")
            wanted = machine.evaluate(value, before, facts)
            if machine.simplified(after.scalars[array], facts) is not wanted:
                return False
        for level, same in meeting.arrays:
            array = next((a for a in after.contents if isinstance(a, LocalArray) and a.level == level), None)
            if array is None or same not in before.contents:
                raise NotProved("the claim names an array that is not in scope")
            if not self._same_contents(before.contents[same], after.contents[array], facts):
                return False
        for level, value in meeting.counters:
            wanted = machine.evaluate(value, before, facts)
            if level not in after.counters or machine.simplified(after.counters[level], facts) is not wanted:
                return False
        return self._differing(before, after, facts) is None

    def _agree(self, before: State, after: State, facts: Facts) -> None:
        array = self._differing(before, after, facts)
        if array is not None:
            name = array.name if isinstance(array, TopArray) else "a register"
            raise NotProved(f"{name} is not left with the same contents")

    def _differing(self, before: State, after: State, facts: Facts) -> Array | None:
        """An array from outside that does not hold the same."""
        machine = self._machine
        for array in self._free:
            if isinstance(array, Table):
                continue
            if array.type.shape:
                same = self._same_contents(before.contents[array], after.contents[array], facts)
            else:
                ends = (machine.simplified(state.scalars[array], facts) for state in (before, after))
                same = next(ends) is next(ends)
            if not same:
                return array
        return None

    def _same_contents(self, first: TopArray, second: TopArray, facts: Facts) -> bool:
        if first is second:
            return True
        one, other = (self._machine.history(contents, facts) for contents in (first, second))
        return one == other or any(
            _copied(*history) is base for history, base in ((one, second), (other, first))
        )

    def _obligations(self, before: State, after: State, facts: Facts) -> None:
        """The new block's counters stay in their hulls and its stores in content ranges, because the values
        are known to, or because the original does the same."""
        values = self._machine.values
        for iv, value in after.entered:
            low, high = values.signed_range(value)
            inside = iv.lower <= low and high < iv.upper
            same = any(
                _within(other, iv) and self._machine.simplified(theirs, facts) is value
                for other, theirs in before.entered
            )
            if not inside and not same:
                raise NotProved("a counter of the new block may leave its hull")
        theirs = {(*key, self._machine.simplified(value, facts)) for *key, value in before.kept}
        for content, width, value in after.kept:
            value = self._machine.simplified(value, facts)
            if (content, width, value) not in theirs and not _in_range(values.signed_range(value), content):
                raise NotProved("a value may leave the range of its array")


def _copied(base: TopArray, stores: tuple[tuple[Expr, ...], ...]) -> TopArray | None:
    """The memory of which every element has been copied to its own place, if that is what stores did."""
    sources: dict[TopArray, None] = {}
    places: dict[tuple[Expr, ...], None] = {}
    for when, *indices, value in stores:
        if when is not TRUE or not isinstance(value, Load) or list(value.indices) != indices:
            return None
        if not isinstance(value.array, TopArray) or not all(isinstance(i, Const) for i in indices):
            return None
        sources[value.array] = None
        places[tuple(indices)] = None
    if len(sources) != 1:
        return None
    (source,) = sources
    shape = base.type.shape
    numbers = {tuple(i.value for i in place if isinstance(i, Const)) for place in places}
    whole = 1
    for extent in shape:
        whole *= extent
    inside = all(n < e for place in numbers for n, e in zip(place, shape, strict=True))
    same = source.type.shape == shape and source.type.width == base.type.width
    return source if same and inside and len(numbers) == whole else None


def _within(inner: Iv, outer: Iv) -> bool:
    return (
        inner.bits == outer.bits
        and outer.lower <= inner.lower
        and inner.upper <= outer.upper
        and (inner.step, inner.lower % inner.step) == (outer.step, outer.lower % inner.step)
    )


def _in_range(bounds: tuple[int, int], content: Range) -> bool:
    # Read signed; a range of an unsigned reading that goes beyond that is not concluded.
    return content.lower <= bounds[0] and bounds[1] <= content.upper
