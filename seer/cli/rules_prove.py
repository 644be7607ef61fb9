"""`seer rules prove`: the datapath rules with their proofs."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from seer.egraph.exhaustive import LARGEST_WIDTH
from seer.egraph.proof import Prover
from seer.egraph.rules import RuleBook, library
from seer.egraph.survey import WIDTHS, RuleProof, survey

__all__ = ["command"]

_WIDTH = 120


@click.command("prove")
@click.option(
    "--rules-file",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Prove the rules of this file instead of those that come with seer.",
)
@click.option(
    "--instances", type=click.IntRange(1), default=2, show_default=True, help="Instances at each wide width."
)
def command(files: tuple[Path, ...], instances: int) -> None:
    """Prove the datapath rules: at all widths up to 4 exhaustively, and instances at 8, 16, 32 and 64 bits;
    rules about floats on small formats, and at 32 and 64 bits.

    A rule that does not hold is an error with its counterexample (code 2). Proofs are kept by content.
    """
    console = Console(width=_WIDTH, highlight=False, markup=False)
    book = RuleBook.load(files) if files else library()
    started = time.monotonic()
    table = Table(box=None, pad_edge=False)
    for column in ("rule", "family", f"1 … {LARGEST_WIDTH} bits", *(f"{w} bits" for w in WIDTHS)):
        table.add_column(column)
    kinds: Counter[str] = Counter()
    for proof in survey(book, Prover(), each=instances):
        table.add_row(proof.rule.name, proof.rule.family, "exhaustive", *_wide(proof))
        kinds.update(kind for found in proof.wide.values() for kind in found)
    console.print(table)
    listed = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    seconds = time.monotonic() - started
    console.print(
        f"\n{len(book)} rules proved at all widths up to {LARGEST_WIDTH}; wide: {listed}; {seconds:.0f} s"
    )


def _wide(proof: RuleProof) -> list[str]:
    return [", ".join(proof.wide[width]) or "-" for width in WIDTHS]
