"""How arrays are cut into banks, and which partitions are impossible."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seer.errors import InputError
from seer.lang.terms import ArrayType, Load, Local, LocalArray, Store, Table
from seer.schedule.naming import banks_of, memory_names, with_bank_names
from seer.schedule.partition import Partition, all_banks, describe, layout_of, problem_of
from tests.schedule.programs import array, counter, loop, program

A = array("a", 32, 10)
M = array("m", 32, 4, 6)


def contents(whole, *partitions: Partition) -> list[tuple[int, ...]]:
    layout = layout_of(whole, partitions)
    assert layout is not None
    return [bank.elements for bank in all_banks(whole, layout)]


def test_cyclic_block_and_complete() -> None:
    assert contents(A, Partition("a", "cyclic", 3)) == [(0, 3, 6, 9), (1, 4, 7), (2, 5, 8)]
    assert contents(A, Partition("a", "block", 4)) == [(0, 1, 2), (3, 4, 5), (6, 7, 8), (9,)]
    assert contents(A, Partition("a", "complete")) == [(k,) for k in range(10)]


def test_blocks_that_would_be_empty_are_not_made() -> None:
    assert contents(array("b", 8, 5), Partition("b", "block", 4)) == [(0, 1), (2, 3), (4,)]


def test_dimensions_count_from_one_and_zero_is_all() -> None:
    assert contents(M, Partition("m", "complete", dim=1)) == [
        tuple(range(6 * k, 6 * k + 6)) for k in range(4)
    ]
    second = contents(M, Partition("m", "cyclic", 2, dim=2))
    assert second == [tuple(6 * r + c for r in range(4) for c in range(b, 6, 2)) for b in (0, 1)]
    both = contents(M, Partition("m", "cyclic", 2, dim=0))
    assert len(both) == 4 and both[1] == (1, 3, 5, 13, 15, 17)
    mixed = contents(M, Partition("m", "block", 2, dim=1), Partition("m", "complete", dim=2))
    assert len(mixed) == 12 and mixed[7] == (13, 19)


def test_one_bank_is_no_partition() -> None:
    assert layout_of(A, [Partition("a", "cyclic", 1)]) is None


@given(
    shape=st.lists(st.integers(1, 9), min_size=1, max_size=3),
    asked=st.lists(
        st.tuples(st.sampled_from(("cyclic", "block", "complete")), st.integers(1, 9), st.integers(0, 3)),
        min_size=1,
        max_size=3,
    ),
)
def test_each_element_is_in_one_bank(shape: list[int], asked: list[tuple[str, int, int]]) -> None:
    whole = array("h", 8, *shape)
    partitions = [Partition("h", *one) for one in asked]
    partitions = [p for p in partitions if problem_of(p, whole) is None]
    layout = layout_of(whole, partitions)
    if layout is None:
        return
    banks = list(all_banks(whole, layout))
    assert sorted(e for bank in banks for e in bank.elements) == list(range(prod(shape)))
    assert all(len(bank.elements) == prod(bank.type.shape) > 0 for bank in banks)


@pytest.mark.parametrize(
    ("partition", "reason"),
    [
        (Partition("a", "cyclic", 0), "1 or more"),
        (Partition("a", "cyclic", 11), "greater than the 10 elements"),
        (Partition("a", "block", 2, dim=2), "1 dimension"),
        (Partition("a", "spiral", 2), "no kind"),
    ],
)
def test_impossible_partitions(partition: Partition, reason: str) -> None:
    assert reason in (problem_of(partition, A) or "")
    with pytest.raises(InputError, match=reason):
        layout_of(A, [partition])


def test_too_many_banks_are_refused() -> None:
    large = array("l", 8, 40, 40)
    assert "1024 banks" in (problem_of(Partition("l", "complete", dim=0), large) or "")
    two = [Partition("l", "complete", dim=1), Partition("l", "complete", dim=2)]
    assert all(problem_of(partition, large) is None for partition in two)
    with pytest.raises(InputError, match="1600 banks"):
        layout_of(large, two)


def test_scalars_cannot_be_cut() -> None:
    assert "no array" in (problem_of(Partition("s", "complete"), array("s", 8)) or "")


def test_banks_have_names_of_their_own() -> None:
    clash, i = array("a_1", 32, 10), counter(0, 10)
    p = program([A, clash], loop(i, Store(clash, (i,), Load(A, (i,)))))
    banks = banks_of(p, [Partition("a", "cyclic", 3)])
    names = with_bank_names(memory_names(p), banks)
    assert list(names.values()) == ["a", "a_1", "a_0", "a_1_b2", "a_2"]


def test_locals_and_tables_are_found_by_their_names() -> None:
    table = Table(ArrayType(32, (10,)), tuple(range(10)))
    buffer, i = LocalArray(ArrayType(32, (10,)), 0), counter(0, 10)
    body = (loop(i, Store(buffer, (i,), Load(table, (i,)))), loop(i, Store(A, (i,), Load(buffer, (i,)))))
    p = program([A], Local(buffer, body))
    asked = [Partition("local0", "block", 2), Partition("table", "complete"), Partition("none", "complete")]
    found = dict(banks_of(p, asked).layouts)
    assert list(found) == [buffer, table]
    assert describe(found[buffer]) == "blocks of 5" and describe(found[table]) == "complete"
    assert [bank.values for bank in all_banks(table, found[table])] == [(k,) for k in range(10)]
