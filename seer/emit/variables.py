"""The C++ variables in scope: what arrays, parameters and induction variables are called and their types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seer.emit.c_types import CType, native
from seer.emit.values import POSTFIX, Value
from seer.lang.terms import Array, Iv, Param

__all__ = ["Variable", "Variables", "counter_type"]


@dataclass(frozen=True)
class Variable:
    """`scalar` says that the variable of a zero-dimensional array is no array in C++ either. `access` is
    an element of an array that is part of a struct or the like, with `{}` for each subscript."""

    name: str
    type: CType
    scalar: bool = False
    access: str = ""


class Variables:
    """Variables by term. Binder levels name the innermost binding, so a later one replaces an earlier."""

    def __init__(self) -> None:
        self._arrays: dict[Array, Variable] = {}
        self._params: dict[Param, Variable] = {}
        self._counters: dict[int, Variable] = {}

    def bind_array(self, array: Array, variable: Variable) -> None:
        self._arrays[array] = variable

    def bind_param(self, param: Param, variable: Variable) -> None:
        self._params[param] = variable

    def bind_counter(self, iv: Iv, name: str) -> None:
        self._counters[iv.level] = Variable(name, counter_type(iv))

    def knows(self, array: Array) -> bool:
        return array in self._arrays

    def type_of(self, array: Array) -> CType:
        return self._arrays[array].type

    def variable(self, array: Array) -> Variable:
        return self._arrays[array]

    def param(self, param: Param) -> str:
        variable = self._params[param]
        return variable.access or variable.name

    def type_of_param(self, param: Param) -> CType:
        return self._params[param].type

    def induction(self, iv: Iv) -> Value:
        """The counter, whose value is the mathematical one, before it is reduced to the width of `iv`."""
        variable = self._counters[iv.level]
        bits = variable.type.bits
        if iv.lower >= iv.upper:
            # The loop never runs; nothing is known of a value that does not exist.
            return Value(variable.name, POSTFIX, bits, True, variable.type.lowest, variable.type.highest)
        return Value(variable.name, POSTFIX, bits, True, iv.lower, iv.upper - 1)

    def element(self, array: Array, subscripts: Sequence[str]) -> str:
        """The lvalue of an element."""
        variable = self._arrays[array]
        if variable.access:
            return variable.access.format(*subscripts)
        if not subscripts:
            return variable.name if variable.scalar else f"{variable.name}[0]"
        return variable.name + "".join(f"[{subscript}]" for subscript in subscripts)


def counter_type(iv: Iv) -> CType:
    """`int`, unless the counter's last step would leave its range."""
    fits = native(32, True).holds(min(iv.lower, iv.upper), max(iv.lower, iv.upper - 1 + iv.step))
    return native(32 if fits else 64, True)
