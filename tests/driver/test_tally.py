"""What exploration counts of each rule, and that `--trace` shows it."""

from __future__ import annotations

from pathlib import Path

import seer
from seer.driver.tally import Tally
from seer.egraph.limits import StepReport

SEQ_LOOPS = Path(__file__).parents[2] / "benchmarks" / "seer" / "seq_loops.c"


def test_counts_by_rule() -> None:
    tally = Tally(["fusion", "unroll by 2"])
    for _ in range(2):
        tally.matched("fusion")
        tally.refused("fusion", "too large")
    tally.matched("fusion")
    tally.offered("fusion")
    tally.united("fusion", "L1 and L2")
    report = StepReport(0, {"mul-one": 3, "group-nil": 9}, ("mul-one: not decided",), banned=("add-zero",))
    tally.step(report, ["mul-one", "add-zero"])
    fusion, unroll, product, zero = tally.counts()
    assert (fusion.matched, fusion.offered, fusion.united) == (3, 1, 1)
    assert fusion.refused == (("too large", 2),) and fusion.places == (("L1 and L2", 1),)
    assert (unroll.rule, unroll.matched) == ("unroll by 2", 0)
    assert (product.rule, product.kind, product.united) == ("mul-one", "datapath", 3)
    assert product.refused == (("not decided", 1),)
    assert zero.refused == (("too many matches at once: it had to wait", 1),)


def test_an_optimisation_counts_its_rules(tmp_path: Path) -> None:
    options = seer.Options(backend="none", rules="control", limits=seer.Options().limits)
    result = seer.optimize(SEQ_LOOPS, "seq_loops", options, output=tmp_path)
    counts = {count.rule: count for count in result.rules}
    fusion = counts["fusion"]
    assert fusion.matched and fusion.refused and fusion.matched <= fusion.offered + len(fusion.refused)
    assert sum(times for _, times in fusion.refused) + fusion.united >= fusion.matched
    assert sum(n for _, n in counts["unroll by 2"].places) == counts["unroll by 2"].united > 0
