"""Writes expressions, subscripts and affine maps into MLIR; the statements around them are `to_mlir`'s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from seer.errors import InputError
from seer.lang.affine_maps import evaluate, flattened, spell, subscript, to_affine, unfolded_size
from seer.lang.index_forms import INDEX_WIDTH, LINEAR, Index, Leaf, index_of, leaf, nodes
from seer.lang.intervals import Intervals
from seer.lang.mlir_bindings import ir
from seer.lang.mlir_floats import FLOAT_NAMES, FLOAT_PREDICATES, float_type
from seer.lang.mlir_operators import COMPARISONS, OPERATIONS
from seer.lang.mlir_origins import STATEMENT, attributes_of, range_attribute, string_attribute, to_location
from seer.lang.mlir_tables import dense
from seer.lang.operators import OPERATORS, to_signed
from seer.lang.program import Origin
from seer.lang.terms import Array, Const, Expr, Iv, Load, Op, Param, Table, Term
from seer.lang.traverse import children

__all__ = ["ExpressionWriter", "Form"]

Form = Literal["plain", "affine"]

_NAMES = {operator: name for name, operator in OPERATIONS.items()}
_PREDICATES = {operator: number for number, (operator, swapped) in enumerate(COMPARISONS) if not swapped}
_LARGEST_MAP = 64
"""Nodes of the largest affine expression that is written as it is spelled."""


class ExpressionWriter:
    """Appends operations at an insertion point; knows the SSA values of arrays, parameters and counters."""

    def __init__(self, form: Form, origins: Mapping[Term, Origin], entry: Any, constants: Any) -> None:
        self._form = form
        self._origins = origins
        self._intervals = Intervals()
        self._arrays: dict[Array, ir.Value] = {}
        self._params: dict[Param, ir.Value] = {}
        # The index values of induction variables, and of parameters as bounds read them.
        self._leaves: dict[Leaf, ir.Value] = {}
        # Induction variables of loops that are no affine ones: nothing affine may read them.
        self._no_dimensions: dict[Iv, None] = {}
        self._entry = entry
        self._point = ir.InsertionPoint(entry)
        # Where constant tables are declared, and those declared so far.
        self._constants = constants
        self._globals: list[Table] = []

    def _create(
        self,
        name: str,
        results: Sequence[ir.Type] = (),
        operands: Sequence[ir.Value] = (),
        attributes: Mapping[str, ir.Attribute] | None = None,
        source: Term | None = None,
        regions: int = 0,
    ) -> Any:
        """A new operation at the insertion point, located where `source` comes from."""
        origin = self._origins.get(source) if source is not None else None
        return ir.Operation.create(
            name,
            results=list(results),
            operands=list(operands),
            attributes=dict(attributes or {}),
            regions=regions,
            loc=to_location(origin),
            ip=self._point,
        )

    def _value(self, root: Expr, values: dict[Expr, ir.Value]) -> ir.Value:
        """The SSA value of `root`; `values` holds what was computed where control has passed already."""
        stack = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if node in values:
                continue
            if ready:
                values[node] = self._computed(node, values)
                continue
            stack.append((node, True))
            # The subscripts of an affine access stand in its map, not among the operations.
            if not (isinstance(node, Load) and self._affine_subscripts(node.indices) is not None):
                stack.extend((child, False) for child in reversed(children(node)))
        return values[root]

    def _computed(self, node: Expr, values: dict[Expr, ir.Value]) -> ir.Value:
        type = ir.IntegerType.get_signless(node.width)
        match node:
            case Const(bits, value):
                attribute = ir.IntegerAttr.get(type, to_signed(value, bits) if bits > 1 else value)
                return self._create("arith.constant", [type], [], {"value": attribute}).result
            case Param():
                return self._params[node]
            case Iv():
                return self._create("arith.index_cast", [type], [self._leaves[node, True]]).result
            case Load(array, indices):
                if isinstance(array, Table) and array not in self._arrays:
                    self._arrays[array] = self._table(array)
                kind, operands, attributes = self._access("load", array, indices, values)
                return self._create(kind, [type], operands, attributes).result
            case Op(name, _, operands) if OPERATORS[name].is_float:
                return self._float(node, [values[operand] for operand in operands])
            case Op(name, _, operands):
                attributes = {}
                if name in _PREDICATES:
                    number = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), _PREDICATES[name])
                    attributes["predicate"] = number
                kind = _NAMES.get(name, "arith.cmpi")
                return self._create(kind, [type], [values[o] for o in operands], attributes).result
            case _:
                raise TypeError(node.__class__.__name__)

    def _float(self, node: Op, operands: Sequence[ir.Value]) -> ir.Value:
        """An operation on floats, between casts of bit patterns."""
        operator = OPERATORS[node.name]
        if operator.float_operands:
            operands = [self._cast(value, float_type(value.type.width)) for value in operands]
        integer = ir.IntegerType.get_signless(node.bits)
        type = float_type(node.bits) if operator.float_result else integer
        attributes = {}
        if node.name in FLOAT_PREDICATES:
            number = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), FLOAT_PREDICATES[node.name])
            attributes["predicate"] = number
        result = self._create(FLOAT_NAMES.get(node.name, "arith.cmpf"), [type], operands, attributes).result
        return self._cast(result, integer) if operator.float_result else result

    def _cast(self, value: ir.Value, type: ir.Type) -> ir.Value:
        return self._create("arith.bitcast", [type], [value]).result

    def _table(self, table: Table) -> ir.Value:
        """The memref of a constant global, which is made where a table is first read."""
        type = ir.MemRefType.get(table.type.shape, ir.IntegerType.get_signless(table.type.width))
        name = f"table{len(self._globals)}"
        self._globals.append(table)
        origin, outer = self._origins.get(table), self._point
        self._point = self._constants
        attributes = {
            "sym_name": ir.StringAttr.get(name),
            "sym_visibility": ir.StringAttr.get("private"),
            "type": ir.TypeAttr.get(type),
            "initial_value": dense(table),
            "constant": ir.UnitAttr.get(),
        }
        attributes |= attributes_of(origin, STATEMENT) | range_attribute(table.type.content)
        self._create("memref.global", [], [], attributes, table)
        self._point = ir.InsertionPoint.at_block_begin(self._entry)
        value = self._create("memref.get_global", [type], [], {"name": ir.FlatSymbolRefAttr.get(name)}).result
        self._point = outer
        return value

    def _access(
        self, action: str, array: Array, indices: Sequence[Expr], values: dict[Expr, ir.Value]
    ) -> tuple[str, list[ir.Value], dict[str, ir.Attribute]]:
        """Operation name, operands (without a stored value) and attributes of an access to an element."""
        memory = self._arrays[array]
        forms = self._affine_subscripts(indices)
        if forms is not None:
            affine_map, inputs, read = self._map(forms)
            attributes: dict[str, ir.Attribute] = {"map": affine_map}
            spellings = [
                "" if subscript(form, extent) is index else spell(index, [key[0] for key in inputs])
                for form, extent, index in zip(read, array.type.shape, indices, strict=True)
            ]
            if any(spellings):
                attributes["seer.subscripts"] = string_attribute(tuple(spellings))
            return f"affine.{action}", [memory, *(self._input(key) for key in inputs)], attributes
        return f"memref.{action}", [memory, *(self._subscript(index, values) for index in indices)], {}

    def _subscript(self, index: Expr, values: dict[Expr, ir.Value]) -> ir.Value:
        if index.width > INDEX_WIDTH:
            raise InputError(
                f"a subscript of {index.width} bits cannot be written; {INDEX_WIDTH} are the most"
            )
        value = self._value(index, values)
        return self._create("arith.index_castui", [ir.IndexType.get()], [value]).result

    def _affine_subscripts(self, indices: Sequence[Expr]) -> list[Index] | None:
        """The integers that subscripts are if the affine form can write all of them in a map."""
        if self._form != "affine":
            return None
        forms = [form for index in indices if (form := self._affine_subscript(index)) is not None]
        return forms if len(forms) == len(indices) else None

    def _affine_subscript(self, index: Expr) -> Index | None:
        form = index_of(index, self._intervals, LINEAR)
        if form is None or form.lower < 0 or unfolded_size(form) > _LARGEST_MAP:
            return None
        simple = all(
            n.expression is None or (isinstance(n.expression, Iv) and n.expression not in self._no_dimensions)
            for n in nodes(form)
        )
        return form if simple else None

    def _map(self, forms: Sequence[Index]) -> tuple[ir.Attribute, list[Leaf], list[Index]]:
        """The affine map that computes `forms`, what its inputs are, and the integers it is read as."""
        small = [form if unfolded_size(form) <= _LARGEST_MAP else flattened(form) for form in forms]
        leaves = {
            (node.expression, node.signed): node for node in nodes(*small) if node.expression is not None
        }
        dimensions = [key for key in leaves if isinstance(key[0], Iv)]
        symbols = [key for key in leaves if not isinstance(key[0], Iv)]

        def variable(key: Leaf) -> ir.Attribute:
            if key in symbols:
                return ir.AffineExpr.get_symbol(symbols.index(key))
            return ir.AffineExpr.get_dim(dimensions.index(key))

        results = [to_affine(form, variable) for form in small]
        affine_map = ir.AffineMap.get(len(dimensions), len(symbols), results)
        inputs = [*dimensions, *symbols]
        meanings = [leaf(expression, signed, self._intervals) for expression, signed in inputs]
        read = [evaluate(result, meanings, len(dimensions)) for result in affine_map.results]
        return ir.AffineMapAttr.get(affine_map), inputs, [form for form in read if form is not None]

    def _input(self, key: Leaf) -> ir.Value:
        """The index value of a map's input; that of a parameter is made once, where MLIR wants symbols."""
        if key not in self._leaves:
            expression, signed = key
            if not isinstance(expression, Param):
                raise ValueError(f"{expression!r} is not bound here")
            outer, self._point = self._point, ir.InsertionPoint.at_block_begin(self._entry)
            name = "arith.index_cast" if signed else "arith.index_castui"
            self._leaves[key] = self._create(name, [ir.IndexType.get()], [self._params[expression]]).result
            self._point = outer
        return self._leaves[key]
