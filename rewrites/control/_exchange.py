"""Fragments into MLIR functions and back, with companions, for rules that run upstream passes."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from seer.lang.from_mlir import read_function
from seer.lang.loop_bounds import reads_registers
from seer.lang.mlir_bindings import PassError, context, ir, transform
from seer.lang.terms import Array, Block, For, Iv, Param
from seer.lang.to_mlir import Form, FunctionBuilder
from seer.lang.traverse import expressions, statements, subexpressions, without_groups
from seer.rewrites.control._locals import bound_around
from seer.rewrites.control._rule import Offer, Refused
from seer.rewrites.control._scopes import narrowed
from seer.verify.companions import extract, instrument, loop_sources
from seer.verify.instances import shape_of

__all__ = ["Exchange", "apply_transform"]


class Exchange:
    """One fragment, instrumented with companions (see `instrument` for `link_depth`), as a function.

    Passes change `module` in place; `offer` reads the result back.
    """

    def __init__(self, fragment: Block, form: Form, link_depth: int = 0) -> None:
        if any(isinstance(s, For) and reads_registers(s) for s in statements(fragment)):
            # What a pass or a check took for a constant of the fragment might be written in it.
            raise Refused("the bounds of a loop are known only when it begins")
        self._fragment = fragment
        block = without_groups(instrument(fragment, link_depth))
        shape = shape_of(block)
        params = {
            node: None
            for statement in statements(block)
            for node in subexpressions(*expressions(statement))
            if isinstance(node, Param)
        }
        self._arguments: list[Array | Param | Iv] = [*shape.free_arrays, *params, *shape.free_ivs]
        self._iv_base, self._local_base = shape.iv_base or 0, bound_around(fragment)
        builder = FunctionBuilder("fragment", self._arguments, form)
        builder.emit(block)
        self.module = builder.finish()
        self.function = builder.function

    @property
    def loops(self) -> list[Any]:
        """The outermost loops of the function as it stands now."""
        block = self.function.regions[0].blocks[0]
        return [o.operation for o in block.operations if o.operation.name in ("affine.for", "scf.for")]

    def memory(self, value: ir.Value) -> Array | None:
        """The array that an argument of the function stands for, None for any other value."""
        for term, argument in zip(self._arguments, self.function.regions[0].blocks[0].arguments, strict=True):
            if argument == value and isinstance(term, Array):
                return term
        return None

    def offer(self, rule: str, description: str, route: str) -> Offer:
        """The function as it stands now as an offer; raises what cannot be read or has lost companions."""
        output = read_function(self.function, self._arguments, self._iv_base, self._local_base).body
        after, correspondence = extract(self._fragment, narrowed(output))
        if after == self._fragment:
            raise Refused(f"{route} changes nothing")
        origins = loop_sources(self._fragment, after, correspondence)
        return Offer(rule, description, route, self._fragment, after, correspondence, origins)


def apply_transform(payload: ir.Module, script: str, chosen: Sequence[Any]) -> None:
    """Run a transform-dialect script on `payload`, in place.

    `script` is the body of a sequence over `%payload`; in it `{0}`, `{1}`, … stand for handles of the
    operations `chosen`. Raises PassError.
    """
    key = "seer.chosen"
    with context():
        for number, operation in enumerate(chosen):
            operation.attributes[key] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), number)
        module = _script(script, tuple(operation.name for operation in chosen))
        sequence = next(iter(module.body.operations)).operation
        try:
            _interpreter().apply_named_sequence(payload.operation, sequence, module)
        except ValueError as error:
            raise PassError(f"the transform dialect refuses: {' '.join(str(error).split())[:300]}") from error


@functools.cache
def _interpreter() -> Any:
    return import_module(f"{transform.__name__}.interpreter")


@functools.cache
def _script(script: str, operations: tuple[str, ...]) -> ir.Module:
    handles = "".join(
        f'%c{number} = transform.structured.match ops{{["{name}"]}} attributes{{seer.chosen = {number}}} '
        "in %payload : (!transform.any_op) -> !transform.any_op\n"
        for number, name in enumerate(operations)
    )
    body = script.format(*(f"%c{number}" for number in range(len(operations))))
    return ir.Module.parse(
        "module attributes {transform.with_named_sequence} {\n"
        "transform.named_sequence @__transform_main(%payload: !transform.any_op) {\n"
        f"{handles}{body}\ntransform.yield\n}}\n}}"
    )
