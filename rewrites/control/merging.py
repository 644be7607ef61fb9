"""A loop around a loop becomes one loop with a state: no iteration waits for an inner loop to drain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from seer.lang.loop_bounds import reads_registers
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    If,
    Load,
    Local,
    LocalArray,
    Loop,
    Op,
    Store,
    While,
)
from seer.lang.traverse import Rewriter, bodies, expressions, loop_free, statements, subexpressions
from seer.lang.uses import first_use
from seer.rewrites.control._locals import Naming, bound_around, numbered
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.rewrites.control._state import Counter, path_to
from seer.verify.instances import Path
from seer.verify.step_claim import Meeting, Steps

__all__ = ["FORMS", "Merging"]

Form = Literal["turns", "together", "late"]
FORMS: tuple[Form, ...] = ("turns", "together", "late")


@dataclass(frozen=True)
class Merging(ControlRule):
    """for i { A; while (c) B; C }  -->  i = first; A; while (more) { if (c) B; else { C; i++; A } }

    Conditions: one loop inside, and no loop in it, not both with bounds that read no register; what it or C
    reads of the outer loop's scopes has been written in A. Counters become registers. The forms: `turns` is
    the one above; `together` is `if (c) B; if (!c) { C; i++; A }`: it leaves the inner loop in the iteration
    that ends it; `late` puts what C ends with, if that is an `if`, off to an iteration of its own, which is
    good where it is rare.
    """

    name: ClassVar[str] = "merging"
    summary: ClassVar[str] = "for i { A; while (c) B; C } --> while (more) { if (c) B; else { C; i++; A } }"
    conditions: ClassVar[str] = "one loop inside, without loops in it"
    takes: ClassVar[FragmentKind] = "nest"
    checked_by: ClassVar[ProofKind] = "steps"

    form: Form = "turns"
    locals_around: int = 0
    """How many Locals enclose the fragment, for what binds none itself."""

    @property
    def description(self) -> str:
        return f"{self.name} ({self.form})"

    def placed(self, locals_around: int, loops_around: int) -> Merging:
        return replace(self, locals_around=locals_around)

    def _attempt(self, fragment: Block) -> Attempt:
        (outer,) = fragment
        if not isinstance(outer, (For, While)):
            raise Refused("merging takes a loop")
        if all(_is_counted(s) for s in statements(fragment) if isinstance(s, (For, While))):
            raise Refused("how often the loops run is known: flattened they do not wait either")
        nest = _Nest(outer, bound_around(fragment, self.locals_around))
        after, claim = nest.merged(self.form)
        origins: dict[For, tuple[For, ...]] = {}
        return Attempt((Offer(self.name, self.description, "our own", fragment, after, claim, origins),))


def _is_counted(loop: Loop) -> bool:
    return isinstance(loop, For) and not reads_registers(loop)


class _Nest:
    """A loop around one loop, with scopes dissolved: `A`, the inner loop, `C`."""

    def __init__(self, outer: Loop, base: int) -> None:
        self._base = base
        self._outer = outer
        self._naming = Naming()
        self._hoisted: dict[LocalArray, LocalArray] = {}
        self._path: Path = (0,)
        self._tail: Path | None = None
        head, inner, tail = self._opened(outer.body, (0,))
        # What is bound inside of the pieces gets names of its own, so that they may be moved.
        self.head, self.tail = (self._naming.block(self._renamed(piece)) for piece in (head, tail))
        (renamed,) = self._naming.block(self._renamed((inner,)))
        assert isinstance(renamed, (For, While))
        self.inner = renamed
        self.counters = {
            loop: Counter(loop.iv, self._naming) for loop in (outer, renamed) if isinstance(loop, For)
        }

    def _opened(self, block: Block, prefix: Path) -> tuple[Block, Loop, Block]:
        """What stands in front of the inner loop, that loop, and what stands behind; scopes around it go."""
        found = [k for k, s in enumerate(block) if not loop_free((s,))]
        if len(found) != 1:
            raise Refused(f"there are {len(found)} loops in it" if found else "it holds no loop")
        (k,) = found
        middle, path = block[k], (*prefix, k)
        if isinstance(middle, (For, While)):
            if not loop_free(middle.body):
                raise Refused("the loop in it holds a loop")
            self._path = path
            if k + 1 < len(block):
                self._tail = (*prefix, len(block) - 1)
            return block[:k], middle, block[k + 1 :]
        if not isinstance(middle, (Local,)) and not (bodies(middle) and len(bodies(middle)) == 1):
            raise Refused("the loop in it is conditional")
        if isinstance(middle, Local):
            self._hoisted[middle.array] = self._naming.array(middle.array.type)
        before, inner, behind = self._opened(bodies(middle)[0], path)
        if k + 1 < len(block):
            self._tail = (*prefix, len(block) - 1)
        return (*block[:k], *before), inner, (*behind, *block[k + 1 :])

    def _renamed(self, block: Block) -> Block:
        names = self._hoisted
        return Rewriter(array=lambda a: names.get(a, a) if isinstance(a, LocalArray) else a).block(block)

    # -- the new loop --------------------------------------------------------------------------------

    def merged(self, form: Form) -> tuple[Block, Steps]:
        outer, inner = self._outer, self.inner
        running = self._naming.array(ArrayType(1, ()))
        again = self._test(outer)
        begin: Block = ()
        if isinstance(inner, For):
            begin = (self.counters[inner].set(self._seen(inner.lower)),)
        head = (*self._block(self.head), *begin)
        start: Block = ()
        step: Block = ()
        if isinstance(outer, For):
            start, step = (self.counters[outer].set(outer.lower),), (self.counters[outer].advanced(),)
        turn = Store(running, (), again)
        inside = (
            *self._block(inner.body),
            *((self.counters[inner].advanced(),) if isinstance(inner, For) else ()),
        )
        goes_on = self._test(inner)
        entry: Block = (If(Load(running, ()), head),) if head else ()
        tail = self._block(self.tail)
        arrays = [running, *(c.register for c in self.counters.values()), *self._hoisted.values()]
        values: dict[LocalArray, Expr] = {running: Const(1, 1)}
        for loop, counter in self.counters.items():
            values[counter.register] = counter.stored(loop.iv if isinstance(loop, For) else Const(1, 0))
        for old, new in self._hoisted.items():
            if not new.type.shape and self._is_live(new):
                values[new] = Load(old, ())
        first: Block = (*start, turn, *entry)
        last: Block = ()
        more: list[tuple[Path, dict[LocalArray, Expr]]] = []
        match form:
            case "turns":
                rest = (*tail, *step, turn, *entry)
                body: Block = (If(goes_on, inside, rest),)
            case "together":
                rest = (*tail, *step, turn, *entry)
                body = (If(goes_on, inside), If(goes_on, (), rest))
                if any(isinstance(loop, For) for loop in (inner,)) is False and not inside:
                    raise Refused("the inner loop does nothing")
            case "late":
                pending = self._naming.array(ArrayType(1, ()))
                arrays.append(pending)
                late = self._late(head)
                hit = Op("and", 1, (Load(pending, ()), late.condition))
                none, set_ = Store(pending, (), Const(1, 0)), Store(pending, (), Const(1, 1))
                body = (
                    If(
                        hit,
                        (*late.then, none),
                        (If(goes_on, (*inside, none), (*tail[:-1], *step, turn, set_)),),
                    ),
                )
                first, last = (*first, none), (If(hit, late.then),)
                values[pending] = Const(1, 0)
                others = dict(values)
                others[pending] = Const(1, 1)
                assert self._tail is not None
                if isinstance(outer, For):
                    counter = self.counters[outer]
                    others[counter.register] = counter.stored(
                        Op("add", outer.iv.bits, (outer.iv, Const(outer.iv.bits, outer.iv.step)))
                    )
                    others[running] = Op(
                        "slt",
                        1,
                        (
                            Op("add", outer.iv.bits, (outer.iv, Const(outer.iv.bits, outer.iv.step))),
                            outer.upper,
                        ),
                    )
                else:
                    others[running] = outer.condition
                more.append((self._tail, others))
        block: Block = (*first, While(Load(running, ()), body), *last)
        for array in reversed(arrays):
            block = (Local(array, block),)
        levels = {array: self._base + k for k, array in enumerate(arrays)}
        after = numbered(block, self._base)
        place = path_to(after, lambda s: isinstance(s, While))
        meetings = [
            self._meeting(path, place, claimed, levels) for path, claimed in [(self._path, values), *more]
        ]
        return after, Steps(tuple(meetings))

    def _meeting(
        self, path: Path, place: Path, values: dict[LocalArray, Expr], levels: dict[LocalArray, int]
    ) -> Meeting:
        registers = tuple(sorted(((levels[a], v) for a, v in values.items()), key=lambda pair: pair[0]))
        arrays = tuple((levels[new], old) for old, new in self._hoisted.items() if new.type.shape)
        return Meeting(path, place, registers, arrays)

    def _late(self, head: Block) -> If:
        """What the tail ends with, where it may be put off."""
        if head:
            raise Refused("an iteration begins with statements of its own")
        last = self._block(self.tail)[-1:]
        if not last or not isinstance(last[0], If) or last[0].otherwise:
            raise Refused("an iteration does not end with an if")
        ivs = {loop.iv for loop in self.counters if isinstance(loop, For)}
        used = subexpressions(*(e for s in statements(self.tail[-1:]) for e in expressions(s)))
        if any(node in ivs for node in used):
            raise Refused("what would be put off reads a counter")
        return last[0]

    def _test(self, loop: Loop) -> Expr:
        """Whether a loop goes on, in registers."""
        if isinstance(loop, While):
            return self._seen(loop.condition)
        return Op("slt", 1, (self.counters[loop].value, self._seen(loop.upper)))

    def _seen(self, expr: Expr) -> Expr:
        return self._in_registers().expression(expr)

    def _block(self, block: Block) -> Block:
        return self._in_registers().block(block)

    def _in_registers(self) -> Rewriter:
        values: dict[Expr, Expr] = {
            loop.iv: counter.value for loop, counter in self.counters.items() if isinstance(loop, For)
        }
        names = self._hoisted
        return Rewriter(
            leaf=lambda e: values.get(e, e),
            array=lambda a: names.get(a, a) if isinstance(a, LocalArray) else a,
        )

    def _is_live(self, register: LocalArray) -> bool:
        """Whether the inner loop or what follows may read what stands in a register before it."""
        rest: Block = (self.inner, *self.tail)
        return first_use(rest, register) == "read"
