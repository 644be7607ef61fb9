"""A resumable campaign over the control rules: many programs on which each fires, memories compared.

    python -m tests.rewrites.control.soak STATE [RULE …] [--programs N] [--seconds S] [--each S]

STATE is a JSON file: for each rule the next seed and what was counted so far. Every call goes on from
there, with the rules that have fired least first, until each has fired on N programs, or the seconds of
the call or of a rule are over. A difference between a fragment and an accepted offer, and a broken output
that the check accepts though it differs, are listed by seed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from seer.verify.loop_equivalence import recheck
from tests.rewrites.control.campaign import differs, firings
from tests.rewrites.control.entry import Entry
from tests.rewrites.control.mutants import mutants
from tests.rewrites.control.registry import ENTRIES

__all__ = ["FIRST", "Tally", "extend"]

FIRST = 1000
"""Seeds below belong to the ordinary tests."""


@dataclass
class Tally:
    """What a campaign counted of one rule, its variants included.

    `fired` counts programs with at least one accepted offer, `proved` and `tested` accepted offers, all of
    which were executed before and after; `broken` counts broken outputs that the interpreter tells apart
    and that the check refused.
    """

    seed: int = FIRST
    fired: int = 0
    proved: int = 0
    tested: int = 0
    refused: int = 0
    broken: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def drawn(self) -> int:
        """How many programs were drawn."""
        return self.seed - FIRST


def extend(entry: Entry, tally: Tally) -> None:
    """Counts one more program."""
    fired = False
    for rule in (entry.rule, *entry.variants):
        for firing in firings(rule, entry.programs, [tally.seed]):
            offer, verdict = firing.offer, firing.verdict
            if not verdict.accepted:
                tally.refused += 1
                continue
            fired = True
            tally.proved += verdict.proved
            tally.tested += not verdict.proved
            if differs(offer.before, offer.replacement):
                tally.differences.append(f"{rule} seed {tally.seed}")
            if not verdict.proved:
                continue
            if (
                offer.correspondence is not None
                and not recheck(offer.before, offer.replacement, offer.correspondence.to_json()).proved
            ):
                tally.differences.append(f"{rule} seed {tally.seed}: not proved again from its claim")
            rng = random.Random(f"{rule} {tally.seed}")
            for mutant in mutants(offer, rng, 1):
                if not differs(offer.before, mutant.block, 3):
                    continue
                wrong = replace(offer, replacement=mutant.block, correspondence=mutant.claim)
                if rule.checked(wrong).accepted:
                    tally.differences.append(f"{rule} seed {tally.seed}: broken {mutant.kind}")
                else:
                    tally.broken += 1
    tally.fired += fired
    tally.seed += 1


def _main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("rules", nargs="*")
    parser.add_argument("--programs", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=50)
    parser.add_argument("--each", type=float, default=30)
    options = parser.parse_args(arguments)
    end = time.monotonic() + options.seconds
    read = json.loads(options.state.read_text(encoding="utf-8")) if options.state.exists() else {}
    tallies = {name: Tally(**counted) for name, counted in read.items()}
    for entry in ENTRIES:
        tallies.setdefault(entry.rule.name, Tally())
    for entry in sorted(ENTRIES, key=lambda entry: tallies[entry.rule.name].fired):
        name = entry.rule.name
        if options.rules and name not in options.rules:
            continue
        tally = tallies[name]
        rule_end = min(end, time.monotonic() + options.each)
        while tally.fired < options.programs and time.monotonic() < rule_end:
            extend(entry, tally)
        counted = {name: asdict(tally) for name, tally in sorted(tallies.items())}
        options.state.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
