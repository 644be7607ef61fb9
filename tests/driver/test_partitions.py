"""`#pragma HLS ARRAY_PARTITION`: in all three designs and the C++, or in none, or refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.cli.common import wished
from seer.driver.optimize import optimize
from seer.driver.options import Options
from seer.driver.result import Result
from seer.driver.source import Source
from seer.driver.wishes import honoured
from seer.schedule.partition import Partition

KERNEL = """struct point { int x; short y; };
static const int weights[4] = {1, 3, 3, 1};
void f(int a[30], struct point p[30]) {
#pragma HLS ARRAY_PARTITION variable=a cyclic factor=3
#pragma HLS ARRAY_PARTITION variable=p type=block factor=2 dim=1
#pragma HLS array_partition variable=weights complete
    int buffer[30];
#pragma HLS ARRAY_PARTITION variable=buffer cyclic factor=2
    for (int i = 0; i < 30; i++) buffer[i] = a[i] + p[29 - i].x;
    for (int i = 0; i < 26; i++) {
        int sum = 0;
        for (int k = 0; k < 4; k++) sum += weights[k] * buffer[i + k];
        p[i].y = sum;
    }
}
"""


def run(folder: Path, ignore: bool = False, rules: str = "none") -> Result:
    file = folder / "k.c"
    file.write_text(KERNEL)
    loaded = wished([file], "f", (), (), {}, {}, ignore)
    assert loaded.reports == ()
    options = Options(backend="none", rules=rules, wishes=loaded.wishes)
    return optimize(loaded.program, Source((file,)), options, folder / "out")


BANKS = {"a_0", "a_1", "a_2", "p.x_0", "p.x_1", "p.y_0", "p.y_1", "buffer_0", "buffer_1"}


@pytest.mark.parametrize("rules", ["none", "datapath"])
def test_honoured_in_all_designs(tmp_path: Path, rules: str) -> None:
    result = run(tmp_path, rules=rules)
    for design in result.designs.values():
        names = {memory.name for memory in design.schedule.memories if memory.kind != "register"}
        assert names >= BANKS and not names & {"a", "p.x", "p.y", "buffer", "weights"}
    text = (tmp_path / "out" / "f_seer.cpp").read_text().splitlines()
    assert [line for line in text if "ARRAY_PARTITION" in line] == [
        "#pragma HLS ARRAY_PARTITION variable=a cyclic factor=3 dim=1",
        "#pragma HLS ARRAY_PARTITION variable=p block factor=2 dim=1",
        "#pragma HLS ARRAY_PARTITION variable=weights complete dim=1",
        "#pragma HLS ARRAY_PARTITION variable=buffer cyclic factor=2 dim=1",
    ]
    assert text[text.index("#pragma HLS ARRAY_PARTITION variable=buffer cyclic factor=2 dim=1") - 1] == (
        "    int buffer[30];"
    )
    assert result.options["wishes"]["partitions"][0] == "variable=a cyclic factor=3 dim=1"


def test_in_none_without_pragmas(tmp_path: Path) -> None:
    result = run(tmp_path, ignore=True)
    for design in result.designs.values():
        assert not BANKS & {memory.name for memory in design.schedule.memories}
    assert "ARRAY_PARTITION" not in (tmp_path / "out" / "f_seer.cpp").read_text()


def test_impossible_ones_are_said_with_their_place(tmp_path: Path) -> None:
    bad = [
        ("variable=none complete", "f has no array none"),
        ("variable=a cyclic factor=0", "its factor has to be 1 or more"),
        ("variable=a block factor=31", "its factor is greater than the 30 elements of the dimension"),
        ("variable=a cyclic factor=2 dim=2", "a has 1 dimension(s)"),
        ("variable=a cyclic factor=N", "its factor `N` is not a number"),
        ("variable=a cyclic", "it has no factor"),
        ("variable=a cyclic block factor=2", "it names more than one kind"),
        ("variable=a type=round factor=2", "there is no kind `round` of partitions"),
        ("cyclic factor=2", "it names no variable"),
        ("variable=n complete", "f has no array n"),
    ]
    pragmas = "".join(f"#pragma HLS ARRAY_PARTITION {text}\n" for text, _ in bad)
    (tmp_path / "k.c").write_text(
        f"void g(int b[30]) {{\n#pragma HLS ARRAY_PARTITION variable=b complete\n    b[0] = 1;\n}}\n"
        f"void f(int a[30], int n) {{\n{pragmas}    a[n] = 1;\n}}\n"
    )
    program = frontend.load([tmp_path / "k.c"], "f")
    wishes, reports = honoured(program, frontend.pragmas_of([tmp_path / "k.c"]))
    assert wishes.partitions == ()
    assert [report.split("k.c:")[1] for report in reports] == [
        "2:9: `#pragma HLS ARRAY_PARTITION variable=b complete` is not honoured: of another function than f"
        " only local arrays and tables of its calls can be cut",
        *(
            f"{6 + number}:9: `#pragma HLS ARRAY_PARTITION {text}` is not honoured: {reason}"
            for number, (text, reason) in enumerate(bad)
        ),
    ]


def test_arrays_of_inlined_functions(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text(
        """int g(int v[8]) {
    int own[8];
#pragma HLS ARRAY_PARTITION variable=own complete
    for (int i = 0; i < 8; i++) own[i] = v[i];
    return own[v[0] & 7];
}
int f(int a[8]) { return g(a); }
"""
    )
    program = frontend.load([tmp_path / "k.c"], "f")
    wishes, reports = honoured(program, frontend.pragmas_of([tmp_path / "k.c"]))
    assert reports == []
    (partition,) = wishes.partitions
    assert str(partition) == str(Partition("own", "complete")) and len(partition.arrays) == 1
