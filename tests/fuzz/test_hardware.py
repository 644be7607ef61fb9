"""The campaign of `seer fuzz rtl`: a sample here, the whole of it in the soak."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.backends.rtl import batch
from seer.backends.rtl.generate import generate_modules
from seer.cli.main import main
from seer.fuzz import hardware_legs
from seer.fuzz.findings import Source
from seer.fuzz.hardware import Campaign
from seer.fuzz.hardware_legs import HardwareLegs
from seer.fuzz.variants import VARIANTS, scheduled
from seer.schedule.model import PipelinedLoop, PipelinedWhile, Schedule, SequentialLoop, WhileLoop, regions

LOOPS = """
int loops(int a[8], float x[8], int n) {
    int t[8], s = 0;
    for (int i = 0; i < 8; i++) { t[i] = a[7 - i] * 3; x[i] = x[i] * 0.5f + 1; }
    while (n & 7) { s += t[n & 7] / 5; n--; }
    return s;
}
"""


@pytest.fixture(scope="module")
def loops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("programs") / "loops.c"
    file.write_text(LOOPS)
    return file


def test_a_sample_without_a_difference(tmp_path: Path) -> None:
    assert Campaign(8, seed=127).run(tmp_path / "reports") == []
    assert not (tmp_path / "reports").exists()


@pytest.mark.soak
def test_five_hundred_programs(tmp_path: Path) -> None:
    assert Campaign(500, seed=1).run(tmp_path) == []


def test_variants_differ_as_they_say(loops: Path) -> None:
    program = frontend.load([loops], "loops")
    made = [scheduled(program, number, f"0:{n}") for n in range(8) for number in range(VARIANTS)]
    plain = [node for variant in made[::VARIANTS] for node in variant.schedule.body]
    assert {type(node) for node in plain} >= {SequentialLoop, WhileLoop}
    assert not any(isinstance(node, (PipelinedLoop, PipelinedWhile)) for node in plain)
    pipelined = {type(node) for variant in made[1::VARIANTS] for node in variant.schedule.body}
    assert pipelined >= {PipelinedLoop, PipelinedWhile}
    some = {
        tuple(type(node) for node in variant.schedule.body if not isinstance(node, SequentialLoop))
        for variant in made[2::VARIANTS]
    }
    assert len(some) > 1
    assert {variant.schedule.share for variant in made} == {"none", "loop", "all"}
    assert {variant.schedule.clock_ns for variant in made} >= {5.0, 10.0}
    assert {memory.kind for v in made for memory in v.schedule.memories if memory.name == "t"} >= {
        "block",
        "distributed",
    }
    for variant in made:
        for unit, limit in variant.schedule.limits:
            assert any(
                op.unit == unit for region in regions(variant.schedule.body) for op in region.operations
            )
            assert limit >= 1
    assert any(variant.schedule.limits for variant in made)
    assert str(made[1]) == str(scheduled(program, 1, "0:0"))


def test_other_cycles_than_predicted_are_found(
    loops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware_legs, "cycles", lambda schedule, call: 1)
    (finding,) = HardwareLegs(1)(tmp_path, [Source(loops, "loops", "0")])
    assert (finding.kind, finding.leg) == ("differs", "0 replay")
    assert "cycles, not 1" in finding.message


def test_wrong_hardware_is_found(loops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(made: Schedule) -> tuple[str, dict[str, str]]:
        top, units = generate_modules(made)
        return top.replace(" - ", " + "), units

    monkeypatch.setattr(batch, "generate_modules", wrong)
    (finding,) = HardwareLegs(2, "1 rtl")(tmp_path, [Source(loops, "loops", "0")])
    assert finding.leg == "1 rtl"
    assert finding.kind in ("differs", "failed")
    assert finding.same(finding)


def test_operations_without_a_unit_are_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "f.c"
    file.write_text("#include <math.h>\nvoid f(double x[1]) { x[0] = exp(x[0]); }\n")
    (finding,) = HardwareLegs(1)(tmp_path, [Source(file, "f", "0")])
    assert finding.kind == "unscheduled"
    assert "exp" in finding.message


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fuzz", "rtl", "--n", "1", "--seed", "15", "-o", str(tmp_path / "found")])
    assert ended.value.code == 0
    assert "1 programs of seed 15: 0 with a difference" in capsys.readouterr().out
