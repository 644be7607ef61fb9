"""Rules for memories on kernels of other people's making: what they come to with one port an array."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer import frontend
from seer.lang.program import Program
from seer.lang.terms import Block, For, Local
from seer.lang.traverse import with_bodies
from seer.rewrites.control._rule import ControlRule
from seer.rewrites.control.copying import Copying
from seer.rewrites.control.dissolution import Dissolution
from seer.rewrites.control.interleaving import Interleaving
from seer.rewrites.control.promotion import Promotion
from seer.rewrites.control.window import Window
from seer.schedule import Target, cycles, schedule
from seer.schedule.auto import auto_pipelined
from seer.verify.loop_equivalence import check
from tests.rewrites.control.campaign import differs

TARGET = Target.load("xc7", None, 1)

TILES = """
void tiles(float a[16*16], float b[16*16], float c[16*16]) {
  for (int jj = 0; jj < 16; jj += 4)
    for (int kk = 0; kk < 16; kk += 4)
      for (int i = 0; i < 16; i++)
        for (int k = 0; k < 4; k++) {
          float t = a[i*16 + k + kk];
          for (int j = 0; j < 4; j++)
            c[i*16 + j + jj] += t * b[(k + kk)*16 + j + jj];
        }
}"""
SUMS = """
void sums(double a[16][16], double b[16][16], double c[16][16]) {
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++) {
      double s = c[i][j];
      for (int k = 0; k < 16; k++) s += a[i][k] * b[k][j];
      c[i][j] = s;
    }
}"""
PLACES = """
void places(float c[16][16], float a[16][16], float b[16][16]) {
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++) {
      c[i][j] = 0;
      for (int k = i; k < i + 16; k++) c[i][j] += a[i][k - i] * b[k - i][j];
    }
}"""
PAIRS = """
void pairs(float f[64], const float x[64], const short n[64][16]) {
  for (int i = 0; i < 64; i++) {
    float s = 0;
    for (int j = 0; j < 16; j++) { float d = x[i] - x[n[i][j]]; s += d / (d * d); }
    f[i] = s;
  }
}"""
FILTER = """
void filter(const short in[20][24], int out[20][24], const short k[3][3]) {
  for (int r = 1; r < 19; r++)
    for (int c = 1; c < 23; c++) {
      int s = 0;
      for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++) s += k[i+1][j+1] * in[r+i][c+j];
      out[r][c] = s;
    }
}"""
CROSS = """
void cross(float a[20*24], float b[20*24]) {
  for (unsigned r = 1; r < 19; ++r)
    for (unsigned c = 1; c < 23; ++c)
      b[r*24 + c] = a[r*24 + c] + a[r*24 + c - 1] + a[r*24 + c + 1] + a[(r-1)*24 + c] + a[(r+1)*24 + c];
}"""
TAPS = """
void taps(const int x[256], const int h[5], int y[256]) {
  for (int n = 4; n < 256; n++) {
    int s = 0;
    for (int k = 0; k < 5; k++) s += h[k] * x[n-k];
    y[n] = s;
  }
}"""
BORDER = """
void border(const int a[20][24], int b[20][24]) {
  for (int r = 0; r < 20; r++)
    for (int c = 0; c < 24; c++) {
      if (r == 0 || c == 0 || r == 19 || c == 23) b[r][c] = a[r][c];
      else b[r][c] = (a[r-1][c] + a[r+1][c] + a[r][c-1] + a[r][c+1] + 4*a[r][c]) >> 3;
    }
}"""
CLAMPED = """
static int within(int v, int low, int high) { return v < low ? low : v > high ? high : v; }
void clamped(const short a[20][24], short b[20][24]) {
  for (int r = 0; r < 20; r++)
    for (int c = 0; c < 24; c++) {
      int s = 0;
      for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++) s += a[within(r + i, 0, 19)][within(c + j, 0, 23)];
      b[r][c] = s / 8;
    }
}"""
PADDED = """
void padded(const int a[480], int b[480]) {
  for (int r = 0; r < 20; r++)
    for (int c = 0; c < 24; c++) {
      int s = 0;
      for (int i = -1; i <= 1; i++) {
        int y = r + i;
        for (int j = -1; j <= 1; j++) {
          int x = c + j;
          if (y >= 0 && y < 20 && x >= 0 && x < 24) s += a[y*24 + x];
        }
      }
      b[r*24 + c] = s;
    }
}"""
LARGEST = """
void largest(const int a[20][24], int b[20][24]) {
  for (int r = 1; r < 19; r++)
    for (int c = 1; c < 23; c++) {
      int v[9], n = 0;
      for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++) v[n++] = a[r+i][c+j];
      int m = v[0];
      for (int k = 1; k < 9; k++) if (v[k] > m) m = v[k];
      b[r][c] = m;
    }
}"""
LINE = """
void line(const int x[256], int y[256], const int h[8]) {
  int s[8];
  for (int k = 0; k < 8; k++) s[k] = 0;
  for (int n = 0; n < 256; n++) {
    for (int k = 7; k > 0; k--) s[k] = s[k-1];
    s[0] = x[n];
    int a = 0;
    for (int k = 0; k < 8; k++) a += h[k] * s[k];
    y[n] = a;
  }
}"""
WALK = """
void walk(const double a[256], const double b[256], double c[256]) {
  double *o = c;
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++) {
      double s = 0;
      int p = i*16, q = j;
      for (int k = 0; k < 16; k++) { s += a[p] * b[q]; p++; q += 16; }
      *o++ = s;
    }
}"""


@pytest.mark.parametrize(
    ("source", "rules", "most"),
    [
        (TILES, [Interleaving()], 16**3 + 16**2 + 60),
        (SUMS, [Interleaving()], 16**3 + 16**2 + 60),
        (PLACES, [Interleaving()], 16**3 + 30),
        (PAIRS, [Interleaving(), Copying()], 64 * 16 + 64 + 90),
        (FILTER, [Window(), Copying()], 20 * 24 + 30),
        (CROSS, [Window()], 20 * 24 + 60),
        (TAPS, [Window(), Copying()], 256 + 30),
        (BORDER, [Window()], 21 * 25 + 60),
        (CLAMPED, [Window()], 22 * 26 + 50),
        (PADDED, [Window()], 22 * 26 + 30),
        (LARGEST, [Dissolution(), Window()], 20 * 24 + 30),
        (LINE, [Dissolution(), Copying()], 256 + 30),
        (WALK, [Interleaving()], 16**3 + 60),
    ],
    ids=lambda value: _name(value) if isinstance(value, str) else "",
)
def test_one_iteration_a_cycle(tmp_path: Path, source: str, rules: list[ControlRule], most: int) -> None:
    file = tmp_path / "kernel.c"
    file.write_text(source, encoding="utf-8")
    name = _name(source)
    program = frontend.load([file], name, [], [], {}, {})
    body = program.body
    for rule in (Promotion(), *rules):
        body = _applied(rule, body)
    assert not differs(program.body, body, 2)
    changed = Program(name, program.arguments, body)
    assert cycles(schedule(changed, auto_pipelined(changed), TARGET, share="none"), {}) <= most


def _name(source: str) -> str:
    """The last function of a source."""
    return source.rsplit("void ", 1)[1].split("(")[0]


def _applied(rule: ControlRule, block: Block) -> Block:
    """`block` with the first part to which the rule applies, from the outside in, changed, as proved."""
    for position, statement in enumerate(block):
        for offer in rule.attempt((statement,)).offers:
            verdict = check(offer.before, offer.replacement, offer.correspondence, execute=False)
            assert verdict.proved, verdict.reason
            return (*block[:position], *offer.replacement, *block[position + 1 :])
        if isinstance(statement, (For, Local)):
            inner = _applied(rule, statement.body)
            if inner != statement.body:
                return (*block[:position], with_bodies(statement, [inner]), *block[position + 1 :])
    return block


@pytest.mark.parametrize(("reads", "alone"), [(2, False), (3, True)])
def test_a_window_over_two_reads_is_one_form_among_others(reads: int, alone: bool, tmp_path: Path) -> None:
    """Unrolled iterations share one of two reads as well, and forward what they store besides."""
    file = tmp_path / "kernel.c"
    total = " + ".join(f"x[n + {k}]" for k in range(reads))
    file.write_text(
        f"void taps(const int x[300], int y[300]) {{ for (int n = 0; n < 290; n++) y[n] = {total}; }}"
    )
    body = frontend.load([file], "taps", [], [], {}, {}).body
    assert [offer.supersedes for offer in Window().attempt(body).offers] == [alone]
