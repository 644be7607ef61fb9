"""The library's face: what `seer opt` does, as a function.

import seer

result = seer.optimize("kernel.c", "kernel", seer.Options(objective="balanced"))
print(result.designs["seer"].cycles)
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seer import frontend
from seer.driver.interrupts import Interrupts
from seer.driver.optimize import optimize as optimize_program
from seer.driver.options import Options
from seer.driver.output import write_result
from seer.driver.result import Result
from seer.driver.source import Source
from seer.driver.unrolling import unrolled_as_asked
from seer.driver.wishes import Wishes, honoured
from seer.lang.program import Program

__all__ = ["Wished", "optimize", "wished"]

_log = logging.getLogger(__name__)

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class Wished:
    """A program after what its pragmas ask of it first; `done` says what that was, `reports` what was not."""

    program: Program
    wishes: Wishes
    done: tuple[str, ...]
    reports: tuple[str, ...]


def wished(
    files: Sequence[Path],
    top: str,
    include_dirs: Sequence[Path],
    defines: Sequence[str],
    params: Mapping[str, int],
    shapes: Mapping[str, tuple[int, ...]],
    ignore_pragmas: bool,
) -> Wished:
    """Load a program and read the pragmas of its source, unless they are to be ignored."""
    program = frontend.load(files, top, include_dirs, defines, params, shapes)
    asked = () if ignore_pragmas else frontend.pragmas_of(files, include_dirs, defines)
    unrolled = unrolled_as_asked(program, asked)
    wishes, reports = honoured(unrolled.program, unrolled.pragmas)
    wishes = replace(wishes, unrolled=unrolled.done)
    return Wished(unrolled.program, wishes, tuple(unrolled.done), (*unrolled.reports, *reports))


def optimize(
    files: PathLike | Sequence[PathLike],
    top: str,
    options: Options | None = None,
    *,
    output: PathLike | None = None,
    include_dirs: Sequence[PathLike] = (),
    defines: Sequence[str] = (),
    benches: Sequence[PathLike] = (),
    ignore_pragmas: bool = False,
    progress: Callable[[str], None] = lambda text: None,
    note: Callable[[str], None] = lambda text: None,
    interrupts: Interrupts | None = None,
) -> Result:
    """Optimise the function `top` of C or C++ `files`, or of one .mlir file, and write the result to
    `output`, by default `out/TOP`.

    `options` say for which device, with which objective and budgets; `include_dirs` and `defines` are the
    compiler's, `benches` test benches of the user's own, whose calls of `top` become the test vectors.
    `progress` is told what is being done, `note` what of the source's pragmas is not honoured. `interrupts`
    are watched from here on unless they have been before.

    An interrupt (Ctrl-C, in the main thread) ends the work early: the result is then the best so far and says
    so (`interrupted`); a second one ends it without a result. Raises InputError for what the user gave, also
    for budgets that no design keeps, EquivalenceError when any check of the result fails, and BackendError
    when a tool is missing or fails.
    """
    options = options or Options()
    paths = tuple(map(Path, [files] if isinstance(files, (str, os.PathLike)) else files))
    includes = tuple(map(Path, include_dirs))
    folder = Path(output) if output is not None else Path("out") / top
    params, shapes = dict(options.params), dict(options.shapes)
    with interrupts or Interrupts() as interrupts:
        loaded = wished(paths, top, includes, defines, params, shapes, ignore_pragmas)
        for done in loaded.done:
            _log.info("%s, as the source asks", done)
        for report in loaded.reports:
            _log.warning("%s", report)
            note(report)
        asserted = frontend.assertions_of(paths, top, includes, defines)
        source = Source(paths, includes, tuple(defines), tuple(map(Path, benches)), asserted)
        options = replace(options, wishes=loaded.wishes)
        result = optimize_program(loaded.program, source, options, folder, progress, interrupts)
        write_result(result, folder)
    return result
