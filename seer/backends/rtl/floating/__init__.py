"""Floating-point units: IEEE 754, round to nearest even, subnormals, canonical NaNs, operands in every cycle.

A unit is a netlist without registers (`addition.py`, `division.py`, …), generic in its format; `pipeline.py`
spreads it over the latency that is asked for.
"""

from seer.backends.rtl.floating.units import FLOAT_KINDS, float_unit

__all__ = ["FLOAT_KINDS", "float_unit"]
