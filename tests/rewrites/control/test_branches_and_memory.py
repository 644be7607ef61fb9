"""How short loops of branches over memory lose both: the steps that exploration takes, each proved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import seer
from seer import frontend
from seer.driver.budgets import Budgets
from seer.lang.operators import OPERATORS
from seer.lang.terms import Block, Const, Expr, For, If, Load, Local, LocalArray, Op, Statement
from seer.lang.traverse import Rewriter, statements, subexpressions
from seer.lang.traverse import expressions as expressions_of
from seer.rewrites.control._rule import ControlRule
from seer.rewrites.control.forwarding import Forwarding
from seer.rewrites.control.if_conversion import IfConversion
from seer.rewrites.control.if_correlation import IfCorrelation
from seer.rewrites.control.mux import Mux
from seer.rewrites.control.unroll import Unroll

KERNELS = Path(__file__).parents[3] / "benchmarks" / "seer"
KERNEL = KERNELS / "byte_enable_calc.c"


def offered(rule: ControlRule, block: Block) -> Block:
    """The last form that a rule offers, proved."""
    attempt = rule.attempt(block)
    assert attempt.offers, attempt.refusals
    assert rule.checked(attempt.offers[-1]).proved
    return attempt.offers[-1].replacement


class _Folded(Rewriter):
    """Folds constants, as the datapath rules do between the steps."""

    def _rebuild(self, node: Expr) -> Expr:
        node = super()._rebuild(node)
        if isinstance(node, Op) and all(isinstance(o, Const) for o in node.operands):
            values = [o.value for o in node.operands if isinstance(o, Const)]
            found = OPERATORS[node.name].evaluate(node.operands[-1].width, node.bits, *values)
            return Const(node.bits, found)
        return node


def _with(block: Block, old: Statement, new: Block) -> Block:
    result: Block = ()
    for statement in block:
        if statement is old:
            result += new
        elif isinstance(statement, Local):
            result += (Local(statement.array, _with(statement.body, old, new)),)
        else:
            result += (statement,)
    return result


def test_the_steps_of_byte_enable_calc() -> None:
    body = frontend.load([KERNEL], "byte_enable_calc", (), (), {}, {}).body
    (loop,) = (s for s in statements(body) if isinstance(s, For))
    merged = offered(IfCorrelation(), loop.body)
    assert sum(isinstance(s, If) for s in statements(merged)) < sum(
        isinstance(s, If) for s in statements(loop.body)
    )
    flat = offered(IfConversion(), merged)
    assert len(flat) == 4 and not any(isinstance(s, If) for s in statements(flat))
    unrolled = offered(Unroll(), (For(loop.iv, loop.lower, loop.upper, flat),))
    plain = _with(body, loop, unrolled)
    assert Forwarding().attempt(plain).refusals, "(k + 1) & 7 is no known element before it is a constant"
    folded = _Folded().block(plain)
    result = offered(Forwarding(), offered(Mux(), folded))
    # Two counters, the state that is carried on, and what is returned, each stored once.
    assert len(result) == 4
    locals_read = [
        node.array
        for s in result
        for node in subexpressions(*expressions_of(s))
        if isinstance(node, Load) and isinstance(node.array, LocalArray)
    ]
    assert locals_read == []


@pytest.mark.soak
def test_exploration_finds_them(tmp_path: Path) -> None:
    cycles: dict[str, int] = {}
    for rules in ("control", "all"):
        options = seer.Options(
            memory_ports=1, share="none", budgets=Budgets(max_area="1.4x"), rules=rules, backend="none"
        )
        bench = KERNELS / "byte_enable_calc_tb.c"
        folder = tmp_path / rules
        result = seer.optimize(KERNEL, "byte_enable_calc", options, output=folder, benches=[bench])
        written = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        assert written["equivalence"]["mismatches"] == 0
        cycles[rules] = result.designs["seer"].cycles
        cycles["input"] = result.designs["input"].cycles
    assert 4 * cycles["all"] <= cycles["input"]
    assert cycles["all"] < 0.7 * cycles["control"]
