"""HLS pragmas of C sources, read as the user's wishes.

Clang reports each pragma that it does not know, which finds exactly those that the preprocessor keeps.
`#pragma unroll`, which clang knows, is looked for in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from clang.cindex import Cursor, TranslationUnit

from seer.errors import Location
from seer.frontend._libclang import CursorKind, location
from seer.frontend.translation_unit import parse
from seer.lang.pragma import Pragma

__all__ = ["read_pragmas"]

_LOOPS = (CursorKind.FOR_STMT, CursorKind.WHILE_STMT, CursorKind.DO_STMT, CursorKind.CXX_FOR_RANGE_STMT)
_SCOPES = (CursorKind.LINKAGE_SPEC, CursorKind.UNEXPOSED_DECL, CursorKind.NAMESPACE)
_HLS = re.compile(r"(?:_Pragma\s*\(\s*\")?HLS\s+(\w+)(.*)", re.IGNORECASE | re.DOTALL)
_UNROLL = re.compile(r"^[ \t]*#[ \t]*pragma[ \t]+(?:GCC[ \t]+)?(unroll)\b[ \t(]*(\w*)", re.MULTILINE)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def read_pragmas(
    files: Sequence[Path], include_dirs: Sequence[Path] = (), defines: Sequence[str] = ()
) -> tuple[Pragma, ...]:
    """The HLS pragmas in the functions of `files` and their headers, in order of place."""
    found: dict[Pragma, None] = {}
    for file in files:
        unit = parse(Path(file), [Path(folder) for folder in include_dirs], defines, True)
        functions = list(_functions(unit.cursor)) if _any(unit) else []
        for place, kind, options, before in _found(unit):
            pragma = _placed(place, kind, options, before, functions)
            if pragma is not None:
                found[pragma] = None
    return tuple(sorted(found, key=lambda pragma: pragma.location))


def _functions(scope: Cursor) -> Iterator[Cursor]:
    """The definitions in a scope, in `extern "C"` and in namespaces."""
    for child in scope.get_children():
        if child.kind in _SCOPES:
            yield from _functions(child)
        elif child.is_definition():
            yield child


def _any(unit: TranslationUnit) -> bool:
    return next(_found(unit), None) is not None


def _found(unit: TranslationUnit) -> Iterator[tuple[Location, str, str, bool]]:
    """Each pragma's place, kind and options, and whether it stands before what it is about."""
    for diagnostic in unit.diagnostics:
        if diagnostic.option == "-Wunknown-pragmas" and diagnostic.location.file:
            place = Location(
                diagnostic.location.file.name, diagnostic.location.line, diagnostic.location.column
            )
            match = _HLS.match(_directive(place))
            if match is not None:
                yield place, match[1].upper(), match[2], False
    text = _text(unit.spelling)
    for match in _UNROLL.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        column = match.start(1) - text.rfind("\n", 0, match.start(1))
        place = Location(unit.spelling, line, column)
        yield place, "UNROLL", f"factor={match[2]}" if match[2] else "", True


@cache
def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8", errors="replace")


def _directive(place: Location) -> str:
    """The pragma's text from `place` on, with continued lines and without comments."""
    rest = "\n".join(_text(place.file).split("\n")[place.line - 1 :])[place.column - 1 :]
    rest = _COMMENT.sub(" ", rest.replace("\\\n", " "))
    return rest.split("\n")[0].rstrip('"); ')


def _placed(
    place: Location, kind: str, options: str, before: bool, functions: Sequence[Cursor]
) -> Pragma | None:
    """The pragma with the function and loop it is about; None outside of all functions."""
    for function in functions:
        for body in (child for child in function.get_children() if child.kind is CursorKind.COMPOUND_STMT):
            if _inside(place, body):
                loop = _loop(place, body, before)
                return Pragma(kind, _options(options), place, function.spelling, loop)
    return None


def _loop(place: Location, body: Cursor, before: bool) -> Location | None:
    """The innermost loop around a place, or the first one that starts behind it."""
    loops = [c for c in body.walk_preorder() if c.kind in _LOOPS and location(c).file == place.file]
    if before:
        following = [location(c) for c in loops if location(c) > place]
        return min(following, default=None)
    around = [location(c) for c in loops if _inside(place, c)]
    return max(around, default=None)


def _inside(place: Location, cursor: Cursor) -> bool:
    start, end = cursor.extent.start, cursor.extent.end
    if not start.file or start.file.name != place.file:
        return False
    return (start.line, start.column) <= (place.line, place.column) <= (end.line, end.column)


def _options(text: str) -> tuple[tuple[str, str], ...]:
    words = re.sub(r"\s*=\s*", "=", text).split()
    return tuple((name, value) for name, _, value in (word.partition("=") for word in words))
