"""What the frontend refuses, and the words of docs/c_support.md that say so.

A message belongs to the first entry that has a pattern it starts with. In patterns NAME stands for anything
in backquotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["TABLE", "documented"]

TABLE: Mapping[str, Sequence[str]] = {
    "Only the function named by `--top`": ("no function NAME is defined",),
    "`goto`; case labels inside another statement of a `switch`, and statements before its first case": (
        "a goto statement",
        "a (case|default) label inside",
        "a statement before the first case",
    ),
    "loops with a condition that always holds and without `break` or `return`": ("this loop never ends",),
    "functions that may end without the value that they should return": (
        "this function may end without returning",
    ),
    "statements nested more than about 100 deep": ("statements that are nested this deeply",),
    "in C++ as the name of one of two objects": ("one of two objects, by",),
    "declarations in conditions": ("a declaration (as a|or initialisation in a) condition",),
    "arrays and structs declared with a value in a `switch`": ("NAME, declared with a value in a switch",),
    "`for` headers of which a macro writes some of the parts": ("the parts of this for loop",),
    "counters whose value after the loop is no simple expression": (
        "the value that NAME leaves this loop with",
        "NAME cannot count this loop",
    ),
    "wide strings; inline assembly": ("inline assembly", "a wide string", "this string"),
    "expressions and statements of other kinds": (
        "a (try block|range-based for loop)",
        "this kind of (expression|statement)",
        "operator NAME",
        "only variables and types may be declared",
    ),
    "pointers whose array is not known or one of several, null, returned, in structs or arrays": (
        "it is not known where pointer NAME points",
        "pointer NAME is read before it is set",
        "pointer NAME to more than one array",
        "a pointer to one of two arrays",
        "a null pointer",
        "pointers into different arrays are compared",
        "pointer that NAME returns",
        "NAME returns a pointer",
        "struct member NAME is a pointer",
        "array of pointers NAME",
        "file-scope pointer NAME",
        "this pointer expression",
        "an assignment to this pointer",
        "(pointer|reference) of type NAME",
        "NAME has no place in memory",
        "reference NAME is not set",
    ),
    "used as numbers, or cast to elements of another width": (
        "a pointer used as a number",
        "a pointer to one type that is used",
        "NAME is not supported here",
    ),
    "arrays seen with another shape": (
        "array of type NAME where one element is expected",
        "a subscript of the single object NAME",
        "a pointer beside the single object NAME",
        "this parameter",
    ),
    "array arguments without size, unless `--shape` gives it; arrays of variable length": (
        "pointer NAME to an unknown number",
        "(array|struct member) NAME has no size",
        "variable-length array NAME",
        "--shape",
    ),
    "`static` variables of a function that change": ("variable NAME that outlives the call",),
    "recursion, calls through pointers, and calls of functions without a definition": (
        "recursion",
        "a function call( of NAME| through a pointer)",
        "function pointer of type NAME",
    ),
    "functions with a variable number of arguments, arguments without a name or left out": (
        "(NAME has )?a variable number of arguments",
        "an argument without a name",
        "NAME is called with",
    ),
    "names that arguments share with used file-scope variables or `ap_return`": (
        "the name NAME is taken",
        "NAME is a file-scope variable and a parameter",
    ),
    "`long double`, `_Float16`, complex numbers, unions, bit-fields, `volatile`": (
        "(floating-point |volatile )?type NAME",
        "union NAME",
        "bit-field NAME",
    ),
    "classes with methods, constructors or base classes": (
        "class NAME with a base class",
        "(constructor|method) of NAME",
        "(method|member) NAME",
        "a member without a name",
        "struct, union or class NAME",
    ),
    "`ap_fixed`, `hls::stream`": ("(fixed-point type|stream) NAME",),
    "arrays and structs without elements": ("array NAME has no elements", "NAME has no members"),
    "designators of several steps": ("(a|this) designator",),
    "constants that the files given do not define": ("the files given do not define the constant",),
    "constants whose value libclang does not tell": (
        "this constant cannot be evaluated",
        "this case label is no constant",
        "the value of NAME is no constant",
        "the contents of NAME are no constants",
        "(variable )?NAME is not known here",
    ),
    "assignments to what is constant, to whole arrays": (
        "an assignment to (this|NAME)",
        "an assignment of an array",
        "this expression names no variable",
    ),
    "`memcpy`, `memmove` and `memset` of a constant number of whole elements": (
        "memset with this value",
        "NAME of a size that is no constant",
    ),
    "variables of more than 128 bits": (
        r"NAME has more than \w+ bits",
        "an assignment to more than 128 bits",
    ),
    "an intermediate result of more than 128 bits": ("an intermediate result of more than 128 bits",),
    "ap_int from floats or strings": ("ap_int from",),
    "ap_int's other methods": ("NAME of ap_int",),
    "`auto` for a bit, a range or a concatenation; ranges of other bounds": (
        "NAME stands for bits",
        "a range (of bits of which|whose length)",
        "this range does not lie",
    ),
}


def documented(message: str) -> str | None:
    """The words of docs/c_support.md about what `message` refuses; None if the table has no entry."""
    for phrase, patterns in TABLE.items():
        if any(re.match(pattern.replace("NAME", "`[^`]*`"), message) for pattern in patterns):
            return phrase
    return None
