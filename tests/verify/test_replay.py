"""The replay accepts what the e-graph derives and rejects every corruption of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from seer.egraph.derivation import Step
from seer.egraph.explore import EGraph
from seer.egraph.proof import ProofCache, ProofRecord, Prover
from seer.egraph.rules import library
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Group,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Store,
    TopArray,
)
from seer.verify.places import PlaceError, at, below, replaced
from seer.verify.replay import replay
from seer.verify.rule_text import read_rules

I = Iv(32, 0, 0, 128, 1)  # noqa: E741
N = Param(32, "n", Range(0, 100))
A = TopArray(ArrayType(32, (129,)), "a")
B = TopArray(ArrayType(32, (384,)), "b")


def const(value: int) -> Const:
    return Const(32, value)


def op(name: str, *operands: Expr) -> Expr:
    return Op(name, operands[-1].width, operands)


SHIFTED = op("add", op("shl", I, const(1)), I)
THREE = op("mul", I, const(3))


def zext(e: Expr) -> Expr:
    return Op("zext", 64, (e,))


WIDE = TopArray(ArrayType(64, (129,)), "wide")
BEFORE: Block = (
    Group((Store(A, (I,), const(0), Const(1, 0)),)),
    For(I, const(0), const(128), (Store(A, (I,), Load(B, (SHIFTED,))), Group(()))),
    Store(WIDE, (const(0),), zext(op("add", N, N))),
)
AFTER: Block = (
    For(I, const(0), const(128), (Store(A, (I,), Load(B, (THREE,))),)),
    Store(WIDE, (const(0),), op("add", zext(N), zext(N))),
)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    cache = ProofCache(tmp_path_factory.getbasetemp().parent / "seer-cache")
    used = {"mul-add-same", "shl-to-mul", "zext-add"}
    egraph = EGraph(library().without(set(library().names) - used), prover=Prover(cache))
    egraph.add(BEFORE)
    egraph.run(6)
    return egraph.explain(BEFORE, AFTER)


def test_the_derivation_is_accepted(steps: list[Step]):
    assert {step.rule for step in steps} >= {
        "mul-add-same",
        "shl-to-mul",
        "zext-add",
        "group-nil",
        "store-never",
    }
    assert replay(BEFORE, AFTER, steps) == []


def test_the_ends_must_fit(steps: list[Step]):
    assert replay(BEFORE, BEFORE, ()) == []
    assert replay(BEFORE, AFTER, ()) != []
    assert replay(AFTER, AFTER, steps) != []
    assert replay(BEFORE, BEFORE, steps) != []
    assert replay(BEFORE, AFTER, steps[:-1]) != []
    assert replay(BEFORE, AFTER, [*steps[:2], *steps[3:]]) != []


def other_term(term: Expr) -> Expr:
    return op("xor", term, const(1)) if term.width == 32 else Op("xor", term.width, (term, term))


def corruptions(step: Step) -> Iterator[Callable[[], Step]]:
    yield lambda: replace(step, rule="mul-one" if step.rule != "mul-one" else "add-zero")
    if isinstance(at(step.before, step.path), Expr):
        # Between statements what symbolic execution proves holds by any name.
        yield lambda: replace(step, rule="no-such-rule")
    yield lambda: replace(step, forward=not step.forward)
    yield lambda: replace(step, path=(*step.path, 7))
    yield lambda: replace(step, path=step.path[:-1])
    yield lambda: replace(step, after=step.before)
    yield lambda: replace(step, before=step.after)
    yield lambda: replace(step, proof=replace(step.proof, kind="isl"))
    yield lambda: replace(step, rule="repeat")
    new = at(step.after, step.path)
    if isinstance(new, Expr):
        yield lambda: replace(step, after=replaced(step.after, step.path, other_term(new)))
    assert isinstance(step.after, tuple)
    last = len(step.after) - 1
    yield lambda: replace(
        step, after=replaced(step.after, (last, 0), Const(32, 77)) if step.path[:1] != (last,) else ()
    )


def test_every_corruption_of_a_step_is_rejected(steps: list[Step]):
    tried = 0
    for number, step in enumerate(steps):
        for corrupt in corruptions(step):
            wrong = corrupt()
            if wrong == step:
                continue
            tried += 1
            chain = [*steps[:number], wrong, *steps[number + 1 :]]
            assert replay(BEFORE, AFTER, chain) != [], wrong
    assert tried > 60


def one_step(before: Block, after: Block, rule: str, path: tuple, kind: str = "axiom") -> list[Step]:
    return [Step(before, after, path, rule, True, (), ProofRecord(kind, ""))]


def test_a_rule_by_range_needs_the_range_here_too():
    for declared, accepted in ((Range(0, 100), True), (Range(0, 1 << 31), False), (None, False)):
        n = Param(32, "n", declared)
        before = (Store(WIDE, (const(0),), zext(op("add", n, n))),)
        after = (Store(WIDE, (const(0),), op("add", zext(n), zext(n))),)
        failures = replay(before, after, one_step(before, after, "zext-add", (0, 1), "ring"))
        assert (failures == []) == accepted
        if not accepted:
            assert "does not hold" in failures[0]


T = LocalArray(ArrayType(32, ()), 0)
EMPTY = Group(())
STORE = Store(A, (const(0),), const(1))


@pytest.mark.parametrize(
    ("rule", "before", "after", "path"),
    [
        ("group-nil", (EMPTY, STORE), (STORE,), ()),
        ("group-nil", (STORE, EMPTY), (STORE,), ("1:",)),
        ("group-cons", (Group((STORE, EMPTY)), STORE), (STORE, Group((EMPTY,)), STORE), ()),
        ("for-never", (For(I, const(5), const(5), (STORE,)),), (EMPTY,), (0,)),
        ("for-never", (For(I, const(1), const((1 << 32) - 1), (STORE,)),), (EMPTY,), (0,)),
        ("for-empty-hull", (For(Iv(32, 0, 4, 4, 1), N, N, (STORE,)),), (EMPTY,), (0,)),
        ("for-nothing", (For(I, N, N, ()),), (EMPTY,), (0,)),
        ("store-never", (Store(A, (N,), N, Const(1, 0)),), (EMPTY,), (0,)),
        ("local-nothing", (Local(T, ()),), (EMPTY,), (0,)),
    ],
)
def test_structural_laws(rule: str, before: Block, after: Block, path: tuple):
    assert replay(before, after, one_step(before, after, rule, path)) == []
    assert replay(before, after, one_step(before, after, rule, path, "smt")) != []


@pytest.mark.parametrize(
    ("rule", "before", "after", "path"),
    [
        ("group-nil", (STORE, STORE), (STORE,), ()),
        ("group-cons", (Group((STORE, EMPTY)), STORE), (STORE, STORE), ()),
        ("for-never", (For(I, const(5), const(6), (STORE,)),), (EMPTY,), (0,)),
        ("for-never", (For(I, const((1 << 32) - 1), const(1), (STORE,)),), (EMPTY,), (0,)),
        ("for-never", (For(I, N, N, (STORE,)),), (EMPTY,), (0,)),
        ("for-empty-hull", (For(I, N, N, (STORE,)),), (EMPTY,), (0,)),
        ("for-nothing", (For(I, N, N, (STORE,)),), (EMPTY,), (0,)),
        ("store-never", (Store(A, (N,), N, Load(TopArray(ArrayType(1, ()), "p"), ())),), (EMPTY,), (0,)),
        ("local-nothing", (Local(T, (STORE,)),), (EMPTY,), (0,)),
    ],
)
def test_structural_laws_that_do_not_apply(rule: str, before: Block, after: Block, path: tuple):
    assert replay(before, after, one_step(before, after, rule, path)) != []


def test_control_steps_go_to_their_checker_without_what_is_common():
    swapped = (STORE, Store(B, (N,), N), EMPTY, STORE)
    before, after = (STORE, EMPTY, Store(B, (N,), N), STORE), swapped
    step = one_step(before, after, "swap", (), "isl")
    seen = []

    def checker(left: Block, right: Block, _: object) -> str | None:
        seen.append((left, right))
        return None if len(seen) == 1 else "not today"

    assert replay(before, after, step, control=checker) == []
    assert seen == [((EMPTY, Store(B, (N,), N)), (Store(B, (N,), N), EMPTY))]
    assert replay(before, after, step, control=checker) == ["step 1 (swap): not today"]
    assert replay(before, after, one_step(before, after, "swap", (), "smt"), control=checker) != []


def test_control_steps_are_checked_by_default():
    before, after = (STORE, Store(B, (N,), N)), (STORE, Store(B, (N,), const(0)))
    assert replay(before, after, one_step(before, after, "swap", (), "isl")) != []
    assert replay(before, after, one_step(before, after, "swap", (), "executed")) != []


def shared(rounds: int, leaf: Expr) -> Expr:
    for number in range(rounds):
        leaf = op("xor", leaf, op("lshr", leaf, const(number + 1)))
    return leaf


def test_repeats_are_checked_against_their_premises(tmp_path_factory: pytest.TempPathFactory):
    cache = ProofCache(tmp_path_factory.getbasetemp().parent / "seer-cache")
    used = {"mul-add-same", "shl-to-mul"}
    egraph = EGraph(library().without(set(library().names) - used), prover=Prover(cache))
    before, after = ((Store(A, (I,), shared(5, term)),) for term in (SHIFTED, THREE))
    egraph.add(before)
    egraph.run(6)
    steps = egraph.explain(before, after)
    assert replay(before, after, steps) == []
    repeats = [number for number, step in enumerate(steps) if step.rule == "repeat"]
    assert repeats
    for number in repeats:
        step = steps[number]
        assert step.premises is not None
        first, last = step.premises
        for wrong in (
            replace(step, premises=None),
            replace(step, premises=(first + 1, last)),
            replace(step, premises=(first, last - 1)),
            replace(step, premises=(first, number)),
            replace(step, premises=(-1, last)),
            replace(step, premise_path=(0,)),
            replace(step, premise_path=(*step.premise_path, 0)),
            replace(step, proof=ProofRecord("smt", "")),
        ):
            assert replay(before, after, [*steps[:number], wrong, *steps[number + 1 :]]) != [], wrong


def test_places():
    assert at(BEFORE, (1, 2, 0, 1, 0, 0)) is op("shl", I, const(1))
    assert at(BEFORE, ("1:",)) == BEFORE[1:]
    assert at(BEFORE, (1, 2, "1:")) == (Group(()),)
    assert replaced(BEFORE, ("1:",), ()) == BEFORE[:1]
    for path in ((9,), (0, 5), ("9:",), (1, "0:")):
        with pytest.raises(PlaceError):
            at(BEFORE, path)
    assert below((1, 2), (1,)) and below(("3:",), ("2:",)) and below((4, 0), ("2:",)) and below((0,), ())
    assert not below((1,), (1, 2)) and not below((1, 0), ("2:",)) and not below((2,), (1,))


def test_the_reader_reads_every_rule_of_the_library():
    from importlib.resources import files

    folder = files("seer") / "rewrites" / "datapath"
    names: set[str] = set()
    for entry in folder.iterdir():
        if entry.name.endswith(".egg"):
            names |= read_rules(entry.read_text(encoding="utf-8")).keys()
    assert names == set(library().names)


def test_a_wrong_rule_is_caught_by_values(tmp_path_factory: pytest.TempPathFactory):
    """Even if a rule file were wrong and its proof forged, the values tell."""
    path = tmp_path_factory.mktemp("rules") / "wrong.egg"
    path.write_text('; x\n(rewrite (Sub w a b) (Sub w b a) :name "swap")\n', encoding="utf-8")
    before = (Store(A, (I,), op("sub", N, I)),)
    after = (Store(A, (I,), op("sub", I, N)),)
    failures = replay(before, after, one_step(before, after, "swap", (0, 1), "smt"), rule_files=[path])
    assert failures and "the sides are" in failures[0]
