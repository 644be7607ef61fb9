"""Whether MLIR survives a pass: tried in a process of its own first, since a crash would take ours with it.

python -m seer.lang.pass_probe      answers one line for each line that it reads: a pipeline and a module
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
from contextlib import suppress
from typing import Any

from seer.lang.mlir_bindings import PassError, context, ir, run_pipeline

__all__ = ["run_probed"]

_PATIENCE = 60.0
"""Seconds after which a pass counts as hanging; those that end take milliseconds."""


def run_probed(operation: Any, pipeline: str) -> None:
    """`run_pipeline`, for a pass that is known to crash or to hang on some input.

    Raises PassError, also where it does.
    """
    _probe.survives(str(operation), pipeline)
    run_pipeline(operation, pipeline)


class _Probe:
    """The process that tries passes; it is started when one is needed, and again when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def survives(self, text: str, pipeline: str) -> None:
        """Raises PassError where MLIR crashes or hangs; other failures are left to the real run."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps({"pipeline": pipeline, "module": text}).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], _PATIENCE)
            answered = bool(ready and process.stdout.readline())
        except BrokenPipeError:
            answered = False
        if not answered:
            self.stop()
            raise PassError(f"MLIR crashes or hangs in {pipeline}")

    def stop(self) -> None:
        """Ends the process, if it is ours and there is one."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                assert stream is not None
                stream.close()

    def _running(self) -> subprocess.Popen[bytes]:
        # A forked child must not share its parent's.
        if self._process is None or self._owner != os.getpid():
            command = [sys.executable, "-m", "seer.lang.pass_probe"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._owner = os.getpid()
        return self._process


_probe = _Probe()
atexit.register(_probe.stop)


def _main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        try:
            module = ir.Module.parse(request["module"], context())
            run_pipeline(module, f"builtin.module({request['pipeline']})")
        except (PassError, ir.MLIRError):
            # The real run says what is wrong.
            pass
        sys.stdout.write("survived\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
