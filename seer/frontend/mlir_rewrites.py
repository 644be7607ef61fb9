"""Rewrites of a `func.func` that upstream MLIR has no pass for; each leaves the meaning as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from seer.errors import InputError
from seer.lang.mlir_bindings import affine, arith, context, func, ir, memref
from seer.lang.mlir_origins import UnsupportedMLIR
from seer.lang.program import RETURN_NAME

__all__ = [
    "calls",
    "carry_integers",
    "copies_to_loops",
    "drop_layouts",
    "index_arguments",
    "name_arguments",
    "parallel_to_loops",
    "results_to_arguments",
    "set_shapes",
]

INDEX_ARGUMENT_WIDTH = 32
"""Bits of a scalar argument of type index."""

_CARRIED_WIDTH = 64
"""Bits of an index that a loop carries: as many as an index has."""


def _walk(function: Any, visit: Callable[[Any], None], *names: str) -> None:
    """Visit all operations of these names, inner ones after those around them."""
    found: list[Any] = []

    def collect(operation: Any) -> ir.WalkResult:
        if operation.name in names:
            found.append(operation)
        return ir.WalkResult.ADVANCE

    function.operation.walk(collect, ir.WalkOrder.PRE_ORDER)
    for operation in found:
        visit(operation)


def calls(function: Any, known: Sequence[str]) -> bool:
    """Whether a function calls one of those that the module defines."""
    found: list[Any] = []
    _walk(function, found.append, "func.call")
    return any(call.attributes["callee"].value in known for call in found)


def carry_integers(function: Any) -> None:
    """Loops that carry integers in place of indices: their values live in registers, which have a width."""
    _walk(function, _carry_integers, "affine.for", "scf.for", "scf.while")


def _carry_integers(loop: Any) -> None:
    regions = [region.blocks[0] for region in loop.regions]
    ends = [list(block.operations)[-1].operation for block in regions]
    places: list[tuple[Any, int]] = [(loop, n) for n in range(len(loop.operands))]
    places += [(end, n) for end in ends for n in range(len(end.operands))]
    counters = 0 if loop.name == "scf.while" else 1
    carried = [argument for block in regions for argument in list(block.arguments)[counters:]]
    bounds = 0
    if counters:
        # Of a for loop's operands only the last ones are carried.
        bounds = len(loop.operands) - len(carried)
    with context(), loop.location:
        integer, index = ir.IntegerType.get_signless(_CARRIED_WIDTH), ir.IndexType.get()
        for operation, position in places:
            value = operation.operands[position]
            if isinstance(value.type, ir.IndexType) and not (operation is loop and position < bounds):
                with ir.InsertionPoint(operation):
                    operation.operands[position] = arith.IndexCastOp(integer, value).result
        for block in regions:
            for argument in list(block.arguments)[counters:]:
                if isinstance(argument.type, ir.IndexType):
                    with ir.InsertionPoint.at_block_begin(block):
                        _as_index(argument, integer, index)
        for result in loop.results:
            if isinstance(result.type, ir.IndexType):
                after = _next(loop)
                with ir.InsertionPoint(after):
                    _as_index(result, integer, index)


def _as_index(value: ir.Value, integer: ir.Type, index: ir.Type) -> None:
    value.set_type(integer)
    cast = arith.IndexCastOp(index, value)
    value.replace_all_uses_except(cast.result, [cast.operation])


def _next(operation: Any) -> Any:
    following = False
    for other in operation.operation.block.operations:
        if following:
            return other
        following = other.operation == operation.operation
    raise TypeError("a loop stands last in a block")


def _entry(function: Any) -> Any:
    return function.operation.regions[0].blocks[0]


def _set_type(function: Any) -> None:
    """Make the function's type that of its entry block and its return."""
    *_, last = _entry(function).operations
    results = [operand.type for operand in last.operation.operands]
    inputs = [argument.type for argument in _entry(function).arguments]
    type = ir.FunctionType.get(inputs, results, context())
    function.operation.attributes["function_type"] = ir.TypeAttr.get(type, context())


