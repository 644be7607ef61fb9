"""Generated calls on which the original crashes are left out, unless most are like that."""

import pytest

from seer import frontend
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.errors import InputError

GUARDED = "void f(int a[16], int b[16]) { for (int i = 0; i < 16; i++) a[i] = b[i] != 0 ? a[i] / b[i] : 0; }"
DOOMED = "void f(int a[4]) { for (int i = 0; i < 4; i++) a[i] = 1 / (i - i); }"


def calls(tmp_path, text):
    file = tmp_path / "k.c"
    file.write_text(text)
    return calls_of(frontend.load([file], "f"), Source((file,)), 0, 24)


def test_the_least_number_by_minus_one_is_left_out(tmp_path):
    found = calls(tmp_path, GUARDED)
    assert 12 <= len(found) < 24
    assert all(call.arrays_after for call in found)


def test_code_that_always_crashes_is_refused(tmp_path):
    with pytest.raises(InputError, match="SIGFPE"):
        calls(tmp_path, DOOMED)
