"""Damaged kernels: the corpus with tokens and lines deleted, doubled, swapped, replaced and cut off.

Two of three are damaged as a person's slip would do it, so that many of them are still C.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

__all__ = ["mutant"]

_TOKEN = re.compile(r"\w+|<<=|>>=|&&|\|\||[-+*/%&|^<>=!]=|<<|>>|\+\+|--|->|\S")
_GROUPS = (
    ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "<", ">", "<=", ">=", "==", "!=", "&&", "||", ","),
    ("=", "+=", "-=", "*=", "&=", "|=", "^=", "<<=", ">>="),
    ("++", "--"),
    ("int", "char", "short", "long", "unsigned", "float", "double", "void", "_Bool", "struct", "const"),
    ("for", "while", "do", "if", "else", "switch", "return", "break", "continue", "goto"),
    ("(", ")", "{", "}", "[", "]", ";", ":", "?"),
)
_REFUSED = ("volatile int", "static int", "long double", "union", "int *", "int (*)", "register int *")
"""What a declaration may begin with so that it is C and not supported."""
_SLIPS = (
    ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"),
    ("<", ">", "<=", ">=", "==", "!=", "="),
    ("=", "+=", "-=", "*=", "&=", "|=", "^=", "<<=", ">>=", "=="),
    ("&&", "||", "&", "|", ","),
    ("++", "--"),
    ("int", "char", "short", "long", "unsigned", "float", "double", "_Bool", *_REFUSED),
    ("break", "continue", "return"),
    ("while", "if"),
    tuple("abcdijknxyz"),
)
"""Groups of tokens that people write for each other."""
_NUMBERS = ("0", "1", "-1", "7", "1000000", "2147483647", "1.5")
_STRAY = ("@", "\\", '"', "'", "#", "\x01", "é", "/*", "0x", "`")


def mutant(draw: random.Random, text: str) -> str:
    """`text` after one to three random edits."""
    if draw.random() < 0.67:
        for _ in range(draw.randint(1, 3)):
            text = _slip(draw, text)
        return text
    for _ in range(draw.randint(1, 3)):
        text = draw.choice((_tokens, _tokens, _tokens, _lines, _cut, _stray))(draw, text)
    return text


def _slip(draw: random.Random, text: str) -> str:
    """Another operator, number, name or type of the same kind; or a statement gone, doubled or moved."""
    if draw.random() < 0.2:
        lines = text.splitlines(keepends=True)
        whole = [n for n, line in enumerate(lines) if line[:1] == " " and line.rstrip().endswith(";")]
        if whole:
            taken = lines.pop(draw.choice(whole))
            for _ in range(draw.randint(0, 2)):
                lines.insert(min(draw.choice(whole), len(lines)), taken)
            return "".join(lines)
    code = text.find("{")
    found = [token for token in _TOKEN.finditer(text) if token.start() > code and _slips(token[0])]
    chosen = draw.choice(found)
    new = draw.choice(_slips(chosen[0]))
    return text[: chosen.start()] + new + text[chosen.end() :]


def _slips(token: str) -> Sequence[str]:
    """What a person may write for `token`."""
    if token.isdecimal():
        return (*_NUMBERS, str(int(token) + 1))
    return next((group for group in _SLIPS if token in group), ())


def _tokens(draw: random.Random, text: str) -> str:
    found = list(_TOKEN.finditer(text))
    if len(found) < 2:
        return text
    chosen = draw.choice(found)
    other = draw.choice(found)
    match draw.randrange(5):
        case 0:
            new = ""
        case 1:
            new = f"{chosen[0]} {chosen[0]}"
        case 2:
            new = other[0]
        case 3 if chosen[0].isdecimal():
            new = draw.choice((*_NUMBERS, str(int(chosen[0]) + 1)))
        case _:
            new = draw.choice(_group(chosen[0]))
    return text[: chosen.start()] + new + text[chosen.end() :]


def _group(token: str) -> Sequence[str]:
    return next((group for group in _GROUPS if token in group), ("x", "i", "0", token))


def _lines(draw: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return text
    a, b = (draw.randrange(len(lines)) for _ in "ab")
    match draw.randrange(3):
        case 0:
            del lines[a]
        case 1:
            lines.insert(b, lines[a])
        case _:
            lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines)


def _cut(draw: random.Random, text: str) -> str:
    return text[: draw.randrange(len(text) + 1)]


def _stray(draw: random.Random, text: str) -> str:
    place = draw.randrange(len(text) + 1)
    return text[:place] + draw.choice(_STRAY) + text[place:]
