"""The operations of SeerLang's operators, one for each of `seer.lang.operators`."""

from __future__ import annotations

from typing import ClassVar

from xdsl.dialects.builtin import IntAttrConstraint, IntegerType
from xdsl.irdl import (
    BaseAttr,
    IntSetConstraint,
    IRDLOperation,
    ParamAttrConstraint,
    VarConstraint,
    eq,
    irdl_op_definition,
    operand_def,
    result_def,
)
from xdsl.utils.exceptions import VerifyException

from seer.lang.operators import FLOAT_WIDTHS, OPERATORS, Operator

__all__ = ["EXPRESSIONS", "INTEGER"]

INTEGER = BaseAttr(IntegerType)
_FLOAT_WIDTH = IntAttrConstraint.get(IntSetConstraint(frozenset(FLOAT_WIDTHS)))
_FLOAT = ParamAttrConstraint.get(IntegerType, _FLOAT_WIDTH, None)

_OPERANDS = {1: ("operand",), 2: ("left", "right"), 3: ("first", "second", "third")}


def _same(operator: Operator) -> type[IRDLOperation]:
    width = VarConstraint("T", _FLOAT if operator.is_float else INTEGER)
    operands = _OPERANDS[operator.arity]
    printed = " `,` ".join(f"${operand}" for operand in operands)
    fields = {
        "name": f"seer.{operator.name}",
        **{operand: operand_def(width) for operand in operands},
        "result": result_def(width),
        "assembly_format": f"{printed} attr-dict `:` type($result)",
    }
    return irdl_op_definition(type("Same", (IRDLOperation,), fields))


def _compare(operator: Operator) -> type[IRDLOperation]:
    width = _FLOAT if operator.is_float else INTEGER

    class Compare(IRDLOperation):
        name = f"seer.{operator.name}"
        T: ClassVar = VarConstraint("T", width)
        left = operand_def(T)
        right = operand_def(T)
        result = result_def(eq(IntegerType(1)))
        assembly_format = "$left `,` $right attr-dict `:` type($left)"

    return irdl_op_definition(Compare)


def _select(operator: Operator) -> type[IRDLOperation]:
    class Select(IRDLOperation):
        name = f"seer.{operator.name}"
        T: ClassVar = VarConstraint("T", INTEGER)
        condition = operand_def(eq(IntegerType(1)))
        left = operand_def(T)
        right = operand_def(T)
        result = result_def(T)
        assembly_format = "$condition `,` $left `,` $right attr-dict `:` type($result)"

    return irdl_op_definition(Select)


def _resize(operator: Operator) -> type[IRDLOperation]:
    wider = operator.shape == "widen" or operator.name == "fpext"
    narrower = operator.shape == "narrow" or operator.name == "fptrunc"

    class Resize(IRDLOperation):
        name = f"seer.{operator.name}"
        operand = operand_def(_FLOAT if operator.float_operands else INTEGER)
        result = result_def(_FLOAT if operator.float_result else INTEGER)
        assembly_format = "$operand attr-dict `:` type($operand) `to` type($result)"

        def verify_(self) -> None:
            before, after = (
                value.type.width.data
                for value in (self.operand, self.result)
                if isinstance(value.type, IntegerType)
            )
            if (narrower and after >= before) or (wider and after <= before):
                raise VerifyException(f"{operator.name} from {before} to {after} bits")

    return irdl_op_definition(Resize)


_SHAPES = {
    "same": _same,
    "compare": _compare,
    "select": _select,
    "widen": _resize,
    "narrow": _resize,
    "convert": _resize,
}

EXPRESSIONS: dict[str, type[IRDLOperation]] = {
    operator.name: _SHAPES[operator.shape](operator) for operator in OPERATORS.values()
}
"""The operation of each operator of `seer.lang.operators`."""
