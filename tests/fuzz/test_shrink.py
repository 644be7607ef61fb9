"""Failing programs become small, and only by edits that the kinds of their nodes allow."""

from __future__ import annotations

from seer.fuzz.shrink import shrink
from seer.fuzz.tree import FIXED, Node, expression, statement


def tree() -> Node:
    inner = expression(False, "(", expression(False, "a"), " + ", expression(False, "needle"), ")")
    body = Node(FIXED, (statement("x = 1;"), statement("y = ", inner, " & 7;"), statement("z = 2;")))
    loop = statement("for (;;) {\n", body, "}")
    return Node(FIXED, ("head\n", statement("first;"), loop, statement("last;")))


def test_what_is_not_needed_goes() -> None:
    assert str(shrink(tree(), lambda t: "needle" in str(t))) == "head\ny = needle & 7;\n"


def test_what_nobody_may_edit_stays() -> None:
    assert str(shrink(tree(), lambda t: True)) == "head\n"
    assert str(shrink(tree(), lambda t: "for" in str(t) and "& 7" in str(t))).count("1 & 7") == 1


def test_the_number_of_tries_is_kept() -> None:
    tried: list[Node] = []
    whole = tree()

    def fails(candidate: Node) -> bool:
        tried.append(candidate)
        return False

    assert shrink(whole, fails, attempts=3) == whole
    assert len(tried) == 3
