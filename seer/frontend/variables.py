"""How a function uses its scalar variables: where they are written, and which only count loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from clang.cindex import Cursor

from seer.frontend._libclang import (
    STEPS,
    CursorKind,
    TypeKind,
    binary_operator,
    initial_value,
    same,
    strip,
    type_kind,
    unary_operator,
)
from seer.frontend.ap_calls import ap_call, is_ap_call, written_whole
from seer.frontend.references import lent_variables
from seer.frontend.types import is_arithmetic

__all__ = [
    "CountingHeader",
    "Usage",
    "Variables",
    "counting_header",
    "first_value",
    "header_counter",
    "only_read",
    "writes_to",
    "written_variable",
]


def written_variable(cursor: Cursor) -> Cursor | None:
    """The declaration of the scalar variable that this expression itself writes, if it does."""
    match cursor.kind:
        case CursorKind.COMPOUND_ASSIGNMENT_OPERATOR:
            pass
        case CursorKind.BINARY_OPERATOR if binary_operator(cursor) == "=":
            pass
        case CursorKind.UNARY_OPERATOR if unary_operator(cursor) in (*STEPS, "&"):
            pass  # what has an address may be written anywhere
        case CursorKind.CALL_EXPR:
            return written_whole(cursor)
        case _:
            return None
    target = strip(next(cursor.get_children()))
    return target.referenced if target.kind is CursorKind.DECL_REF_EXPR else None


@dataclass(frozen=True)
class CountingHeader:
    """A for loop's header by what it does with the variable that counts: `first` is what that starts as,
    `advance` steps it; `before` and `steps` are the other parts, which do not mention it."""

    counter: Cursor
    first: Cursor
    advance: Cursor
    before: tuple[Cursor, ...]
    steps: tuple[Cursor, ...]


def counting_header(loop: Cursor) -> CountingHeader | None:
    """The header of a for loop that starts and steps a variable (the one in its condition, if several)."""
    children = list(loop.get_children())
    if len(children) != 4:
        return None
    before, steps = _parts(children[0]), _parts(children[2])
    for advance in steps:
        counter = written_variable(strip(advance))
        if counter is None or (len(steps) > 1 and not _mentions(children[1], counter)):
            continue
        for initial in before:
            first = first_value(initial, counter)
            if first is None:
                continue
            others = tuple(
                tuple(p for p in parts if p not in (initial, advance)) for parts in (before, steps)
            )
            if any(_mentions(part, counter) for part in (*others[0], *others[1])):
                return None
            return CountingHeader(counter, first, advance, *others)
    return None


def header_counter(loop: Cursor) -> Cursor | None:
    """The variable that a for loop's header starts and steps, if there is one."""
    header = counting_header(loop)
    return None if header is None else header.counter


def _parts(cursor: Cursor) -> list[Cursor]:
    """The variables that a declaration declares, or the expressions that commas separate."""
    if cursor.kind is CursorKind.DECL_STMT:
        # A type may be declared there, too.
        return [child for child in cursor.get_children() if child.kind is CursorKind.VAR_DECL]
    inner = strip(cursor)
    if inner.kind is CursorKind.BINARY_OPERATOR and binary_operator(inner) == ",":
        return [part for side in inner.get_children() for part in _parts(side)]
    return [cursor]


def _mentions(cursor: Cursor, variable: Cursor) -> bool:
    return any(
        part.kind is CursorKind.DECL_REF_EXPR and same(part.referenced, variable)
        for part in cursor.walk_preorder()
    )


def first_value(initial: Cursor, counter: Cursor) -> Cursor | None:
    """The expression that one part of a loop's initialisation gives its counter."""
    if initial.kind is CursorKind.VAR_DECL:
        return initial_value(initial) if same(initial, counter) else None
    assignment = strip(initial)
    if is_ap_call(assignment) and ap_call(assignment).name == "operator=":
        value = ap_call(assignment).operands[1]
        return value if same(written_whole(assignment), counter) and not _mentions(value, counter) else None
    if assignment.kind is not CursorKind.BINARY_OPERATOR or binary_operator(assignment) != "=":
        return None
    _, value = assignment.get_children()
    return value if same(written_variable(assignment), counter) and not _mentions(value, counter) else None


@dataclass
class Usage:
    """`writes` are the expressions that write the variable, its loops' headers apart; `counts` says
    that it is the counter of some loop, `outside` that it is also mentioned outside these loops, `named` that
    a reference or a pointer is another name for it."""

    writes: list[Cursor] = field(default_factory=list)
    counts: bool = False
    outside: bool = False
    named: bool = False

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
            for lent in lent_variables(cursor):
                self.of(lent).writes.append(cursor)
            for variable in _named_anew(cursor):
                self.of(variable).named = True
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


def _named_anew(cursor: Cursor) -> list[Cursor]:
    """The variables for which this very declaration or assignment makes another name."""
    declared = cursor.kind is CursorKind.VAR_DECL
    if not declared and not (cursor.kind is CursorKind.BINARY_OPERATOR and binary_operator(cursor) == "="):
        return []
    target = type_kind(cursor.type.get_canonical())
    if target in (TypeKind.LVALUEREFERENCE, TypeKind.RVALUEREFERENCE):
        start = initial_value(cursor)
        name = None if start is None else strip(start)
        return [] if name is None or name.kind is not CursorKind.DECL_REF_EXPR else [name.referenced]
    if target is not TypeKind.POINTER:
        return []
    addresses = (part for part in cursor.walk_preorder() if _is_address(part))
    named = (strip(next(address.get_children())) for address in addresses)
    return [name.referenced for name in named if name.kind is CursorKind.DECL_REF_EXPR]


def _is_address(cursor: Cursor) -> bool:
    return cursor.kind is CursorKind.UNARY_OPERATOR and unary_operator(cursor) == "&"


def writes_to(declaration: Cursor, body: Cursor) -> Iterator[Cursor]:
    """The expressions inside `body` that write the variable."""
    for cursor in body.walk_preorder():
        lent = any(same(variable, declaration) for variable in lent_variables(cursor))
        if lent or same(written_variable(cursor), declaration):
            yield cursor


def only_read(object: Cursor, body: Cursor) -> bool:
    """Whether a struct is declared constant, or `body` does nothing but read its arithmetic members."""
    if object.type.get_canonical().is_const_qualified():
        return True
    mentions = reads = 0
    for cursor in body.walk_preorder():
        mentions += cursor.kind is CursorKind.DECL_REF_EXPR and same(cursor.referenced, object)
        # Where a value is read of what has an address, clang converts it, unexposed.
        if cursor.kind is CursorKind.UNEXPOSED_EXPR and is_arithmetic(cursor.type):
            inside = list(cursor.get_children())
            reads += len(inside) == 1 and _part_of(inside[0], object)
    return mentions == reads


def _part_of(cursor: Cursor, object: Cursor) -> bool:
    """Whether an expression is a member of `object`, or an element of one."""
    members = 0
    while cursor.kind in (
        CursorKind.MEMBER_REF_EXPR,
        CursorKind.ARRAY_SUBSCRIPT_EXPR,
        CursorKind.PAREN_EXPR,
        CursorKind.UNEXPOSED_EXPR,
    ):
        if cursor.kind is CursorKind.UNEXPOSED_EXPR and is_arithmetic(cursor.type):
            return False
        members += cursor.kind is CursorKind.MEMBER_REF_EXPR
        inside = list(cursor.get_children())
        if not inside:
            return False
        cursor = inside[0]
    return members > 0 and cursor.kind is CursorKind.DECL_REF_EXPR and same(cursor.referenced, object)
