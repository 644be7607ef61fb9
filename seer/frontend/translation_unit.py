"""Parses source files with libclang, reports what clang rejects, and finds the top function."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from clang.cindex import (
    Cursor,
    Diagnostic,
    Index,
    TranslationUnit,
    TranslationUnitLoadError,
)

from seer.errors import InputError, Location
from seer.frontend._libclang import CursorKind, LinkageKind, StorageClass, initial_value, location
from seer.lang.headers import include_folder

__all__ = ["external_definitions", "find_function", "parse"]

_log = logging.getLogger(__name__)

_INCLUDE = Path(__file__).parent / "include"
_LANGUAGES = {
    ".c": ("-xc", "-std=gnu17"),
    ".cc": ("-xc++", "-std=gnu++17"),
    ".cpp": ("-xc++", "-std=gnu++17"),
    ".cxx": ("-xc++", "-std=gnu++17"),
}
# One data model for everybody, whatever machine seer runs on.
_TARGET = ("-target", "x86_64-unknown-linux-gnu")
# seer's <ap_int.h>, before any other of that name: the types that it declares are known here.
_AP_INT = (f"-I{include_folder()}", "-DSEER_READS_AP_INT")
_PRAGMA_WARNINGS = ("-Wunknown-pragmas", "-Wsource-uses-openmp")
_EXPECTED = ("HLS", "SCOP", "ENDSCOP")
_SCOPES = (CursorKind.LINKAGE_SPEC, CursorKind.UNEXPOSED_DECL)


def parse(
    path: Path, include_dirs: Sequence[Path], defines: Sequence[str], again: bool = False
) -> TranslationUnit:
    """The translation unit of one file; raises InputError with clang's first error.

    Clang's warnings are logged, unless the file is only parsed `again`.
    """
    language = _LANGUAGES.get(path.suffix.lower())
    if language is None:
        hint = f"give files that end in {', '.join(_LANGUAGES)}"
        raise InputError(f"`{path}` is no C or C++ source file", Location(str(path), 1, 1), hint)
    try:
        path.read_bytes()
    except OSError as error:
        hint = "check the path and its permissions"
        raise InputError(f"cannot read `{path}`: {error.strerror}", None, hint) from error
    for folder in include_dirs:
        if not folder.is_dir():
            raise InputError(f"include folder `{folder}` does not exist", None, "check the -I options")
    arguments = [*language, *_TARGET, "-nostdinc", *_AP_INT, *_PRAGMA_WARNINGS, "-ferror-limit=1"]
    arguments += [f"-I{folder}" for folder in include_dirs] + [f"-D{define}" for define in defines]
    arguments += ["-isystem", str(_INCLUDE)]
    try:
        unit = Index.create().parse(str(path), args=arguments)
    except TranslationUnitLoadError as error:
        raise InputError(f"clang cannot parse `{path}`", Location(str(path), 1, 1)) from error
    _report(unit, again)
    return unit


def find_function(units: Sequence[TranslationUnit], name: str) -> Cursor:
    """The one definition of function `name`; raises InputError naming those that exist."""
    functions = [function for unit in units for function in _definitions(unit.cursor)]
    found = [function for function in functions if function.spelling == name]
    if not found:
        names = ", ".join(f"`{n}`" for n in dict.fromkeys(f.spelling for f in functions))
        known = f"the functions defined are {names}" if names else "no function is defined"
        files = ", ".join(f"`{unit.spelling}`" for unit in units)
        raise InputError(
            f"no function `{name}` is defined in {files}", None, f"{known}; choose one with --top"
        )
    if len(found) > 1:
        places = " and ".join(str(location(function)) for function in found)
        raise InputError(f"function `{name}` is defined more than once: {places}", location(found[1]))
    return found[0]


def external_definitions(units: Sequence[TranslationUnit]) -> dict[str, Cursor]:
    """The functions and constants that one file may use of another, by name."""
    found = {}
    for unit in units:
        for function in _definitions(unit.cursor):
            if function.storage_class is not StorageClass.STATIC:
                found[function.spelling] = function
        for variable in _variables(unit.cursor):
            if variable.linkage is LinkageKind.EXTERNAL and initial_value(variable) is not None:
                found[variable.spelling] = variable
    return found


def _variables(cursor: Cursor) -> Iterator[Cursor]:
    for child in cursor.get_children():
        if child.kind is CursorKind.VAR_DECL:
            yield child
        elif child.kind in _SCOPES:
            yield from _variables(child)


def _definitions(cursor: Cursor) -> Iterator[Cursor]:
    for child in cursor.get_children():
        if child.kind is CursorKind.FUNCTION_DECL and child.is_definition():
            yield child
        elif child.kind in _SCOPES:
            yield from _definitions(child)


def _expected(diagnostic: Diagnostic) -> bool:
    """Whether a pragma that clang does not know is one of `seer.frontend.pragmas`, or marks a static control
    part for polyhedral tools."""
    place = diagnostic.location
    if not place.file:
        return False
    with open(place.file.name, encoding="utf-8", errors="replace") as file:
        line = next(islice(file, place.line - 1, None), "")
    return line[place.column - 1 :].upper().removeprefix('_PRAGMA("').startswith(_EXPECTED)


def _report(unit: TranslationUnit, again: bool) -> None:
    for diagnostic in unit.diagnostics:
        place = diagnostic.location
        where = Location(place.file.name if place.file else unit.spelling, place.line, place.column)
        if diagnostic.severity >= Diagnostic.Error:
            hint = "correct the source; clang says no more than this"
            if "file not found" in diagnostic.spelling:
                hint = "add its folder with -I"
            raise InputError(diagnostic.spelling, where, hint)
        if again:
            continue
        if diagnostic.option in _PRAGMA_WARNINGS and not _expected(diagnostic):
            _log.warning("%s: this pragma is ignored", where)
        else:
            _log.info("%s: %s", where, diagnostic.spelling)
