"""Straight-line runs: assignments and the temporaries that they need."""

from __future__ import annotations

from collections.abc import Sequence

from seer.emit.c_types import CType, default_type, floating_type, native
from seer.emit.expressions import Expressions
from seer.emit.safety import Guards, Safety
from seer.emit.scopes import INDENT, Scopes
from seer.emit.sharing import Key, Run, plan
from seer.emit.signedness import naturally_signed
from seer.emit.stores import assignment, stored_value
from seer.emit.values import LOGICAL_AND, POSTFIX, RELATIONAL, Value, parenthesised
from seer.lang.floats import CONVERSIONS
from seer.lang.terms import TRUE, Expr, Load, LocalArray, Op, Statement, Store

__all__ = ["Runs"]

_WISHES = {
    "add": "sum",
    "sub": "difference",
    "mul": "product",
    "udiv": "quotient",
    "sdiv": "quotient",
    "urem": "remainder",
    "srem": "remainder",
    "and": "masked",
    "or": "merged",
    "xor": "mixed",
    "shl": "shifted",
    "lshr": "shifted",
    "ashr": "shifted",
    "select": "chosen",
    "fadd": "sum",
    "fsub": "difference",
    "fmul": "product",
    "fdiv": "quotient",
    "fsqrt": "root",
    "fneg": "negated",
    "fabs": "magnitude",
}
"""What a temporary is called after the operator that computes it."""

_CONVERSIONS = ("zext", "sext", "trunc", *CONVERSIONS)


class Runs:
    """Emits runs of stores, and what stands before a control statement.

    `returned` is the one store whose value the function returns at its very end, if there is one.
    """

    def __init__(
        self, scopes: Scopes, expressions: Expressions, safety: Safety, returned: Store | None
    ) -> None:
        self._scopes = scopes
        self._expressions = expressions
        self._variables = expressions.variables
        self._safety = safety
        self._returned = returned

    def stores(self, stores: Sequence[Store], guards: Guards) -> None:
        """Emit consecutive stores that stand under `guards`."""
        if not stores:
            return
        run = plan(stores, self._safety, guards)
        temporaries: dict[Key, Value] = {}
        for store, keys in zip(stores, run.keys, strict=True):
            fresh = self._scopes.declared_by(store)
            self._scopes.declare_touched(store, fresh)
            self._temporaries(run, keys, temporaries)
            self._store(store, fresh)

    def head(self, statement: Statement, guards: Guards) -> None:
        """Make the expressions of a control statement available: its temporaries go before it."""
        self._scopes.declare_touched(statement)
        run = plan([statement], self._safety, guards)
        self._temporaries(run, run.keys[0], {})

    def simple(self, statement: Statement, guards: Guards) -> bool:
        """Whether `head` would need no temporary."""
        return not plan([statement], self._safety, guards).named

    def _temporaries(self, run: Run, keys: dict[Expr, Key], known: dict[Key, Value]) -> None:
        """Make the named expressions of one statement available, defining those that are new."""
        self._expressions.begin(keys, run.checked)
        for node, key in keys.items():
            if key in run.named:
                if key not in known:
                    known[key] = self._define(node, "index" if key in run.subscripts else self._wish(node))
                self._expressions.name(node, known[key])

    def _define(self, node: Expr, wish: str) -> Value:
        type, text = self._temporary(node)
        name = self._scopes.namer.unique(wish)
        self._scopes.line(f"const {type.spelling} {name} = {text};")
        if type.floating:
            return Value(name, POSTFIX, node.width, True, 0, 0, floating=True)
        if node.width > 64:
            return Value(name, POSTFIX, node.width, False, 0, type.highest)
        known = self._expressions.variable(node, name, type) if type.bits == node.width else None
        if known is not None:
            return known
        reading = self._expressions.unsigned(node)
        return Value(name, POSTFIX, type.bits, type.signed, reading.lo, reading.hi)

    def _temporary(self, node: Expr) -> tuple[CType, str]:
        """The type of a temporary and the text of its value."""
        if node.width > 64:
            return default_type(node.width, False), self._expressions.wide(node).text
        if node.width == 1:
            return default_type(1, False), self._expressions.condition(node).text
        if self._expressions.floats.natural(node):
            return floating_type(node.width), self._expressions.floating(node).text
        type = default_type(node.width, naturally_signed(node, self._variables))
        if not type.arbitrary:
            return type, self._expressions.modular(node, node.width).text
        # Other widths up to 64 are computed, and so kept, in C's own types.
        value = self._expressions.unsigned(node)
        signed = native(32, True).holds(value.lo, value.hi)
        bits = 32 if signed or native(32, False).holds(value.lo, value.hi) else 64
        return native(bits, signed or bits == 64), value.text

    def _wish(self, node: Expr) -> str:
        while isinstance(node, Op) and node.name in _CONVERSIONS:
            node = node.operands[0]
        match node:
            case Load():
                return f"{self._variables.variable(node.array).name}_value"
            case Op():
                return "condition" if node.bits == 1 else _WISHES.get(node.name, "value")
            case _:
                return "value"

    def _store(self, store: Store, fresh: LocalArray | None) -> None:
        if store is self._returned:
            self._scopes.line(f"return {stored_value(store, self._expressions)};")
            return
        if fresh is not None:
            self._scopes.declare(fresh, stored_value(store, self._expressions))
            return
        tests = []
        if store.when is not TRUE:
            tests.append(self._expressions.condition(store.when))
        if self._safety.check_all and not self._safety.proved(store):
            for index, extent in zip(store.indices, store.array.type.shape, strict=True):
                below = self._expressions.accesses.below(index, extent)
                tests.append(Value(below, RELATIONAL, 32, True, 0, 1, boolean=True))
        text = assignment(store, self._expressions)
        if not tests:
            self._scopes.line(text)
            return
        texts = [v.text if len(tests) == 1 else parenthesised(v, LOGICAL_AND) for v in tests]
        self._scopes.line(f"if ({' && '.join(texts)})")
        self._scopes.line(INDENT + text)
