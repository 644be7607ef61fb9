"""Lowers for loops that count to affine.for, with the counter as an expression of its induction variable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from clang.cindex import Cursor

from seer.errors import InputError
from seer.frontend._libclang import CursorKind, StorageClass, refuse
from seer.frontend.bounds import Bounds
from seer.frontend.control import Loop, Node
from seer.frontend.counted import FUNCTIONS, Count, Header, count, read_header
from seer.frontend.late import Late, LateBounds, Reads
from seer.frontend.repeated import read_repeated
from seer.frontend.scope import Scalar, Scope
from seer.frontend.types import CType
from seer.frontend.values import Emitter, Value, constant
from seer.frontend.variables import Variables, header_counter
from seer.lang.affine import Affine, Held, Unsigned
from seer.lang.mlir_bindings import affine, arith, ir, memref, scf
from seer.lang.mlir_origins import range_attribute

__all__ = ["Loops"]

_log = logging.getLogger(__name__)


class Loops:
    """Lowers for loops in a scope, at the current insertion point and location."""

    def __init__(
        self,
        scope: Scope,
        emitter: Emitter,
        entry: ir.Operation,
        reads: Reads,
        variables: Variables,
    ) -> None:
        self._reads = reads
        self._variables = variables
        self._scope = scope
        self._emitter = emitter
        self._entry = entry
        self._bounds = Bounds(scope)

    def counted(self, loop: Cursor) -> tuple[Header, Count] | None:
        """The count that a for loop is, or None if it is not certain to be one."""
        initial, *header, body = loop.get_children()
        return self._counted(lambda: read_header(loop, self._bounds), (initial, *header[1:], body))

    def repeated(self, node: Loop, earlier: Sequence[Node]) -> tuple[Header, Count, tuple[Node, ...]] | None:
        """The same of a while or do loop behind `earlier` in its block, with its body but for the step."""
        body: tuple[Node, ...] = ()

        def read() -> Header:
            nonlocal body
            header, body = read_repeated(node, earlier, self._bounds)
            return header

        found = self._counted(read, [node.cursor])
        return None if found is None else (*found, body)

    def _counted(self, read: Callable[[], Header], parts: Sequence[Cursor]) -> tuple[Header, Count] | None:
        """The count of a loop, perhaps with bounds that are read when it begins; `parts` run in it."""
        try:
            header = read()
            counting = count(header, self._scope, self._bounds)
            self._check_counter(header, counting)
            return header, counting
        except InputError as error:
            _log.debug("%s: this loop is not counted: %s", error.location, error)
        try:
            header = read()
            bounds = LateBounds(self._scope, header.limit, parts, self._reads)
            counting = replace(count(header, self._scope, bounds), late=tuple(bounds.late))
            if header.before:
                bounds.check_first()
            self._check_counter(header, counting)
            return header, counting
        except InputError as error:
            _log.debug("%s: nor with bounds that are read once: %s", error.location, error)
            return None

    @contextmanager
    def counter_register(self, loop: Cursor, declare: Callable[[Cursor], None]) -> Iterator[None]:
        """While a loop that is not counted is written, a register for a variable that only counts."""
        counter = header_counter(loop) if loop.kind is CursorKind.FOR_STMT else None
        if (
            counter is None
            or counter in self._scope.bindings
            or next(loop.get_children()).kind is CursorKind.DECL_STMT
            or counter.semantic_parent.kind not in FUNCTIONS
            or counter.storage_class in (StorageClass.STATIC, StorageClass.EXTERN)
        ):
            yield
            return
        declare(counter)
        yield
        del self._scope.bindings[counter]

    def lower(self, header: Header, counting: Count, label: str | None, body: Callable[[], None]) -> None:
        """Write a counted loop; `body` writes the statements inside at the insertion point."""
        for bound in counting.late:
            self._read(bound, header)
        operation = self._operation(header, counting, label)
        outer = self._scope.bindings.get(header.counter)
        level = len(self._scope.loops)
        self._scope.loops.append((operation.induction_variable, _holding(counting.width)))
        self._scope.spans[level] = counting.span
        with ir.InsertionPoint(operation.body):
            self._scope.bindings[header.counter] = self._counter(header, counting, level)
            body()
            (scf.YieldOp if self._is_late(counting) else affine.AffineYieldOp)([])
        self._scope.loops.pop()
        del self._scope.spans[level]
        if outer is None:
            del self._scope.bindings[header.counter]
        else:
            self._scope.bindings[header.counter] = outer
            self._store_exit_value(header, counting, outer)

    def _check_counter(self, header: Header, counting: Count) -> None:
        """Refuse a loop whose counter has other names, or leaves it as no simple expression."""
        outer = self._scope.bindings.get(header.counter)
        if self._variables.of(header.counter).named:
            found = f"a reference or pointer may write `{header.name}` in this loop"
            refuse(header.loop, found, "count with a variable of its own")
        if outer is None:
            return
        if not isinstance(outer, Scalar) or outer.memref is None:
            refuse(header.loop, f"`{header.name}` cannot count this loop", "count with a variable of its own")
        if counting.trips is None and counting.step != 1:
            found = f"the value that `{header.name}` leaves this loop with is used later, and no constant"
            refuse(header.loop, found, "step by 1, or declare the counter in the loop's header")

    def _read(self, bound: Late, header: Header) -> None:
        """Copy a bound to a register, where it is none already."""
        if bound.variable is not None:
            return
        value = self._emitter.convert(self._reads.value(bound.cursor), bound.held)
        register = memref.AllocaOp(ir.MemRefType.get([], self._emitter.integer(bound.held.width)), [], [])
        part = "first" if bound.cursor == header.first else "end"
        register.attributes["seer.name"] = ir.StringAttr.get(f"{header.name}_{part}")
        for name, attribute in range_attribute(bound.symbol.array.type.content).items():
            register.attributes[name] = attribute
        memref.StoreOp(self._emitter.ssa(value), register.result, [])
        self._scope.held[bound.symbol] = (register.result, bound.held)

    def _is_late(self, counting: Count) -> bool:
        """Whether no affine map may hold the bounds: they read registers, or counters of such loops."""
        symbols = (*counting.lower.mentions, *counting.upper.mentions)
        return any(
            isinstance(symbol, Held) or (isinstance(symbol, int) and self._loop_name(symbol) == "scf.for")
            for symbol in symbols
        )

    def _loop_name(self, level: int) -> str:
        return self._scope.loops[level][0].owner.owner.name

    def _operation(self, header: Header, counting: Count, label: str | None) -> Any:
        if self._is_late(counting):
            operation = self._late_operation(counting)
        else:
            lower, lower_operands = self._map(counting.lower)
            upper, upper_operands = self._map(counting.upper)
            operation = affine.AffineForOp(
                lower,
                upper,
                counting.step,
                lower_bound_operands=lower_operands,
                upper_bound_operands=upper_operands,
            )
        width = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), counting.width)
        operation.attributes["seer.width"] = width
        operation.attributes["seer.iv"] = ir.StringAttr.get(header.name)
        if label is not None:
            operation.attributes["seer.label"] = ir.StringAttr.get(label)
        return operation

    def _late_operation(self, counting: Count) -> Any:
        held, index = _holding(counting.width), ir.IndexType.get()
        values = (self._affine_value(form, held) for form in (counting.lower, counting.upper))
        lower, upper = (arith.IndexCastOp(index, self._emitter.ssa(value)).result for value in values)
        step = arith.ConstantOp(index, ir.IntegerAttr.get(index, counting.step)).result
        return scf.ForOp(lower, upper, step)

    def _map(self, form: Affine) -> tuple[ir.AffineMap, list[ir.Value]]:
        levels = [symbol for symbol, _ in form.terms if isinstance(symbol, int)]
        names = [symbol for symbol, _ in form.terms if isinstance(symbol, (str, Unsigned))]
        expression = ir.AffineExpr.get_constant(form.constant)
        for symbol, coefficient in form.terms:
            if isinstance(symbol, int):
                summand = ir.AffineExpr.get_dim(levels.index(symbol))
            elif isinstance(symbol, Held):
                raise TypeError("an affine map reads no register")
            else:
                summand = ir.AffineExpr.get_symbol(names.index(symbol))
            expression = expression + summand * coefficient
        operands = [self._scope.loops[level][0] for level in levels]
        operands += [self._symbol(name) for name in names]
        return ir.AffineMap.get(len(levels), len(names), [expression]), operands

    def _symbol(self, symbol: str | Unsigned) -> ir.Value:
        # A symbol of an affine map has to be defined at the top of the function.
        with ir.InsertionPoint.at_block_begin(self._entry):
            if isinstance(symbol, Unsigned):
                argument = self._scope.parameters[symbol.name].ssa
                return arith.IndexCastUIOp(ir.IndexType.get(), argument).result
            return arith.IndexCastOp(ir.IndexType.get(), self._scope.parameters[symbol].ssa).result

    def _counter(self, header: Header, counting: Count, level: int) -> Scalar:
        position = self._induction_variable(level)
        ahead = header.step if header.ahead else 0
        if counting.first is None:
            value = position
            if ahead:
                value = self._emitter.operate("add", position.type, position, constant(ahead, position.type))
            return Scalar(header.type, value=value, form=Affine.build(ahead, {level: 1}))
        start = counting.first + Affine(ahead)
        first = self._affine_value(start, position.type)
        value = self._emitter.operate("sub", position.type, first, position)
        return Scalar(header.type, value=value, form=start + Affine.build(0, {level: -1}))

    def _induction_variable(self, level: int) -> Value:
        index, held = self._scope.loops[level]
        return Value(held, ssa=arith.IndexCastOp(self._emitter.integer(held.width), index).result)

    def _affine_value(self, form: Affine, held: CType) -> Value:
        """The form's value modulo 2^width of `held`."""
        total: Value | None = None
        for symbol, coefficient in form.terms:
            if isinstance(symbol, int):
                summand = self._induction_variable(symbol)
            elif isinstance(symbol, Held):
                register, type = self._scope.held[symbol]
                summand = Value(type, ssa=memref.LoadOp(register, []).result)
            else:
                summand = self._scope.parameters[symbol if isinstance(symbol, str) else symbol.name]
            summand = self._emitter.convert(summand, held)
            if abs(coefficient) != 1:
                scale = constant(abs(coefficient), held)
                summand = self._emitter.operate("mul", held, summand, scale)
            if coefficient < 0:
                minuend = constant(0, held) if total is None else total
                total = self._emitter.operate("sub", held, minuend, summand)
            else:
                total = summand if total is None else self._emitter.operate("add", held, total, summand)
        offset = constant(form.constant, held)
        if total is None:
            return offset
        return self._emitter.operate("add", held, total, offset) if form.constant else total

    def _store_exit_value(self, header: Header, counting: Count, register: Any) -> None:
        """The variable that counted was declared outside: give it the value that it leaves with."""
        held = _holding(counting.width)
        if counting.trips is not None:
            travelled = counting.trips * counting.step
            start = counting.lower if counting.first is None else counting.first
            leave = start + Affine(travelled if counting.first is None else -travelled)
            value = self._affine_value(leave, held)
        else:  # the step is 1
            lower, upper = self._affine_value(counting.lower, held), self._affine_value(counting.upper, held)
            runs = self._emitter.operate("slt", held, lower, upper)
            value = self._emitter.select(runs, upper, lower)
            if counting.first is not None:
                value = self._emitter.operate("sub", held, self._affine_value(counting.first, held), value)
        if header.ahead:
            value = self._emitter.operate("add", held, value, constant(header.step, held))
        converted = self._emitter.convert(value, header.type)
        memref.StoreOp(self._emitter.ssa(converted), register.memref, [])


def _holding(width: int) -> CType:
    """A signed type to hold induction variables of `width` bits in: their numbers are signed."""
    return CType(f"signed {width}-bit counter", width, True, 5)
