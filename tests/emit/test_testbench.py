"""The emitted test bench, compiled with the emitted kernel and run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from seer.emit import EmitHeader, emit_cpp, emit_testbench
from seer.lang.headers import include_folder
from seer.lang.interpreter import run
from seer.lang.program import Argument, Program
from seer.lang.terms import ArrayType, Const, For, Iv, Load, Op, Param, Store, TopArray
from seer.verify.generate import generate_vectors
from seer.verify.vectors import Call, memory, to_stream

FLAGS = ("-std=c++14", "-Wall", "-Wextra", "-Werror", "-Wno-unused-label", "-Wno-unknown-pragmas")


def _program() -> Program:
    """Two-dimensional, odd and wide arrays, floats, scalars, a return value."""
    plain = TopArray(ArrayType(16, (3, 4)), "plain")
    odd = TopArray(ArrayType(7, (4,)), "odd")
    wide = TopArray(ArrayType(100, (4,)), "wide")
    number = TopArray(ArrayType(32, (4,)), "number")
    factor = Param(64, "factor")
    n = Param(8, "n")
    result = TopArray(ArrayType(32, ()), "ap_return")
    i = Iv(32, 0, 0, 4, 1)
    body = (
        Store(plain, (Const(8, 2), i), Op("add", 16, (Load(plain, (Const(8, 1), i)), Op("zext", 16, (n,))))),
        Store(odd, (i,), Op("mul", 7, (Load(odd, (i,)), Op("trunc", 7, (n,))))),
        Store(wide, (i,), Op("mul", 100, (Load(wide, (i,)), Op("zext", 100, (Load(odd, (i,)),))))),
        Store(number, (i,), _scaled(Load(number, (i,)), factor)),
    )
    loop = For(i, Const(32, 0), Const(32, 4), body)
    return Program(
        "mixture",
        (
            Argument("plain", plain, True, "short"),
            Argument("odd", odd, False, ""),
            Argument("wide", wide, False, ""),
            Argument("number", number, True, "float"),
            Argument("factor", factor, True, "double"),
            Argument("n", n, False, "unsigned char"),
            Argument("ap_return", result, True, "int"),
        ),
        (loop, Store(result, (), Op("sext", 32, (Load(plain, (Const(8, 2), Const(8, 1))),)))),
    )


def _scaled(value: Load, factor: Param) -> Op:
    return Op("fptrunc", 32, (Op("fmul", 64, (Op("fpext", 64, (value,)), factor)),))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Program, list[Call]]:
    """The folder of a compiled bench, with calls recorded from the interpreter."""
    folder, program = tmp_path_factory.mktemp("bench"), _program()
    (folder / "mixture_seer.cpp").write_text(emit_cpp(program, {}, EmitHeader("xc7", 5.0, 0)))
    (folder / "mixture_tb.cpp").write_text(emit_testbench(program, "mixture_vectors.bin"))
    calls = []
    nans = {"number": memory(32, [0xFFC00001, 0, 1 << 31, 0x3F800000])}
    for generated in generate_vectors(program, 3, 9):
        params = {**generated.params, "factor": 2 << 61}
        call = Call(params, {**generated.arrays_before, **nans})
        before = {name: [int(v) for v in contents] for name, contents in call.arrays_before.items()}
        after = run(program, before, dict(call.params))
        widths = {array.name: array.type.width for array in program.arrays}
        arrays = {name: memory(widths[name], contents) for name, contents in after.items()}
        calls.append(Call(call.params, call.arrays_before, arrays))
    subprocess.run(
        ["g++", *FLAGS, f"-I{include_folder()}", "mixture_seer.cpp", "mixture_tb.cpp", "-o", "bench"],
        cwd=folder,
        check=True,
    )
    return folder, program, calls


def _run(folder: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(folder / "bench"), *arguments]
    return subprocess.run(command, cwd=cwd or folder, capture_output=True, text=True, check=False)


def test_passes_on_what_was_recorded(bench, tmp_path: Path) -> None:
    folder, program, calls = bench
    (folder / "mixture_vectors.bin").write_bytes(to_stream(program.arguments, calls))
    done = _run(folder)
    assert (done.returncode, done.stdout) == (0, "9 calls, 0 mismatches\n")
    assert _run(folder, str(folder / "mixture_vectors.bin"), cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("name", ["plain", "odd", "wide", "number", "ap_return"])
def test_fails_on_anything_else(bench, name: str) -> None:
    folder, program, calls = bench
    recorded = calls[4].arrays_after[name]
    # The first number is a NaN, all of which are equal; the second is a zero, which gets a sign.
    first, bit = (1, 1 << 31) if name == "number" else (0, 1)
    wrong = memory(128, [int(v) ^ bit for v in recorded])
    changed = Call(calls[4].params, calls[4].arrays_before, {**calls[4].arrays_after, name: wrong})
    if name != "wide":
        changed.arrays_after[name] = wrong.astype(calls[4].arrays_after[name].dtype)  # type: ignore[index]
    path = folder / f"wrong_{name}.bin"
    path.write_bytes(to_stream(program.arguments, [*calls[:4], changed, *calls[5:]]))
    done = _run(folder, path.name)
    assert done.returncode == 1
    assert f"call 4: {name} differs first at element {first}" in done.stdout


def test_fails_without_its_vectors(bench) -> None:
    assert _run(bench[0], "nowhere.bin").returncode == 1
