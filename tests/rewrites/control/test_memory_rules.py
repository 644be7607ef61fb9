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
from seer.rewrites.control.interleaving import Interleaving
from seer.rewrites.control.promotion import Promotion
from seer.rewrites.control.window import Window
from seer.schedule import Target, cycles, schedule
from seer.schedule.scheduler import auto_pipelined
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
    ],
    ids=lambda value: value.split("(")[0].split()[-1] if isinstance(value, str) else "",
)
def test_one_iteration_a_cycle(tmp_path: Path, source: str, rules: list[ControlRule], most: int) -> None:
    file = tmp_path / "kernel.c"
    file.write_text(source, encoding="utf-8")
    name = source.split("(")[0].split()[-1]
    program = frontend.load([file], name, [], [], {}, {})
    body = program.body
    for rule in (Promotion(), *rules):
        body = _applied(rule, body)
    assert not differs(program.body, body, 2)
    changed = Program(name, program.arguments, body)
    assert cycles(schedule(changed, auto_pipelined(changed), TARGET, share="none"), {}) <= most


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
