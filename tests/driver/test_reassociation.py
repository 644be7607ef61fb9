"""--fp-reassociate: equations of real numbers shorten a sum, and everything says that they were assumed."""

import json
from pathlib import Path

import numpy as np
import pytest

from seer import optimize
from seer.driver.options import Limits, Options
from seer.egraph import real_numbers
from seer.egraph.floating import is_about_floats
from seer.egraph.rules import RuleBook, library, reassociation_files
from seer.verify.agreement import REASSOCIATED, differing

SOURCE = """
float total(float x[64]) {
    float sum = 0;
    for (int i = 0; i < 64; i += 2) {
        sum += x[i];
        sum += x[i + 1];
    }
    return sum;
}
"""


def test_a_sum_leaves_the_recurrence_only_where_that_is_allowed(tmp_path: Path):
    (tmp_path / "total.c").write_text(SOURCE)
    cycles = {}
    for allowed in (False, True):
        options = Options(backend="none", fp_reassociate=allowed, limits=Limits(rounds=2, loop_rewrites=4))
        result = optimize([tmp_path / "total.c"], "total", options, output=tmp_path / str(allowed))
        cycles[allowed] = result.designs["seer"].predicted_cycles
        assert (result.proof["assumed"] > 0) == allowed
        assert result.proof["steps"] == sum(n for kind, n in result.proof.items() if kind != "steps")
        certificate = json.loads((tmp_path / str(allowed) / "certificate.json").read_text())
        assert any("--fp-reassociate" in text for text in certificate["assumptions"]) == allowed
        emitted = (tmp_path / str(allowed) / "total_seer.cpp").read_text()
        assert ("--fp-reassociate" in emitted) == allowed
    assert cycles[True] < cycles[False]


def test_the_rules_are_apart_and_hold_of_real_numbers():
    assumed = RuleBook.load(reassociation_files(), assumed=True)
    assert len(assumed) >= 15 and not set(assumed.names) & set(library().names)
    assert set(assumed.names) <= set(library((), True).names)
    for rule in assumed:
        assert is_about_floats(rule) and real_numbers.refute(rule) is None


@pytest.mark.parametrize(
    "text",
    [
        '(rewrite (FSub w a b) (FSub w b a) :name "r")',
        '(rewrite (FSub w (FSub w a b) c) (FSub w a (FSub w b c)) :name "r")',
        '(rewrite (FDiv w a (FDiv w b c)) (FDiv w a (FMul w b c)) :name "r")',
        '(rewrite (FAdd w a (FAdd w b c)) (FAdd w (FAdd w a b) b) :name "r")',
    ],
)
def test_what_is_wrong_of_real_numbers_does_not_load(text: str, tmp_path: Path):
    path = tmp_path / "mine.egg"
    path.write_text(f"; claimed\n{text}\n", encoding="utf-8")
    (rule,) = RuleBook.load([path], assumed=True)
    assert "the sides are" in str(real_numbers.refute(rule))


def test_floats_agree_up_to_rounding_and_no_further():
    expected = np.array([1.0, 1e-9, np.inf, np.nan, 3.0], np.float32).view(np.uint32)
    near = np.array([1.0001, 0.0, np.inf, -np.nan, 3.0], np.float32).view(np.uint32)
    assert list(differing(expected, near, True)) == [0, 1]
    assert list(differing(expected, near, True, REASSOCIATED)) == []
    far = np.array([1.002, 1e-9, -np.inf, 0.0, 3.0], np.float32).view(np.uint32)
    assert list(differing(expected, far, True, REASSOCIATED)) == [0, 2, 3]
