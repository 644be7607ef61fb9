"""Recognises for loops that count: how often they run is known before they start.

    for (i = first; i RELATION limit; STEP)

becomes an upward count over [lower, upper) by a positive step. The loop is taken only where C's
execution is exactly that count: no comparison changes a number by its conversions, and the counter
reaches its exit value without passing the end of its type. Where the counter is an int or a wider
signed type and a bound is a parameter, passing the end would be undefined behaviour and is taken not
to happen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, binary_operator, location, refuse, same, strip, unary_operator
from seer.frontend.ap_calls import COMPOUND, STEPS, ap_call, is_ap_call, result_type
from seer.frontend.bounds import Bounds
from seer.frontend.late import Late
from seer.frontend.scope import Scope, Span
from seer.frontend.types import CType, common_type, is_integer, promoted, scalar_type
from seer.frontend.variables import counting_header, writes_to
from seer.lang.affine import Affine, Unsigned

__all__ = ["FUNCTIONS", "MIRRORED", "Count", "Header", "checked_header", "count", "read_header"]

MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!="}
FUNCTIONS = (CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD)
_FORM_HINT = "write it as `for (int i = first; i < limit; i += step)`"


@dataclass(frozen=True)
class Header:
    """The parts of a for loop's header; the condition reads `counter relation limit`.

    `compared` is the type in which C compares counter and limit (None: 0), `stepped` the one in which it
    adds the signed `step`. `before` and `steps` are what else the header does before the loop and after
    iterations. With `ahead` the body sees the counter stepped already, and it is stepped once more behind the
    loop; with `untested` nothing is tested before the first iteration.
    """

    loop: Cursor
    counter: Cursor
    type: CType
    first: Cursor
    relation: str
    limit: Cursor | None
    compared: CType
    step: int
    stepped: CType
    before: tuple[Cursor, ...] = ()
    steps: tuple[Cursor, ...] = ()
    ahead: bool = False
    untested: bool = False

    @property
    def name(self) -> str:
        return self.counter.spelling


@dataclass(frozen=True)
class Count:
    """Iterations: an induction variable of `width` bits runs from `lower` below `upper` by `step`.

    The C counter is the induction variable itself, or `first - iv` where `first` is given (the loop
    counts down). `trips` is the number of iterations where it is constant. `late`
    are the bounds that are read when the loop begins.
    """

    lower: Affine
    upper: Affine
    step: int
    width: int
    span: Span
    trips: int | None
    first: Affine | None = None
    late: tuple[Late, ...] = ()


def read_header(loop: Cursor, bounds: Bounds) -> Header:
    """The header of a for loop, checked for form; raises InputError for loops that do not count."""
    children = list(loop.get_children())
    if len(children) != 4:
        refuse(loop, "a for loop without initialisation, condition or step is not supported", _FORM_HINT)
    _, condition, _, body = children
    condition = strip(condition)
    found = counting_header(loop)
    if found is None:
        refuse(loop, "the header of this for loop does not count with one variable", _FORM_HINT)
    counter, advance = found.counter, strip(found.advance)
    test = _condition(condition, counter)
    header = checked_header(loop, counter, found.first, test, advance, bounds)
    for write in writes_to(counter, body):
        what = (
            f"the body of the loop over `{counter.spelling}` (line {location(loop).line}) writes its counter"
        )
        refuse(write, what, "count with a variable that only the loop's header writes")
    return replace(header, before=found.before, steps=found.steps)


def checked_header(
    loop: Cursor,
    counter: Cursor,
    first: Cursor,
    test: tuple[str, Cursor | None, CType],
    advance: Cursor,
    bounds: Bounds,
) -> Header:
    """The header with this relation, limit and type of the comparison, checked but for writes in the body."""
    if not is_integer(counter.type) or scalar_type(counter.type, counter).is_bool:
        refuse(advance, f"loop counter `{counter.spelling}` is no integer variable", _FORM_HINT)
    if counter.semantic_parent.kind not in FUNCTIONS:
        refuse(
            advance, f"global variable `{counter.spelling}` counts this loop", "count with a local variable"
        )
    type = scalar_type(counter.type, advance)
    step, stepped = _step(advance, counter, type, bounds)
    return Header(loop, counter, type, first, *test, step, stepped)


def count(header: Header, scope: Scope, bounds: Bounds) -> Count:
    """The count that is exactly the execution of the loop; raises InputError where there is none."""
    # The counter is not bound yet, so neither bound can read it.
    first = bounds.converted(bounds.form(header.first), header.type, header.first)
    begin = bounds.span(first, header.type)
    limit = Affine(0) if header.limit is None else bounds.form(header.limit)
    limit = _as_reached(header, begin, limit, scope)
    end = bounds.span(limit, header.compared)
    up = header.step > 0
    stride = abs(header.step)
    if header.relation == "!=":
        _check_hit(header, scope, first, limit, stride)
    elif (header.relation in ("<", "<=")) != up:
        _endless(header)
    if header.relation in ("<=", ">="):
        beyond = 1 if up else -1
        limit = limit + Affine(beyond)
        end = Span(end.low + beyond, end.high + beyond)
    # From here on the counter runs from `first` up to (or down to) but not including `limit`.
    distance = (limit + first.scaled(-1)) if up else (first + limit.scaled(-1))
    trips = None if distance.terms else max(0, -(-distance.constant // stride))
    if header.untested and not trips:
        refuse(header.loop, "it is not certain that this loop would run if it were tested first", _FORM_HINT)
    leave = first.constant + trips * header.step if trips is not None and not first.terms else None
    _check_range(header, begin, end, leave)
    lower, upper = (first, limit) if up else (Affine(0), distance)
    low, high = scope.span(lower).low, scope.span(upper).high
    # The counter's own values have to fit too: they are held as signed numbers of this width.
    width = _width(header, scope, lower, upper, first, limit)
    return Count(lower, upper, stride, width, Span(low, max(low, high - 1)), trips, None if up else first)


def _as_reached(header: Header, begin: Span, limit: Affine, scope: Scope) -> Affine:
    """The limit, read signed where it is an unsigned argument that a signed counter of its width runs up to.

    What only the unsigned reading tells apart the counter reaches by an overflow, which is undefined.
    """
    type = header.type
    match limit.terms:
        case ((Unsigned(name, bits), 1),) if (
            bits == type.width and limit.constant == 0 and header.step > 0 and begin.low >= 0
            and type.signed and not type.arbitrary and header.stepped == type
        ):  # fmt: skip
            scope.spans[name] = Span(type.lowest, type.highest)
            return Affine.build(0, {name: 1})
        case _:
            return limit


def _condition(condition: Cursor, counter: Cursor) -> tuple[str, Cursor, CType]:
    if condition.kind is CursorKind.BINARY_OPERATOR and binary_operator(condition) in MIRRORED:
        operator = binary_operator(condition)
        left, right = condition.get_children()
        if _mentions(left, counter):
            return operator, right, scalar_type(left.type, left)
        if _mentions(right, counter):
            return MIRRORED[operator], left, scalar_type(right.type, right)
    if is_ap_call(condition) and ap_call(condition).name.removeprefix("operator") in MIRRORED:
        operator = ap_call(condition).name.removeprefix("operator")
        left, right = ap_call(condition).operands
        # Comparisons of ap_int change no number.
        common = result_type("&", scalar_type(left.type, left), scalar_type(right.type, right))
        if _mentions(left, counter):
            return operator, right, common
        if _mentions(right, counter):
            return MIRRORED[operator], left, common
    found = f"the condition of a for loop must compare its counter `{counter.spelling}` with a bound"
    refuse(condition, found, _FORM_HINT)


def _mentions(cursor: Cursor, counter: Cursor) -> bool:
    inner = strip(cursor)
    return inner.kind is CursorKind.DECL_REF_EXPR and same(inner.referenced, counter)


def _step(advance: Cursor, counter: Cursor, type: CType, bounds: Bounds) -> tuple[int, CType]:
    hint = "step the counter by a constant, such as `i++`, `i--` or `i += 2`"
    if is_ap_call(advance):
        return _ap_step(advance, type, bounds, hint), type
    if advance.kind is CursorKind.UNARY_OPERATOR:
        return (1 if "++" in unary_operator(advance) else -1), promoted(type)
    _, value = advance.get_children()
    operator = binary_operator(advance)
    if operator == "=":
        value = strip(value)
        operator = binary_operator(value) if value.kind is CursorKind.BINARY_OPERATOR else ""
        if operator not in ("+", "-"):
            refuse(advance, "this step of a for loop is not supported", hint)
        left, right = value.get_children()
        if operator == "+" and _mentions(right, counter):
            left, right = right, left
        if not _mentions(left, counter):
            refuse(advance, "this step of a for loop is not supported", hint)
        value, operator = right, operator + "="
    if operator not in ("+=", "-="):
        refuse(advance, f"a for loop that steps its counter by `{operator}` is not supported", hint)
    form = bounds.form(value)
    if form.terms or form.constant == 0:
        refuse(advance, "the step of a for loop must be a constant other than 0", hint)
    step = form.constant if operator == "+=" else -form.constant
    return step, common_type(type, scalar_type(value.type, value))


def _ap_step(advance: Cursor, type: CType, bounds: Bounds, hint: str) -> int:
    call = ap_call(advance)
    if call.name in STEPS:
        return 1 if STEPS[call.name] == "+" else -1
    operator = COMPOUND.get(call.name)
    if operator not in ("+", "-"):
        refuse(advance, "this step of a for loop is not supported", hint)
    form = bounds.form(call.operands[1])
    if form.terms or form.constant == 0:
        refuse(advance, "the step of a for loop must be a constant other than 0", hint)
    return form.constant if operator == "+" else -form.constant


def _check_hit(header: Header, scope: Scope, first: Affine, limit: Affine, stride: int) -> None:
    """`i != limit` ends only if the counter hits the limit."""
    up = header.step > 0
    distance = (limit + first.scaled(-1)) if up else (first + limit.scaled(-1))
    hits = scope.span(distance).low >= 0 and (
        stride == 1 or (not distance.terms and distance.constant % stride == 0)
    )
    if not hits:
        found = f"it is not certain that `{header.name}` ever equals the limit of this loop"
        refuse(header.loop, found, f"compare with `{'<' if up else '>'}` instead of `!=`")


def _check_range(header: Header, begin: Span, end: Span, leave: int | None) -> None:
    """All values that the counter takes, the exit value included, fit its type and the comparison's.

    The counter starts in `begin`, ends before passing `end`, and leaves with `leave` if that is constant.
    """
    up = header.step > 0
    if up:
        low, high = begin.low, max(begin.high, end.high + header.step - 1 if leave is None else leave)
    else:
        low, high = min(begin.low, end.low + header.step + 1 if leave is None else leave), begin.high
    type, compared = header.type, header.compared
    if not type.holds(low, high):
        overflow_undefined = type.signed and not type.arbitrary and header.stepped == type and leave is None
        last = end.high - 1 if up else end.low + 1
        if not overflow_undefined or not type.holds(last, last):
            _endless(header)
        low, high = max(low, type.lowest), min(high, type.highest)
    if not compared.holds(low, high):
        found = (
            f"`{header.name}` ({type.name}) may be {low if low < compared.lowest else high} "
            f"when it is compared as {compared.name}"
        )
        refuse(header.loop, found, "give counter and bound one signed type")


def _endless(header: Header) -> NoReturn:
    type = header.type
    end = type.highest if header.step > 0 else type.lowest
    found = f"this loop may never end: `{header.name}` ({type.name}) may pass {end} first"
    refuse(header.loop, found, "check condition and step, or give the counter a wider signed type")


def _width(header: Header, scope: Scope, *forms: Affine) -> int:
    """The counter's own width where the signed count fits it, else 32 or 64 bits."""
    sums = [scope.partial_sums(form) for form in forms]
    for width in sorted({header.type.width, 32, 64}):
        limit = 1 << (width - 1)
        if width >= header.type.width and all(-limit <= s.low and s.high < limit for s in sums):
            return width
    refuse(header.loop, "the bounds of this loop do not fit 64 bits", "use narrower types in the bounds")
