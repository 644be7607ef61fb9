"""Places in terms, as derivations name them; read here for the replay, apart from the e-graph's own code.

A path leads down by child positions (the children of a Store are its subscripts, value and predicate; of a
For its bounds and body; of a While its condition and body; of an If its condition and branches); a last
element "k:" is the rest of a block from statement k on.
"""

from __future__ import annotations

from typing import Any

from seer.lang.terms import For, Group, If, Load, Local, Op, Store, While

__all__ = ["Path", "PlaceError", "at", "below", "replaced"]

Path = tuple[int | str, ...]


class PlaceError(Exception):
    """There is no such place, or no such term can stand there."""


def _parts(term: Any) -> list[Any]:
    """The children of a term as paths count them."""
    match term:
        case tuple():
            return list(term)
        case Store(_, indices, value, when):
            return [*indices, value, when]
        case For(_, lower, upper, body):
            return [lower, upper, body]
        case While(condition, body):
            return [condition, body]
        case If(condition, then, otherwise):
            return [condition, then, otherwise]
        case Group(body) | Local(_, body):
            return [body]
        case Load(_, indices):
            return list(indices)
        case Op(_, _, operands):
            return list(operands)
        case _:
            return []


def _with_parts(term: Any, parts: list[Any]) -> Any:
    match term:
        case tuple():
            return tuple(parts)
        case Store():
            return Store(term.array, tuple(parts[:-2]), parts[-2], parts[-1])
        case For():
            return For(term.iv, *parts)
        case While():
            return While(*parts)
        case If():
            return If(*parts)
        case Group():
            return Group(parts[0])
        case Local():
            return Local(term.array, parts[0])
        case Load():
            return Load(term.array, tuple(parts))
        case Op():
            return Op(term.name, term.bits, tuple(parts))
        case _:
            raise PlaceError("its place does not exist")


def _suffix(element: int | str) -> int | None:
    """The k of a path element "k:"."""
    return int(element[:-1]) if isinstance(element, str) else None


def at(term: Any, path: Path) -> Any:
    """What stands at a place. Raises PlaceError."""
    for element in path:
        start = _suffix(element)
        if start is not None:
            if not isinstance(term, tuple) or start > len(term):
                raise PlaceError("its place does not exist")
            term = term[start:]
        else:
            parts = _parts(term)
            if not isinstance(element, int) or not 0 <= element < len(parts):
                raise PlaceError("its place does not exist")
            term = parts[element]
    return term


def replaced(term: Any, path: Path, new: Any) -> Any:
    """The term with something else at a place that exists. Raises PlaceError where that is ill-typed."""
    if not path:
        return new
    head, *rest = path
    start = _suffix(head)
    if start is not None:
        return (*term[:start], *replaced(term[start:], tuple(rest), new))
    parts = _parts(term)
    parts[head] = replaced(parts[head], tuple(rest), new)  # type: ignore[index]
    try:
        return _with_parts(term, parts)
    except ValueError as error:
        raise PlaceError(f"the result is ill-typed: {error}") from error


def below(path: Path, place: Path) -> bool:
    """Whether `path` leads to `place` or below it."""
    start = _suffix(place[-1]) if place else None
    if start is None:
        return path[: len(place)] == place
    prefix = place[:-1]
    if len(path) <= len(prefix) or path[: len(prefix)] != prefix:
        return False
    element = path[len(prefix)]
    own = _suffix(element)
    return (own if own is not None else int(element)) >= start
