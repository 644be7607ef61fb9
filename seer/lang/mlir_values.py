"""Reads the values and memory accesses of a `func.func` into nodes of `seer.lang.ssa`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from seer.lang.affine_maps import evaluate, respell
from seer.lang.index_forms import Index, constant, maximum, minimum
from seer.lang.intervals import Intervals
from seer.lang.mlir_bindings import ir
from seer.lang.mlir_floats import float_width
from seer.lang.mlir_operators import FREE, SCALING, meaning, within_index
from seer.lang.mlir_origins import STATEMENT, UnsupportedMLIR, integers, origin_of, strings
from seer.lang.mlir_tables import dense_values
from seer.lang.operators import to_unsigned
from seer.lang.program import Origin
from seer.lang.ssa import Computed, Memory, Node, Region, Value
from seer.lang.terms import ArrayType, Const, Range, Table

__all__ = ["ValueReader", "array_type", "content_range"]

_HINTS = {
    "cf.br": "run lift-cf-to-scf first",
    "cf.cond_br": "run lift-cf-to-scf first",
    "func.call": "run inline first",
}
_OWN_ATTRIBUTES = {"seer.label", STATEMENT, "seer.subscripts"}


class ValueReader:
    """Keeps the nodes read so far, in program order, and what each SSA value of MLIR denotes."""

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals
        self.nodes: list[Node] = []
        self._values: dict[ir.Value, Value] = {}
        self._memories: dict[ir.Value, Memory] = {}
        self.tables: dict[Table, Origin] = {}
        # What must hold for a store to take place: pairs of a 1-bit value and whether it must be true.
        self._conditions: tuple[tuple[Value, bool], ...] = ()

    def _node(self, kind: str, operation: Any, region: Region, operands: Sequence[Value] = ()) -> Node:
        node = Node(kind, region, len(self.nodes), list(operands), operation)
        node.last = node.order
        self.nodes.append(node)
        region.nodes.append(node)
        for operand in dict.fromkeys(operands):
            operand.users.append(node)
        return node

    def _pure(
        self,
        operation: Any,
        region: Region,
        width: int | None,
        operands: Sequence[Value],
        compute: Callable[[list[Any]], Computed],
        free: bool = True,
    ) -> Value:
        node = self._node("pure", operation, region, operands)
        node.compute, node.free = compute, free
        node.result = Value(width, node)
        return node.result

    def _value(self, value: ir.Value) -> Value:
        return self._values[value]

    def _bind(self, result: ir.Value, value: Value) -> None:
        self._values[result] = value

    def _width(self, type: ir.Type, operation: Any) -> int | None:
        if isinstance(type, ir.IntegerType):
            return type.width
        if str(type) == "index":
            return None
        width = float_width(type)
        if width is None:
            supported = "only integers, indices, f32 and f64 are supported"
            raise UnsupportedMLIR(f"{operation.name} on {type}: {supported}", operation)
        return width

    def _constant(self, operation: Any) -> None:
        width = self._width(operation.results[0].type, operation)
        attribute = operation.attributes["value"]
        if width is not None and float_width(attribute.type) is not None:
            with ir.Location.unknown(operation.context):
                one = ir.DenseElementsAttr.get_splat(ir.RankedTensorType.get([1], attribute.type), attribute)
            value = dense_values(one, 1, width)[0]
        else:
            value = int(attribute.value)
        given = constant(value) if width is None else Const(width, to_unsigned(value, width))
        self._bind(operation.results[0], Value(width, given=given))

    def _computation(self, operation: Any, region: Region) -> None:
        compute = width = None
        if len(operation.results) == 1 and not len(operation.regions):
            width = self._width(operation.results[0].type, operation)
            compute = meaning(operation, width, self._intervals)
        if compute is None:
            hint = _HINTS.get(operation.name, "lower or inline it before it is read")
            raise UnsupportedMLIR(f"operation {operation.name} is not supported", operation, hint)
        operands = [self._value(operand) for operand in operation.operands]
        constants = [isinstance(operand.given, Const) for operand in operands]
        by_constant = constants[-1:] == [True] or (operation.name == "arith.muli" and any(constants))
        scaled = operation.name in SCALING and by_constant
        free = scaled or operation.name in FREE
        self._bind(operation.results[0], self._pure(operation, region, width, operands, compute, free))

    def _map(
        self,
        operation: Any,
        attribute: str,
        operands: Sequence[ir.Value],
        region: Region,
        spelled: Sequence[str] = (),
    ) -> list[Value]:
        """The results of an affine map attribute; `spelled` are their spellings where they are known."""
        affine_map = operation.attributes[attribute].value
        inputs = [self._value(operand) for operand in operands]
        values = []
        for position, result in enumerate(affine_map.results):
            text = spelled[position] if position < len(spelled) else ""

            def compute(
                v: list[Any], result: Any = result, text: str = text, dimensions: int = affine_map.n_dims
            ) -> Computed:
                form = evaluate(result, v, dimensions)
                if form is None:
                    raise UnsupportedMLIR(f"affine expression {result} has no constant divisor", operation)
                expression = respell(text, form, v, self._intervals) if text else None
                if expression is not None:
                    return Index("leaf", form.lower, form.upper, (), expression)
                return within_index(form, self._intervals)

            values.append(self._pure(operation, region, None, inputs, compute))
        return values

    def _extremum(self, operation: Any, values: list[Value], region: Region) -> Value:
        combine = maximum if operation.name == "affine.max" else minimum

        def compute(v: list[Any]) -> Computed:
            result = v[0]
            for other in v[1:]:
                result = combine(result, other)
            return result

        return values[0] if len(values) == 1 else self._pure(operation, region, None, values, compute)

    def _subscripts(
        self, operation: Any, operands: Sequence[ir.Value], region: Region
    ) -> tuple[Memory, list[Value]]:
        memory = self._memories.get(operands[0])
        if memory is None:
            raise UnsupportedMLIR(f"{operation.name}: its memref is neither argument nor local", operation)
        if operation.name.startswith("affine."):
            spelled = strings(operation, "seer.subscripts")
            return memory, self._map(operation, "map", operands[1:], region, spelled)
        return memory, [self._value(operand) for operand in operands[1:]]

    def _load(self, operation: Any, region: Region) -> None:
        memory, subscripts = self._subscripts(operation, list(operation.operands), region)
        self._bind(operation.results[0], self._read(operation, region, memory, subscripts))

    def _read(self, operation: Any, region: Region, memory: Memory, subscripts: Sequence[Value]) -> Value:
        node = self._node("load", operation, region, subscripts)
        node.memory = memory
        node.result = Value(memory.type.width, node)
        return node.result

    def _store(self, operation: Any, region: Region) -> None:
        value, *rest = operation.operands
        memory, subscripts = self._subscripts(operation, rest, region)
        if isinstance(memory.array, Table):
            raise UnsupportedMLIR(f"{operation.name} to a constant", operation)
        node = self._write(operation, region, memory, [*subscripts, self._value(value)], self._conditions)
        node.origin = origin_of(operation, STATEMENT)
        node.attributes = {
            name: operation.attributes[name].value
            for name in operation.attributes
            if name not in _OWN_ATTRIBUTES and isinstance(operation.attributes[name], ir.StringAttr)
        }

    def _write(
        self,
        operation: Any,
        region: Region,
        memory: Memory,
        operands: Sequence[Value],
        conditions: tuple[tuple[Value, bool], ...] = (),
    ) -> Node:
        node = self._node("store", operation, region, [*operands, *(value for value, _ in conditions)])
        node.memory, node.polarities = memory, tuple(polarity for _, polarity in conditions)
        memory.writers.append(node)
        return node

    def _local(self, operation: Any, region: Region) -> Node:
        memory = Memory(array_type(operation.results[0].type, operation, content_range(operation.attributes)))
        self._memories[operation.results[0]] = memory
        node = self._bound(operation, region, memory)
        node.origin = origin_of(operation, STATEMENT)
        return node

    def _table(self, operation: Any) -> None:
        """What `memref.get_global` gives, which must be a constant."""
        name, module = operation.attributes["name"].value, operation
        while module.name != "builtin.module" and module.parent is not None:
            module = module.parent.operation if hasattr(module.parent, "operation") else module.parent
        found = [
            o.operation
            for block in module.regions[0].blocks
            for o in block.operations
            if o.operation.name == "memref.global" and o.operation.attributes["sym_name"].value == name
        ]
        if not found or not {"constant", "initial_value"} <= set(found[0].attributes):
            hint = "make it an argument of the function"
            raise UnsupportedMLIR(f"the global {name!r} is not a constant with known values", operation, hint)
        content = content_range(found[0].attributes)
        type = array_type(operation.results[0].type, operation, content)
        values = dense_values(found[0].attributes["initial_value"], prod(type.shape), type.width)
        table = Table(type, values)
        self._memories[operation.results[0]] = Memory(type, table)
        origin = origin_of(found[0], STATEMENT)
        if origin is not None:
            self.tables[table] = origin

    def _bound(self, operation: Any, region: Region, memory: Memory) -> Node:
        node = self._node("local", operation, region)
        node.memory = memory
        return node


def content_range(attributes: Any) -> Range | None:
    """The declared content range that `seer.range = [lower, upper]` states."""
    if "seer.range" not in attributes:
        return None
    return Range(*integers(attributes["seer.range"]))


def array_type(type: ir.Type, operation: Any, content: Range | None) -> ArrayType:
    """The array type that a memref type is; raises UnsupportedMLIR for what has no such type."""
    width = element_width(type)
    if width is None:
        raise UnsupportedMLIR(f"{operation.name}: {type} is no memref of integers, f32 or f64", operation)
    if not type.has_static_shape:
        hint = "give its shape, or specialise the function"
        raise UnsupportedMLIR(f"{operation.name}: {type} has no constant shape", operation, hint)
    if not type.affine_map == ir.AffineMap.get_identity(type.rank, operation.context):
        raise UnsupportedMLIR(f"{operation.name}: {type} is not laid out row by row", operation)
    return ArrayType(width, tuple(type.shape), content)


def element_width(type: ir.Type) -> int | None:
    """The width of a memref's elements; None for what is no memref of integers, f32 or f64."""
    if not isinstance(type, ir.MemRefType):
        return None
    element = type.element_type
    return element.width if isinstance(element, ir.IntegerType) else float_width(element)
