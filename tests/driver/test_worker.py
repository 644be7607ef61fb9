"""Terms of any depth reach the worker."""

import gc
import pickle

from seer.driver.worker import deeply
from seer.lang.terms import Const, Expr, Op, Param


def test_a_deep_expression_is_pickled_and_read_back():
    # E-graphs that other tests left may be dropped in this thread only, not in the one that pickles.
    gc.collect()
    term: Expr = Param(32, "x")
    for _ in range(5_000):
        term = Op("add", 32, (term, Const(32, 1)))
    assert deeply(pickle.loads, deeply(pickle.dumps, term)) is term
