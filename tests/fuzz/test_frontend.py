"""The campaign of `seer fuzz frontend`: a sample here, the whole of it in the soak."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seer.cli.main import main
from seer.fuzz.campaign import kernel_of
from seer.fuzz.frontend import Campaign

CONSTRUCTS = (
    *("for (", "while (", "do {", "break;", "continue;", "switch (", "default:", " ? ", "&&", "||", ", "),
    *("struct ", "typedef struct", "->", "static const", "enum ", "memcpy(", "memset(", "_Bool", "__int128"),
    *("float", "double", "unsigned char", "long long", "uint64_t", "*p", "static inline", "[2] = ", ".x = "),
    *(
        "<<= ",
        ">>= ",
        "%= ",
        "++",
        "--",
        "sqrt(",
        "static int",
        "(*(",
        "return (",
        "<<= 1",
        "*= 2",
        "trunc(",
        "roundf(",
    ),
)


def test_a_sample_without_a_difference(tmp_path: Path) -> None:
    assert Campaign(8, seed=3).run(tmp_path / "reports") == []
    assert not (tmp_path / "reports").exists()


def test_a_sample_with_bit_precise_types(tmp_path: Path) -> None:
    assert "_BitInt(" in kernel_of(1, 1, True).text
    assert Campaign(2, seed=1, bit_int=True).run(tmp_path) == []


@pytest.mark.soak
def test_bit_precise_types(tmp_path: Path) -> None:
    assert Campaign(300, seed=2, bit_int=True).run(tmp_path) == []


@pytest.mark.soak
def test_two_thousand_programs(tmp_path: Path) -> None:
    assert Campaign(2000, seed=1).run(tmp_path) == []


def test_a_seed_gives_the_same_programs() -> None:
    texts = [kernel_of(5, number).text for number in range(30)]
    assert texts == [kernel_of(5, number).text for number in range(30)]
    assert len(set(texts)) == 30
    assert kernel_of(6, 0).text != texts[0]


def test_every_construct_occurs() -> None:
    text = "".join(kernel_of(0, number).text for number in range(150))
    assert [construct for construct in CONSTRUCTS if construct not in text] == []
    for bounds in (r"= i\d+; i\d+ < \d", r"= 0; i\d+ < i\d", r"= 0; i\d+ <= i\d"):
        assert re.search(rf"for \(int i\d+ {bounds}", text), bounds
    for bounds in (
        r"= 0; i\d+ < n\d",
        r"= n\d+\[\d\]; i\d+ < n\d+\[",
        r"= 0; i\d+ < \(\(",
        r"= \(\w+( char)?\)\(\(",
    ):
        assert re.search(rf"for \([\w ]+ i\d+ {bounds}", text), bounds
    assert re.search(r"\n +(n\d+|\*\(&n\d+\)) = \(.* & \d;", text)
    assert "_BitInt(" not in text
    assert "_BitInt(" in "".join(kernel_of(0, number, True).text for number in range(20))


def test_a_difference_is_reported_and_made_small(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A compiler with another idea of plain char than the data model that seer takes C in.
    monkeypatch.chdir(tmp_path)
    options = ["--n", "2", "--seed", "23", "--shrink", "10", "-o", "found", "--cc", "gcc -funsigned-char"]
    with pytest.raises(SystemExit) as ended:
        main(["fuzz", "frontend", *options])
    assert ended.value.code == 3
    printed = capsys.readouterr().out
    assert "differs" in printed
    small = sorted(path for path in Path("found").glob("23_*.c") if "whole" not in path.stem)
    assert small and all(str(path) in printed for path in small)
    for path in small:
        report = path.with_suffix(".txt").read_text()
        assert " expected [" in report and " got " in report and "top: " in report
        assert len(path.read_text()) < len(path.with_stem(path.stem + "_whole").read_text())


def test_the_command_without_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fuzz", "frontend", "--n", "1", "-o", str(tmp_path / "found")])
    assert ended.value.code == 0
    assert "1 programs of seed 0: 0 with a difference" in capsys.readouterr().out
