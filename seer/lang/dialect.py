"""The SeerLang dialect of xDSL: the textual form of programs, defined with IRDL.

Printer, parser and verifier come from these definitions; `seer.lang.text` maps terms to operations and
back. Arrays, parameters and induction variables are block arguments of what binds them; an expression is
an SSA value, so that a shared sub-expression is written once. The operations of an expression stand right
before the one statement that they belong to and are read in the state before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    DictionaryAttr,
    IntAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    SymbolNameConstraint,
)
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, SSAValue, TypeAttribute
from xdsl.irdl import (
    AttrSizedOperandSegments,
    BaseAttr,
    IRDLOperation,
    ParsePropInAttrDict,
    VarConstraint,
    eq,
    irdl_attr_definition,
    irdl_op_definition,
    lazy_traits_def,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    opt_region_def,
    param_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.traits import HasParent, NoTerminator
from xdsl.utils.exceptions import VerifyException

from seer.lang.dialect_operators import EXPRESSIONS, INTEGER
from seer.lang.operators import mask, to_signed, to_unsigned
from seer.lang.terms import ArrayType, Range, Table

__all__ = [
    "EXPRESSIONS",
    "SEER",
    "ArrayTypeAttr",
    "ConstOp",
    "ForOp",
    "GroupOp",
    "IfOp",
    "LoadOp",
    "LocalOp",
    "ProgramOp",
    "StoreOp",
    "TableOp",
    "ValuesAttr",
    "WhileOp",
]


@irdl_attr_definition
class ArrayTypeAttr(ParametrizedAttribute, TypeAttribute):
    """`!seer.array<[rows, columns], i32, [lowest, highest]>`; the content range may be absent."""

    name = "seer.array"

    shape: ArrayAttr[IntAttr] = param_def()
    element: IntegerType = param_def()
    content: ArrayAttr[IntAttr] = param_def()

    @classmethod
    def of(cls, type: ArrayType) -> ArrayTypeAttr:
        bounds = () if type.content is None else (type.content.lower, type.content.upper)
        return cls(_integers(type.shape), IntegerType(type.width), _integers(bounds))

    @property
    def array_type(self) -> ArrayType:
        """The SeerLang type that this attribute stands for."""
        bounds = [bound.data for bound in self.content]
        shape = tuple(extent.data for extent in self.shape)
        return ArrayType(self.element.width.data, shape, Range(*bounds) if bounds else None)

    def verify(self) -> None:
        if len(self.content) not in (0, 2):
            raise VerifyException("a content range has a lowest and a highest value")
        if any(extent.data < 1 for extent in self.shape):
            raise VerifyException("every extent of an array is at least 1")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            shape = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
            parser.parse_punctuation(",")
            element = parser.parse_type()
            content: list[int] = []
            if parser.parse_optional_punctuation(","):
                content = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
        return _integers(shape), element, _integers(content)

    def print_parameters(self, printer: Printer) -> None:
        shape = ", ".join(str(extent.data) for extent in self.shape)
        printer.print_string(f"<[{shape}], {self.element}")
        if self.content:
            printer.print_string(f", [{', '.join(str(bound.data) for bound in self.content)}]")
        printer.print_string(">")


@irdl_attr_definition
class ValuesAttr(ParametrizedAttribute):
    """`#seer.values<[1, -2]>`: numbers of any width, as a table holds them."""

    name = "seer.values"

    numbers: ArrayAttr[IntAttr] = param_def()

    @classmethod
    def of(cls, table: Table) -> ValuesAttr:
        width = table.type.width
        return cls(_integers([to_signed(v, width) if width > 1 else v for v in table.values]))

    def table(self, type: ArrayTypeAttr) -> Table:
        """The table of these values. Raises ValueError where they are not of the type."""
        width = type.element.width.data
        values = [number.data for number in self.numbers]
        for value in values:
            if not -(1 << (width - 1)) <= value <= mask(width):
                raise ValueError(f"table value {value} does not fit {width} bits")
        return Table(type.array_type, tuple(to_unsigned(value, width) for value in values))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            values = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
        return (_integers(values),)

    def print_parameters(self, printer: Printer) -> None:
        printer.print_string(f"<[{', '.join(str(number.data) for number in self.numbers)}]>")


def _integers(values: Sequence[int]) -> ArrayAttr[IntAttr]:
    return ArrayAttr([IntAttr(value) for value in values])


def _check_indices(array: SSAValue, indices: Sequence[SSAValue], element: Attribute) -> None:
    """IRDL cannot relate the shape in a type to the number of operands."""
    if not isinstance(array.type, ArrayTypeAttr):
        raise VerifyException("an access needs an array")
    if len(indices) != len(array.type.shape):
        raise VerifyException(f"{len(indices)} subscripts for {len(array.type.shape)} dimensions")
    if array.type.element != element:
        raise VerifyException(f"the elements are {array.type.element}, not {element}")


@irdl_op_definition
class ConstOp(IRDLOperation):
    """A constant."""

    name = "seer.const"

    T: ClassVar = VarConstraint("T", INTEGER)

    value = prop_def(IntegerAttr.constr(T))
    result = result_def(T)

    assembly_format = "attr-dict $value"


@irdl_op_definition
class LoadOp(IRDLOperation):
    """The element of an array at some subscripts, in the state before the statement."""

    name = "seer.load"

    array = operand_def(BaseAttr(ArrayTypeAttr))
    indices = var_operand_def(INTEGER)
    result = result_def(INTEGER)

    assembly_format = (
        "$array `[` $indices `]` attr-dict `:` type($array) `[` type($indices) `]` `->` type($result)"
    )

    def verify_(self) -> None:
        _check_indices(self.array, self.indices, self.result.type)


@irdl_op_definition
class TableOp(IRDLOperation):
    """A constant array, read-only; it stands before the statements of the program."""

    name = "seer.table"

    elements = prop_def(BaseAttr(ValuesAttr))
    result = result_def(BaseAttr(ArrayTypeAttr))

    traits = lazy_traits_def(lambda: (HasParent(ProgramOp),))
    assembly_format = "$elements attr-dict `:` type($result)"

    def verify_(self) -> None:
        try:
            self.elements.table(self.result.type)
        except ValueError as error:
            raise VerifyException(str(error)) from error


@irdl_op_definition
class StoreOp(IRDLOperation):
    """A store, predicated if `when` is given."""

    name = "seer.store"

    value = operand_def(INTEGER)
    array = operand_def(BaseAttr(ArrayTypeAttr))
    indices = var_operand_def(INTEGER)
    when = opt_operand_def(eq(IntegerType(1)))

    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    assembly_format = (
        "$value `,` $array `[` $indices `]` (`when` $when^)? attr-dict `:` "
        "type($value) `,` type($array) `[` type($indices) `]`"
    )

    def verify_(self) -> None:
        _check_indices(self.array, self.indices, self.value.type)
        if isinstance(self.array.owner, TableOp):
            raise VerifyException("a table is read-only")


@irdl_op_definition
class ForOp(IRDLOperation):
    """A counted loop; `hull` is the constant hull of the induction variable, which `body` binds."""

    name = "seer.for"

    T: ClassVar = VarConstraint("T", INTEGER)

    lower = operand_def(T)
    upper = operand_def(T)
    step = prop_def(IntegerAttr)
    hull = prop_def(ArrayAttr[IntegerAttr])
    body = region_def("single_block")

    traits = traits_def(NoTerminator())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$lower `to` $upper `step` $step `in` $hull `:` type($lower) $body attr-dict"

    def verify_(self) -> None:
        if [argument.type for argument in self.body.block.args] != [self.lower.type]:
            raise VerifyException("the body of a loop binds its induction variable, of the bounds' type")
        if len(self.hull) != 2 or self.step.value.data < 1:
            raise VerifyException("a loop has a hull of two bounds and a positive step")


@irdl_op_definition
class WhileOp(IRDLOperation):
    """A loop whose condition is read anew in the state before each iteration."""

    name = "seer.while"

    condition = operand_def(eq(IntegerType(1)))
    body = region_def("single_block")

    traits = traits_def(NoTerminator())
    assembly_format = "$condition $body attr-dict"

    def verify_(self) -> None:
        if self.body.block.args:
            raise VerifyException("the body of a while binds nothing")


@irdl_op_definition
class IfOp(IRDLOperation):
    """A choice between two blocks, of which the second may be absent."""

    name = "seer.if"

    condition = operand_def(eq(IntegerType(1)))
    then = region_def("single_block")
    otherwise = opt_region_def("single_block")

    traits = traits_def(NoTerminator())
    assembly_format = "$condition $then (`else` $otherwise^)? attr-dict"

    def verify_(self) -> None:
        if any(region.block.args for region in self.regions):
            raise VerifyException("the blocks of an if bind nothing")


@irdl_op_definition
class GroupOp(IRDLOperation):
    """A block as one statement."""

    name = "seer.group"

    body = region_def("single_block")

    traits = traits_def(NoTerminator())
    assembly_format = "$body attr-dict"

    def verify_(self) -> None:
        if self.body.block.args:
            raise VerifyException("a group binds nothing")


@irdl_op_definition
class LocalOp(IRDLOperation):
    """A scope; its body binds one array."""

    name = "seer.local"

    body = region_def("single_block")

    traits = traits_def(NoTerminator())
    assembly_format = "$body attr-dict"

    def verify_(self) -> None:
        arguments = self.body.block.args
        if len(arguments) != 1 or not isinstance(arguments[0].type, ArrayTypeAttr):
            raise VerifyException("a local scope binds one array")


@irdl_op_definition
class ProgramOp(IRDLOperation):
    """A program. `arguments` holds, for each block argument in order, `name`, `signed`, `c_type`,
    for a parameter with a declared content range `range`, and for an argument that is a part of another C
    object `object`. `declarations` is C that defines the types of such objects."""

    name = "seer.program"

    sym_name = prop_def(SymbolNameConstraint())
    arguments = prop_def(ArrayAttr[DictionaryAttr])
    declarations = opt_prop_def(BaseAttr(StringAttr) | BaseAttr(BytesAttr))
    body = region_def("single_block")

    traits = traits_def(NoTerminator())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$sym_name $arguments (`declares` $declarations^)? $body attr-dict"

    def verify_(self) -> None:
        if len(self.arguments) != len(self.body.block.args):
            raise VerifyException("every argument of a program is described")


SEER = Dialect(
    "seer",
    [
        ConstOp,
        LoadOp,
        TableOp,
        StoreOp,
        ForOp,
        WhileOp,
        IfOp,
        GroupOp,
        LocalOp,
        ProgramOp,
        *EXPRESSIONS.values(),
    ],
    [ArrayTypeAttr, ValuesAttr],
)
