"""`seer schedule`: what is printed for programs whose schedules are known, and what bounds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from seer.cli.schedule import command
from seer.errors import InputError

SOURCE = """\
#define N 100
float dot(float a[N], float b[N]) {
    float s = 0;
loop:
    for (int i = 0; i < N; i++)
        s += a[i] * b[i];
    return s;
}
void stencil(int a[N], int b[N]) {
    for (int i = 1; i < 97; i++)
        b[i] = a[i - 1] + a[i] + a[i + 1] + a[i + 2] + a[i + 3];
}
void prefix(int a[N]) {
    for (int i = 1; i < N; i++)
        a[i] = a[i] + a[i - 1];
}
void scatter(int a[N], int b[N]) {
    for (int i = 0; i < N; i++)
        b[a[i]] += 1;
}
void products(int a[N], int b[N], int c[N], int n) {
    for (int i = 0; i < n; i++)
        c[i] = a[i] * b[i] + a[i] * a[i] + b[i] * b[i];
}
int find(int a[N], int key) {
    int i = 0;
    while (i < N && a[i] != key)
        i++;
    return i;
}
void nest(int a[8][8]) {
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < i; j++)
            a[i][j] = i + j;
}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "k.c"
    path.write_text(SOURCE)
    return path


def run(source: Path, top: str, *options: str) -> str:
    done = CliRunner().invoke(command, [str(source), "--top", top, *options], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.output


def loops(source: Path, top: str, *options: str) -> list[dict[str, Any]]:
    found = json.loads(run(source, top, "--json", *options))["parts"]
    return [part for part in found if part["kind"] != "straight code"]


def test_a_float_recurrence_names_its_operation_line_and_latency(source: Path) -> None:
    (loop,) = loops(source, "dot")
    bound = loop["bound"]
    assert (loop["name"], loop["location"], loop["trip_count"]) == ("loop", "k.c:5", 100)
    assert bound["kind"] == "recurrence"
    latency = loop["ii"] - 1
    assert bound["path"] == [
        "read s at k.c:6",
        f"32-bit fadd ({latency} cycles) at k.c:6",
        "write s at k.c:6",
        "back to read s at k.c:6, 1 iteration(s) later",
    ]
    assert bound["because"] == f"a recurrence through s takes {loop['ii']} cycles in each iteration"
    assert "partial results would round differently" in bound["lift"]


def test_ports_name_the_array_and_its_accesses(source: Path) -> None:
    (loop,) = loops(source, "stencil")
    assert (loop["ii"], loop["bound"]["kind"]) == (3, "ports")
    assert loop["bound"]["because"] == "5 accesses to a in each iteration share 2 port(s)"
    assert loop["bound"]["path"] == ["load a (1 cycle) at k.c:11"] * 5
    (loop,) = loops(source, "stencil", "--memory-ports", "1")
    assert loop["ii"] == 5


def test_operators_name_the_unit_and_its_limit(source: Path) -> None:
    (free,) = loops(source, "products")
    assert (free["ii"], free["trip_count"]) == (1, "(n)")
    assert free["cycles"] == f"1 + (1·((n) − 1) + {free['depth']} if (n) > 0)"
    (loop,) = loops(source, "products", "--limit", "mul_pipe=1")
    assert (loop["ii"], loop["bound"]["kind"]) == (3, "operators")
    assert loop["bound"]["because"] == "3 operations in each iteration share 1 unit(s) mul_pipe"
    assert loop["bound"]["lift"] == "a limit of more than 1 for mul_pipe"
    assert all("mul" in line and "k.c:23" in line for line in loop["bound"]["path"])


def test_recurrences_through_memory_exact_and_assumed(source: Path) -> None:
    (loop,) = loops(source, "prefix")
    assert loop["bound"]["because"].startswith("a recurrence through a takes")
    assert loop["bound"]["path"][0] == "load a (1 cycle) at k.c:15"
    assert "forwarding" in loop["bound"]["lift"]
    (loop,) = loops(source, "scatter")
    assert "assumed" in loop["bound"]["because"] and "affine" in loop["bound"]["lift"]


def test_a_condition_names_what_it_waits_for(source: Path) -> None:
    (loop,) = loops(source, "find")
    assert (loop["kind"], loop["trip_count"], loop["bound"]["kind"]) == ("pipelined while", "N", "condition")
    assert any(line.startswith("load a") for line in loop["bound"]["path"])
    assert loop["bound"]["path"][-1] == "decision"


def test_formulas_hold(source: Path) -> None:
    outer, inner = loops(source, "nest")
    assert (outer["kind"], inner["kind"], inner["trip_count"]) == ("sequential", "pipelined", "(i0)")
    printed = run(source, "dot", "--no-chart")
    (loop,) = loops(source, "dot")
    total = 1 + loop["ii"] * 99 + loop["depth"] + 1
    assert f"cycles: {total:,}\n" in printed
    assert loop["cycles"] == f"{loop['ii']}·(100 − 1) + {loop['depth']}"


def test_the_chart_shows_each_operation_in_its_cycles(source: Path) -> None:
    lines = [line.split() for line in run(source, "dot").splitlines()]
    (loop,) = loops(source, "dot")
    ruler = "".join(str(cycle % 10) for cycle in range(loop["depth"]))
    assert ["cycle", ruler] in lines
    (add,) = [line for line in lines if line[:1] == ["fadd"]]
    bar, place = add[-2:]
    assert (len(bar), place) == (loop["depth"], "k.c:6")
    assert bar.count("#") == 1 and bar.count("=") == loop["ii"] - 2


def test_nothing_and_what_pragmas_ask_for(source: Path) -> None:
    (loop,) = loops(source, "stencil", "--pipeline", "none")
    assert (loop["kind"], loop["ii"], loop["bound"]) == ("sequential", None, None)
    assert loops(source, "stencil", "--pipeline", "written") == [loop]


def test_recorded_calls_are_counted(source: Path, tmp_path: Path) -> None:
    bench = tmp_path / "tb.c"
    bench.write_text(
        "int find(int a[100], int key);\nint main(void) { static int a[100]; return find(a, 1) - 100; }\n"
    )
    printed = run(source, "find", "--tb", str(bench), "--no-chart")
    (loop,) = loops(source, "find")
    # 100 iterations, the condition once more in front of them, and a cycle on either side.
    assert f"cycles: {loop['ii'] * 100 + 3 + 2:,}\n" in printed


@pytest.mark.parametrize("limit", ["mul_pipe", "mul_pipe=x", "mul_pipe=0", "nothing=1", "add=" + "9" * 5000])
def test_bad_limits_are_refused(source: Path, limit: str) -> None:
    with pytest.raises(InputError):
        run(source, "dot", "--limit", limit)


def test_laws_against_schedules(source: Path) -> None:
    found = json.loads(run(source, "stencil", "--laws", "--json"))
    by_name = {row["variant"]: row for row in found["variants"]}
    plain, unrolled = by_name["as it is, pipelined"], by_name["loop 1 unrolled by 2, pipelined"]
    assert plain["law"] == plain["schedule"]
    printed = run(source, "stencil", "--laws")
    error = unrolled["law"] / unrolled["schedule"] - 1
    assert f"{unrolled['law']:,}" in printed and f"{error:+.1%}" in printed
    assert f"rank correlation (Spearman) {found['rank_correlation']:.3f}" in printed


def test_a_target_file_that_is_no_text_is_refused(source: Path, tmp_path: Path) -> None:
    device = tmp_path / "odd.toml"
    device.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="no text"):
        run(source, "dot", "--target", str(device))


