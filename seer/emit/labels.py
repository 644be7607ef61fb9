"""Labels of loops: the source's, joined where loops were fused, and unique in the function."""

from __future__ import annotations

from collections.abc import Mapping

from seer.emit.names import Namer
from seer.lang.program import Origin, Program
from seer.lang.terms import For, Term, While
from seer.lang.traverse import statements

__all__ = ["Labels"]


class Labels:
    """Hands out the label of each loop in program order."""

    def __init__(self, program: Program, namer: Namer) -> None:
        self._origins: Mapping[Term, Origin] = program.origins
        self._namer = namer
        self._occurrences: dict[For | While, int] = {}
        for statement in statements(program.body):
            if isinstance(statement, (For, While)):
                self._occurrences[statement] = self._occurrences.get(statement, 0) + 1
        self._seen: dict[For | While, int] = {}

    def label(self, loop: For | While, counter: str) -> str:
        """A loop without a label in the source is called after its counter, if it has one."""
        labels = self._origins[loop].labels if loop in self._origins else ()
        nth = self._seen[loop] = self._seen.get(loop, 0) + 1
        if not labels:
            return self._namer.unique(f"loop_{counter}")
        if len(labels) == self._occurrences[loop]:
            # Equal loops are one term, which carries the labels of all of them.
            return self._namer.unique(labels[nth - 1])
        return self._namer.unique("_".join(labels))
