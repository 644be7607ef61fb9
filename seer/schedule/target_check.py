"""The check of a target file: each error names the line, the key, what was found there and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from seer.errors import InputError, Location
from seer.lang.operators import OPERATORS
from seer.schedule.target_schema import KINDS, MULTIPLEXER, SCHEMA, UNIT, Key, Table, point_schema

__all__ = ["parse_target_file"]

Path = tuple[str | int, ...]
"""Where a value stands: keys of tables and positions in lists."""


def parse_target_file(text: str, source: str, known: Mapping[str, str]) -> dict[str, Any]:
    """The tables of a target file, with defaults filled in; `source` names it in errors, `known` are the
    texts of the targets that it may have as its base.

    Raises InputError on bad TOML, on each key that is missing, unknown, of the wrong type or out of range,
    on operators that do not exist, and on points out of order.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, source) from None
    check = _Check(text, source)
    if isinstance(base := data.get("base"), str):
        if base not in known:
            hint = f"one of {', '.join(known)}"
            raise check.error(("base",), f"there is no target {base!r} to start from", hint)
        data = _based(data, known)
    checked = check.table(data, SCHEMA, ())
    checked["multiplexers"] = check.multiplexers(checked["multiplexers"])
    checked["units"] = [check.unit(unit, ("units", i)) for i, unit in enumerate(checked["units"])]
    check.names(checked["units"])
    return checked


def _based(data: Mapping[str, Any], known: Mapping[str, str]) -> Mapping[str, Any]:
    """The values of a file over those of its base, if it has one."""
    base = data.get("base")
    return _merged(_based(tomllib.loads(known[base]), known), data) if base else data


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A file's own values over those of its base: tables key by key, units by their names."""
    merged = {**base, **own}
    for key, value in own.items():
        under = base.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            merged[key] = {**under, **value}
    if isinstance(own.get("units"), list):
        names = [unit.get("name") for unit in own["units"] if isinstance(unit, dict)]
        merged["units"] = [*own["units"], *(unit for unit in base["units"] if unit["name"] not in names)]
    return merged


def _syntax_error(message: str, text: str, source: str) -> InputError:
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    line, column = (int(found[1]), int(found[2])) if found else (text.count("\n") + 1, 1)
    plain = message[: found.start()] if found else message
    return InputError(
        f"target file: {plain}", Location(source, line, column), "the file must be valid TOML (toml.io)"
    )