def test_names_of_parts_are_unique(tmp_path: Path) -> None:
    path = tmp_path / "n.c"
    loop_ = "for (int i = 0; i < 9; i++) a[i] += i;"
    path.write_text(f"void f(int a[9]) {{ loop2: {loop_} {loop_} {loop_} }}")
    names = [part["name"] for part in loops(path, "f")]
    assert len(names) == len(set(names)) == 3


def test_banks_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "k.c"
    body = "    for (int i = 0; i < 90; i++) b[i] = a[i] + a[i + 1] + a[i + 2];\n"
    pragma = "#pragma HLS ARRAY_PARTITION variable=a cyclic factor=3\n"
    path.write_text(f"void f(int a[100], int b[100]) {{\n{pragma}{body}}}\n")
    shown = run(path, "f", "--memory-ports", "1")
    assert "a: 3 banks (cyclic by 3) of 34/33 words, external, 1 port(s) each\n" in shown
    assert ": II 1, because" in shown
    plain = run(path, "f", "--memory-ports", "1", "--ignore-pragmas")
    assert (
        "banks" not in plain and ": II 3, because 3 accesses to a in each iteration share 1 port(s)" in plain
    )
    assert "ARRAY_PARTITION variable=a cyclic factor=3 dim=1`, gives II 1" in plain
    (found,) = json.loads(run(path, "f", "--json"))["banks"]
    assert found["array"] == "a" and found["words"] == [34, 33, 33]


def test_independent_loops_side_by_side(tmp_path: Path) -> None:
    file = tmp_path / "two.c"
    file.write_text(
        "void two(int a[40], int b[20]) {\n"
        "    for (int i = 0; i < 40; i++) a[i] += 1;\n"
        "    for (int i = 0; i < 20; i++) b[i] += 2;\n"
        "}\n"
    )
    for option, cycles in (((), 64), (("--parallel",), 42)):
        shown = CliRunner().invoke(command, [str(file), "--top", "two", "--no-chart", *option]).output
        assert ("side by side" in shown) == bool(option)
        assert f"cycles: {cycles}" in shown


def test_arrays_between_loops_that_overlap_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "k.c"
    path.write_text(
        "void f(int a[32], int b[32]) {\n    int t[32];\n"
        "    for (int i = 0; i < 32; i++) t[i] = a[i] + 1;\n"
        "    for (int i = 0; i < 32; i++) b[i] = t[i] * 2;\n}\n"
    )
    assert "in turn for" not in run(path, "f")
    printed = run(path, "f", "--parallel")
    assert "t: 2 words in turn for 32 elements, registers" in printed and "max(loop, " in printed
    (found,) = json.loads(run(path, "f", "--parallel", "--json"))["rings"]
    assert found == {"array": "t", "elements": 32, "words": 2, "kind": "registers"}
