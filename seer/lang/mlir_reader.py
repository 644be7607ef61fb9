"""Reads a `func.func` into nodes of `seer.lang.ssa`: the control flow that is understood.

Structured control only. Values carried by a loop (`iter_args`) become zero-dimensional Locals, and of a
loop with several upper bounds (the least counts) one becomes the bound and the others a predicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seer.lang.affine_maps import evaluate
from seer.lang.asserted import ASSERTION
from seer.lang.index_forms import INDEX_WIDTH, Index, constant, leaf, needed_width, to_expression
from seer.lang.intervals import Intervals
from seer.lang.mlir_bindings import ir
from seer.lang.mlir_branches import BranchReader
from seer.lang.mlir_origins import UnsupportedMLIR, integers, origin_of, strings
from seer.lang.ssa import Memory, Node, Region, Value
from seer.lang.terms import TRUE, Array, Const, Expr, Iv, Op, Param

__all__ = ["Reader"]

_DEFAULT_WIDTH = 32
"""Bits of an induction variable whose loop does not say (`seer.width`); widened where too narrow."""


class Reader(BranchReader):
    """Reads one function whose arguments mean the given terms; `body` is its outermost region."""

    def __init__(self, arguments: Sequence[Array | Param | Iv], function: Any, intervals: Intervals) -> None:
        super().__init__(intervals)
        self.body = Region(None)
        blocks = list(function.regions[0].blocks)
        if len(blocks) != 1:
            hint = "run lift-cf-to-scf first" if blocks else None
            raise UnsupportedMLIR(f"function has {len(blocks)} blocks", function, hint)
        for argument, term in zip(blocks[0].arguments, arguments, strict=True):
            match term:
                case Array():
                    self._memories[argument] = Memory(term.type, term)
                case Iv():
                    self._bind(argument, Value(None, given=leaf(term, True, intervals)))
                case Param():
                    self._bind(argument, Value(term.bits, given=term))
        self._operations(blocks[0], self.body)

    def _operations(self, block: Any, region: Region) -> None:
        for operation in block.operations:
            self._operation(operation.operation, region)

    def _operation(self, operation: Any, region: Region) -> None:
        match operation.name:
            case "arith.constant":
                self._constant(operation)
            case "ub.poison":
                # Any value will do, say of a Local that was never written.
                width = self._width(operation.results[0].type, operation)
                given = constant(0) if width is None else Const(width, 0)
                self._bind(operation.results[0], Value(width, given=given))
            case "affine.apply" | "affine.min" | "affine.max":
                results = self._map(operation, "map", list(operation.operands), region)
                self._bind(operation.results[0], self._extremum(operation, results, region))
            case "memref.load" | "affine.load":
                self._load(operation, region)
            case "memref.store" | "affine.store":
                self._store(operation, region)
            case "memref.alloca" | "memref.alloc":
                self._local(operation, region)
            case "cf.assert":
                condition = self._value(operation.operands[0])
                held = Memory(ASSERTION.type, ASSERTION)
                self._write(operation, region, held, [condition], self._conditions)
            case "affine.for":
                self._affine_for(operation, region)
            case "scf.for":
                self._scf_for(operation, region)
            case "scf.if":
                self._branch(operation, region, self._value(operation.operands[0]))
            case "affine.if":
                self._branch(operation, region, self._affine_condition(operation, region))
            case "scf.while":
                self._while(operation, region)
            case "memref.get_global":
                self._table(operation)
            case "scf.execute_region":
                self._nested(operation, region, "group")
            case "memref.alloca_scope":
                self._nested(operation, region, "scope")
            case (
                "memref.dealloc"
                | "affine.yield"
                | "scf.yield"
                | "scf.condition"
                | "memref.alloca_scope.return"
            ):
                pass
            case "func.return" if not len(operation.operands):
                pass
            case "func.return":
                hint = "write results to a memref argument; a scalar one is named ap_return"
                raise UnsupportedMLIR("func.return with operands is not supported", operation, hint)
            case _:
                self._computation(operation, region)

    # Conditions

    def _affine_condition(self, operation: Any, region: Region) -> Value:
        # The bindings do not give the set behind an IntegerSetAttr, so it is read from its text.
        text = str(operation.attributes["condition"]).removeprefix("affine_set<").removesuffix(">")
        head, _, constraints = text.partition(" : ")
        parts = constraints.removeprefix("(").removesuffix(")").split(", ")
        expressions = ", ".join(part.rsplit(" ", 2)[0] for part in parts)
        affine_map = ir.Attribute.parse(f"affine_map<{head} -> ({expressions})>", operation.context).value

        def compute(v: list[Any]) -> Expr:
            holds: Expr = TRUE
            for part, result in zip(parts, affine_map.results, strict=True):
                form = evaluate(result, v, affine_map.n_dims)
                if form is None:
                    raise UnsupportedMLIR(f"affine expression {result} has no constant divisor", operation)
                width = needed_width([form])
                zero, value = Const(width, 0), to_expression(form, width)
                comparison = Op("eq", 1, (value, zero)) if "==" in part else Op("sle", 1, (zero, value))
                holds = comparison if holds is TRUE else Op("and", 1, (holds, comparison))
            return holds

        inputs = [self._value(operand) for operand in operation.operands]
        return self._pure(operation, region, 1, inputs, compute)

    # Loops

    def _affine_for(self, operation: Any, region: Region) -> None:
        operands, sizes = list(operation.operands), list(operation.attributes["operandSegmentSizes"])
        bounds, start = [], 0
        for kind, count in zip(("lower", "upper"), sizes, strict=False):
            spelled = strings(operation, f"seer.{kind}")
            inputs = operands[start : start + count]
            bounds.append(self._map(operation, f"{kind}BoundMap", inputs, region, spelled))
            start += count
        step = operation.attributes["step"].value
        self._loop(operation, region, bounds[0], bounds[1], step, operands[start:])

    def _scf_for(self, operation: Any, region: Region) -> None:
        if "unsignedCmp" in operation.attributes:
            raise UnsupportedMLIR("scf.for with an unsigned comparison is not supported", operation)
        lower, upper, step, *carried = operation.operands
        given = self._value(step).given
        by = given.constant if isinstance(given, Index) else given.value if isinstance(given, Const) else None
        width = self._width(step.type, operation)
        if by is None or by <= 0 or (width is not None and by >> (width - 1)):
            raise UnsupportedMLIR("scf.for whose step is no positive constant is not supported", operation)
        bounds = [self._as_index(operation, self._value(bound), region) for bound in (lower, upper)]
        self._loop(operation, region, bounds[:1], bounds[1:], by, carried)

    def _as_index(self, operation: Any, value: Value, region: Region) -> Value:
        if value.width is None:
            return value
        if value.width > INDEX_WIDTH:
            raise UnsupportedMLIR(f"a counter of {value.width} bits is not supported", operation)
        return self._pure(operation, region, None, [value], lambda v: leaf(v[0], True, self._intervals))

    def _loop(
        self,
        operation: Any,
        region: Region,
        lower: list[Value],
        upper: list[Value],
        step: int,
        carried: Sequence[ir.Value],
    ) -> None:
        memories = self._carriers(operation, region, [initial.type for initial in carried])
        for initial, memory in zip(carried, memories, strict=True):
            self._write(operation, region, memory, [self._value(initial)])
        node = self._node("loop", operation, region, [*lower, *upper])
        node.lower_count, node.step = len(lower), step
        node.body, node.origin = Region(node), origin_of(operation, "seer.iv")
        node.induction, node.guard = Value(None), Value(1)
        outer, self._conditions = self._conditions, (*self._conditions, (node.guard, True))
        block = operation.regions[0].blocks[0]
        counter, *arguments = block.arguments
        self._bind(counter, self._counter(operation, node, counter))
        for argument, memory in zip(arguments, memories, strict=True):
            self._bind(argument, self._read(operation, node.body, memory, []))
        self._operations(block, node.body)
        self._assign(operation, node.body, memories, self._yielded(block))
        self._conditions = outer
        node.last = len(self.nodes) - 1
        self._bind_results(operation, region, memories)

    def _counter(self, operation: Any, node: Node, counter: ir.Value) -> Value:
        """What the counter inside the loop denotes, and how wide the induction variable should be."""
        attributes = operation.attributes
        width = self._width(counter.type, operation)
        node.width = attributes["seer.width"].value if "seer.width" in attributes else width or _DEFAULT_WIDTH
        # A hull holds for the bounds that it was stated for; a pass may have changed them since.
        bounds = [str(attributes[name]) for name in ("lowerBoundMap", "upperBoundMap") if name in attributes]
        stated = strings(operation, "seer.hull_of")
        if "seer.hull" in attributes and stated in ((), tuple(bounds)):
            lower, upper = integers(attributes["seer.hull"])
            node.hull = (lower, upper)
        if node.induction is None or width is None:
            return node.induction or Value(None)
        return self._pure(operation, node.body or node.region, width, [node.induction], _at_width(width))


def _at_width(width: int) -> Any:
    return lambda v: to_expression(v[0], width)
