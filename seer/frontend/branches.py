"""Conditionals of the exchange form, and the flags that say which way control went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from seer.frontend.types import CType
from seer.frontend.values import Emitter, Value, constant
from seer.lang.mlir_bindings import arith, ir, memref, scf

__all__ = ["Flag", "as_bit", "choose", "flag", "new_register"]

_BIT = CType("_Bool", 1, False, 0)


Write = Callable[[], None]


def choose(condition: Any, then: Write | None, otherwise: Write | None = None) -> None:
    """Write `if (condition) then else otherwise`; the callbacks write what stands inside.

    `condition` is a bit, or a bool where it is constant.
    """
    if isinstance(condition, bool):
        chosen = then if condition else otherwise
        if chosen is not None:
            chosen()
        return
    operation = scf.IfOp(condition, has_else=otherwise is not None)
    for block, write in (("then_block", then), ("else_block", otherwise)):
        if block == "else_block" and write is None:
            continue
        with ir.InsertionPoint(getattr(operation, block)):
            if write is not None:
                write()
            scf.YieldOp([])
    tidy(operation.then_block)


def as_bit(condition: Any) -> Any:
    """A bit, or a bool, as a bit."""
    if not isinstance(condition, bool):
        return condition
    type = ir.IntegerType.get_signless(1)
    return arith.ConstantOp(type, ir.IntegerAttr.get(type, int(condition))).result


def new_register(type: Any, name: str) -> Any:
    """A new zero-dimensional Local at the insertion point."""
    operation = memref.AllocaOp(ir.MemRefType.get([], type), [], [])
    operation.attributes["seer.name"] = ir.StringAttr.get(name)
    return operation.result


class Flag:
    """A Local of one bit, made at the insertion point and true until it is cleared.

    A flag that nobody reads leaves nothing behind (`discard_unread`).
    """

    def __init__(self, emitter: Emitter, name: str, start: Value | None = None) -> None:
        self._emitter = emitter
        self._register = new_register(emitter.integer(1), name)
        self._stores: list[Any] = []
        self._read = False
        self.set(start or constant(1, _BIT))

    def set(self, value: Value) -> None:
        """Store whether `value` is not 0."""
        bit = self._emitter.ssa(self._emitter.convert(value, _BIT))
        self._stores.append(memref.StoreOp(bit, self._register, []))

    def clear(self) -> None:
        self.set(constant(0, _BIT))

    def value(self) -> Any:
        """The bit as it is at the insertion point."""
        self._read = True
        return memref.LoadOp(self._register, []).result

    def discard_unread(self) -> None:
        """Erase the flag if it was never read, and conditionals that it leaves empty."""
        if self._read:
            return
        for store in self._stores:
            value, block = store.operands[0].owner, store.operation.block
            store.operation.erase()
            if value.name == "arith.constant":
                value.erase()
            tidy(block)
        self._register.owner.erase()


@contextmanager
def flag(emitter: Emitter, name: str, start: Value | None = None) -> Iterator[Flag]:
    """A flag that is discarded at the end if nobody has read it."""
    made = Flag(emitter, name, start)
    yield made
    made.discard_unread()


def tidy(block: Any) -> None:
    """Erase the `scf.if` around an empty block if all of it is empty; turn it round if only `then` is."""
    if not _empty(block) or block.owner.operation.name != "scf.if":
        return
    operation = block.owner.operation
    then = operation.regions[0].blocks[0]
    others = list(operation.regions[1].blocks)
    if not _empty(then):
        return
    if not others or _empty(others[0]):
        outer = operation.block
        operation.erase()
        tidy(outer)
        return
    with ir.InsertionPoint(operation), operation.location:
        turned = scf.IfOp(arith.XOrIOp(operation.operands[0], as_bit(True)).result)
        with ir.InsertionPoint(turned.then_block):
            end = scf.YieldOp([])
        for inner in list(others[0].operations)[:-1]:
            inner.operation.move_before(end.operation)
    operation.erase()


def _empty(block: Any) -> bool:
    """Whether a block of an `scf.if` that is complete, or being written, holds nothing."""
    operations = list(block.operations)
    return len(operations) == 1 and operations[0].operation.name == "scf.yield"
