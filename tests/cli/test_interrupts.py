"""Ctrl-C at any stage leaves the best so far, and code 130."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KERNEL = "void f(int a[16], int b[16]) { for (int i = 0; i < 16; i++) b[i] = a[i] * b[i] + 3; }\n"


@pytest.mark.parametrize(
    "stage", ["", "scheduling the program as it is", "exploring", "synthesising and simulating"]
)
def test_an_interrupt_leaves_the_best_so_far(tmp_path: Path, stage: str) -> None:
    """`stage` is the line of run.log after which it comes; "": before the program has been read."""
    (tmp_path / "k.c").write_text(KERNEL)
    limits = ("--limit", "rounds=0") if stage.startswith("synthesising") else ()
    process = subprocess.Popen(
        [sys.executable, "-m", "seer", "opt", "k.c", "--top", "f", "-o", "out", *limits],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A test run that a shell has put into the background hands down an ignored SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    log = tmp_path / "out" / "run.log"
    deadline = time.monotonic() + 120
    while not (log.exists() and stage in log.read_text()):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 130, err
    assert b"best design found so far" in out, err
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    assert not result["reproducible"]
    assert (
        result["designs"]["seer"]["cycles"]["predicted"] <= result["designs"]["input"]["cycles"]["predicted"]
    )
    assert all(design["cycles"]["simulated"] is None for design in result["designs"].values())
    for name in ("f_seer.cpp", "f_seer.mlir", "certificate.json", "timings.json"):
        assert (tmp_path / "out" / name).exists()
