"""The statements of a function as lines of C++."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from seer.emit.c_types import CType, default_type, native
from seer.emit.expressions import Expressions
from seer.emit.labels import Labels
from seer.emit.locals import needs_initial_value, touched
from seer.emit.names import Namer
from seer.emit.pragmas import pragmas
from seer.emit.safety import Safety
from seer.emit.sharing import Key, Run, plan
from seer.emit.signedness import local_is_signed, naturally_signed
from seer.emit.stores import assignment, stored_value
from seer.emit.values import LOGICAL_AND, POSTFIX, RELATIONAL, Value, compatible, infix, parenthesised
from seer.emit.variables import Variable, Variables, counter_type
from seer.lang.program import Origin, Program
from seer.lang.terms import TRUE, Block, Expr, For, Group, Load, Local, LocalArray, Op, Statement, Store

__all__ = ["Body"]

_INDENT = "    "
_COUNTERS = "ijklmn"
"""What the counter of a loop is called by its level, if the source does not say."""

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
}
"""What a temporary is called after the operator that computes it."""


class Body:
    """Emits the statements of `program`; `lines` is the result.

    `returned` is the one store whose value the function returns at its very end, if there is one.
    """

    def __init__(
        self,
        program: Program,
        pipelined: Mapping[For, int],
        expressions: Expressions,
        safety: Safety,
        namer: Namer,
        labels: Labels,
        returned: Store | None,
    ) -> None:
        self.lines: list[str] = []
        self._program = program
        self._pipelined = pipelined
        self._expressions = expressions
        self._variables: Variables = expressions.variables
        self._safety = safety
        self._namer = namer
        self._labels = labels
        self._returned = returned
        self._depth = 1
        # Locals of the present C++ scope that no statement has touched yet, and their own bodies.
        self._pending: dict[LocalArray, Local] = {}

    def line(self, text: str) -> None:
        self.lines.append(_INDENT * self._depth + text)

    def block(self, block: Block, parent: For | None = None) -> None:
        """Emit `block`, the body of `parent` if that is given, in the present C++ scope."""
        waiting: list[Store] = []
        rest = _flat(block)
        if len(rest) > 1:
            parent = None
        while rest:
            statement, rest = rest[0], rest[1:]
            if isinstance(statement, Store):
                waiting.append(statement)
                continue
            self._run(waiting)
            waiting = []
            if isinstance(statement, For):
                self._loop(statement, parent)
            elif isinstance(statement, Local) and not rest:
                # Its scope ends with the enclosing one, so that it needs no braces of its own.
                self._open(statement)
                rest, parent = _flat(statement.body), None
            elif isinstance(statement, Local):
                self._scope(statement)
            else:
                raise TypeError(type(statement).__name__)
        self._run(waiting)

    def _scope(self, local: Local) -> None:
        self.line("{")
        outer = self._enter()
        self._open(local)
        self.block(local.body)
        self._leave(outer)
        self.line("}")

    def _enter(self) -> dict[LocalArray, Local]:
        outer, self._pending = self._pending, {}
        self._depth += 1
        self._namer.open_scope()
        return outer

    def _leave(self, outer: dict[LocalArray, Local]) -> None:
        self._namer.close_scope()
        self._depth -= 1
        self._pending = outer

    # Local variables.

    def _open(self, local: Local) -> None:
        array = local.array
        names = self._origin(local).names or self._origin(array).names
        name = self._namer.unique(names[0] if names else "t" if not array.type.shape else "buffer")
        type = default_type(array.type.width, local_is_signed(local, self._variables))
        self._variables.bind_array(array, Variable(name, type, scalar=not array.type.shape))
        self._pending[array] = local

    def _origin(self, term: Local | LocalArray | For) -> Origin:
        return self._program.origins.get(term, Origin())

    def _declare_touched(self, statement: Statement, but: LocalArray | None = None) -> None:
        """Declare the pending locals that `statement` touches."""
        mentioned = touched(statement)
        for array in [a for a in self._pending if a in mentioned and a is not but]:
            local = self._pending.pop(array)
            variable = self._variables.variable(array)
            extents = "".join(f"[{extent}]" for extent in array.type.shape)
            # Contents at entry are unspecified, which a scalar may take as zero; nothing can tell.
            initial = " = 0" if variable.scalar and needs_initial_value(local) else ""
            self.line(f"{variable.type.spelling} {variable.name}{extents}{initial};")

    # Stores.

    def _run(self, stores: Sequence[Store]) -> None:
        if not stores:
            return
        run = plan(stores, self._safety)
        temporaries: dict[Key, Value] = {}
        for store, keys in zip(stores, run.keys, strict=True):
            fresh = self._declared_by(store)
            self._declare_touched(store, fresh)
            self._temporaries(run, keys, temporaries)
            self._store(store, fresh)

    def _declared_by(self, store: Store) -> LocalArray | None:
        """The pending local that this store initialises, if it is fit to be its declaration."""
        array = store.array
        if not isinstance(array, LocalArray) or array not in self._pending or array.type.shape:
            return None
        reads = touched(store, reads_only=True)
        return array if store.when is TRUE and array not in reads else None

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
        name = self._namer.unique(wish)
        self.line(f"const {type.spelling} {name} = {text};")
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
        type = default_type(node.width, naturally_signed(node, self._variables))
        if not type.arbitrary:
            return type, self._expressions.modular(node, node.width).text
        # Other widths up to 64 are computed, and so kept, in C's own types.
        value = self._expressions.unsigned(node)
        signed = native(32, True).holds(value.lo, value.hi)
        bits = 32 if signed or native(32, False).holds(value.lo, value.hi) else 64
        return native(bits, signed or bits == 64), value.text

    def _wish(self, node: Expr) -> str:
        while isinstance(node, Op) and node.name in ("zext", "sext", "trunc"):
            node = node.operands[0]
        match node:
            case Load():
                return f"{self._variables.variable(node.array).name}_value"
            case Op():
                return "condition" if node.bits == 1 else _WISHES[node.name]
            case _:
                return "value"

    def _store(self, store: Store, fresh: LocalArray | None) -> None:
        if store is self._returned:
            self.line(f"return {stored_value(store, self._expressions)};")
            return
        if fresh is not None:
            variable = self._variables.variable(fresh)
            del self._pending[fresh]
            text = f"{variable.type.spelling} {variable.name} = {stored_value(store, self._expressions)};"
            self.line(text)
            return
        tests = []
        if store.when is not TRUE:
            tests.append(self._expressions.condition(store.when))
        if self._safety.check_all and not self._safety.proved(store):
            for index, extent in zip(store.indices, store.array.type.shape, strict=True):
                below = self._expressions.below(index, extent)
                tests.append(Value(below, RELATIONAL, 32, True, 0, 1, boolean=True))
        text = assignment(store, self._expressions)
        if not tests:
            self.line(text)
            return
        texts = [v.text if len(tests) == 1 else parenthesised(v, LOGICAL_AND) for v in tests]
        self.line(f"if ({' && '.join(texts)})")
        self.line(_INDENT + text)

    # Loops.

    def _loop(self, loop: For, parent: For | None) -> None:
        """`parent` is the loop whose body is this one and nothing else, if there is one."""
        self._declare_touched(loop)
        iv = loop.iv
        run = plan([loop], self._safety)
        self._temporaries(run, run.keys[0], {})
        lower, upper = self._expressions.signed(loop.lower), self._expressions.signed(loop.upper)
        outer = self._enter()
        names = self._origin(loop).names
        name = self._namer.unique(
            names[0] if names else "ijklmn"[iv.level] if iv.level < 6 else f"i{iv.level}"
        )
        self._variables.bind_counter(iv, name)
        type = counter_type(iv)
        counter = Value(name, POSTFIX, type.bits, True, type.lowest, type.highest)
        test = infix("<", *compatible(counter, upper), RELATIONAL)
        step = f"{name}++" if iv.step == 1 else f"{name} += {iv.step}"
        head = f"for ({type.spelling} {name} = {lower.text}; {test}; {step}) {{"
        self._depth -= 1
        self.line(f"{self._labels.label(loop, name)}: {head}")
        self._depth += 1
        for pragma in pragmas(loop, self._pipelined, parent):
            self.lines.append(f"#pragma HLS {pragma}")
        self.block(loop.body, loop)
        self._leave(outer)
        self.line("}")


def _flat(block: Block) -> list[Statement]:
    """The block with its groups opened."""
    return [inner for statement in block for inner in _opened(statement)]


def _opened(statement: Statement) -> Iterable[Statement]:
    return _flat(statement.body) if isinstance(statement, Group) else [statement]
