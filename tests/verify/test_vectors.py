"""Recorded calls on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seer.errors import InputError
from seer.lang.program import Argument
from seer.lang.terms import ArrayType, Param, TopArray
from seer.verify.vectors import Call, Vectors, from_stream, memory, to_stream

ARGUMENTS = (
    Argument("a", TopArray(ArrayType(7, (2, 2)), "a"), False, ""),
    Argument("n", Param(32, "n"), True, "int"),
    Argument("w", TopArray(ArrayType(100, (2,)), "w"), False, ""),
    Argument("ap_return", TopArray(ArrayType(16, ()), "ap_return"), False, "unsigned short"),
)


def _call(offset: int) -> Call:
    before = {
        "a": memory(7, [1, 2, 3, 127 - offset]),
        "w": memory(100, [1 << 99, offset]),
        "ap_return": memory(16, [0]),
    }
    after = {**before, "w": memory(100, [(1 << 100) - 1, 5]), "ap_return": memory(16, [65535])}
    return Call({"n": 0xFFFFFFFF - offset}, before, after)


def test_round_trip_and_equal_bytes(tmp_path: Path) -> None:
    vectors = Vectors((_call(0), _call(3)))
    vectors.save(tmp_path / "one.npz")
    loaded = Vectors.load(tmp_path / "one.npz")
    assert loaded == vectors
    assert loaded != Vectors((_call(0), _call(4)))
    assert loaded.calls[0].arrays_before["a"].dtype == np.dtype("<u1")
    assert loaded.calls[0].arrays_after["w"][0] == (1 << 100) - 1
    loaded.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_no_calls(tmp_path: Path) -> None:
    Vectors(()).save(tmp_path / "empty.npz")
    assert Vectors.load(tmp_path / "empty.npz") == Vectors(())


def test_wide_words_are_two_columns(tmp_path: Path) -> None:
    Vectors((_call(0),)).save(tmp_path / "one.npz")
    with np.load(tmp_path / "one.npz") as file:
        assert file["0.after.w"].tolist() == [[2**64 - 1, 2**36 - 1], [5, 0]]


@pytest.mark.parametrize("content", [b"", b"no zip at all", None])
def test_another_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"other\.npz"):
        Vectors.load(path)


def test_stream() -> None:
    stream = to_stream(ARGUMENTS, [_call(0)])
    sizes = 8 + (4 + 4 + 2 * 16 + 2) + (4 + 2 * 16 + 2)
    assert len(stream) == sizes
    assert stream[:8] == (1).to_bytes(8, "little")
    (after,) = from_stream(ARGUMENTS, 1, stream[8 + 4 + 4 + 2 * 16 + 2 :])
    assert after.keys() == {"a", "w", "ap_return"}
    assert all(np.array_equal(after[name], _call(0).arrays_after[name]) for name in after)
    with pytest.raises(ValueError, match="bytes"):
        from_stream(ARGUMENTS, 2, stream)
