"""Writes the tables of recorded results into README.md: python benchmarks/readme_table.py"""

from __future__ import annotations

import re
from pathlib import Path

from seer.bench.bench import RESULTS
from seer.bench.results import read_results
from seer.bench.suite import load_suite
from seer.bench.tables import front_table

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(
    r"(<!-- results of (?P<folder>[\w/]+): (?P<setting>\w+) -->\n).*?(<!-- end of results -->)", re.DOTALL
)


def with_tables(text: str) -> str:
    """The text with the table of each block made anew."""

    def block(found: re.Match[str]) -> str:
        folder = ROOT / found["folder"]
        results, suite = read_results(folder / RESULTS), load_suite(folder)
        (goals,) = [setting.goals for setting in suite.settings if setting.name == found["setting"]]
        return f"{found[1]}\n{front_table(results, found['setting'], goals)}\n{found[4]}"

    return _BLOCK.sub(block, text)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8")
