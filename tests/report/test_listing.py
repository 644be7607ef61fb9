"""Statements over several lines."""

from __future__ import annotations

from seer.lang.terms import If, Op, While
from seer.report.listing import listing
from tests.verify.loop_terms import A, X, const, load, loop, op, store, with_local


def test_nested_statements_are_indented() -> None:
    small = Op("ult", 1, (load(X, const(0)), const(5)))
    both = Op("and", 1, (small, Op("ne", 1, (load(X, const(1)), const(0)))))
    block = (
        loop(4, lambda i: (with_local(lambda t: (store(t, (), i), store(A, i, load(t)))),)),
        If(both, (store(A, const(0), const(1)),), (store(A, const(0), const(2)),)),
        While(small, (store(X, const(0), op("add", load(X, const(0)), const(1))),)),
    )
    assert listing(block) == [
        "for (i = 0; i < 4; i++) {",
        "    {",
        "        int32 t0;",
        "        t0 = i;",
        "        A[i] = t0;",
        "    }",
        "}",
        "if ((X[0] <u 5) & (X[1] != 0)) {",
        "    A[0] = 1;",
        "} else {",
        "    A[0] = 2;",
        "}",
        "while (X[0] <u 5) {",
        "    X[0] = (X[0] + 1);",
        "}",
    ]
