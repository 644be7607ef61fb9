"""Which loops have bounds that may be read once, when the loop begins."""

from __future__ import annotations

from seer.lang.terms import Expr, For, Load, LocalArray, Store
from seer.lang.traverse import statements, subexpressions

__all__ = ["bound_problem", "bound_registers", "reads_arrays", "reads_registers"]


def bound_registers(loop: For) -> tuple[LocalArray, ...]:
    """The zero-dimensional Locals that the bounds of a loop read, in order of first use."""
    loads = (node for node in subexpressions(loop.lower, loop.upper) if isinstance(node, Load))
    found = (load.array for load in loads if isinstance(load.array, LocalArray))
    return tuple(dict.fromkeys(array for array in found if array.type.shape == ()))


def reads_registers(loop: For) -> bool:
    """Whether a bound of the loop is known only when it begins."""
    return bool(bound_registers(loop))


def reads_arrays(bound: Expr) -> bool:
    """Whether a bound reads memory other than zero-dimensional Locals, which none may."""
    loads = (node for node in subexpressions(bound) if isinstance(node, Load))
    return any(not isinstance(load.array, LocalArray) or load.array.type.shape for load in loads)


def bound_problem(loop: For) -> str | None:
    """Why the bounds of a loop would not mean the same all along it; None if they do.

    They may read zero-dimensional Locals that the body does not write, and no other memory.
    """
    if reads_arrays(loop.lower) or reads_arrays(loop.upper):
        return "a loop bound reads memory other than a register"
    registers = bound_registers(loop)
    if registers and any(isinstance(s, Store) and s.array in registers for s in statements(loop.body)):
        return "the body of a loop writes what its bounds read"
    return None
