"""An iteration decides first and then does all at once, and keeps for the next what that one begins with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from seer.lang.operators import to_unsigned
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Store,
    TopArray,
    While,
)
from seer.lang.traverse import Rewriter, loop_free, statements, subexpressions, with_bodies
from seer.lang.uses import read_by
from seer.rewrites.control._locals import Naming, bound_around, numbered
from seer.rewrites.control._paths import Branch, Leaf, Tree, emitted, leaves, tree_of
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.verify.step_claim import Meeting, Steps

__all__ = ["Deciding"]

Copied = Literal["none", "others", "all"]

_MAX_KEPT = 4
"""Elements that are kept in registers."""
_MAX_STORES = 40
"""Unrolled bodies are larger: what is long anyway has no use for it."""
_MAX_COPIES = 6
_COPIED_WORDS = 16
"""The largest array that is copied."""


@dataclass(frozen=True)
class Deciding(ControlRule):
    """while (more) { if (p && A[i] == q) q = e; if (q > 3) B; i++ }
    -->  x = A[i]; while (more) { if (x == q) if (p) { B; i = i + 1; x = A[i + 1] } else … }

    Every path through an iteration becomes a leaf of a tree of conditions, of which those that memory decides
    stand outermost; at a leaf all new values are computed from the state in which the iteration began, and
    what its conditions exclude is gone. With `keep` the elements at subscripts that only step (`A[i]`, where
    i becomes i or i + 1), and those that stay where they are (`n[0]` in `n[0] = n[0] + 1`), are kept in
    registers: the next iteration finds what it begins with. If it looks two elements `ahead`, those that are
    next at such subscripts (`A[i + 1]`) are kept, too: what an iteration loads is for the next but one. With
    `copy` each place where a small array is read that the loop does not write reads a copy of its own, whose
    data come early, through its own port; with `others` one of several places goes on to read the array.

    Conditions: a loop without loops in it, that writes no array which it then reads in the same iteration,
    and has few paths.
    """

    name: ClassVar[str] = "deciding"
    summary: ClassVar[str] = (
        "while (m) { if (A[i] < q) B; C } --> x = A[i]; while (m) { if (x < q) {B; C; x = A[i + 1]} else C }"
    )
    conditions: ClassVar[str] = (
        "no loop inside, few paths, no array read after it was written in one iteration"
    )
    takes: ClassVar[FragmentKind] = "body"
    checked_by: ClassVar[ProofKind] = "steps"

    keep: bool = True
    ahead: int = 1
    copy: Copied = "others"
    locals_around: int = 0
    loops_around: int = 0

    @property
    def description(self) -> str:
        copied = "" if self.copy == "none" else f", copying {self.copy}"
        ahead = "" if self.ahead == 1 else f" {self.ahead} ahead"
        return f"{self.name} ({'keeping' if self.keep else 'alone'}{ahead}{copied})"

    def placed(self, locals_around: int, loops_around: int) -> Deciding:
        return replace(self, locals_around=locals_around, loops_around=loops_around)

    def _attempt(self, fragment: Block) -> Attempt:
        (loop,) = fragment
        if not isinstance(loop, (For, While)) or not loop_free(loop.body):
            raise Refused("deciding takes a loop without loops in it")
        stores = [s for s in statements(loop.body) if isinstance(s, Store)]
        if len(stores) > _MAX_STORES:
            raise Refused(f"an iteration has {len(stores)} stores; {_MAX_STORES} are the most")
        scalars = any(not s.array.type.shape for s in stores)
        if not scalars and not any(isinstance(s, If) for s in statements(loop.body)):
            raise Refused("there is nothing to decide")
        tree, naming = tree_of(loop.body), Naming()
        if not self.keep and isinstance(tree, Branch) and emitted(tree, naming) == loop.body:
            raise Refused("it decides first already")
        kept = _elements(tree, loop) if self.keep else []
        registers: dict[Load, LocalArray] = {}
        for _ in range(self.ahead):
            found = _next_of(tree, registers, kept) if registers else kept
            if registers and not found:
                raise Refused("nothing is loaded for the next iteration alone")
            more = {load: naming.array(ArrayType(load.array.type.width, ())) for load in found}
            tree = _keeping(tree, more)
            registers |= more
            kept = _elements(tree, loop) if self.keep else []
        if self.copy != "none" and isinstance(tree, Leaf):
            raise Refused("there is nothing to decide")
        copies = {
            load: naming.array(ArrayType(load.array.type.width, load.array.type.shape))
            for load in _small(tree, self.copy)
        }
        if self.copy != "none" and not copies:
            raise Refused("it reads no small array that it does not write")
        if self.keep and self.copy == "none" and not registers:
            raise Refused("there is nothing to keep")
        if isinstance(tree, Leaf) and not registers:
            raise Refused("there is nothing to decide")
        level = loop.iv.level if isinstance(loop, For) else self.loops_around
        reads: dict[Expr, Expr] = {load: Load(copy, load.indices) for load, copy in copies.items()}
        body = emitted(_mapped(tree, reads), naming)
        first = (*(Store(r, (), load) for load, r in registers.items()), *_filled(copies, level))
        block: Block = (*first, with_bodies(loop, [body]))
        for array in reversed((*registers.values(), *copies.values())):
            block = (Local(array, block),)
        base = bound_around(fragment, self.locals_around)
        after = numbered(block, base)
        # In all the scopes, behind what is done first.
        place = (0,) * (len(registers) + len(copies)) + (len(first),)
        values = tuple((base + k, load) for k, load in enumerate(registers))
        arrays = tuple((base + len(registers) + k, load.array) for k, load in enumerate(copies))
        counters = ((loop.iv.level, loop.iv),) if isinstance(loop, For) else ()
        claim = Steps((Meeting((0,), place, values, arrays, counters),))
        return Attempt((Offer(self.name, self.description, "our own", fragment, after, claim, {}),))


def _small(tree: Tree, which: Copied) -> list[Load]:
    """Where small arrays from outside are read that no path writes, at places that vary; of `others` an array
    that is read at several keeps the first for its own port."""
    if which == "none":
        return []
    written = {store.array for leaf in leaves(tree) for store in leaf.stores}
    found: list[Load] = []
    for load in _loads(tree):
        shape = load.array.type.shape
        if len(shape) != 1 or not 1 < shape[0] <= _COPIED_WORDS or load.array in written:
            continue
        # Small arrays that are local already stand where they can be read early.
        if isinstance(load.array, TopArray) and not isinstance(load.indices[0], Const):
            found.append(load)
    if which == "others":
        first = {load.array: load for load in reversed(found)}
        several = {load.array for load in found if load is not first[load.array]}
        found = [load for load in found if load.array not in several or load is not first[load.array]]
    if len(found) > _MAX_COPIES:
        raise Refused(f"{len(found)} copies would be needed; {_MAX_COPIES} are the most")
    return found


def _filled(copies: dict[Load, LocalArray], level: int) -> Block:
    """All elements of arrays copied to their copies, those of arrays of one size in one loop."""
    loops: list[For] = []
    for extent in dict.fromkeys(load.array.type.shape[0] for load in copies):
        iv = Iv(32, level, 0, extent, 1)
        same = [(load.array, copy) for load, copy in copies.items() if copy.type.shape == (extent,)]
        body = tuple(Store(copy, (iv,), Load(array, (iv,))) for array, copy in same)
        loops.append(For(iv, Const(32, 0), Const(32, extent), body))
    return tuple(loops)


def _elements(tree: Tree, loop: For | While) -> list[Load]:
    """The elements of arrays that are worth a register each."""
    ends = leaves(tree)
    written = {store.array for leaf in ends for store in leaf.stores}
    changed = {array for leaf in ends for array, _ in leaf.registers}
    found: list[Load] = []
    for load in _loads(tree):
        if not load.indices or not isinstance(load.array, (TopArray, LocalArray)):
            continue
        nodes = subexpressions(*load.indices)
        registers = read_by(*load.indices)
        if any(isinstance(node, Load) and node.indices for node in nodes):
            continue
        if isinstance(loop, For) and loop.iv in nodes:
            continue
        if load.array in written:
            fixed = not registers & changed and all(
                store.indices == load.indices
                for leaf in ends
                for store in leaf.stores
                if store.array is load.array
            )
            if fixed and all(isinstance(index, Const) for index in load.indices):
                found.append(load)
        elif registers & changed and all(_steps(r, leaf) for r in registers for leaf in ends):
            found.append(load)
    return found[:_MAX_KEPT]


def _next_of(tree: Tree, registers: dict[Load, LocalArray], elements: list[Load]) -> list[Load]:
    """Those of the elements that are what some of `registers` hold next."""
    kept = dict.fromkeys(registers.values())
    following = {value: None for leaf in leaves(tree) for array, value in leaf.registers if array in kept}
    return [load for load in elements if load in following and load not in registers]


def _steps(register: Array, leaf: Leaf) -> bool:
    """Whether a register keeps its value on a path, or goes on by a constant."""
    old = Load(register, ())
    match dict(leaf.registers).get(register, old):
        case Op("add" | "sub", _, (a, Const())):
            return a is old
        case value:
            return value is old


def _loads(tree: Tree) -> list[Load]:
    if isinstance(tree, Leaf):
        roots = [
            *(part for s in tree.stores for part in (*s.indices, s.value, s.when)),
            *(value for _, value in tree.registers),
        ]
        return [node for node in subexpressions(*roots) if isinstance(node, Load)]
    own = [node for node in subexpressions(tree.condition) if isinstance(node, Load)]
    return list(dict.fromkeys((*own, *_loads(tree.then), *_loads(tree.otherwise))))


class _Replaced(Rewriter):
    def __init__(self, values: dict[Expr, Expr]) -> None:
        super().__init__()
        self._values = values

    def _rebuild(self, node: Expr) -> Expr:
        return self._values[node] if node in self._values else super()._rebuild(node)


def _mapped(tree: Tree, values: dict[Expr, Expr]) -> Tree:
    """The tree with other expressions in the place of some."""
    if not values:
        return tree
    new = _Replaced(values)
    if isinstance(tree, Branch):
        sides = _mapped(tree.then, values), _mapped(tree.otherwise, values)
        return Branch(new.expression(tree.condition), *sides)
    stores: list[Store] = []
    for s in tree.stores:
        indices = tuple(new.expression(index) for index in s.indices)
        stores.append(Store(s.array, indices, new.expression(s.value), new.expression(s.when)))
    return Leaf(tuple(stores), tuple((array, new.expression(value)) for array, value in tree.registers))


def _keeping(tree: Tree, registers: dict[Load, LocalArray]) -> Tree:
    """The tree with elements read from registers, which each leaf leaves as they are next."""
    read: dict[Expr, Expr] = {load: Load(register, ()) for load, register in registers.items()}
    return _mapped(_leaving(tree, registers), read)


def _leaving(tree: Tree, registers: dict[Load, LocalArray]) -> Tree:
    """The tree with what the elements are next in registers."""
    if isinstance(tree, Branch):
        return Branch(tree.condition, _leaving(tree.then, registers), _leaving(tree.otherwise, registers))
    following = _Replaced({Load(array, ()): value for array, value in tree.registers})
    more: list[tuple[Array, Expr]] = []
    for load, register in registers.items():
        value: Expr = load
        for store in tree.stores:
            if store.array is load.array:
                new, when = store.value, store.when
                value = new if when is TRUE else Op("select", load.width, (when, new, value))
        if value is load:
            value = Load(load.array, tuple(_summed(following.expression(i)) for i in load.indices))
        if value is not load:
            more.append((register, value))
    return Leaf(tree.stores, (*tree.registers, *more))


def _summed(index: Expr) -> Expr:
    """Two constants that are added one after the other as one."""
    match index:
        case Op("add", bits, (Op("add", _, (inner, Const(_, first))), Const(_, second))):
            total = to_unsigned(first + second, bits)
            return Op("add", bits, (inner, Const(bits, total))) if total else inner
        case _:
            return index
