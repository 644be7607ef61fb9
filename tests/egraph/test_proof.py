"""Proof obligations: solver terms mean what the operators do; ring normal forms decide wide products."""

from itertools import product
from pathlib import Path

import bitwuzla
import pytest
from bitwuzla import Kind, Result

from seer.egraph import ring, smt
from seer.egraph.obligations import Obligation, state
from seer.egraph.proof import ProofCache, ProofRecord, Prover
from seer.egraph.rules import RuleBook, library
from seer.lang.intervals import Interval
from seer.lang.operators import OPERATORS
from seer.lang.terms import Const, Expr, Op, Param


def result_width(name: str, width: int) -> int:
    shape = OPERATORS[name].shape
    return {"compare": 1, "widen": width + 2, "narrow": width - 1}.get(shape, width)


@pytest.mark.parametrize("name", [name for name, operator in OPERATORS.items() if not operator.is_float])
def test_solver_terms_mean_what_the_operators_do(name: str):
    width = 3
    operator = OPERATORS[name]
    widths = [1, width, width] if operator.shape == "select" else [width] * operator.arity
    manager = bitwuzla.TermManager()
    translator = smt.Translator(manager)
    for values in product(*(range(1 << w) for w in widths)):
        operands = tuple(Const(w, v) for w, v in zip(widths, values, strict=True))
        bits = result_width(name, width)
        expected = operator.evaluate(width, bits, *values)
        term = translator.term(Op(name, bits, operands))
        solver = bitwuzla.Bitwuzla(manager, bitwuzla.Options())
        solver.assert_formula(manager.mk_term(Kind.DISTINCT, [term, translator.value(bits, expected)]))
        assert solver.check_sat() == Result.UNSAT, values


def all_values(*params: Param) -> tuple[tuple[Param, Interval], ...]:
    return tuple((p, Interval.full(p.bits)) for p in params)


def op(name: str, *operands: Expr) -> Expr:
    return Op(name, operands[-1].width, operands)


A, B, C = (Param(32, name) for name in "abc")


def test_the_ring_decides_factoring_at_32_bits():
    left = op("add", op("mul", A, B), op("mul", A, C))
    right = op("mul", A, op("add", B, C))
    assert ring.prove(Obligation(left, right, all_values(A, B, C)))
    assert not ring.prove(Obligation(left, op("mul", B, op("add", A, C)), all_values(A, B, C)))


def test_the_ring_knows_signed_division_by_a_constant():
    wide = Param(64, "a")
    by, zero = Const(64, 131_073), Const(64, 0)
    negated = op("sub", zero, op("udiv", op("sub", zero, wide), by))
    chosen = Op("select", 64, (Op("slt", 1, (wide, zero)), negated, op("udiv", wide, by)))
    assert ring.prove(Obligation(op("sdiv", wide, by), chosen, all_values(wide)))
    assert not ring.prove(Obligation(op("sdiv", wide, by), op("udiv", wide, by), all_values(wide)))
    minus = Const(64, (1 << 64) - 3)
    assert not ring.prove(Obligation(op("sdiv", wide, minus), op("udiv", wide, minus), all_values(wide)))


def test_the_ring_knows_shifts_truncation_and_atoms():
    masked = op("and", A, B)
    left = Op("trunc", 8, (op("add", op("shl", masked, Const(32, 1)), masked),))
    right = op("mul", Op("trunc", 8, (masked,)), Const(8, 3))
    assert ring.prove(Obligation(left, right, all_values(A, B)))


def widened(name: str, e: Expr) -> Expr:
    return Op(name, 64, (e,))


@pytest.mark.parametrize(("high", "proved"), [(0xFFFF, True), (0x10000, False)])
def test_the_ring_lets_an_extension_pass_only_where_nothing_wraps(high: int, proved: bool):
    operands = tuple((p, Interval.unsigned(32, 0, high)) for p in (A, B))
    obligation = Obligation(
        widened("zext", op("mul", A, B)), op("mul", widened("zext", A), widened("zext", B)), operands
    )
    assert ring.prove(obligation) == proved
    signed = Obligation(
        widened("sext", op("add", A, B)), op("add", widened("sext", A), widened("sext", B)), all_values(A, B)
    )
    assert not ring.prove(signed)


def test_the_ring_keeps_both_readings_of_an_operand_apart():
    obligation = Obligation(widened("sext", A), widened("zext", A), all_values(A))
    assert not ring.prove(obligation)
    nonnegative = ((A, Interval.unsigned(32, 0, 100)),)
    assert ring.prove(Obligation(widened("sext", A), widened("zext", A), nonnegative))


@pytest.mark.parametrize(
    ("rule", "env", "kind"),
    [
        ("factor-left", {"w": 3}, "exhaustive"),
        ("factor-left", {"w": 32}, "ring"),
        ("trunc-and", {"u": 8, "v": 32}, "smt"),
        ("ult-always", {"w": 32, "h": 5, "l": 6}, "smt"),
    ],
)
def test_the_kind_of_proof_fits_the_obligation(rule: str, env: dict[str, int], kind: str, prover: Prover):
    record = prover.prove(library()[rule], env)
    assert isinstance(record, ProofRecord)
    assert record.kind == kind
    assert record.obligation.startswith("for all ")


def test_contradictory_bounds_are_refused(prover: Prover):
    env = {"w": 8, "v": 16, "k": 5, "l": 0, "g": 3, "h": 3, "s": 128}
    refused = prover.prove(library()["sext-add"], env)
    assert isinstance(refused, str)
    assert "contradictory" in refused


def test_what_cannot_be_decided_in_time_is_refused_and_not_kept(tmp_path: Path):
    path = tmp_path / "hard.egg"
    path.write_text(
        "; factors in another order, hidden from the ring behind a division by c | d\n"
        "(rewrite (UDiv w (Mul w a (Mul w b c)) (Or w c d))\n"
        '  (UDiv w (Mul w (Mul w c a) b) (Or w (Or w c d) c)) :name "hard")\n',
        encoding="utf-8",
    )
    rule = RuleBook.load([path])["hard"]
    prover = Prover(ProofCache(tmp_path), smt_seconds=0.05)
    answer = prover.prove(rule, {"w": 61})
    assert isinstance(answer, str) and "not decided" in answer
    assert not (tmp_path / "proofs").exists()


def test_proofs_outlive_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rule = library()["trunc-and"]
    first = Prover(ProofCache(tmp_path)).prove(rule, {"u": 8, "v": 32})

    def no_solver(*_: object) -> bool:
        raise AssertionError("proved again")

    monkeypatch.setattr(smt, "prove", no_solver)
    assert Prover(ProofCache(tmp_path)).prove(rule, {"u": 8, "v": 32}) == first
    with pytest.raises(AssertionError):
        Prover(ProofCache(tmp_path)).prove(rule, {"u": 9, "v": 32})


def test_a_broken_cache_entry_is_proved_again(tmp_path: Path):
    rule = library()["trunc-and"]
    first = Prover(ProofCache(tmp_path)).prove(rule, {"u": 8, "v": 32})
    for entry in (tmp_path / "proofs").rglob("*.json"):
        entry.write_text("{", encoding="utf-8")
    assert Prover(ProofCache(tmp_path)).prove(rule, {"u": 8, "v": 32}) == first


def test_an_ill_typed_instance_is_no_obligation():
    with pytest.raises(ValueError, match="widths"):
        state(library()["trunc-add"], {"u": 9, "v": 8})