class _Check:
    """The check of one file; its text is kept for the lines in errors."""

    def __init__(self, text: str, source: str) -> None:
        self._lines = text.splitlines()
        self._source = source

    def table(self, data: Any, schema: Table, path: Path) -> dict[str, Any]:
        """The values of a table, nested ones included, with defaults for those that are not there."""
        if not isinstance(data, Mapping):
            raise self.error(path, f"{_spell(path)} must be a table, found {_shown(data)}")
        for key in data:
            if key not in schema:
                close = get_close_matches(str(key), list(schema), 1)
                meant = f"did you mean {close[0]!r}? " if close else ""
                hint = f"{meant}known keys here: {', '.join(schema)}"
                raise self.error((*path, key), f"unknown key {key!r} in {_spell(path)}", hint)
        found: dict[str, Any] = {}
        for key, expected in schema.items():
            if isinstance(expected, Key):
                found[key] = self._value(data, key, expected, path)
            elif key in data or any(isinstance(k, Key) and k.default is None for k in expected.values()):
                if key not in data:
                    raise self.error(path, f"the table [{key}] is missing", _say(expected))
                found[key] = self.table(data[key], expected, (*path, key))
            else:
                found[key] = self.table({}, expected, (*path, key))
        return found

    def unit(self, data: Any, path: Path) -> dict[str, Any]:
        """A unit's table, its points checked each by the form that they have."""
        unit = self.table(data, UNIT, path)
        for kind in unit["kinds"]:
            if kind not in OPERATORS:
                close = get_close_matches(str(kind), list(OPERATORS), 3)
                hint = (
                    f"did you mean {' or '.join(close)}?" if close else "see docs/semantics.md for operators"
                )
                raise self.error(
                    (*path, "kinds"), f"{kind!r} in kinds of {_spell(path)} is no operator", hint
                )
        shapes = {(OPERATORS[kind].is_float, OPERATORS[kind].shape == "convert") for kind in unit["kinds"]}
        if len(shapes) != 1:
            message = (
                f"{_spell(path)} must have operators; one unit computes on integers, on floats, or converts"
            )
            raise self.error((*path, "kinds"), message)
        converts = shapes == {(True, True)}
        points = [
            self._point(point, converts, (*path, "points", i)) for i, point in enumerate(unit["points"])
        ]
        widths = [point["width"] for point in points]
        if not points or widths != sorted(widths):
            raise self.error((*path, "points"), f"{_spell(path)} must have points in order of width")
        if len({"clock_ns" in point for point in points}) > 1:
            raise self.error((*path, "points"), f"{_spell(path)} mixes points with and without clock_ns")
        return unit | {"points": points}

    def multiplexers(self, data: Sequence[Any]) -> list[dict[str, Any]]:
        """The points of multiplexers, two inputs first."""
        points = [self.table(point, MULTIPLEXER, ("multiplexers", i)) for i, point in enumerate(data)]
        inputs = [point["inputs"] for point in points]
        if points and (len(points) < 2 or inputs[0] != 2 or inputs != sorted(set(inputs))):
            message = "multiplexers must be given for 2 inputs and for more, in this order"
            raise self.error(("multiplexers", 0), message)
        return points

    def names(self, units: Sequence[Mapping[str, Any]]) -> None:
        """Each unit's name is its own."""
        seen: dict[str, None] = {}
        for i, unit in enumerate(units):
            if unit["name"] in seen:
                raise self.error(("units", i, "name"), f"two units are named {unit['name']!r}")
            seen[unit["name"]] = None

    def _point(self, data: Any, converts: bool, path: Path) -> dict[str, Any]:
        return self.table(data, point_schema(data if isinstance(data, Mapping) else (), converts), path)

    def _value(self, data: Mapping[str, Any], key: str, expected: Key, path: Path) -> Any:
        if key not in data:
            if expected.default is None:
                hint = f"add it: {expected.meaning} ({KINDS[expected.kind]})"
                raise self.error(path, f"the key {key!r} is missing in {_spell(path)}", hint)
            return expected.default
        value, here = data[key], (*path, key)
        types = {"number": (int, float), "count": int, "signed": int, "text": str, "list": list}
        if not isinstance(value, types[expected.kind]) or isinstance(value, bool):
            raise self.error(
                here,
                f"{_spell(here)} must be {KINDS[expected.kind]}, found {_shown(value)}",
                expected.meaning,
            )
        if expected.choices and value not in expected.choices:
            allowed = " or ".join(map(str, expected.choices))
            raise self.error(here, f"{_spell(here)} must be {allowed}, found {value}", expected.meaning)
        if expected.kind in ("number", "count") and not expected.least <= value < float("inf"):
            raise self.error(
                here, f"{_spell(here)} must be at least {expected.least:g}, found {value}", expected.meaning
            )
        return float(value) if expected.kind == "number" else value

    def error(self, path: Path, message: str, hint: str | None = None) -> InputError:
        return InputError(f"target file: {message}", Location(self._source, self._line(path), 1), hint)

    def _line(self, path: Path) -> int:
        """The line of a value as far as headers, keys and braces at the usual places tell."""
        section = path[0] if path else ""
        at = self._header(str(section), path[1] if len(path) > 1 and isinstance(path[1], int) else 0)
        keys = [part for part in path if isinstance(part, str)]
        wanted = [key for key in keys if key != section or at is None]
        line = at or 1
        for key in wanted[:1]:
            line = self._after(rf"\s*\"?{re.escape(key)}\"?\s*=", line, stop=r"\s*\[\[?\w") or line
        if len(path) > 3 and isinstance(path[3], int):
            for _ in range(path[3] + 1):
                line = self._after(r"\s*(\w+\s*=\s*\[\s*)?\{", line + 1, stop=r"\s*\[\[?\w") or line
        return line

    def _header(self, section: str, index: int) -> int | None:
        pattern = re.compile(rf"\s*\[\[?\s*{re.escape(section)}\s*\]")
        found = [number for number, line in enumerate(self._lines, 1) if pattern.match(line)]
        return found[index] if section and index < len(found) else None

    def _after(self, pattern: str, line: int, stop: str) -> int | None:
        for number in range(line, len(self._lines) + 1):
            text = self._lines[number - 1]
            if number > line and re.match(stop, text):
                return None
            if re.match(pattern, text):
                return number
        return None


def _say(table: Table) -> str:
    return f"it holds {', '.join(table)}"


def _spell(path: Path) -> str:
    if not path:
        return "the file"
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    kinds = {str: "the text ", dict: "the table ", list: "the list "}
    return f"{kinds.get(type(value), '')}{value!r}"[:60]
