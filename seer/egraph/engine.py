"""egglog itself: the only place that runs its commands."""

from __future__ import annotations

from typing import Any

from egglog import bindings as egg

from seer.egraph.language import EgraphError

__all__ = ["Engine"]


class Engine:
    """One egglog e-graph, and the number of changes it has seen.

    It refers to nothing that refers to it: egglog's e-graph may be dropped in its own thread only, and one
    in a cycle of references would be dropped by whichever thread happens to collect garbage.
    """

    def __init__(self) -> None:
        self.graph = egg.EGraph()
        self.changes = 0

    def run(self, *commands: Any) -> list[Any]:
        """What egglog answers to the commands.

        Raises:
            EgraphError: egglog refused a command, or panicked; the e-graph is in no defined state then.
        """
        self.changes += 1
        try:
            return self.graph.run_program(*commands)
        except egg.EggSmolError as error:
            raise EgraphError(str(error)) from error
        except BaseException as error:
            # A panic in egglog is no Exception.
            if type(error).__name__ != "PanicException":
                raise
            raise EgraphError(f"egglog panicked: {error}") from error
