"""A machine that executes blocks, loops included, on symbolic states, from one control point to the next.

A control point is the path of a statement (positions in nested bodies, from the outside in; in an If, a
branch is 0 or 1) that is about to be executed; that of a loop is its head: the test of a next iteration is
due. Counted loops run like any other: a counter starts at the lower bound and steps while it is less than
the upper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from seer.lang.operators import to_signed, to_unsigned
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
    Op,
    Param,
    Range,
    Statement,
    Store,
    Table,
    TopArray,
    While,
)
from seer.lang.traverse import subexpressions
from seer.verify.instances import NotProved, Path
from seer.verify.step_values import Facts, Values

__all__ = ["Arrived", "Finished", "Frame", "Machine", "State", "Undecided", "counter_symbol"]


@dataclass(frozen=True)
class Frame:
    """What is to be done: the statements of a block from `position` on, the head of a loop, its step, or the
    end of a scope. `path` is the block's or the statement's."""

    kind: str
    path: Path
    block: Block = ()
    position: int = 0
    statement: Statement | None = None


@dataclass(frozen=True)
class State:
    """A symbolic state: what registers, memories and counters hold, and what is left to do.

    `entered` are counters with the values with which bodies of loops began, `kept` what was stored to
    arrays with a content range.
    """

    frames: tuple[Frame, ...]
    scalars: Mapping[Array, Expr]
    contents: Mapping[Array, TopArray]
    counters: Mapping[int, Expr]
    entered: frozenset[tuple[Iv, Expr]] = frozenset()
    kept: frozenset[tuple[Range, int, Expr]] = frozenset()


@dataclass(frozen=True)
class Arrived:
    """A control point that was asked for is reached."""

    path: Path
    state: State


@dataclass(frozen=True)
class Finished:
    state: State


@dataclass(frozen=True)
class Undecided:
    """The next step depends on a condition; `state` stands before it."""

    condition: Expr
    state: State


@dataclass(frozen=True)
class _Version:
    """Contents of a memory: those of `before` with one element replaced where `when` holds."""

    before: TopArray
    indices: tuple[Expr, ...]
    value: Expr
    when: Expr


@dataclass
class Machine:
    """Executes; `values` and the versions of memories are shared by all states of a proof."""

    values: Values = field(default_factory=Values)
    steps_left: int = 50_000
    _versions: dict[TopArray, _Version] = field(default_factory=dict)
    _names: dict[_Version, TopArray] = field(default_factory=dict)
    _unspecified: int = 0

    def run(self, state: State, stops: frozenset[Path], facts: Facts) -> Arrived | Finished | Undecided:
        """Go on from `state`, by one step at least, to one of `stops` or to the end."""
        moved = False
        while state.frames:
            frame = state.frames[-1]
            here = _point(frame)
            if here is not None and moved and here in stops:
                return Arrived(here, state)
            following = self._step(state, frame, facts)
            if isinstance(following, Undecided):
                return following
            state, moved = following, True
            self.steps_left -= 1
            if self.steps_left < 0:
                raise NotProved("the symbolic execution takes too many steps")
        return Finished(state)

    def symbol(self, name: str, width: int, content: Range | None = None) -> Param:
        return Param(width, f"#{name}", content)

    def fresh(self, array: Array) -> Expr | TopArray:
        """The contents of an array of which nothing is known."""
        self._unspecified += 1
        name = f"unspecified {self._unspecified}"
        if array.type.shape:
            return TopArray(array.type, f"#{name}")
        return self.symbol(name, array.type.width)

    def evaluate(self, root: Expr, state: State, facts: Facts) -> Expr:
        """The value of an expression in a state."""
        memo: dict[Expr, Expr] = {}
        for node in subexpressions(root):
            match node:
                case Load(array, indices) if array.type.shape and not isinstance(array, Table):
                    contents = state.contents.get(array)
                    if contents is None:
                        raise NotProved("an array is read outside of its scope")
                    memo[node] = self._element(contents, tuple(memo[i] for i in indices), facts)
                case Load(Table() as table, indices):
                    memo[node] = Load(table, tuple(memo[i] for i in indices))
                case Load(array):
                    if array not in state.scalars:
                        raise NotProved("a register is read outside of its scope")
                    memo[node] = state.scalars[array]
                case Iv():
                    memo[node] = state.counters.get(node.level, node)
                case Op(name, bits, operands):
                    memo[node] = self.values.operation(name, bits, tuple(memo[o] for o in operands), facts)
                case _:
                    memo[node] = node
        return self.simplified(memo[root], facts)

    def simplified(self, value: Expr, facts: Facts) -> Expr:
        """A value under what is known now."""
        memo: dict[Expr, Expr] = {}
        for node in subexpressions(value):
            match node:
                case Op(name, bits, operands):
                    memo[node] = self.values.operation(name, bits, tuple(memo[o] for o in operands), facts)
                case Load(TopArray() as contents, indices):
                    memo[node] = self._element(contents, tuple(memo[i] for i in indices), facts)
                case Load(array, indices):
                    memo[node] = Load(array, tuple(memo[i] for i in indices))
                case _:
                    memo[node] = node
            if node.width == 1:
                memo[node] = self.values.decided(memo[node], facts)
        return memo[value]

    def history(self, contents: TopArray, facts: Facts) -> tuple[TopArray, tuple[tuple[Expr, ...], ...]]:
        """What a memory began as, and the stores made since, as they count under what is known now."""
        stores: list[tuple[Expr, ...]] = []
        while contents in self._versions:
            version = self._versions[contents]
            contents = version.before
            when = self.simplified(version.when, facts)
            if when != Const(1, 0):
                parts = (*version.indices, version.value)
                stores.append((when, *(self.simplified(part, facts) for part in parts)))
        return contents, tuple(reversed(stores))

    # -- steps ----------------------------------------------------------------------------------------

    def _step(self, state: State, frame: Frame, facts: Facts) -> State | Undecided:
        below = state.frames[:-1]
        match frame.kind, frame.statement:
            case "block", _:
                if frame.position == len(frame.block):
                    return replace(state, frames=below)
                return self._statement(state, frame, facts)
            case "scope", Local(array):
                scalars = {a: v for a, v in state.scalars.items() if a is not array}
                contents = {a: v for a, v in state.contents.items() if a is not array}
                return replace(state, frames=below, scalars=scalars, contents=contents)
            case "step", For(iv):
                value = self.values.operation(
                    "add", iv.bits, (state.counters[iv.level], Const(iv.bits, iv.step)), facts
                )
                head = replace(frame, kind="head")
                return replace(state, frames=(*below, head), counters={**state.counters, iv.level: value})
            case "head", For() | While() as loop:
                return self._head(state, frame, loop, facts)
            case _:
                raise NotProved(f"{type(frame.statement).__name__} statements are not executed")

    def _head(self, state: State, frame: Frame, loop: For | While, facts: Facts) -> State | Undecided:
        below = state.frames[:-1]
        if isinstance(loop, While):
            condition = self.evaluate(loop.condition, state, facts)
        else:
            iv = loop.iv
            if iv.upper - 1 + iv.step >= 1 << (iv.bits - 1):
                raise NotProved("a counter may leave its width behind its last value")
            upper = self.evaluate(loop.upper, state, facts)
            condition = self.values.operation("slt", 1, (state.counters[iv.level], upper), facts)
        again = facts.decide(condition)
        if again is None:
            return Undecided(condition, state)
        if not again:
            counters = dict(state.counters)
            if isinstance(loop, For):
                del counters[loop.iv.level]
            return replace(state, frames=below, counters=counters)
        entered = state.entered
        if isinstance(loop, For):
            entered |= {(loop.iv, self.simplified(state.counters[loop.iv.level], facts))}
        kind = "step" if isinstance(loop, For) else "head"
        body = Frame("block", frame.path, loop.body)
        return replace(state, frames=(*below, replace(frame, kind=kind), body), entered=entered)

    def _statement(self, state: State, frame: Frame, facts: Facts) -> State | Undecided:
        statement = frame.block[frame.position]
        path = (*frame.path, frame.position)
        rest = (*state.frames[:-1], replace(frame, position=frame.position + 1))
        match statement:
            case Store():
                return replace(self._stored(state, statement, facts), frames=rest)
            case If(condition, then, otherwise):
                value = self.evaluate(condition, state, facts)
                holds = facts.decide(value)
                if holds is None:
                    return Undecided(value, state)
                side = Frame("block", (*path, 0 if holds else 1), then if holds else otherwise)
                return replace(state, frames=(*rest, side))
            case Group(body):
                return replace(state, frames=(*rest, Frame("block", path, body)))
            case Local(array, body):
                fresh = self.fresh(array)
                inner = (*rest, Frame("scope", path, statement=statement), Frame("block", path, body))
                if isinstance(fresh, TopArray):
                    return replace(state, frames=inner, contents={**state.contents, array: fresh})
                return replace(state, frames=inner, scalars={**state.scalars, array: fresh})
            case For() if (copies := _copies(statement)) is not None:
                return replace(self._copied(state, copies), frames=rest)
            case For(iv, lower):
                counters = {**state.counters, iv.level: self.evaluate(lower, state, facts)}
                head = Frame("head", path, statement=statement)
                return replace(state, frames=(*rest, head), counters=counters)
            case While():
                return replace(state, frames=(*rest, Frame("head", path, statement=statement)))
            case _:
                raise NotProved(f"{type(statement).__name__} statements are not executed")

    def _stored(self, state: State, store: Store, facts: Facts) -> State:
        array = store.array
        value = self.evaluate(store.value, state, facts)
        when = self.evaluate(store.when, state, facts)
        kept = state.kept
        if array.type.content is not None and when != Const(1, 0):
            kept |= {(array.type.content, array.type.width, value)}
        if not array.type.shape:
            if array not in state.scalars:
                raise NotProved("a register is written outside of its scope")
            old = state.scalars[array]
            new = self.values.operation("select", value.width, (when, value, old), facts)
            return replace(state, scalars={**state.scalars, array: new}, kept=kept)
        if array not in state.contents:
            raise NotProved("an array is written outside of its scope")
        if when == Const(1, 0):
            return state
        indices = tuple(self.evaluate(index, state, facts) for index in store.indices)
        version = _Version(state.contents[array], indices, value, when)
        name = self._names.setdefault(version, TopArray(array.type, f"#version {len(self._names)}"))
        self._versions[name] = version
        return replace(state, contents={**state.contents, array: name}, kept=kept)

    def _copied(self, state: State, copies: tuple[tuple[Array, Array], ...]) -> State:
        """The state after whole arrays have been copied."""
        contents = dict(state.contents)
        for copy, source in copies:
            if copy not in contents or source not in contents:
                raise NotProved("an array is copied outside of its scope")
            contents[copy] = contents[source]
        return replace(state, contents=contents)

    def _element(self, contents: TopArray, indices: tuple[Expr, ...], facts: Facts) -> Expr:
        """An element of a memory, looked for among the stores that made it."""
        while contents in self._versions:
            version = self._versions[contents]
            when = facts.decide(version.when) if version.when is not TRUE else True
            stored = tuple(self.simplified(index, facts) for index in version.indices)
            if when is False or _apart(stored, indices):
                contents = version.before
                continue
            if when and stored == indices and self._inside(contents, indices):
                return version.value
            break
        return Load(contents, indices)

    def _inside(self, contents: TopArray, indices: tuple[Expr, ...]) -> bool:
        """Whether an element surely exists."""
        bounds = zip(indices, contents.type.shape, strict=True)
        return all(self.values.unsigned_range(index)[1] < extent for index, extent in bounds)


def _copies(loop: For) -> tuple[tuple[Array, Array], ...] | None:
    """What a loop does that copies whole arrays, element by element: pairs of a copy and its source. None for
    any other loop."""
    iv, first, last = loop.iv, loop.lower, loop.upper
    if not isinstance(first, Const) or first.value or not isinstance(last, Const) or iv.step != 1:
        return None
    if not (iv.lower <= 0 and last.value <= iv.upper and last.value < 1 << (iv.bits - 1)):
        return None
    found: dict[Array, Array] = {}
    for s in loop.body:
        if not isinstance(s, Store) or s.when is not TRUE or s.array in found:
            return None
        if not isinstance(s.value, Load) or s.value.indices != s.indices or isinstance(s.value.array, Table):
            return None
        copy, source = s.array.type, s.value.array.type
        if copy.shape != (last.value,) or (source.shape, source.width) != (copy.shape, copy.width):
            return None
        if copy.content is not None or s.indices[0] is not iv:
            return None
        found[s.array] = s.value.array
    if any(source in found for source in found.values()):
        return None
    return tuple(found.items())


def _apart(a: tuple[Expr, ...], b: tuple[Expr, ...]) -> bool:
    """Whether two elements surely differ."""
    pairs = zip(a, b, strict=True)
    return any(isinstance(i, Const) and isinstance(j, Const) and i.value != j.value for i, j in pairs)


def _point(frame: Frame) -> Path | None:
    """The control point at which a frame stands, if it is one."""
    if frame.kind == "head":
        return frame.path
    if frame.kind == "block" and frame.position < len(frame.block):
        statement = frame.block[frame.position]
        if not isinstance(statement, (For, While, Group, Local)):
            return (*frame.path, frame.position)
    return None


def counter_symbol(machine: Machine, iv: Iv, name: str, at_head: bool) -> Expr:
    """Any value that a counter may have in a loop's body, or where its head is reached."""
    if iv.lower >= iv.upper:
        raise NotProved("a loop never runs")
    high = iv.upper - 1 + (iv.step if at_head else 0)
    if iv.lower == high:
        return Const(iv.bits, to_unsigned(iv.lower, iv.bits))
    low = to_signed(to_unsigned(iv.lower, iv.bits), iv.bits)
    return machine.symbol(name, iv.bits, Range(low, high))
