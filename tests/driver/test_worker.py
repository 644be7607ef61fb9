"""Terms of any depth reach the worker."""

import gc
import pickle

from seer.driver.explore import Request
from seer.driver.options import Options
from seer.driver.worker import Failure, Worker, deeply
from seer.errors import InputError
from seer.lang.program import Program
from seer.lang.terms import Const, Expr, Op, Param


def test_a_deep_expression_is_pickled_and_read_back():
    # E-graphs that other tests left may be dropped in this thread only, not in the one that pickles.
    gc.collect()
    term: Expr = Param(32, "x")
    for _ in range(5_000):
        term = Op("add", 32, (term, Const(32, 1)))
    assert deeply(pickle.loads, deeply(pickle.dumps, term)) is term


def test_an_error_of_the_users_comes_back_as_what_it_is():
    request = Request(Program("f", (), ()), Options(backend="none", target="nowhere"), ())
    with Worker() as worker:
        *_, last = worker.explore(request, None)
    assert isinstance(last, Failure)
    assert isinstance(last.error, InputError) and "nowhere" in last.error.message


def test_a_worker_that_was_killed_is_a_failure():
    request = Request(Program("f", (), ()), Options(backend="none"), ())
    with Worker() as worker:
        worker._process.kill()
        worker._process.wait()
        assert [type(message) for message in worker.explore(request, None)] == [Failure]


def test_a_worker_without_a_request_is_gone_in_the_end():
    with Worker() as worker:
        pass
    assert worker._process.returncode is not None
