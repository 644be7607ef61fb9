"""Assertions become content ranges where they hold of everything that is loaded, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.lang.program import Program
from seer.lang.terms import Local, Param, Range
from seer.lang.traverse import statements
from seer.schedule import Target, area_estimate, auto_pipelined, schedule
from seer.verify.generate import generate_vectors

TEN = Range(0, 1023)


def load(folder: Path, body: str) -> Program:
    path = folder / "k.c"
    path.write_text(f"#include <assert.h>\n#define N 16\n{body}", encoding="utf-8")
    return frontend.load([path], "f")


def contents(program: Program) -> dict[str, Range | None]:
    return {
        a.name: a.term.content if isinstance(a.term, Param) else a.term.type.content
        for a in program.arguments
    }


HOLDS = {
    "at each use": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N; i++) { assert(a[i] >= 0 && a[i] < 1024); b[i] = 3 * a[i]; } }""",
    "negated and mirrored": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N; i++) { __builtin_assume(!(a[i] < 0) && 1023 >= a[i]); b[i] = 3 * a[i]; } }""",
    "of a variable": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N; i++) { int x = a[i]; int y = x;
            assert(x >= 0 && x < 1024); b[i] = x * y; } }""",
    "of the whole array first": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N; i++) assert(a[i] >= 0 && a[i] < 1024);
        for (int i = 0; i < N; i++) b[i] = a[N - 1 - i] + a[0]; }""",
    "of two dimensions": """void f(int a[N][4], int b[N]) {
        for (int i = 0; i < N; i++) for (int j = 0; j < 4; j++) assert(a[i][j] >= 0 && a[i][j] < 1024);
        for (int i = 0; i < N; i++) b[i] = a[i][i % 4]; }""",
    "around a loop": """void f(int a[N], int b[N]) {
        assert(a[0] >= 0 && a[0] < 1024);
        for (int i = 0; i < N; i++) b[i] = a[0]; }""",
    "every store keeps it": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N; i++) { assert(a[i] >= 0 && a[i] < 1024); a[i] = a[i] & 255; }
        b[0] = 1; }""",
    "in a function called": """static int g(int x) { assert(x >= 0 && x < 1024); return x + 1; }
        void f(int a[N], int b[N]) { for (int i = 0; i < N; i++) b[i] = g(a[i]); }""",
}
FAILS = {
    "a store breaks it": """void f(int a[N], int b[N]) {
        assert(a[0] >= 0 && a[0] < 1024); b[0] = a[0]; a[0] = 5000; b[1] = a[0]; }""",
    "another element is loaded": """void f(int a[N], int b[N]) {
        assert(a[0] >= 0 && a[0] < 1024); b[0] = a[0] + a[1]; }""",
    "on one branch only": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N; i++) { if (b[i]) assert(a[i] >= 0 && a[i] < 1024); b[i] = a[i]; } }""",
    "of half of the array": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N / 2; i++) assert(a[i] >= 0 && a[i] < 1024);
        for (int i = 0; i < N; i++) b[i] = a[i]; }""",
    "after a store": """void f(int a[N], int b[N]) {
        b[0] = a[3]; a[3] = 1;
        for (int i = 0; i < N; i++) assert(a[i] >= 0 && a[i] < 1024);
        for (int i = 0; i < N; i++) b[i] = a[i]; }""",
    "the subscript changes meanwhile": """void f(int a[N], int b[N]) {
        assert(a[b[0]] >= 0 && a[b[0]] < 1024); b[0] = 7; b[1] = a[b[0]]; }""",
    "a disjunction": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N; i++) { assert(a[i] < 0 || a[i] < 1024); b[i] = a[i]; } }""",
    "a variable that changes": """void f(int a[N], int b[N]) {
        for (int i = 0; i < N; i++) { int x = a[i]; x = x + b[i];
            assert(x >= 0 && x < 1024); b[i] = x; } }""",
}


@pytest.mark.parametrize("case", HOLDS)
def test_the_array_gets_the_range(case: str, tmp_path: Path):
    assert contents(load(tmp_path, HOLDS[case])) == {"a": TEN, "b": None}


@pytest.mark.parametrize("case", FAILS)
def test_the_array_gets_none(case: str, tmp_path: Path):
    assert contents(load(tmp_path, FAILS[case])) == {"a": None, "b": None}


def test_parameters_get_the_range_of_assertions_that_every_call_meets(tmp_path: Path):
    found = load(
        tmp_path,
        """void f(int n, unsigned m, int k, int b[N]) {
        assert(n >= -4 && n < 8 && m < 100u);
        if (m > 3) assert(k > 0 && k < 5);
        b[0] = n + m + k; }""",
    )
    assert contents(found) == {"n": Range(-4, 7), "m": Range(0, 99), "k": None, "b": None}


def test_registers_get_the_range_of_what_is_stored_in_them(tmp_path: Path):
    program = load(tmp_path, HOLDS["of a variable"])
    held = [s.array.type.content for s in statements(program.body) if isinstance(s, Local)]
    assert held == [TEN, TEN]


def test_nothing_is_left_of_an_assertion(tmp_path: Path):
    body = """void f(int a[N], int b[N]) {{ {0}
        for (int i = 0; i < N; i++) b[i] = a[i] + 1; }}"""
    with_it = load(tmp_path, body.format("for (int i = 0; i < N; i++) assert(a[i] > 5);"))
    without = load(tmp_path, body.format(""))
    assert len(with_it.body) == len(without.body) == 1


def test_ten_bits_make_one_multiplier_block_each(tmp_path: Path):
    body = """int f(int a[N], int b[N]) {{ int s = 0;
        for (int i = 0; i < N; i++) {{ {0} s += a[i] * b[i]; }} return s; }}"""
    bounded = body.format("assert(a[i] >= 0 && a[i] < 1024 && b[i] >= -512 && b[i] < 512);")
    target = Target.load("xc7")
    blocks = []
    for text in (bounded, body.format("")):
        program = load(tmp_path, text)
        blocks.append(area_estimate(schedule(program, auto_pipelined(program), target), target).dsp)
    assert blocks == [1, 3]


def test_vectors_keep_the_ranges(tmp_path: Path):
    program = load(tmp_path, HOLDS["of the whole array first"])
    for call in generate_vectors(program, 3, 8):
        assert all(0 <= int(value) <= 1023 for value in call.arrays_before["a"])
