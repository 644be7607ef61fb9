"""Traps of the proof by steps: claims and blocks that are almost right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Store,
    TopArray,
    While,
)
from seer.rewrites.control.deciding import Deciding
from seer.rewrites.control.merging import FORMS, Merging
from seer.verify.loop_equivalence import Verdict, check, recheck
from seer.verify.step_claim import Meeting, Steps
from tests.verify.loop_terms import A, B, W, X, const, load, op, store

I = Iv(W, 0, 0, 8, 1)  # noqa: E741
N = Param(W, "n")


def register(level: int, width: int = W, content: Range | None = None) -> LocalArray:
    return LocalArray(ArrayType(width, (), content), level)


P, Q = register(0), register(1)


def less(a: Expr, b: Expr) -> Expr:
    return Op("slt", 1, (a, b))


def step(r: LocalArray, by: int = 1) -> Store:
    return Store(r, (), Op("add", r.type.width, (Load(r, ()), Const(r.type.width, by))))


def search(*tail: Store) -> Block:
    """for i { p = 0; while (p < X[i]) p++; A[i] = p; … }"""
    body = (store(P, (), const(0)), While(less(load(P), load(X, I)), (step(P),)), store(A, I, load(P)), *tail)
    return (For(I, const(0), const(8), (Local(P, body),)),)


def offered(block: Block, rule: Merging | Deciding | None = None) -> tuple[Block, Steps]:
    (offer,) = (rule or Merging()).attempt(block).offers
    assert isinstance(offer.correspondence, Steps)
    return offer.replacement, offer.correspondence


def refused(verdict: Verdict, reason: str) -> None:
    assert not verdict.accepted
    assert reason in verdict.reason, verdict.reason


@pytest.mark.parametrize("form", FORMS[:2])
def test_a_search_is_merged(form: str) -> None:
    block = search()
    after, claim = offered(block, Merging(form=form))  # type: ignore[arg-type]
    assert check(block, after, claim).kind == "axiom"
    assert recheck(block, after, claim.to_json()).proved


def test_every_part_of_the_claim_counts() -> None:
    block = search()
    after, claim = offered(block)
    (meeting,) = claim.meetings
    for k in range(len(meeting.registers)):
        less_said = replace(meeting, registers=meeting.registers[:k] + meeting.registers[k + 1 :])
        assert not check(block, after, Steps((less_said,))).accepted
        level, value = meeting.registers[k]
        other = Op("xor", value.width, (value, Const(value.width, 1)))
        wrong = (*meeting.registers[:k], (level, other), *meeting.registers[k + 1 :])
        assert not check(block, after, Steps((replace(meeting, registers=wrong),))).accepted


@pytest.mark.parametrize("path", [(), (9,), (0, 9), (0, 0, 0), (0, 0, 1, 5)])
def test_a_claim_that_names_nothing_is_refused(path: tuple[int, ...]) -> None:
    block = search()
    after, claim = offered(block)
    (meeting,) = claim.meetings
    for wrong in (replace(meeting, before=path), replace(meeting, after=path)):
        assert not check(block, after, Steps((wrong,))).accepted


def test_no_claim_proves_no_loop() -> None:
    block = search()
    after, _ = offered(block)
    refused(check(block, after, Steps(())), "too many")


def test_a_register_that_is_read_before_it_is_written_proves_nothing() -> None:
    body = (While(less(load(P), load(X, I)), (step(P),)), store(A, I, load(P)))
    block: Block = (For(I, const(0), const(8), (Local(P, body),)),)
    after, claim = offered(block)
    assert not check(block, after, claim).accepted


def test_a_counter_that_is_too_narrow_is_refused() -> None:
    """After 15 a register of four bits begins anew where the counter goes on."""
    iv = Iv(W, 0, 0, 16, 1)
    narrow = register(0, 4)
    before: Block = (
        Local(P, (store(P, (), const(0)), For(iv, const(0), const(16), (store(A, iv, const(1)),)))),
    )
    wide = Op("zext", W, (Load(narrow, ()),))
    body = (Store(A, (wide,), const(1)), step(narrow))
    loop = While(less(wide, const(16)), body)
    after: Block = (Local(narrow, (Store(narrow, (), Const(4, 0)), loop)),)
    meeting = Meeting((0, 1), (0, 1), ((0, Op("trunc", 4, (iv,))),))
    refused(check(before, after, Steps((meeting,))), "meet")
    wider = register(0, 5)
    wide = Op("zext", W, (Load(wider, ()),))
    loop = While(less(wide, const(16)), (Store(A, (wide,), const(1)), step(wider)))
    after = (Local(wider, (Store(wider, (), Const(5, 0)), loop)),)
    meeting = Meeting((0, 1), (0, 1), ((0, Op("trunc", 5, (iv,))),))
    assert check(before, after, Steps((meeting,))).proved


def test_a_loop_that_does_not_end_is_not_one_that_does() -> None:
    """while (p < n) p++ and while (p < n) {}: the second never gets to the end."""
    before: Block = (While(less(load(P), N), (step(P),)),)
    after: Block = (While(less(load(P), N), ()),)
    meeting = Meeting((0,), (0,))
    assert not check(before, after, Steps((meeting,))).accepted
    assert not check(after, before, Steps((meeting,))).accepted
    assert not check(before, (store(P, (), N),), Steps(())).accepted


def test_an_empty_endless_step_does_not_count_as_one() -> None:
    """The new block spins where the original has ended."""
    before: Block = (store(A, const(0), const(1)),)
    after: Block = (store(A, const(0), const(1)), While(less(const(0), load(A, const(0))), ()))
    assert not check(before, after, Steps(())).accepted


def test_a_new_loop_stays_in_its_hull() -> None:
    small = Iv(W, 0, 0, 4, 1)
    before: Block = (
        Local(P, (store(P, (), const(0)), While(less(load(P), N), (store(A, load(P), N), step(P))))),
    )
    after: Block = (For(small, const(0), N, (store(A, small, N),)),)
    meeting = Meeting((0, 1), (0,), counters=((0, load(P)),))
    assert not check(before, after, Steps((meeting,))).accepted


def test_a_store_keeps_the_range_of_its_array() -> None:
    narrow = register(1, W, Range(0, 3))
    before: Block = (Local(P, (store(P, (), N), store(A, const(0), load(P)))),)
    after: Block = (
        Local(
            P,
            (
                store(P, (), N),
                Local(narrow, (Store(narrow, (), load(P)), store(A, const(0), Load(narrow, ())))),
            ),
        ),
    )
    refused(check(before, after, Steps(())), "range")


def test_the_new_block_uses_what_the_original_does() -> None:
    block = search()
    after, claim = offered(block)
    refused(check(block, (*after, store(B, const(0), const(0))), claim), "outside")


def test_copies_of_arrays_have_to_be_whole() -> None:
    table = TopArray(ArrayType(W, (4,)), "S")
    local = LocalArray(ArrayType(W, (4,)), 1)
    body = (store(A, const(0), load(table, op("and", load(P), const(3)))), step(P))
    before: Block = (Local(P, (store(P, (), const(0)), While(less(load(P), N), body))),)
    read = (store(A, const(0), load(local, op("and", load(P), const(3)))), step(P))
    iv = Iv(W, 0, 0, 4, 1)

    def made(first: int, last: int, place: Expr) -> Block:
        fill = For(iv, const(first), const(last), (Store(local, (place,), load(table, place)),))
        inner = (store(P, (), const(0)), Local(local, (fill, While(less(load(P), N), read))))
        return (Local(P, inner),)

    meeting = Meeting((0, 1), (0, 1, 1), ((0, load(P)),), ((1, table),))
    assert check(before, made(0, 4, iv), Steps((meeting,))).proved
    for wrong in (made(0, 3, iv), made(1, 4, iv), made(0, 4, op("and", iv, const(1)))):
        assert not check(before, wrong, Steps((meeting,))).accepted


def test_an_array_that_is_written_between_is_no_copy() -> None:
    table = TopArray(ArrayType(W, (2,)), "S")
    local = LocalArray(ArrayType(W, (2,)), 1)
    iv = Iv(W, 0, 0, 2, 1)
    body = (store(A, const(0), load(table, load(P))), Store(table, (const(1),), N), step(P))
    before: Block = (Local(P, (store(P, (), const(0)), While(less(load(P), N), body))),)
    read = (store(A, const(0), load(local, load(P))), Store(table, (const(1),), N), step(P))
    fill = For(iv, const(0), const(2), (Store(local, (iv,), load(table, iv)),))
    after: Block = (Local(P, (store(P, (), const(0)), Local(local, (fill, While(less(load(P), N), read))))),)
    meeting = Meeting((0, 1), (0, 1, 1), ((0, load(P)),), ((1, table),))
    assert not check(before, after, Steps((meeting,))).accepted


def test_out_of_bounds_nothing_is_forwarded() -> None:
    """A store that does not happen does not say what is read."""
    table = TopArray(ArrayType(W, (2,)), "S")
    before: Block = (Store(table, (N,), const(7)), store(A, const(0), load(table, N)))
    after: Block = (Store(table, (N,), const(7)), store(A, const(0), const(7)))
    assert not check(before, after, Steps(())).accepted
    inside = Op("and", W, (N, const(1)))
    before = (Store(table, (inside,), const(7)), store(A, const(0), load(table, inside)))
    after = (Store(table, (inside,), const(7)), store(A, const(0), const(7)))
    assert check(before, after, Steps(())).proved


def test_what_bounds_exclude_is_decided() -> None:
    """If p > 0 fails, p >= 4 fails, too; the neighbour p >= 0 does not."""

    def nested(bound: int) -> Block:
        late = If(Op("sle", 1, (const(bound), load(P))), (store(A, const(0), const(1)),))
        return (If(less(const(0), load(P)), (store(B, const(0), const(1)),), (late,)),)

    after: Block = (If(less(const(0), load(P)), (store(B, const(0), const(1)),)),)
    untouched = store(A, const(9), const(0))
    assert check((*nested(4), untouched), (*after, untouched), Steps(())).proved
    assert not check((*nested(0), untouched), (*after, untouched), Steps(())).accepted


def test_json_that_is_no_claim_is_refused() -> None:
    block = search()
    after, claim = offered(block)
    data = claim.to_json()
    for wrong in (
        {"steps": 3, "terms": []},
        {"steps": data["steps"], "terms": []},
        {"steps": [{}], "terms": []},
    ):
        assert not recheck(block, after, wrong).accepted
