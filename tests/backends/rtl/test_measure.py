"""Measurements of units alone: paths in, inside and out of a small pipeline."""

from __future__ import annotations

from seer.backends.rtl.floating import float_unit
from seer.backends.rtl.measure import measure


def test_paths_are_told_apart() -> None:
    name, text = float_unit("sitofp", 8, 32, 1)
    found = measure(text, name, ("a",), 1)
    assert found.lut > 8 and found.dsp == 0 and 8 < found.ff < 40
    # On either side of the register a carry chain and some look-up tables.
    assert 1.5 < found.input_ns < 4.0 and 1.5 < found.output_ns < 4.0
    assert found.stage_ns >= max(found.input_ns, found.output_ns)


def test_what_has_no_registers_is_one_path() -> None:
    name, text = float_unit("fneg", 32, 32, 0)
    found = measure(text, name, ("a",), 0)
    assert found.ff == 0 and found.stage_ns == 0.0
    assert found.input_ns == found.output_ns > 0.9
