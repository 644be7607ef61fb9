"""Each thing that the frontend refuses is on the page that says what it takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import seer.frontend
from seer.frontend import structure
from tests.frontend.refusals import TABLE, documented

PAGE = Path(__file__).parents[2] / "docs" / "c_support.md"
FRONTEND = Path(seer.frontend.__file__).parent
# What keeps a loop from counting is no refusal: it becomes a While. The others read MLIR.
NO_REFUSALS = ("bounds.py", "counted.py", "late.py", "mlir_file.py", "mlir_rewrites.py", "repeated.py")

_TEXTS = (ast.Constant, ast.JoinedStr, ast.IfExp)


def refusals() -> Iterator[tuple[str, str]]:
    """Where the frontend refuses something, and in what words; what is inserted becomes `x`."""
    for path in sorted(FRONTEND.glob("*.py")):
        if path.name in NO_REFUSALS:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            texts = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or ast.unparse(node.func) != "refuse":
                    continue
                message = node.args[1]
                if isinstance(message, ast.Name):
                    message = texts[message.id]
                for text in texts_of(message, texts):
                    yield f"{path.name}:{node.lineno}", text


def texts_of(node: ast.expr, names: dict[str, ast.expr]) -> list[str]:
    """The texts that a message may be."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return [*texts_of(body, names), *texts_of(other, names)]
        case ast.JoinedStr(values=parts):
            return ["".join(some) for some in product(*(texts_of(part, names) for part in parts))]
        case ast.FormattedValue(value=ast.Name(id=name)) if isinstance(names.get(name), _TEXTS):
            return texts_of(names[name], names)
        case ast.FormattedValue():
            return ["x"]
        case _:
            raise AssertionError(f"{ast.unparse(node)} is no text")


def test_every_refusal_has_an_entry() -> None:
    found = list(refusals())
    assert len(found) > 90
    # What is refused by its kind has its words in a table.
    found.remove(next(each for each in found if each[1] == "x is not supported"))
    found += [("structure.py", what) for what, _ in structure._REFUSED.values()]
    missing = [(place, text) for place, text in found if documented(text) is None]
    assert missing == []


def test_every_entry_is_on_the_page() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert [phrase for phrase in TABLE if phrase not in page] == []


@pytest.mark.parametrize("message", ["use of undeclared identifier 'x'", "an unknown thing is not supported"])
def test_what_is_not_in_the_table_is_found(message: str) -> None:
    assert documented(message) is None
