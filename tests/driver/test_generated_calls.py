"""Generated calls on which the original crashes are left out, unless most are like that."""

import pytest

from seer import frontend
from seer.driver.optimize import optimize
from seer.driver.options import Limits, Options
from seer.driver.reference import calls_of
from seer.driver.source import Source
from seer.errors import InputError
from seer.verify.undefined import faults_of

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


HALF_GUARDED = """
int f(int a[16]) {
  int s = 0;
  for (int i = 1; i < 16; i++) { int d = a[0] - a[i]; s += d > 31 ? 0 : 1 << d; }
  return s;
}"""


def test_what_a_condition_guards_only_from_one_side_is_kept_legal(tmp_path):
    found = calls(tmp_path, HALF_GUARDED)
    program = frontend.load([tmp_path / "k.c"], "f")
    assert faults_of(program, found, overflow=False) == []
    assert len({str(call.arrays_before) for call in found}) > 5


def test_a_difference_after_undefined_behaviour_is_the_users_to_see(tmp_path):
    file = tmp_path / "k.c"
    file.write_text(
        HALF_GUARDED + "\n#ifdef BENCH\nint main(void) { int a[16] = {0, 5}; return f(a) == 3; }\n#endif\n"
    )
    program = frontend.load([file], "f")
    source = Source((file,), defines=("BENCH",), benches=(file,))
    options = Options(backend="none", rules="none", limits=Limits(rounds=1))
    with pytest.raises(InputError, match=r"a call of the test bench is undefined in C.*shifted by -5"):
        optimize(program, source, options, tmp_path / "out")
