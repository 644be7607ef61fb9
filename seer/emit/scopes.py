"""The lines of a function as they grow: C++ scopes, and the local variables declared in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from seer.emit.element_types import inferred_type
from seer.emit.locals import needs_initial_value
from seer.emit.names import Namer
from seer.emit.variables import Variable, Variables
from seer.lang.program import Origin, Program
from seer.lang.terms import TRUE, Array, For, Local, LocalArray, Statement, Store
from seer.lang.uses import touched

__all__ = ["INDENT", "Scopes"]

INDENT = "    "


class Scopes:
    """Collects `lines`; knows the present C++ scope and its locals that no statement has touched yet."""

    def __init__(
        self,
        program: Program,
        variables: Variables,
        namer: Namer,
        partitions: Mapping[Array, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self._partitions = partitions
        self.lines: list[str] = []
        self.namer = namer
        self._program = program
        self._variables = variables
        self._depth = 1
        self._pending: list[dict[LocalArray, Local]] = [{}]

    def line(self, text: str) -> None:
        self.lines.append(INDENT * self._depth + text)

    def head_line(self, text: str) -> None:
        """The line that opens the present scope, written after it was entered."""
        self.lines.append(INDENT * (self._depth - 1) + text)

    def directive(self, text: str) -> None:
        """A preprocessor line, which is not indented."""
        self.lines.append(text)

    def enter(self) -> None:
        """Start a C++ scope; its first line is the caller's."""
        self._pending.append({})
        self._depth += 1
        self.namer.open_scope()

    def leave(self) -> None:
        self.namer.close_scope()
        self._depth -= 1
        self._pending.pop()

    def origin(self, term: Local | LocalArray | For) -> Origin:
        return self._program.origins.get(term, Origin())

    def open(self, local: Local) -> None:
        """Name the variable of `local`, whose scope ends with the present one."""
        array = local.array
        names = self.origin(local).names or self.origin(array).names
        name = self.namer.unique(names[0] if names else "t" if not array.type.shape else "buffer")
        type = inferred_type(array, local.body, self._variables)
        self._variables.bind_array(array, Variable(name, type, scalar=not array.type.shape))
        self._pending[-1][array] = local

    def declare_touched(self, statement: Statement, but: LocalArray | None = None) -> None:
        """Declare the locals of this scope that `statement` is the first to touch."""
        pending = self._pending[-1]
        mentioned = touched(statement) if pending else frozenset()
        for array in [a for a in pending if a in mentioned and a is not but]:
            local = pending.pop(array)
            variable = self._variables.variable(array)
            extents = "".join(f"[{extent}]" for extent in array.type.shape)
            # Contents at entry are unspecified, which a scalar may take as zero; nothing can tell.
            initial = " = 0" if variable.scalar and needs_initial_value(local) else ""
            self.line(f"{variable.type.spelling} {variable.name}{extents}{initial};")
            for options in self._partitions.get(array, ()):
                self.directive(f"#pragma HLS ARRAY_PARTITION variable={variable.name} {options}")

    def declared_by(self, store: Store) -> LocalArray | None:
        """The local that this store initialises, if it is fit to be its declaration."""
        array = store.array
        if not isinstance(array, LocalArray) or array not in self._pending[-1] or array.type.shape:
            return None
        reads = touched(store, reads_only=True)
        return array if store.when is TRUE and array not in reads else None

    def declare(self, array: LocalArray, value: str) -> None:
        """Declare a local by its first assignment."""
        variable = self._variables.variable(array)
        del self._pending[-1][array]
        self.line(f"{variable.type.spelling} {variable.name} = {value};")