def drop_layouts(function: Any) -> None:
    """Arguments and allocated arrays without layout maps and memory spaces: they say where elements lie
    (banks, partitions), not what they are."""

    def plain(value: ir.Value) -> None:
        type = value.type
        if isinstance(type, ir.MemRefType) and (type.memory_space is not None or not _identity(type)):
            value.set_type(
                ir.MemRefType.get(type.shape, type.element_type, loc=ir.Location.unknown(context()))
            )

    for argument in _entry(function).arguments:
        plain(argument)
    names = ("memref.alloc", "memref.alloca", "memref.get_global", "memref.cast")
    _walk(function, lambda operation: plain(operation.results[0]), *names)
    _set_type(function)


def _identity(type: ir.MemRefType) -> bool:
    map = type.affine_map
    return map == ir.AffineMap.get_identity(type.rank, context())


def name_arguments(function: Any, names: Sequence[str]) -> None:
    """Give each argument the name that the exchange form asks for, where it has none."""
    attributes = function.operation.attributes
    count = len(_entry(function).arguments)
    given = list(attributes["arg_attrs"]) if "arg_attrs" in attributes else [()] * count
    with context():
        listed = []
        for name, known in zip(names, given, strict=True):
            kept: dict[str, Any] = {attribute.name: attribute.attr for attribute in known}
            kept.setdefault("seer.name", ir.StringAttr.get(name))
            listed.append(ir.DictAttr.get(kept))
        attributes["arg_attrs"] = ir.ArrayAttr.get(listed)


def _argument_names(function: Any) -> list[str]:
    return [attributes["seer.name"].value for attributes in function.operation.attributes["arg_attrs"]]


