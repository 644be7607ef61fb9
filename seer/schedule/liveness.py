"""Which registers (zero-dimensional arrays) are read later."""

from __future__ import annotations

from collections.abc import Sequence

from seer.lang.program import Program
from seer.lang.terms import TRUE, Array, Expr, If, Load, Local, LocalArray, Store
from seer.lang.traverse import expressions, statements, subexpressions
from seer.schedule.sites import RegionItem, flat_body, stores

__all__ = ["Liveness", "registers_that_stay", "written_registers"]


def registers_that_stay(program: Program) -> frozenset[Array]:
    """Registers read after the program: those of its arguments, and in a fragment of a program those of
    locals bound outside of it."""
    found: set[Array] = {array for array in program.arrays if array.type.shape == ()}
    bound: set[Array] = set()
    for statement in statements(program.body):
        if isinstance(statement, Local):
            bound.add(statement.array)
    for statement in statements(program.body):
        arrays = [statement.array] if isinstance(statement, Store) else []
        found.update(a for a in arrays if a.type.shape == () and a not in bound)
    return frozenset(found)


def written_registers(items: Sequence[RegionItem]) -> frozenset[Array]:
    """The registers that these items may write."""
    return frozenset(store.array for store in stores(items) if store.array.type.shape == ())


class Liveness:
    """Walks items backwards; remembers what each expression reads."""

    def __init__(self) -> None:
        self._reads: dict[Expr, frozenset[Array]] = {}

    def before(self, items: Sequence[RegionItem], live: frozenset[Array]) -> frozenset[Array]:
        """Registers live before these items, given those live after them."""
        for item in reversed(items):
            live = self._before(item, live)
        return live

    def around(self, items: Sequence[RegionItem], after: frozenset[Array]) -> frozenset[Array]:
        """Registers live at the end of a loop's body of these items: after the loop or in the next
        iteration."""
        end = after
        while True:
            live = self.before(items, end)
            if live <= end:
                return end
            end |= live

    def _before(self, item: RegionItem, live: frozenset[Array]) -> frozenset[Array]:
        match item:
            case LocalArray():
                return live - {item}
            case If():
                then = self.before(_items(item.then), live)
                return then | self.before(_items(item.otherwise), live) | self.reads(item.condition)
            case Store():
                if item.array.type.shape == ():
                    if item.array not in live:
                        return live
                    if item.when is TRUE:
                        live = live - {item.array}
                return live.union(*(self.reads(e) for e in expressions(item)))

    def reads(self, root: Expr) -> frozenset[Array]:
        """The registers that an expression reads."""
        found = self._reads.get(root)
        if found is None:
            nodes = subexpressions(root)
            found = frozenset(n.array for n in nodes if isinstance(n, Load) and n.array.type.shape == ())
            self._reads[root] = found
        return found


def _items(block: tuple) -> list[RegionItem]:
    return [item for item in flat_body(block) if isinstance(item, (Store, LocalArray, If))]
