"""Reads conditional execution (`scf.if`, `affine.if`) and `scf.while` into nodes of `seer.lang.ssa`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seer.lang.index_forms import Index, needed_width, to_expression
from seer.lang.mlir_bindings import ir
from seer.lang.mlir_origins import STATEMENT, UnsupportedMLIR, origin_of
from seer.lang.mlir_values import ValueReader
from seer.lang.ssa import Memory, Region, Value
from seer.lang.terms import TRUE, ArrayType, Expr, Op

__all__ = ["BranchReader"]

_CONDITIONALS = ("scf.if", "affine.if")
_STORES = ("memref.store", "affine.store")
_IMPURE = (
    *_STORES,
    "memref.alloca",
    "memref.alloc",
    "memref.dealloc",
    "memref.copy",
    "func.call",
    "cf.assert",
)


class BranchReader(ValueReader):
    """What `Reader` knows of control flow that depends on data."""

    def _operations(self, block: Any, region: Region) -> None:
        """Read the operations of a block into a region."""
        raise NotImplementedError

    def _nested(self, operation: Any, region: Region, kind: str) -> None:
        """A Group (`group`), or what only ends the scope of its Locals (`scope`)."""
        blocks = list(operation.regions[0].blocks)
        if len(blocks) != 1:
            raise UnsupportedMLIR(f"{operation.name} with {len(blocks)} blocks is not supported", operation)
        memories = self._carriers(operation, region, [result.type for result in operation.results])
        node = self._node(kind, operation, region)
        node.origin = origin_of(operation, STATEMENT)
        node.body = Region(node)
        self._operations(blocks[0], node.body)
        self._assign(operation, node.body, memories, self._yielded(blocks[0]))
        node.last = len(self.nodes) - 1
        self._bind_results(operation, region, memories)

    def _branch(self, operation: Any, region: Region, condition: Value) -> None:
        """One that does nothing but one store makes that store a predicated one, one without effects
        selects values; any other is an If."""
        if "seer.if" in operation.attributes:
            self._if(operation, region, condition)
        elif _is_predicate(operation):
            self._predicate(operation, region, condition)
        elif not _regions_have_effects(operation):
            self._selection(operation, region, condition)
        else:
            self._if(operation, region, condition)

    def _predicate(self, operation: Any, region: Region, condition: Value) -> None:
        outer, self._conditions = self._conditions, (*self._conditions, (condition, True))
        self._operations(operation.regions[0].blocks[0], region)
        self._conditions = outer

    def _selection(self, operation: Any, region: Region, condition: Value) -> None:
        yielded: list[list[Value]] = []
        for part in operation.regions:
            for block in part.blocks:
                self._operations(block, region)
                yielded.append(self._yielded(block))
        for result, first, second in (
            zip(operation.results, *yielded, strict=True) if len(yielded) == 2 else ()
        ):
            width = self._width(result.type, operation)
            operands = [condition, first, second]
            self._bind(result, self._pure(operation, region, width, operands, _select(width), free=False))

    def _if(self, operation: Any, region: Region, condition: Value) -> None:
        memories = self._carriers(operation, region, [result.type for result in operation.results])
        node = self._node("if", operation, region, [condition])
        node.origin = origin_of(operation, STATEMENT)
        node.body, node.otherwise = Region(node), Region(node)
        for part, inner in zip(operation.regions, (node.body, node.otherwise), strict=True):
            for block in part.blocks:
                self._operations(block, inner)
                self._assign(operation, inner, memories, self._yielded(block))
        node.last = len(self.nodes) - 1
        self._bind_results(operation, region, memories)

    def _while(self, operation: Any, region: Region) -> None:
        before, after = (part.blocks[0] for part in operation.regions)
        carried = [self._value(operand) for operand in operation.operands]
        memories = self._carriers(operation, region, [operand.type for operand in operation.operands])
        for value, memory in zip(carried, memories, strict=True):
            self._write(operation, region, memory, [value])
        if _has_effects(before):
            self._while_with_effects(operation, region, memories)
            return
        node, outer = self._while_node(operation, region)
        condition, *_ = self._tested(operation, before, node.test or region, memories)
        self._node("test", operation, node.test or region, [condition])
        node.body = Region(node)
        # What the test computes besides is computed again where it is used: nothing was written since.
        _, *passed = self._tested(operation, before, node.body, memories)
        for argument, value in zip(after.arguments, passed, strict=True):
            self._bind(argument, value)
        self._operations(after, node.body)
        self._assign(operation, node.body, memories, self._yielded(after))
        node.last = len(self.nodes) - 1
        self._conditions = outer
        _, *passed = self._tested(operation, before, region, memories)
        for result, value in zip(operation.results, passed, strict=True):
            self._bind(result, value)

    def _while_with_effects(self, operation: Any, region: Region, memories: list[Memory]) -> None:
        """A loop whose test does something runs until a flag says that its test has failed."""
        before, after = (part.blocks[0] for part in operation.regions)
        results = self._carriers(operation, region, [result.type for result in operation.results])
        flag = Memory(ArrayType(1, ()))
        self._bound(operation, region, flag)
        self._write(operation, region, flag, [Value(1, given=TRUE)])
        node, outer = self._while_node(operation, region)
        test = node.test or region
        self._node("test", operation, test, [self._read(operation, test, flag, [])])
        node.body = Region(node)
        condition, *passed = self._tested(operation, before, node.body, memories)
        self._assign(operation, node.body, [flag, *results], [condition, *passed])
        again = self._node("if", operation, node.body, [self._read(operation, node.body, flag, [])])
        again.body, again.otherwise = Region(again), Region(again)
        for argument, memory in zip(after.arguments, results, strict=True):
            self._bind(argument, self._read(operation, again.body, memory, []))
        self._operations(after, again.body)
        self._assign(operation, again.body, memories, self._yielded(after))
        again.last = node.last = len(self.nodes) - 1
        self._conditions = outer
        self._bind_results(operation, region, results)

    def _while_node(self, operation: Any, region: Region) -> tuple[Any, tuple[tuple[Value, bool], ...]]:
        """A while node with an empty test, and the conditions that it takes upon itself."""
        outer, self._conditions = self._conditions, ()
        node = self._node("while", operation, region, [value for value, _ in outer])
        node.polarities = tuple(polarity for _, polarity in outer)
        node.origin = origin_of(operation, STATEMENT)
        node.test = Region(node)
        return node, outer

    def _tested(self, operation: Any, block: Any, region: Region, memories: list[Memory]) -> list[Value]:
        """What `scf.condition` gets when the test is read into `region`."""
        for argument, memory in zip(block.arguments, memories, strict=True):
            self._bind(argument, self._read(operation, region, memory, []))
        self._operations(block, region)
        return self._yielded(block)

    def _yielded(self, block: Any) -> list[Value]:
        *_, last = block.operations
        return [self._value(operand) for operand in last.operation.operands]

    def _carriers(self, operation: Any, region: Region, types: Sequence[ir.Type]) -> list[Memory]:
        """A zero-dimensional Local for each value that is carried out of or around a body."""
        memories = []
        for type in types:
            width = self._width(type, operation)
            if width is None:
                raise UnsupportedMLIR(f"{operation.name} that carries an index is not supported", operation)
            memories.append(Memory(ArrayType(width, ())))
            self._bound(operation, region, memories[-1])
        return memories

    def _bind_results(self, operation: Any, region: Region, memories: Sequence[Memory]) -> None:
        for result, memory in zip(operation.results, memories, strict=True):
            self._bind(result, self._read(operation, region, memory, []))

    def _assign(
        self, operation: Any, region: Region, memories: Sequence[Memory], values: Sequence[Value]
    ) -> None:
        for value, memory in zip(values, memories, strict=True):
            self._write(operation, region, memory, [value], self._conditions)


def _operations_of(block: Any) -> list[Any]:
    return [operation.operation for operation in block.operations]


def _regions_have_effects(operation: Any) -> bool:
    return any(_has_effects(block) for part in operation.regions for block in part.blocks)


def _has_effects(block: Any) -> bool:
    """Whether a block does anything but compute."""
    for operation in _operations_of(block):
        if operation.name in _IMPURE or (len(operation.regions) and operation.name not in _CONDITIONALS):
            return True
        if _regions_have_effects(operation):
            return True
    return False


def _is_predicate(operation: Any) -> bool:
    """Whether a conditional holds one store, predicated or not, and nothing else that has effects."""
    first, second = operation.regions
    if len(operation.results):
        return False
    if any(_has_effects(block) or len(_operations_of(block)) > 1 for block in second.blocks):
        return False
    active = [o for o in _operations_of(first.blocks[0]) if o.name in _STORES or len(o.regions)]
    effects = [
        o for o in active if o.name in _STORES or any(_has_effects(b) for p in o.regions for b in p.blocks)
    ]
    if len(effects) != 1 or any(o.name not in (*_STORES, *_CONDITIONALS) for o in active):
        return False
    if any(o.name in _IMPURE and o.name not in _STORES for o in _operations_of(first.blocks[0])):
        return False
    if effects[0].name in _STORES:
        return True
    return "seer.if" not in effects[0].attributes and _is_predicate(effects[0])


def _select(width: int | None) -> Any:
    def compute(v: list[Any]) -> Expr | Index:
        condition, first, second = v
        if width is not None:
            return Op("select", width, (condition, first, second))
        common = needed_width([first, second])
        pair = (to_expression(first, common), to_expression(second, common))
        lower, upper = min(first.lower, second.lower), max(first.upper, second.upper)
        return Index("leaf", lower, upper, (), Op("select", common, (condition, *pair)))

    return compute
