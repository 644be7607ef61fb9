"""`--param n=64`: scalar arguments with the one value that the user promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seer.errors import InputError
from seer.lang.mlir_bindings import arith, context, ir
from seer.lang.operators import to_signed

__all__ = ["specialise"]


def specialise(module: ir.Module, top: str, values: Mapping[str, int]) -> None:
    """Replace uses of scalar arguments of `top` by constants, in place.

    The arguments stay in the signature, with the value as their declared content range: whoever calls the
    function is held to it. Raises InputError for a name that is no scalar argument and for a value that
    its type does not hold.
    """
    if not values:
        return
    function = next(o for o in module.body.operations if getattr(o, "name", None) and o.name.value == top)
    entry = function.operation.regions[0].blocks[0]
    attributes = list(function.operation.attributes["arg_attrs"])
    scalars = {
        given["seer.name"].value: position
        for position, given in enumerate(attributes)
        if isinstance(entry.arguments[position].type, ir.IntegerType)
    }
    for name, value in values.items():
        if name not in scalars:
            known = ", ".join(scalars) or "none"
            hint = f"the integer arguments are: {known}"
            raise InputError(f"--param: `{top}` has no integer argument `{name}`", hint=hint)
        position = scalars[name]
        attributes[position] = _fixed(entry.arguments[position], attributes[position], name, value, entry)
    with context():
        function.operation.attributes["arg_attrs"] = ir.ArrayAttr.get(attributes)


def _fixed(argument: Any, given: Any, name: str, value: int, entry: Any) -> ir.DictAttr:
    width = argument.type.width
    signed = given["seer.signed"].value if "seer.signed" in given else True
    lowest = -(1 << (width - 1)) if signed and width > 1 else 0
    highest = (1 << (width - 1)) - 1 if signed and width > 1 else (1 << width) - 1
    if "seer.range" in given:
        lowest, highest = (int(bound.value) for bound in given["seer.range"])
    if not lowest <= value <= highest:
        hint = f"it holds {lowest} to {highest}"
        raise InputError(f"--param {name}={value} does not fit the type of `{name}`", hint=hint)
    with context(), ir.Location.unknown(), ir.InsertionPoint.at_block_begin(entry):
        constant = arith.ConstantOp(argument.type, ir.IntegerAttr.get(argument.type, to_signed(value, width)))
        argument.replace_all_uses_with(constant.result)
        # One bit more than any integer argument may have, so that the number is read as it is.
        number = ir.IntegerAttr.get(ir.IntegerType.get_signless(width + 1), value)
        kept = {attribute.name: attribute.attr for attribute in given}
        return ir.DictAttr.get({**kept, "seer.range": ir.ArrayAttr.get([number, number])})
