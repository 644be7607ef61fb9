"""Builds the program that runs recorded calls: the code under test, its caller and the driver.

A C++ function, a static one, and one whose arguments include structs or static variables can only be called
from the text that defines it, so the caller includes that file. All other files are compiled on their own,
as headers need no guard and files may use one name for different things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seer.emit.caller import caller_source, driver_source
from seer.emit.objects import held_objects
from seer.errors import BackendError, EquivalenceError, SeerError
from seer.lang.headers import include_folder
from seer.lang.program import Argument
from seer.verify.symbols import FUNCTIONS, LOCAL_KINDS, VARIABLES, defined_symbol
from seer.verify.toolchain import CXX_SUFFIXES, STAND_INS, Toolchain, call_compiler, compile_to_object

__all__ = ["build"]


@dataclass(frozen=True)
class _Units:
    """The files that the caller includes, the objects of the others, and which file-scope variables these
    define."""

    included: list[Path]
    objects: list[Path]
    declared: list[str]


def build(
    folder: Path,
    source_files: Sequence[Path],
    top: str,
    arguments: Sequence[Argument],
    flags: Sequence[str],
    failure: type[SeerError],
    toolchain: Toolchain,
) -> Path:
    """The program, in `folder`; a fault of the code raises `failure`.

    What the user's code names and no file defines is left open: functions that the top does not reach may
    stand in files that are not given.
    """
    emitted = failure is EquivalenceError
    # Before the user's own folders: the buffers of calls hold ap_int as seer's header lays it out.
    flags = [f"-I{include_folder()}", *flags, *STAND_INS]
    files = [file.resolve() for file in source_files]
    units = _units(folder, files, top, arguments, flags, failure, toolchain)
    cxx = any(file.suffix in CXX_SUFFIXES for file in units.included)
    caller = folder / ("caller.cpp" if cxx else "caller.c")
    text = caller_source(top, arguments, units.included, cxx, emitted, units.declared)
    caller.write_text(text, encoding="utf-8")
    driver = folder / "driver.c"
    driver.write_text(driver_source(arguments), encoding="utf-8")
    number = len(files)
    objects = [
        *units.objects,
        compile_to_object(toolchain.of(cxx), caller, number, folder, flags, failure),
        compile_to_object(toolchain.of(False), driver, number + 1, folder, ["-O1"], BackendError),
    ]
    program = folder / "program"
    linking = [flag for flag in flags if flag.startswith("-fsanitize")]
    if not emitted:
        linking += ["-no-pie", "-Wl,--unresolved-symbols=ignore-all"]
    any_cxx = any(file.suffix in CXX_SUFFIXES for file in files)
    call_compiler(
        [*toolchain.linker(any_cxx), *map(str, objects), *linking, "-lm", "-o", str(program)], failure
    )
    return program


def _units(
    folder: Path,
    files: Sequence[Path],
    top: str,
    arguments: Sequence[Argument],
    flags: Sequence[str],
    failure: type[SeerError],
    toolchain: Toolchain,
) -> _Units:
    if len(files) == 1 and files[0].suffix in CXX_SUFFIXES:
        return _Units(list(files), [], [])
    objects = {
        file: compile_to_object(
            toolchain.of(file.suffix in CXX_SUFFIXES), file, number, folder, flags, failure
        )
        for number, file in enumerate(files)
    }
    # A `main` of the user's is renamed by the flags.
    name = "seer_user_main" if top == "main" else top
    found = {file: defined_symbol(objects[file], name, FUNCTIONS) for file in files}
    owner = next((file for file in files if found[file] is not None), None)
    if owner is None:
        # A function that is inlined wherever it is called has no symbol.
        return _Units(list(files), [], [])
    _, kind = found[owner] or ("", "t")
    held = held_objects(arguments)
    if not held and kind not in LOCAL_KINDS and owner.suffix not in CXX_SUFFIXES:
        return _Units([], list(objects.values()), [])
    included, declared = {owner: None}, []
    for variable in (each.object.name for each in held if each.object.is_global):
        for file in files:
            symbol = defined_symbol(objects[file], variable, VARIABLES)
            if symbol is None or file in included:
                continue
            if symbol[1] in LOCAL_KINDS:
                included[file] = None
            else:
                declared.append(variable)
    others = [objects[file] for file in files if file not in included]
    return _Units(list(included), others, declared)
