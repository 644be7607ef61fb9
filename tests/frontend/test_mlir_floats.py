"""Floating-point MLIR in the styles of cgeist and torch-mlir, against what it means in Python."""

from __future__ import annotations

import struct
from pathlib import Path

from seer import frontend
from seer.lang.interpreter import run

FILES = Path(__file__).parent / "mlir"


def _bits(code: str, values: list[float]) -> list[int]:
    return [int.from_bytes(struct.pack(f"<{code}", value), "little") for value in values]


def test_cgeist_with_doubles_and_views() -> None:
    shapes = {"arg1": (5, 6), "arg2": (5,)}
    program = frontend.load([FILES / "cgeist_floats.mlir"], "atax", shapes=shapes)
    a = [((7 * n) % 11 - 5) / 8 for n in range(30)]
    for chosen in (0, 1):
        sums = [sum(a[6 * i : 6 * i + i + 1]) for i in range(5)]
        y = [abs(s if i >= 2 or chosen else 0.0) for i, s in enumerate(sums)]
        y[0] = y[1]
        memories = {"arg1": _bits("d", a), "arg2": [0] * 5}
        after = run(program, memories, {"arg0": 1000, "arg3": chosen, "arg4": 2})
        assert after == {**memories, "arg2": _bits("d", y)}


def test_torch_convolution_and_pooling() -> None:
    program = frontend.load([FILES / "torch_convolution.mlir"], "forward")
    x = [float((5 * n) % 13 - 6) for n in range(36)]
    window = [
        0.5 * sum(x[6 * (r + i) + c + j] for i in range(3) for j in range(3))
        for r in range(4)
        for c in range(4)
    ]
    pooled = [
        max(window[4 * (2 * r + i) + 2 * c + j] for i in range(2) for j in range(2))
        for r in range(2)
        for c in range(2)
    ]
    after = run(program, {"x": _bits("f", x), "y": [0] * 32, "z": [0] * 8}, {})
    assert after["y"] == _bits("f", window * 2)
    assert after["z"] == _bits("f", pooled * 2)
