"""What all functions that are lowered into one program share: constant tables, and the calls between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clang.cindex import Cursor

from seer.frontend.calls import Calls, Frames
from seer.frontend.declarations import Declarations
from seer.frontend.scope import Scope
from seer.frontend.tables import Tables
from seer.frontend.values import Emitter, Value

__all__ = ["Objects"]


@dataclass
class Objects:
    """`body_of` makes the Statements of a callee."""

    scope: Scope
    emitter: Emitter
    tables: Tables
    frames: Frames
    body_of: Callable[..., Any]

    def calls(self, declarations: Declarations, value: Callable[[Cursor], Value]) -> Calls:
        calls = Calls(self.scope, self.emitter, self.frames, value, self.body_of)
        calls.attach(declarations)
        return calls
