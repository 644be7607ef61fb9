"""The embedded backend: a schedule as Verilog, its simulation, its area and a clock estimate."""

from seer.backends.rtl.device import require_target
from seer.backends.rtl.generate import generate
from seer.backends.rtl.measured_target import measured_target
from seer.backends.rtl.pnr import Placement, place, require_placer
from seer.backends.rtl.simulate import Call, CallResult, Mismatch, Simulation, simulate
from seer.backends.rtl.synthesise import Synthesis, require_yosys, synthesise, warm_yosys
from seer.backends.rtl.tools import require_tools, tools
from seer.backends.rtl.verilator import LINT_WAIVERS, warm_runtime
from seer.backends.rtl.wave import WAVE_CYCLES, WAVE_FILE, write_wave

__all__ = [
    "LINT_WAIVERS",
    "WAVE_CYCLES",
    "WAVE_FILE",
    "Call",
    "CallResult",
    "Mismatch",
    "Placement",
    "Simulation",
    "Synthesis",
    "generate",
    "measured_target",
    "place",
    "require_placer",
    "require_target",
    "require_tools",
    "require_yosys",
    "simulate",
    "synthesise",
    "tools",
    "warm",
    "write_wave",
]


def warm() -> None:
    """Compile once what later runs take from a cache: Yosys' WebAssembly and Verilator's runtime."""
    warm_yosys()
    warm_runtime()
