"""Names of rules that the user wants left out."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from seer.driver.options import Options
from seer.egraph.rules import library
from seer.errors import InputError
from seer.rewrites import sums
from seer.rewrites.control import control_rules

__all__ = ["check_rule_names"]


def check_rule_names(options: Options) -> None:
    """Raises InputError for a rule to be left out that there is not."""
    if not options.disabled_rules:
        return
    book = library(tuple(map(Path, options.rule_files)))
    known = dict.fromkeys(
        (*(rule.name for rule in control_rules()), sums.NAME, *(rule.name for rule in book))
    )
    for name in options.disabled_rules:
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise InputError(
                f"--without-rule: there is no rule {name!r}", hint=f"{hint}seer rules lists them"
            )
