"""Rule files: what they may hold, and errors with their places."""

from pathlib import Path

import pytest

from seer.egraph.rules import RuleBook, laws, library, parse_rules
from seer.errors import InputError, Location

FINE = '; a + b = b + a\n(birewrite (Add w a b) (Add w b a) :when ((> w 1)) :name "swap")\n'


def test_a_birewrite_is_two_rules():
    there, back = parse_rules(FINE, "mine.egg", "mine")
    assert (there.name, back.name) == ("swap", "swap-reverse")
    assert there.summary == "a + b = b + a"
    assert (there.left, there.right) == (back.right, back.left)
    assert there.text != back.text


def test_rules_know_their_family_and_place():
    rule = library()["mul-add-same"]
    assert rule.family == "arithmetic"
    assert rule.location.file.endswith("arithmetic.egg")
    assert rule.location.line > 1
    assert not rule.axiom
    assert all(law.axiom for law in laws())


BROKEN = {
    "no name": ("; x\n(rewrite (Add w a b) (Add w b a))", 2, "needs a :name"),
    "no mathematics": ('(rewrite (Add w a b) (Add w b a) :name "r")', 1, "line of mathematics"),
    "unknown constructor": ('; x\n(rewrite (Ad w a b) (Add w b a) :name "r")', 2, "Ad is neither"),
    "too few arguments": ('; x\n(rewrite (Add w a) a :name "r")', 2, "Add takes 3 arguments"),
    "unbound on the right": ('; x\n(rewrite (Add w a b) (Add w a c) :name "r")', 2, "c has no value"),
    "unbound in a condition": (
        '; x\n(rewrite (Add w a b) a\n  :when ((< k w)) :name "r")',
        3,
        "a variable of this condition",
    ),
    "wrong sort": ('; x\n(rewrite (Add w a w) a :name "r")', 2, "w is a i64"),
    "integer for a constant": ('; x\n(rewrite (Add w a (Num w 0)) a :name "r")', 2, "BigInt is needed"),
    "a load": ('; x\n(rewrite (Load w A i) (Load w A i) :name "r")', 2, "matches Load"),
    "a lone variable": ('; x\n(rewrite a (Add w a a) :when ((= w 3)) :name "r")', 2, "unknown width"),
    "range of a compound": (
        '; x\n(rewrite (Add w a b) a :when ((= h (hi (Add w a b)))) :name "r")',
        2,
        "known of variables only",
    ),
    "no rewrite": ('; x\n(rule ((Add w a b)) ((union a b)) :name "r")', 2, "no place in a rule file"),
    "no egglog": ("; x\n(rewrite (Add w a b", None, ""),
}


@pytest.mark.parametrize("what", BROKEN)
def test_errors_have_a_place(what: str):
    text, line, message = BROKEN[what]
    with pytest.raises(InputError) as caught:
        parse_rules(text, "mine.egg", "mine")
    assert message in caught.value.message
    assert isinstance(caught.value.location, Location)
    assert caught.value.location.file == "mine.egg"
    if line is not None:
        assert caught.value.location.line == line
        assert caught.value.location.column >= 1


def test_two_rules_of_one_name_are_refused(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.egg").write_text(FINE, encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        RuleBook.load([tmp_path / "one.egg", tmp_path / "two.egg"])


def test_an_unreadable_file_is_the_users_error(tmp_path: Path):
    with pytest.raises(InputError, match="cannot read"):
        RuleBook.load([tmp_path / "absent.egg"])
