"""Programs, and fragments of them, as MLIR in the exchange form (docs/exchange.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from seer.errors import InputError
from seer.lang.affine_maps import BOUND_OPERATORS, spell
from seer.lang.index_forms import Index, implied_hull, index_of, needed_width, to_expression
from seer.lang.loop_bounds import reads_registers
from seer.lang.mlir_bindings import context, ir
from seer.lang.mlir_objects import object_attribute, set_declarations
from seer.lang.mlir_origins import (
    attributes_of,
    name_attribute,
    numbers,
    range_attribute,
    string_attribute,
)
from seer.lang.mlir_writer import ExpressionWriter, Form
from seer.lang.program import Argument, Origin, Program
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Block,
    Expr,
    For,
    Group,
    If,
    Iv,
    Local,
    Param,
    Statement,
    Store,
    Term,
    TopArray,
    While,
)
from seer.lang.traverse import subexpressions

__all__ = ["Form", "FunctionBuilder", "to_module"]

AttributeHook = Callable[[Statement], Mapping[str, str]]


def to_module(program: Program, form: Form = "plain") -> ir.Module:
    """A module with `program` as its one function; reading it gives the program back, origins included.

    The affine form writes `affine.load` and `affine.store` where every subscript is spelled with
    additions, subtractions and multiplications by constants of induction variables and provably does not
    wrap. Raises InputError for a loop bound that may wrap around.
    """
    terms = [argument.term for argument in program.arguments]
    with context():
        attributes = [_argument_attributes(argument) for argument in program.arguments]
    builder = FunctionBuilder(program.name, terms, form, program.origins, argument_attributes=attributes)
    builder.emit(program.body)
    module = builder.finish()
    with context():
        set_declarations(module.body.operations[0].operation, program.declarations)
    return module


def _argument_attributes(argument: Argument) -> dict[str, ir.Attribute]:
    term = argument.term
    content = term.type.content if isinstance(term, TopArray) else term.content
    attributes = {
        "seer.name": ir.StringAttr.get(argument.name),
        "seer.signed": ir.BoolAttr.get(argument.signed),
        "seer.c_type": ir.StringAttr.get(argument.c_type),
    }
    return attributes | object_attribute(argument.object) | range_attribute(content)


class FunctionBuilder(ExpressionWriter):
    """Writes blocks of statements into one function.

    `arguments` are the terms that stand for the function's arguments, in order: an array (also a Local
    bound outside the fragment) becomes a memref, a parameter an integer, an induction variable bound
    outside an index. `origins` gives labels, names and locations; `attributes` gives further string
    attributes of a statement, written on its loop or store (`read_function` hands those of stores back).

    Use: `emit` any number of times, then `finish`, which gives the module; `function` is the func.func.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[Array | Param | Iv],
        form: Form = "plain",
        origins: Mapping[Term, Origin] | None = None,
        attributes: AttributeHook | None = None,
        argument_attributes: Sequence[Mapping[str, ir.Attribute]] | None = None,
    ) -> None:
        self._attributes = attributes
        with context(), ir.Location.unknown():
            self.module = ir.Module.create()
            types = [_type_of(term) for term in arguments]
            self.function = ir.Operation.create(
                "func.func",
                attributes={
                    "sym_name": ir.StringAttr.get(name),
                    "function_type": ir.TypeAttr.get(ir.FunctionType.get(types, [])),
                },
                regions=1,
                ip=ir.InsertionPoint(self.module.body),
            )
            if argument_attributes is not None:
                dictionaries = [ir.DictAttr.get(dict(given)) for given in argument_attributes]
                self.function.attributes["arg_attrs"] = ir.ArrayAttr.get(dictionaries)
            entry = self.function.regions[0].blocks.append(*types)
            constants = ir.InsertionPoint(self.function)
        super().__init__(form, origins or {}, entry, constants)
        for term, value in zip(arguments, entry.arguments, strict=True):
            match term:
                case Array():
                    self._arrays[term] = value
                case Iv():
                    self._leaves[term, True] = value
                case Param():
                    self._params[term] = value

    def emit(self, block: Block) -> None:
        """Append the statements of `block`."""
        with context(), ir.Location.unknown():
            self._block(block)

    def finish(self) -> ir.Module:
        """Close the function and give its module, verified."""
        with context(), ir.Location.unknown():
            self._create("func.return")
            self.module.operation.verify()
        return self.module

    def _block(self, block: Block) -> None:
        for position, statement in enumerate(block):
            match statement:
                case Store():
                    self._store(statement)
                case For():
                    self._for(statement)
                case While():
                    self._while(statement)
                case If():
                    self._if(statement)
                case Group():
                    with self._region("scf.execute_region", "scf.yield", statement):
                        self._block(statement.body)
                case Local() if position == len(block) - 1:
                    self._local(statement)
                case Local():
                    # What follows must not be read as part of the scope.
                    with self._region("memref.alloca_scope", "memref.alloca_scope.return"):
                        self._local(statement)
                case _:
                    raise TypeError(type(statement).__name__)

    def _local(self, statement: Local) -> None:
        type = statement.array.type
        attributes = self._origin_attributes(statement) | range_attribute(type.content)
        attributes["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get([0, 0])
        operation = self._create("memref.alloca", [_memref(type)], [], attributes, statement)
        self._arrays[statement.array] = operation.result
        self._block(statement.body)
        del self._arrays[statement.array]

    def _store(self, store: Store) -> None:
        values: dict[Expr, ir.Value] = {}
        if store.when is TRUE:
            self._write(store, values)
            return
        condition = self._value(store.when, values)
        with self._region("scf.if", "scf.yield", operands=[condition], location=store, regions=2):
            self._write(store, values)

    def _write(self, store: Store, values: dict[Expr, ir.Value]) -> None:
        value = self._value(store.value, values)
        kind, operands, attributes = self._access("store", store.array, store.indices, values)
        attributes |= self._origin_attributes(store)
        self._create(kind, [], [value, *operands], attributes, store)

    def _late_for(self, loop: For) -> None:
        """A loop whose bounds no affine map may hold: `scf.for` over what was computed before it."""
        attributes = self._origin_attributes(loop)
        values: dict[Expr, ir.Value] = {}
        index = ir.IndexType.get()
        bounds = [
            self._create("arith.index_cast", [index], [self._value(bound, values)]).result
            for bound in (loop.lower, loop.upper)
        ]
        step = {"value": ir.IntegerAttr.get(index, loop.iv.step)}
        bounds.append(self._create("arith.constant", [index], [], step).result)
        attributes["seer.width"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), loop.iv.bits)
        attributes["seer.hull"] = numbers((loop.iv.lower, loop.iv.upper))
        self._no_dimensions[loop.iv] = None
        with self._region("scf.for", "scf.yield", loop, bounds, attributes, counter=loop.iv):
            self._block(loop.body)
        del self._no_dimensions[loop.iv]

    def _for(self, loop: For) -> None:
        counters = (node for node in subexpressions(loop.lower, loop.upper) if isinstance(node, Iv))
        if reads_registers(loop) or any(counter in self._no_dimensions for counter in counters):
            self._late_for(loop)
            return
        attributes = self._origin_attributes(loop)
        operands: list[ir.Value] = []
        sizes: list[int] = []
        forms: list[Index] = []
        width = loop.iv.bits
        maps: list[str] = []
        for kind, bound in (("lower", loop.lower), ("upper", loop.upper)):
            form = index_of(bound, self._intervals, BOUND_OPERATORS)
            if form is None:
                place = self._origins.get(loop, Origin()).locations
                hint = "declare the range of the parameters in it"
                raise InputError(
                    f"the {kind} bound of a loop may wrap around", place[0] if place else None, hint
                )
            affine_map, inputs, read = self._map([form])
            attributes[f"{kind}BoundMap"] = affine_map
            maps.append(str(affine_map))
            sizes.append(len(inputs))
            operands.extend(self._input(key) for key in inputs)
            forms.append(read[0])
            same = needed_width(read, default=width) <= width and to_expression(read[0], width) is bound
            if not same:
                spelling = spell(bound, [expression for expression, _ in inputs])
                attributes[f"seer.{kind}"] = ir.StringAttr.get(spelling)
        if (loop.iv.lower, loop.iv.upper) != implied_hull(forms[0], forms[1], loop.iv.step):
            attributes["seer.hull"] = numbers((loop.iv.lower, loop.iv.upper))
            attributes["seer.hull_of"] = string_attribute(tuple(maps))
        attributes["seer.width"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), width)
        attributes["step"] = ir.IntegerAttr.get(ir.IndexType.get(), loop.iv.step)
        attributes["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get([*sizes, 0])
        with self._region("affine.for", "affine.yield", loop, operands, attributes, counter=loop.iv):
            self._block(loop.body)

    def _if(self, statement: If) -> None:
        condition = self._value(statement.condition, {})
        # Without the mark, a single store would be read as a predicated one.
        attributes = {"seer.if": ir.UnitAttr.get()} | self._origin_attributes(statement)
        operation = self._create("scf.if", [], [condition], attributes, statement, 2)
        parts = [statement.then, statement.otherwise] if statement.otherwise else [statement.then]
        for part, region in zip(parts, operation.regions, strict=False):
            with self._inside(region.blocks.append()):
                self._block(part)
                self._create("scf.yield")

    def _while(self, loop: While) -> None:
        operation = self._create("scf.while", [], [], self._origin_attributes(loop), loop, 2)
        before, after = operation.regions
        with self._inside(before.blocks.append()):
            self._create("scf.condition", [], [self._value(loop.condition, {})])
        with self._inside(after.blocks.append()):
            self._block(loop.body)
            self._create("scf.yield")

    @contextmanager
    def _inside(self, block: Any) -> Iterator[None]:
        """What is created next stands at the end of `block`."""
        outer, self._point = self._point, ir.InsertionPoint(block)
        yield
        self._point = outer

    @contextmanager
    def _region(
        self,
        name: str,
        terminator: str,
        statement: Statement | None = None,
        operands: Sequence[ir.Value] = (),
        attributes: Mapping[str, ir.Attribute] | None = None,
        location: Statement | None = None,
        regions: int = 1,
        counter: Iv | None = None,
    ) -> Iterator[None]:
        """An operation whose first region is what the body of the with statement emits."""
        if attributes is None:
            attributes = self._origin_attributes(statement) if statement is not None else {}
        operation = self._create(name, [], operands, attributes, location or statement, regions)
        types = [] if counter is None else [ir.IndexType.get()]
        block = operation.regions[0].blocks.append(*types)
        if counter is not None:
            self._leaves[counter, True] = block.arguments[0]
        with self._inside(block):
            yield
            self._create(terminator)
        if counter is not None:
            del self._leaves[counter, True]

    def _origin_attributes(self, statement: Statement) -> dict[str, ir.Attribute]:
        attributes = attributes_of(self._origins.get(statement), name_attribute(statement))
        if self._attributes is not None:
            given = self._attributes(statement)
            attributes |= {name: ir.StringAttr.get(value) for name, value in given.items()}
        return attributes


def _memref(type: ArrayType) -> ir.Type:
    return ir.MemRefType.get(type.shape, ir.IntegerType.get_signless(type.width))


def _type_of(term: Array | Param | Iv) -> ir.Type:
    match term:
        case Array():
            return _memref(term.type)
        case Param():
            return ir.IntegerType.get_signless(term.bits)
        case _:
            return ir.IndexType.get()
