"""Files of suites: what they say, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.bench.suite import FILE, find_suite, load_suite
from seer.errors import InputError

ROOT = Path(__file__).parents[2]
TEXT = """title = "Two"
options = { share = "none", clock = 4.5 }
[tolerance]
area = 0.05
[settings.plain]
[settings.other]
title = "The other"
options = { memory-ports = 1, share = "all", ignore-pragmas = true, D = ["N=4", "M=2"] }
kernels = ["b"]
[[kernels]]
name = "a"
[[kernels]]
name = "b"
top = "main_b"
sources = ["b.c", "more.c"]
bench = "b_tb.c"
options = { clock = 6, ignore-pragmas = false }
published = { cycles = 0.5 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.c", "b.c", "more.c", "b_tb.c"):
        (tmp_path / name).write_text("")
    (tmp_path / FILE).write_text(TEXT)
    return tmp_path


def test_a_suite_as_it_is_read(folder: Path) -> None:
    suite = load_suite(folder)
    assert suite.name == folder.name and suite.title == "Two"
    assert suite.tolerance == {"cycles": 0.0, "area": 0.05}
    plain, other = suite.settings
    assert (plain.title, other.title) == ("plain", "The other")
    assert [kernel.name for kernel in suite.kernels_of(plain)] == ["a", "b"]
    assert [kernel.name for kernel in suite.kernels_of(other)] == ["b"]
    assert suite.kernels[1].published == {"cycles": 0.5}


def test_options_of_a_kernel_go_before_the_settings_and_these_before_the_suites(folder: Path) -> None:
    suite = load_suite(folder)
    plain, other = suite.settings
    a, b = suite.kernels
    assert suite.arguments(plain, a) == ["a.c", "--top", "a", "--share", "none", "--clock", "4.5"]
    given = suite.arguments(other, b)
    assert given[:6] == ["b.c", "more.c", "--top", "main_b", "--tb", "b_tb.c"]
    assert given[6:] == ["--share", "all", "--clock", "6", "--memory-ports", "1", "-D", "N=4", "-D", "M=2"]


def test_a_kernel_may_have_options_of_its_own_in_one_setting(folder: Path) -> None:
    own = TEXT.replace("[[kernels]]", 'own.b = { clock = 7, D = "N=1" }\n[[kernels]]', 1)
    (folder / FILE).write_text(own)
    suite = load_suite(folder)
    plain, other = suite.settings
    assert suite.arguments(other, suite.kernels[1])[6:] == [
        *("--share", "all", "--clock", "7", "--memory-ports", "1", "-D", "N=1")
    ]
    assert suite.arguments(plain, suite.kernels[1])[6:] == ["--share", "none", "--clock", "6"]
    (folder / FILE).write_text(own.replace("own.b", "own.c"))
    with pytest.raises(InputError, match="'c', which is no kernel of the suite"):
        load_suite(folder)


def test_a_setting_has_goals_for_its_kernels(folder: Path) -> None:
    goals = TEXT.replace("[[kernels]]", "goals.b = { cycles = 80_000, to_input = 0.5 }\n[[kernels]]", 1)
    (folder / FILE).write_text(goals)
    plain, other = load_suite(folder).settings
    assert plain.goals == {} and other.goals == {"b": {"cycles": 80_000.0, "to_input": 0.5}}
    for broken, message in (("goals.c", "'c', which is no kernel"), ("goals.b.at", "unknown key 'at'")):
        (folder / FILE).write_text(goals.replace("goals.b", broken))
        with pytest.raises(InputError, match=message):
            load_suite(folder)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("[tolerance]", "[tolerances]", 3, "unknown key 'tolerances' in the suite"),
        ("area = 0.05", "area = -1", 4, "must be a number that is not negative"),
        ("area = 0.05", "speed = 1", 4, "unknown key 'speed'"),
        ('kernels = ["b"]', 'kernels = ["c"]', 9, "'c', which is no kernel"),
        ('name = "a"', 'name = "b"', 13, "two kernels are called 'b'"),
        ('name = "a"', 'name = "x/y"', 11, "must have a name of letters"),
        ('"more.c"', '"less.c"', 15, "there is no file less.c"),
        ("clock = 6", "clock = [[6]]", 17, "the option clock of the kernel b"),
        ('top = "main_b"', "top = 3", 14, "needs a text as its top"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    folder: Path, old: str, new: str, line: int, message: str
) -> None:
    (folder / FILE).write_text(TEXT.replace(old, new))
    with pytest.raises(InputError, match=message) as caught:
        load_suite(folder)
    assert caught.value.location is not None
    assert caught.value.location.file == str(folder / FILE)
    assert caught.value.location.line == line


def test_a_file_that_is_no_toml_is_refused(folder: Path) -> None:
    (folder / FILE).write_text("title = \n[x]\n")
    with pytest.raises(InputError, match="line 1"):
        load_suite(folder)


def test_suites_are_found_by_path_and_by_name(folder: Path) -> None:
    assert find_suite(str(folder), []) == folder
    assert find_suite(folder.name, [folder.parent]) == folder
    with pytest.raises(InputError, match="no suite 'nothing'") as caught:
        find_suite("nothing", [folder.parent])
    assert folder.name in str(caught.value.hint)


@pytest.mark.parametrize("path", sorted(ROOT.glob(f"benchmarks/*/{FILE}")), ids=lambda path: path.parent.name)
def test_the_suites_of_the_repository_can_be_read(path: Path) -> None:
    assert load_suite(path.parent).kernels
