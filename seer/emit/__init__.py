"""HLS C++ from programs: the kernel and its self-checking test bench."""

from seer.emit.cpp import EmitHeader, emit_cpp
from seer.emit.testbench import emit_testbench

__all__ = ["EmitHeader", "emit_cpp", "emit_testbench"]
