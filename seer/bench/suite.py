"""A suite of kernels: a folder with a file `suite.toml`. docs/bench.md describes its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from seer.errors import InputError, Location

__all__ = [
    "DESIGN_FIGURES",
    "FILE",
    "GOALS",
    "Kernel",
    "Setting",
    "Suite",
    "Value",
    "find_suite",
    "load_suite",
]

FILE = "suite.toml"
DESIGN_FIGURES = ("cycles", "area")
"""Figures of a design that a tolerance may be stated for, and published ratios given."""

GOALS = ("cycles", "to_input", "to_auto_pipelined")
"""What a goal may bound: cycles of the result, or their ratio to those of a baseline."""

Value = bool | int | float | str | list[int | float | str]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_SUITE_KEYS = ("title", "tolerance", "options", "settings", "kernels")
_SETTING_KEYS = ("title", "options", "kernels", "own", "goals")
_KERNEL_KEYS = ("name", "top", "sources", "bench", "options", "published")


@dataclass(frozen=True)
class Setting:
    """Options of `seer opt` under a name; `kernels` are those that it is for, empty: all of them.

    `own` are options for some of the kernels, by kernel, in this setting alone; `goals` are figures that
    their results should not exceed, by kernel and one of `GOALS`.
    """

    name: str
    title: str
    options: Mapping[str, Value]
    kernels: tuple[str, ...] = ()
    own: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    goals: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Kernel:
    """A kernel: paths are relative to the suite's folder. `published` are ratios to the input that others
    have reported, by figure."""

    name: str
    top: str
    sources: tuple[str, ...]
    bench: tuple[str, ...] = ()
    options: Mapping[str, Value] = field(default_factory=dict)
    published: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """A suite. `tolerance` is how much worse than the recorded figure one may be, as a share of it."""

    name: str
    title: str
    folder: Path
    tolerance: Mapping[str, float]
    options: Mapping[str, Value]
    settings: tuple[Setting, ...]
    kernels: tuple[Kernel, ...]

    @property
    def file(self) -> Path:
        return self.folder / FILE

    def kernels_of(self, setting: Setting) -> tuple[Kernel, ...]:
        """The kernels that a setting is for, in the suite's order."""
        return tuple(k for k in self.kernels if not setting.kernels or k.name in setting.kernels)

    def arguments(self, setting: Setting, kernel: Kernel) -> list[str]:
        """What `seer opt` is called with in the suite's folder, but for -o and --jobs.

        The setting's own options for the kernel go before the kernel's, these before those of the setting,
        and these before the suite's.
        """
        given = ["--top", kernel.top]
        for bench in kernel.bench:
            given += ["--tb", bench]
        own = setting.own.get(kernel.name, {})
        options = {**self.options, **setting.options, **kernel.options, **own}
        for name, value in options.items():
            flag = f"--{name}" if len(name) > 1 else f"-{name}"
            for one in value if isinstance(value, list) else [value]:
                if one is True:
                    given.append(flag)
                elif one is not False:
                    given += [flag, str(one)]
        return [*kernel.sources, *given]


def find_suite(given: str, places: Sequence[Path]) -> Path:
    """The folder of a suite: `given` is one, or the name of one in one of `places`."""
    candidates = [Path(given), *(place / given for place in places)]
    for folder in candidates:
        if (folder / FILE).is_file():
            return folder.resolve()
    known = {
        f.parent.name: None for place in places if place.is_dir() for f in sorted(place.glob(f"*/{FILE}"))
    }
    listed = ", ".join(known) if known else "none here"
    raise InputError(
        f"there is no suite {given!r}",
        hint=f"a suite is a folder with a file {FILE}; known by name: {listed}",
    )


def load_suite(folder: Path) -> Suite:
    """Read a suite's file. Raises InputError, with its place, for anything that is not as it should be."""
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: {error}", hint="the file must be valid TOML (toml.io)") from None
    return _Reader(folder, text).suite(data)


