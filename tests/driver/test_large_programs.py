"""Programs of some hundred statements: exploration stays within its limits and says which it has hit."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from seer import frontend
from seer.driver.options import Limits
from seer.driver.worker import deeply


def _large_programs() -> ModuleType:
    file = Path(__file__).parents[2] / "benchmarks" / "large_programs.py"
    spec = importlib.util.spec_from_file_location("large_programs", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


LARGE = _large_programs()
PROGRAMS: dict[str, str] = LARGE.PROGRAMS
SECONDS = 60
"""Of CPU time, for one exploration."""
SLACK = 1.5
"""E-nodes are counted between steps, so that the last one may pass the limit."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_has_some_hundred_statements(name: str, tmp_path: Path) -> None:
    file = tmp_path / "top.c"
    file.write_text(PROGRAMS[name], encoding="utf-8")
    assert 200 <= LARGE.size(frontend.load((file,), "top").body) <= 400


def test_what_was_hit_is_told() -> None:
    limits = replace(Limits(), rounds=1, region_operations=200)
    found = deeply(LARGE.explored, PROGRAMS["straight"], limits)
    assert set(found.limits_hit) >= {"rounds", "region_operations"}
    assert found.after <= found.before


@pytest.mark.soak
@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_explored_within_a_minute(name: str) -> None:
    limits = Limits()
    found = deeply(LARGE.explored, PROGRAMS[name], limits)
    assert found.seconds < SECONDS
    assert found.nodes <= SLACK * limits.e_nodes
    assert found.after <= found.before
    assert set(found.limits_hit) <= {*Limits.meanings(), "nodes", "seconds", "memory"}
