"""Tells the parts of loop headers and conditions apart where libclang's tree alone does not."""

from __future__ import annotations

from typing import NoReturn

from clang.cindex import Cursor

from seer.frontend._libclang import CursorKind, refuse

__all__ = ["for_parts", "refuse_depth", "refuse_initialiser"]

_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")


def for_parts(loop: Cursor) -> tuple[Cursor | None, Cursor | None, Cursor | None, Cursor]:
    """Initialisation, condition and step of a for loop, None where missing, and its body.

    libclang leaves missing parts out of the tree, so that which ones are there is read from the tokens.
    """
    *present, body = loop.get_children()
    if any(part.kind is CursorKind.VAR_DECL for part in present):
        refuse(loop, "a declaration as a condition is not supported", "declare the variable before it")
    if len(present) == 3:
        return present[0], present[1], present[2], body
    if not present:
        return None, None, None, body
    given = [bool(part) for part in _header(loop)]
    if len(given) != 3 or sum(given) != len(present):
        hint = "write all three parts, or a while loop"
        refuse(loop, "the parts of this for loop come out of a macro and cannot be told apart", hint)
    parts = iter(present)
    initial, condition, step = (next(parts) if there else None for there in given)
    return initial, condition, step, body


def refuse_initialiser(statement: Cursor) -> None:
    """Refuse the declarations and initialisations that C++ allows in `if`, `while` and `switch`."""
    first = next(statement.get_children())
    is_cpp = statement.translation_unit.spelling.endswith((".cc", ".cpp", ".cxx"))
    if not first.kind.is_expression() or (is_cpp and len(_header(statement)) > 1):
        refuse(
            statement,
            "a declaration or initialisation in a condition is not supported",
            "put it before the statement",
        )


def refuse_depth(statement: Cursor) -> NoReturn:
    """Refuse a statement that stands inside too many others, or behind too many early exits."""
    hint = "use a switch, or split the function"
    refuse(statement, "statements that are nested this deeply are not supported", hint)


def _header(statement: Cursor) -> list[list[str]]:
    """The tokens between the parentheses behind the keyword, split at semicolons."""
    parts: list[list[str]] = [[]]
    depth = 0
    for position, token in enumerate(statement.get_tokens()):
        spelling = token.spelling
        if position == 0:
            if spelling not in ("for", "if", "while", "switch"):
                return []  # it comes out of a macro
            continue
        if spelling in _CLOSE:
            depth -= 1
            if depth == 0:
                break
        if spelling == ";" and depth == 1:
            parts.append([])
        elif depth > 0:
            parts[-1].append(spelling)
        if spelling in _OPEN:
            depth += 1
    return parts
