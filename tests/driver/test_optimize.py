"""The whole way without a simulator: what rules bring, what the certificate says, and that runs repeat."""

import functools
import json
from pathlib import Path

import pytest

from seer import frontend
from seer.driver.optimize import optimize
from seer.driver.options import RULE_SETS, Limits, Options
from seer.driver.output import write_result
from seer.driver.result import Result
from seer.driver.source import Source

BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "seer"


def run(top: str, folder: Path, defines: tuple[str, ...] = (), **options: object) -> Result:
    file = BENCHMARKS / f"{top}.c"
    program = frontend.load([file], top, defines=defines)
    result = optimize(program, Source((file,), defines=defines), Options(backend="none", **options), folder)  # type: ignore[arg-type]
    write_result(result, folder)
    return result


@pytest.fixture(scope="module")
def seq_loops(tmp_path_factory):
    return functools.cache(
        lambda rules="all", off=(): run(
            "seq_loops", tmp_path_factory.mktemp("out"), rules=rules, disabled_rules=off
        )
    )


def cycles(result: Result, design: str = "seer") -> int:
    return result.designs[design].predicted_cycles


def test_seq_loops_needs_at_most_seven_tenths_of_the_cycles(seq_loops):
    assert cycles(seq_loops()) <= 0.7 * cycles(seq_loops(), "auto_pipelined")


def test_both_kinds_of_rules_together_beat_each_alone(seq_loops):
    by_rules = {rules: cycles(seq_loops(rules)) for rules in RULE_SETS}
    assert by_rules["all"] < by_rules["control"] <= by_rules["none"]
    assert by_rules["all"] < by_rules["datapath"] <= by_rules["none"]


def test_a_datapath_step_enables_the_fusion(seq_loops):
    rules = [step.rule for step in seq_loops().steps]
    enabling = rules[: rules.index("fusion")]
    assert "shl-to-mul" in enabling
    without = seq_loops("all", ("shl-to-mul",))
    assert "fusion" not in [step.rule for step in without.steps]
    assert cycles(without) > cycles(seq_loops())


def test_every_step_is_counted_under_its_proof(seq_loops):
    proof = seq_loops().to_json()["proof"]
    assert proof["steps"] == len(seq_loops().steps) > 0
    assert sum(count for kind, count in proof.items() if kind not in ("steps", "assumed")) == proof["steps"]
    assert proof["isl"] > 0 and proof["ring"] > 0


def test_the_matrix_product_beats_its_pipelined_input(tmp_path):
    result = run("gemm_ncubed", tmp_path, defines=("TYPE=int",))
    assert cycles(result) < cycles(result, "auto_pipelined") < cycles(result, "input")


def test_two_runs_write_the_same_bytes(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for jobs, folder in enumerate(folders, 1):
        assert run("seq_loops", folder, jobs=jobs).reproducible
    names = [sorted(path.name for path in folder.iterdir() if path.is_file()) for folder in folders]
    assert names[0] == names[1]
    for name in names[0]:
        if name not in ("timings.json", "run.log"):
            assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_result_json_has_the_fields_of_its_contract(seq_loops):
    data = json.loads(json.dumps(seq_loops().to_json()))
    assert data["schema"] == 1
    assert list(data["designs"]) == ["input", "auto_pipelined", "seer"]
    for design in data["designs"].values():
        assert set(design) == {"cycles", "min_clock_ns", "placed", "area", "loops", "partitions"}
        assert set(design["area"]) == {"lut", "ff", "dsp", "bram", "source"}
        for loop in design["loops"]:
            assert set(loop) == {"label", "location", "ii", "ii_bound_by", "depth", "trip_count", "cycles"}
    assert set(data["egraph"]) == {"nodes", "classes", "iterations", "limits_hit"}
    assert data["equivalence"]["cpp_vectors"] > 0 and data["equivalence"]["mismatches"] == 0
    assert data["front"] and data["reproducible"] is True


def test_a_time_limit_keeps_what_was_found_and_says_so(tmp_path):
    result = run("seq_loops", tmp_path, time_limit=0.01)
    assert not result.reproducible
    assert result.egraph["limits_hit"] == ["seconds"]
    assert cycles(result) <= cycles(result, "auto_pipelined")


def test_a_limit_that_was_hit_is_reported(tmp_path):
    result = run("seq_loops", tmp_path, limits=Limits(loop_rewrites=1))
    assert "loop_rewrites" in result.egraph["limits_hit"]
    assert result.reproducible