def set_shapes(function: Any, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Give arguments of unknown size the size that the user states; refuse what is left unknown."""
    arguments = dict(zip(_argument_names(function), _entry(function).arguments, strict=True))
    for name, shape in shapes.items():
        argument = arguments.get(name)
        if argument is None or not isinstance(argument.type, ir.MemRefType):
            arrays = ", ".join(n for n, a in arguments.items() if isinstance(a.type, ir.MemRefType))
            raise InputError(
                f"--shape: there is no array `{name}`", hint=f"the arrays are {arrays or 'none'}"
            )
        type = argument.type
        fits = len(shape) == type.rank and all(
            type.is_dynamic_dim(n) or type.get_dim_size(n) == extent for n, extent in enumerate(shape)
        )
        if not fits:
            stated = "x".join(map(str, shape))
            raise InputError(f"--shape {name}={stated} contradicts {type}", hint="give every dimension")
        argument.set_type(_resized(type, shape))
    for name, argument in arguments.items():
        type = argument.type
        if isinstance(type, ir.MemRefType) and not type.has_static_shape:
            example = "x".join(
                "64" if type.is_dynamic_dim(n) else str(type.get_dim_size(n)) for n in range(type.rank)
            )
            hint = f"say it with --shape, such as --shape {name}={example}"
            raise UnsupportedMLIR(f"argument {name} of type {type} has no known size", function, hint)
    _set_type(function)


def _resized(type: ir.MemRefType, shape: Sequence[int]) -> ir.MemRefType:
    return ir.MemRefType.get(list(shape), type.element_type, loc=ir.Location.unknown(context()))


def results_to_arguments(function: Any) -> None:
    """Results become memories that the function writes: a scalar `ap_return`, arrays `result0` and so on."""
    entry = _entry(function)
    *_, last = entry.operations
    last = last.operation
    results = list(last.operands)
    if not results:
        return
    scalars = [value for value in results if not isinstance(value.type, ir.MemRefType)]
    if len(scalars) > 1:
        raise UnsupportedMLIR("more than one scalar result is not supported", last, "write them to memrefs")
    attributes = list(function.operation.attributes["arg_attrs"])
    with context(), last.location, ir.InsertionPoint(last):
        for number, value in enumerate(results):
            array = isinstance(value.type, ir.MemRefType)
            if array and not value.type.has_static_shape:
                raise UnsupportedMLIR(f"a result of type {value.type} is not supported", last, "fix its size")
            if not array and not isinstance(value.type, (ir.IntegerType, ir.FloatType, ir.IndexType)):
                raise UnsupportedMLIR(f"a result of type {value.type} is not supported", last)
            if isinstance(value.type, ir.IndexType):
                integer = ir.IntegerType.get_signless(INDEX_ARGUMENT_WIDTH)
                value = arith.IndexCastOp(integer, value).result
            type = value.type if array else ir.MemRefType.get([], value.type)
            # The return value comes last.
            position = len(entry.arguments)
            argument = entry.add_argument(type, last.location)
            name = f"result{number}" if array else RETURN_NAME
            attributes.insert(position, ir.DictAttr.get({"seer.name": ir.StringAttr.get(name)}))
            if array:
                memref.CopyOp(value, argument)
            else:
                memref.StoreOp(value, argument, [])
        func.ReturnOp([])
        function.operation.attributes["arg_attrs"] = ir.ArrayAttr.get(attributes)
    last.erase()
    if "res_attrs" in function.operation.attributes:
        del function.operation.attributes["res_attrs"]
    _set_type(function)


def copies_to_loops(function: Any) -> None:
    """`memref.copy` as loops over its elements."""

    def rewrite(copy: Any) -> None:
        source, target = copy.operands
        type = source.type if source.type.has_static_shape else target.type
        if not type.has_static_shape:
            raise UnsupportedMLIR("memref.copy of unknown size", copy, "give the sizes with --shape")
        with context(), copy.location, ir.InsertionPoint(copy):
            _nest(list(type.shape), lambda at: _copy_element(source, target, at))
        copy.operation.erase()

    _walk(function, rewrite, "memref.copy")


def _copy_element(source: ir.Value, target: ir.Value, at: list[ir.Value]) -> None:
    memref.StoreOp(memref.LoadOp(source, at).result, target, at)


def _nest(extents: list[int], body: Callable[[list[ir.Value]], None]) -> None:
    at: list[ir.Value] = []
    points = []
    for extent in extents:
        loop = affine.AffineForOp(0, extent, 1)
        point = ir.InsertionPoint(loop.body)
        point.__enter__()
        points.append(point)
        at.append(loop.induction_variable)
    body(at)
    for point in reversed(points):
        affine.AffineYieldOp([])
        point.__exit__(None, None, None)


def parallel_to_loops(function: Any) -> None:
    """`affine.parallel` as nested `affine.for`: one order of the iterations, which all give the same."""

    def rewrite(parallel: Any) -> None:
        attributes = parallel.attributes
        if len(parallel.results):
            raise UnsupportedMLIR(
                "affine.parallel with a reduction is not supported", parallel, "use affine.for"
            )
        groups = [list(attributes[f"{side}BoundsGroups"]) for side in ("lower", "upper")]
        if any(int(size) != 1 for sizes in groups for size in _numbers(sizes)):
            raise UnsupportedMLIR("affine.parallel with min or max bounds is not supported", parallel)
        lower, upper = (attributes[f"{side}BoundsMap"].value for side in ("lower", "upper"))
        steps = [int(step.value) for step in attributes["steps"]]
        operands = list(parallel.operands)
        low, high = operands[: lower.n_inputs], operands[lower.n_inputs :]
        body = parallel.regions[0].blocks[0]
        with context(), parallel.location:
            point = ir.InsertionPoint(parallel)
            inner: Any = None
            for n, step in enumerate(steps):
                with point:
                    inner = affine.AffineForOp(
                        _one(lower, n),
                        _one(upper, n),
                        step,
                        lower_bound_operands=low,
                        upper_bound_operands=high,
                    )
                    body.arguments[n].replace_all_uses_with(inner.induction_variable)
                with ir.InsertionPoint(inner.body):
                    end = affine.AffineYieldOp([])
                point = ir.InsertionPoint(end)
            *inside, _ = list(body.operations)
            last = next(iter(reversed(list(inner.body.operations))))
            for operation in inside:
                operation.operation.move_before(last.operation)
        parallel.operation.erase()

    _walk(function, rewrite, "affine.parallel")


def _numbers(values: Sequence[Any]) -> list[int]:
    return [int(getattr(value, "value", value)) for value in values]


def _one(map: ir.AffineMap, result: int) -> ir.AffineMap:
    return ir.AffineMap.get(map.n_dims, map.n_symbols, [map.results[result]])


def index_arguments(function: Any) -> None:
    """Scalar arguments of type index as 32-bit integers."""
    entry = _entry(function)
    changed = [a for a in entry.arguments if isinstance(a.type, ir.IndexType)]
    if not changed:
        return
    with context(), function.operation.location, ir.InsertionPoint.at_block_begin(entry):
        for argument in changed:
            argument.set_type(ir.IntegerType.get_signless(INDEX_ARGUMENT_WIDTH))
            cast = arith.IndexCastOp(ir.IndexType.get(), argument)
            argument.replace_all_uses_except(cast.result, [cast.operation])
    _set_type(function)