class _Reader:
    def __init__(self, folder: Path, text: str) -> None:
        self._folder = folder
        self._lines = text.splitlines()
        # Where the part that is being read begins: places of errors are looked for from there.
        self._begin = 0

    def suite(self, data: Mapping[str, Any]) -> Suite:
        self._keys(data, _SUITE_KEYS, "the suite")
        tolerance = self._numbers(data, "tolerance", "the suite")
        kernels = tuple(self._kernel(item) for item in self._tables(data, "kernels"))
        self._begin = 0
        names = [kernel.name for kernel in kernels]
        settings = data.get("settings", {"default": {}})
        if not isinstance(settings, dict) or not settings:
            self._fail("settings", "settings must be tables, one for each name")
        return Suite(
            name=self._folder.name,
            title=self._text(data, "title", "the suite", self._folder.name),
            folder=self._folder,
            tolerance={figure: tolerance.get(figure, 0.0) for figure in DESIGN_FIGURES},
            options=self._options(data.get("options", {}), "the suite"),
            settings=tuple(self._setting(name, item, names) for name, item in settings.items()),
            kernels=kernels,
        )

    def _setting(self, name: str, data: Any, kernels: Sequence[str]) -> Setting:
        what = f"the setting {name}"
        self._begin = self._line(rf"\[settings\.{re.escape(name)}\]")
        if not isinstance(data, dict) or not _NAME.fullmatch(name):
            self._fail(name, f"{what} must be a table under a name of letters, digits, _ and -")
        self._keys(data, _SETTING_KEYS, what)
        chosen = self._texts(data, "kernels", what)
        own, goals = data.get("own", {}), data.get("goals", {})
        if not isinstance(own, dict):
            self._fail("own", f"the kernels' own options in {what} must be a table, one for each kernel")
        if not isinstance(goals, dict):
            self._fail("goals", f"the kernels' goals in {what} must be a table, one for each kernel")
        for kernel in (*chosen, *own, *goals):
            if kernel not in kernels:
                self._fail(kernel, f"{what} is for {kernel!r}, which is no kernel of the suite", kernels)
        return Setting(
            name=name,
            title=self._text(data, "title", what, name),
            options=self._options(data.get("options", {}), what),
            kernels=chosen,
            own={k: self._options(given, f"{k} in {what}") for k, given in own.items()},
            goals={k: self._numbers(goals, k, f"the goals in {what}", GOALS) for k in goals},
        )

    def _kernel(self, data: Mapping[str, Any]) -> Kernel:
        name = self._text(data, "name", "a kernel")
        what = f"the kernel {name}"
        self._begin = self._line(rf"name\s*=\s*[\"']{re.escape(name)}[\"']")
        if not _NAME.fullmatch(name):
            self._fail(name, f"{what} must have a name of letters, digits, _ and -: it is a folder's, too")
        self._keys(data, _KERNEL_KEYS, what)
        sources = self._texts(data, "sources", what) or (f"{name}.c",)
        bench = self._texts(data, "bench", what)
        for file in (*sources, *bench):
            if not (self._folder / file).is_file():
                self._fail(file, f"{what}: there is no file {file}")
        top = self._text(data, "top", what, name)
        options = self._options(data.get("options", {}), what)
        return Kernel(name, top, sources, bench, options, self._numbers(data, "published", what))

    def _tables(self, data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        found = data.get(key)
        if not isinstance(found, list) or not found or not all(isinstance(item, dict) for item in found):
            self._fail(key, f"a suite needs {key}, each in a table [[{key}]]")
        names = [item.get("name") for item in found]
        for position, name in enumerate(names):
            if name in names[:position]:
                self._begin = self._line(rf"name\s*=\s*[\"']{re.escape(str(name))}[\"']", last=True)
                self._fail(str(name), f"two {key} are called {name!r}")
        return found

    def _options(self, found: Any, what: str) -> dict[str, Value]:
        if not isinstance(found, dict):
            self._fail("options", f"the options of {what} must be a table")
        for name, value in found.items():
            values = value if isinstance(value, list) else [value]
            if not all(isinstance(item, bool | int | float | str) for item in values):
                self._fail(
                    name, f"the option {name} of {what} must be a text, a number, true or false, or a list"
                )
        return found

    def _numbers(
        self, data: Mapping[str, Any], key: str, what: str, known: Sequence[str] = DESIGN_FIGURES
    ) -> dict[str, float]:
        found = data.get(key, {})
        if not isinstance(found, dict):
            self._fail(key, f"{key} of {what} must be a table")
        self._keys(found, known, f"{key} of {what}")
        for figure, value in found.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
                self._fail(figure, f"{figure} in {key} of {what} must be a number that is not negative")
        return {figure: float(value) for figure, value in found.items()}

    def _text(self, data: Mapping[str, Any], key: str, what: str, default: str | None = None) -> str:
        found = data.get(key, default)
        if not isinstance(found, str) or not found:
            self._fail(key, f"{what} needs a text as its {key}")
        return found

    def _texts(self, data: Mapping[str, Any], key: str, what: str) -> tuple[str, ...]:
        found = data.get(key, [])
        found = [found] if isinstance(found, str) else found
        if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
            self._fail(key, f"{key} of {what} must be a list of texts")
        return tuple(found)

    def _keys(self, data: Mapping[str, Any], known: Sequence[str], what: str) -> None:
        for key in data:
            if key not in known:
                self._fail(key, f"unknown key {key!r} in {what}", known)

    def _line(self, pattern: str, last: bool = False) -> int:
        """The first or last line that holds the pattern, counted from 0; the first of all if none does."""
        found = [number for number, line in enumerate(self._lines) if re.search(pattern, line)]
        return found[-1 if last else 0] if found else 0

    def _fail(self, word: str, message: str, known: Sequence[str] = ()) -> NoReturn:
        """Raise the error; its place is the first line of the part at hand that has `word` as a word."""
        pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        lines = enumerate(self._lines[self._begin :], self._begin + 1)
        found = ((number, pattern.search(line)) for number, line in lines)
        place = next(((number, match.start() + 1) for number, match in found if match), (self._begin + 1, 1))
        close = get_close_matches(word, known, 1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        hint = f"{meant}known: {', '.join(known)}" if known else None
        raise InputError(message, Location(str(self._folder / FILE), *place), hint)
