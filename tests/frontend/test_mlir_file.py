"""MLIR files as input: the styles of cgeist, ScaleHLS and torch-mlir, against what they mean in Python."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import prod
from pathlib import Path

import pytest

from seer import frontend
from seer.errors import InputError
from seer.lang.interpreter import run
from seer.lang.program import RETURN_NAME

FILES = Path(__file__).parent / "mlir"
Memories = dict[str, list[int]]
_MASK = (1 << 32) - 1


def _gemm(m: Memories, p: dict[str, int]) -> Memories:
    a, b = m["arg0"], m["arg1"]
    c = [p["arg3"] * sum(a[4 * i + k] * b[4 * k + j] for k in range(4)) for i in range(4) for j in range(4)]
    return {"arg2": c}


def _total(m: Memories, p: dict[str, int]) -> Memories:
    return {RETURN_NAME: [sum(2 * value for value in m["arg0"][: p["arg1"]])]}


def _syrk(m: Memories, p: dict[str, int]) -> Memories:
    a, c = m["arg0"], m["arg1"]
    pairs = [(i, j) for i in range(4) for j in range(4)]
    return {"arg1": [c[4 * i + j] + (a[4 * i + j] * a[4 * j + i] if i >= j else 0) for i, j in pairs]}


def _linear(m: Memories, p: dict[str, int]) -> Memories:
    x, w, bias = m["x"], m["w"], m["bias"]
    product = [
        sum(x[3 * i + k] * w[2 * k + j] for k in range(3)) + bias[j] for i in range(2) for j in range(2)
    ]
    return {"result0": product}


def _multiply(m: Memories, p: dict[str, int]) -> Memories:
    return {"result0": [a * b for a, b in zip(m["arg0"], m["arg1"], strict=True)]}


def _views(m: Memories, p: dict[str, int]) -> Memories:
    a = list(m["a"])
    b = [2 * value for value in a[4 * p["row"] : 4 * p["row"] + 4]]
    for k in range(4):
        a[4 * k + 1] = b[k] + k
    return {"a": a, "b": b}


def _halvings(m: Memories, p: dict[str, int]) -> Memories:
    return {RETURN_NAME: [p["n"].bit_length()]}


def _absolute(m: Memories, p: dict[str, int]) -> Memories:
    x = list(m["x"])
    for i in range(4):
        value = x[i]
        x[0] = p["n"]
        x[i] = value
    return {"x": x}


def _band(m: Memories, p: dict[str, int]) -> Memories:
    a = list(m["A"])
    for i in range(p["n"]):
        for j in range(max(0, i - 2), min(i + 3, p["n"])):
            a[8 * j + i] = a[8 * i + j] + p["n"]
    return {"A": a}


def _chosen(m: Memories, p: dict[str, int]) -> Memories:
    return {"x": [0, *m["x"][1:]]}


@pytest.mark.parametrize(
    ("file", "top", "shapes", "params", "expected"),
    [
        ("cgeist_gemm", "gemm", {"arg0": (4, 4), "arg1": (4, 4), "arg2": (4, 4)}, {"arg3": 3}, _gemm),
        ("cgeist_calls", "total", {"arg0": (5,)}, {"arg1": 4}, _total),
        ("scalehls", "syrk", None, {}, _syrk),
        ("torch_linalg", "forward", None, {}, _linear),
        ("torch_tensors", "forward", None, {}, _multiply),
        ("views", "views", None, {"row": 2}, _views),
        ("control", "wh", None, {"n": 77}, _halvings),
        ("control", "ifs", None, {"n": 77}, _absolute),
        ("control", "tri", None, {"n": 7}, _band),
        ("control", "cfg", None, {"n": 5}, _chosen),
        ("control", "idxcarry", None, {}, lambda m, p: {"x": [0, 1, 2, 3, *m["x"][4:]]}),
        ("control", "rowcall", None, {}, lambda m, p: {"x": [3] * 16}),
        ("control", "castcall", {"x": (4,)}, {}, lambda m, p: {"x": [3] * 4}),
    ],
)
def test_files_mean_what_they_say(
    file: str,
    top: str,
    shapes: dict[str, tuple[int, ...]] | None,
    params: dict[str, int],
    expected: Callable[[Memories, dict[str, int]], Memories],
) -> None:
    program = frontend.load([FILES / f"{file}.mlir"], top, shapes=shapes)
    draw = random.Random(file)
    arrays = {
        array.name: [draw.randrange(100) for _ in range(prod(array.type.shape))] for array in program.arrays
    }
    after = run(program, arrays, params)
    for name, contents in expected(arrays, params).items():
        assert after[name] == [value & _MASK for value in contents], name


def test_floats_and_constant_tables() -> None:
    program = frontend.load([FILES / "control.mlir"], "fdot")
    bits = [0x3F800000, 0x40000000, 0x40400000, 0x40800000]  # 1, 2, 3, 4
    assert run(program, {"x": bits}, {})[RETURN_NAME] == [0x41F00000]  # 30
    assert [argument.c_type for argument in program.arguments] == ["float", "float"]


def test_loops_keep_their_place_in_the_file() -> None:
    program = frontend.load([FILES / "views.mlir"], "views")
    places = {str(place) for origin in program.origins.values() for place in origin.locations}
    assert any("views.mlir:8" in place for place in places)


def _load(
    folder: Path, text: str, top: str = "f", shapes: dict[str, tuple[int, ...]] | None = None
) -> object:
    path = folder / "k.mlir"
    path.write_text(text)
    return frontend.load([path], top, shapes=shapes)


UNSIZED = "func.func @f(%A: memref<?x4xi32>, %n: i32) { return }\n"


@pytest.mark.parametrize(
    ("text", "shapes", "match"),
    [
        (UNSIZED, None, r"(?s)k\.mlir:1:\d+: argument A .*no known size.*--shape A=64x4"),
        (UNSIZED, {"A": (8, 5)}, "--shape A=8x5 contradicts"),
        (UNSIZED, {"A": (8,)}, "contradicts"),
        (UNSIZED, {"B": (8, 4)}, "(?s)no array `B`.*the arrays are A"),
        (UNSIZED, {"n": (8, 4)}, "no array `n`"),
        ("func.func @g() { return }", None, "(?s)no function `f` is defined .*`g`"),
        ("func.func @f( { return }", None, r"k\.mlir:1:\d+"),
        ("func.func @f(%n: i32) {\n  return %n : i32\n}", None, r"k\.mlir:2:\d+"),
        (
            "func.func @f(%a: memref<4xi32>) {\n  func.call @f(%a) : (memref<4xi32>) -> ()\n  return\n}",
            None,
            r"k\.mlir:2:\d+: .*call",
        ),
        (
            'func.func @f(%a: memref<4xi32>) {\n  "their.op"(%a) : (memref<4xi32>) -> ()\n  return\n}',
            None,
            r"their\.op",
        ),
    ],
)
def test_what_cannot_be_taken_says_where_and_why(
    tmp_path: Path, text: str, shapes: dict[str, tuple[int, ...]] | None, match: str
) -> None:
    path = tmp_path / "k.mlir"
    path.write_text(text)
    with pytest.raises(InputError, match=match):
        frontend.load([path], "f", shapes=shapes)


def test_c_and_mlir_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text("void f(int a[4]) { a[0] = 1; }\n")
    with pytest.raises(InputError, match="cannot be combined"):
        frontend.load([FILES / "views.mlir", tmp_path / "k.c"], "f")


def test_shapes_of_c_arrays(tmp_path: Path) -> None:
    (tmp_path / "k.c").write_text("void f(int a[4], int b[], int (*c)[3]) { b[0] = a[0]; c[1][2] = 1; }\n")
    shapes = {"b": (5,), "c": (2, 3)}
    program = frontend.load([tmp_path / "k.c"], "f", shapes=shapes)
    assert [array.type.shape for array in program.arrays] == [(4,), (5,), (2, 3)]
    with pytest.raises(InputError, match="`a` is no pointer, and no array without a size"):
        frontend.load([tmp_path / "k.c"], "f", shapes={**shapes, "a": (8,)})
