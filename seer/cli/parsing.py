"""Options of the form NAME=VALUE, which several commands share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

import click

from seer.driver.options import Limits

__all__ = ["parse_limits", "parse_params", "parse_shapes", "parse_target_ii"]


def parse_params(context: click.Context, option: click.Parameter, given: Sequence[str]) -> dict[str, int]:
    """`n=64`, also in hexadecimal; a later value of a name wins nothing: it is an error."""
    found: dict[str, int] = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            number = int(value, 0)
        except ValueError:
            raise click.BadParameter(f"{text!r} is not of the form n=64", context, option) from None
        _add(found, name, number, context, option)
    return found


def parse_shapes(
    context: click.Context, option: click.Parameter, given: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    """`A=64x64`."""
    found: dict[str, tuple[int, ...]] = {}
    for text in given:
        match = re.fullmatch(r"([^=]+)=([1-9]\d*(?:x[1-9]\d*)*)", text)
        if match is None:
            raise click.BadParameter(f"{text!r} is not of the form A=64x64", context, option)
        shape = tuple(int(extent) for extent in match[2].split("x"))
        _add(found, match[1], shape, context, option)
    return found


def parse_target_ii(
    context: click.Context, option: click.Parameter, given: Sequence[str]
) -> tuple[tuple[str, int], ...]:
    """`LABEL=n`."""
    return tuple(_counts(context, option, given, "LABEL=n", 1).items())


def parse_limits(context: click.Context, option: click.Parameter, given: Sequence[str]) -> Limits:
    """`NAME=N`, each a field of `Limits`."""
    found = _counts(context, option, given, "NAME=N", 0)
    known = Limits.meanings()
    for name in found:
        if name not in known:
            close = get_close_matches(name, list(known), 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
            raise click.BadParameter(f"there is no limit {name!r}; {hint}", context, option)
    return replace(Limits(), **found)


def _counts(
    context: click.Context, option: click.Parameter, given: Sequence[str], form: str, least: int
) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in given:
        name, _, number = text.rpartition("=")
        if not (number.isascii() and number.isdecimal() and len(number) < 10 and int(number) >= least):
            raise click.BadParameter(
                f"{text!r} is not of the form {form} with a number from {least}", context, option
            )
        _add(found, name, int(number), context, option)
    return found


def _add(found: dict, name: str, value: object, context: click.Context, option: click.Parameter) -> None:
    if name in found or not name:
        raise click.BadParameter(f"two values for {name!r}" if name else "a name is missing", context, option)
    found[name] = value
