"""How a function uses its scalar variables: where they are written, and which only count loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from clang.cindex import Cursor

from seer.frontend._libclang import STEPS, CursorKind, binary_operator, same, strip, unary_operator

__all__ = ["Usage", "Variables", "first_value", "header_counter", "writes_to", "written_variable"]


def written_variable(cursor: Cursor) -> Cursor | None:
    """The declaration of the scalar variable that this expression itself writes, if it does."""
    match cursor.kind:
        case CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            pass
        case CursorKind.BINARY_OPERATOR if binary_operator(cursor) == "=":
            pass
        case CursorKind.UNARY_OPERATOR if unary_operator(cursor) in (*STEPS, "&"):
            pass  # what has an address may be written anywhere
        case _:
            return None
    target = strip(next(cursor.get_children()))
    return target.referenced if target.kind is CursorKind.DECL_REF_EXPR else None


def header_counter(loop: Cursor) -> Cursor | None:
    """The variable that a for loop's header starts and steps, if it does that with just one."""
    children = list(loop.get_children())
    counter = written_variable(strip(children[2])) if len(children) == 4 else None
    return counter if counter is not None and first_value(children[0], counter) is not None else None


def first_value(initial: Cursor, counter: Cursor) -> Cursor | None:
    """The expression that a for loop's initialisation gives its counter, if it does just that."""
    if initial.kind is CursorKind.DECL_STMT:
        declared = list(initial.get_children())
        values = [child for child in counter.get_children() if child.kind.is_expression()]
        return values[0] if len(declared) == 1 and same(declared[0], counter) and len(values) == 1 else None
    assignment = strip(initial)
    if assignment.kind is not CursorKind.BINARY_OPERATOR or binary_operator(assignment) != "=":
        return None
    _, value = assignment.get_children()
    mentioned = any(
        part.kind is CursorKind.DECL_REF_EXPR and same(part.referenced, counter)
        for part in value.walk_preorder()
    )
    return value if same(written_variable(assignment), counter) and not mentioned else None


@dataclass
class Usage:
    """`writes` are the expressions that write the variable, its loops' headers apart; `counts` says
    that it is the counter of some loop, `outside` that it is also mentioned outside these loops."""

    writes: list[Cursor] = field(default_factory=list)
    counts: bool = False
    outside: bool = False

    @property
    def fixed(self) -> bool:
        """Whether it keeps the value that it starts with."""
        return not self.writes and not self.counts


class Variables:
    """The usage of each variable of one function body."""

    def __init__(self, body: Cursor) -> None:
        self._usage: dict[Cursor, Usage] = {}
        self._visit(body)

    def of(self, declaration: Cursor) -> Usage:
        return self._usage.setdefault(declaration, Usage())

    def _visit(self, body: Cursor) -> None:
        # Each entry: a cursor, the counters of the loops around it, the counter whose header this is.
        work: list[tuple[Cursor, frozenset[Cursor], Cursor | None]] = [(body, frozenset(), None)]
        while work:
            cursor, counting, header = work.pop()
            written = written_variable(cursor)
            if written is not None and not same(written, header):
                self.of(written).writes.append(cursor)
            if cursor.kind is CursorKind.DECL_REF_EXPR:
                declaration = cursor.referenced
                if declaration is not None and declaration not in counting:
                    self.of(declaration).outside = True
            counter = header_counter(cursor) if cursor.kind is CursorKind.FOR_STMT else None
            children = list(cursor.get_children())
            if counter is not None:
                self.of(counter).counts = True
                counting |= {counter}
            for position, child in reversed(list(enumerate(children))):
                inside = header if counter is None else counter if position < 3 else None
                work.append((child, counting, inside))


def writes_to(declaration: Cursor, body: Cursor) -> Iterator[Cursor]:
    """The expressions inside `body` that write the variable."""
    for cursor in body.walk_preorder():
        if same(written_variable(cursor), declaration):
            yield cursor
