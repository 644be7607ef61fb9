"""The constructors of the e-graph's language, and SeerLang terms from and to single nodes.

`language.egg` declares the same constructors to egglog. A *node* is a constructor with its arguments in
order: primitive values (`i64`, `BigInt`, `String`) and children of the sorts E (expression), I (subscript
list), S (statement) and B (block).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from seer.lang.operators import OPERATORS
from seer.lang.terms import (
    Array,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Statement,
    Store,
    Table,
    TopArray,
    While,
)

__all__ = [
    "CLASS_SORTS",
    "CONSTRUCTORS",
    "OPERATOR_CONSTRUCTORS",
    "Constructor",
    "EgraphError",
    "Term",
    "Value",
    "array_key",
    "build",
    "content_of",
    "param_key",
    "parse_array_key",
    "parse_param_key",
    "sort_of",
    "split",
]

CLASS_SORTS = ("E", "I", "S", "B")
"""Sorts whose values are e-classes; all others are primitive."""

Term = Expr | Statement | tuple[Expr, ...] | Block
"""What a class denotes: an expression, a statement, a subscript list, or a block."""

Value = int | str
"""A primitive value."""


class EgraphError(RuntimeError):
    """A use of the e-graph that its state does not allow; a defect of the caller's, not of the input."""


@dataclass(frozen=True)
class Constructor:
    """Name, argument sorts and result sort; `operator` is SeerLang's name of it, if it is one."""

    name: str
    inputs: tuple[str, ...]
    output: str
    operator: str | None = None


_WIDTHS = {
    "same": ("i64",),
    "compare": ("i64",),
    "select": ("i64",),
    "widen": ("i64", "i64"),
    "narrow": ("i64", "i64"),
    "convert": ("i64", "i64"),
}
"""The widths that a constructor carries, by the operator's shape."""

OPERATOR_CONSTRUCTORS = {
    "add": "Add",
    "sub": "Sub",
    "mul": "Mul",
    "udiv": "UDiv",
    "sdiv": "SDiv",
    "urem": "URem",
    "srem": "SRem",
    "and": "And",
    "or": "Or",
    "xor": "Xor",
    "shl": "Shl",
    "lshr": "LShr",
    "ashr": "AShr",
    "eq": "Eq",
    "ne": "Ne",
    "ult": "Ult",
    "ule": "Ule",
    "slt": "Slt",
    "sle": "Sle",
    "select": "Select",
    "zext": "ZExt",
    "sext": "SExt",
    "trunc": "Trunc",
    "sitofp": "SIToFP",
    "uitofp": "UIToFP",
    "fptosi": "FPToSI",
    "fptoui": "FPToUI",
    "fpext": "FPExt",
    "fptrunc": "FPTrunc",
    **{
        o.name: f"F{o.name[1:].capitalize()}"
        for o in OPERATORS.values()
        if o.is_float and o.shape in ("same", "compare")
    },
}
"""Constructor of each SeerLang operator."""

CONSTRUCTORS: dict[str, Constructor] = {
    c.name: c
    for c in [
        Constructor("Num", ("i64", "BigInt"), "E"),
        Constructor("Iv", ("i64", "i64", "BigInt", "BigInt", "BigInt"), "E"),
        Constructor("Param", ("i64", "String"), "E"),
        Constructor("Load", ("i64", "String", "I"), "E"),
        *(
            Constructor(OPERATOR_CONSTRUCTORS[o.name], (*_WIDTHS[o.shape], *("E",) * o.arity), "E", o.name)
            for o in OPERATORS.values()
        ),
        Constructor("INil", (), "I"),
        Constructor("ICons", ("E", "I"), "I"),
        Constructor("Store", ("String", "I", "E", "E"), "S"),
        Constructor("For", ("i64", "i64", "BigInt", "BigInt", "BigInt", "E", "E", "B"), "S"),
        Constructor("While", ("E", "B"), "S"),
        Constructor("If", ("E", "B", "B"), "S"),
        Constructor("Group", ("B",), "S"),
        Constructor("Local", ("String", "B"), "S"),
        Constructor("Nil", (), "B"),
        Constructor("Cons", ("S", "B"), "B"),
    ]
}
"""Every constructor, in the order of `language.egg`."""


@cache
def array_key(array: Array) -> str:
    """The string that stands for an array: its name, level or values, and its whole type."""
    if isinstance(array, TopArray):
        name: str | int | list[int] = array.name
    elif isinstance(array, LocalArray):
        name = array.level
    elif isinstance(array, Table):
        name = list(array.values)
    else:
        raise EgraphError(f"an array of unknown kind {type(array).__name__}")
    t = array.type
    content = None if t.content is None else [t.content.lower, t.content.upper]
    return json.dumps([name, t.width, list(t.shape), content], separators=(",", ":"))


@cache
def parse_array_key(key: str) -> Array:
    """The array that `array_key` named."""
    name, width, shape, content = json.loads(key)
    type_ = ArrayType(width, tuple(shape), None if content is None else Range(*content))
    if isinstance(name, list):
        return Table(type_, tuple(name))
    return TopArray(type_, name) if isinstance(name, str) else LocalArray(type_, name)


def param_key(param: Param) -> str:
    """The string that stands for a parameter: its name, width and content range."""
    content = None if param.content is None else [param.content.lower, param.content.upper]
    return json.dumps([param.name, param.bits, content], separators=(",", ":"))


def parse_param_key(key: str) -> Param:
    """The parameter that `param_key` named."""
    name, width, content = json.loads(key)
    return Param(width, name, None if content is None else Range(*content))


@cache
def content_of(key: str) -> tuple[int, int] | None:
    """The content range in an array's or a parameter's key."""
    content = json.loads(key)[-1]
    return None if content is None else (content[0], content[1])


def sort_of(term: Term) -> str:
    """The sort of a term; an empty tuple is taken for a block."""
    if isinstance(term, Expr):
        return "E"
    if isinstance(term, Statement):
        return "S"
    return "I" if term and isinstance(term[0], Expr) else "B"


def split(term: Term, sort: str) -> tuple[str, tuple[Value, ...], tuple[Term, ...]]:
    """The top node of a term of the given sort: constructor, primitive arguments, child terms.

    In every constructor the primitive arguments come first.
    """
    match term:
        case Const(bits, value):
            return "Num", (bits, value), ()
        case Iv(bits, level, lower, upper, step):
            return "Iv", (bits, level, lower, upper, step), ()
        case Param():
            return "Param", (term.bits, param_key(term)), ()
        case Load(array, indices):  # type: ignore[misc]
            return "Load", (term.width, array_key(array)), (indices,)
        case Op(name, bits, operands):
            shape = OPERATORS[name].shape
            widths = {
                "same": (bits,),
                "compare": (operands[0].width,),
                "select": (bits,),
                "widen": (bits, operands[0].width),
                "narrow": (bits, operands[0].width),
                "convert": (bits, operands[0].width),
            }[shape]
            return OPERATOR_CONSTRUCTORS[name], widths, operands
        case Store(array, indices, value, when):
            return "Store", (array_key(array),), (indices, value, when)
        case For(iv, lower, upper, body):
            return "For", (iv.bits, iv.level, iv.lower, iv.upper, iv.step), (lower, upper, body)
        case While(condition, body):
            return "While", (), (condition, body)
        case If(condition, then, otherwise):
            return "If", (), (condition, then, otherwise)
        case Group(body):
            return "Group", (), (body,)
        case Local(array, body):
            return "Local", (array_key(array),), (body,)
        case tuple():
            if not term:
                return ("INil" if sort == "I" else "Nil"), (), ()
            return ("ICons" if sort == "I" else "Cons"), (), (term[0], term[1:])
        case _:
            raise EgraphError(f"a term of unknown kind {type(term).__name__}")


def build(name: str, values: Sequence[Value], children: Sequence[Term]) -> Term:
    """The term whose top node has these primitive arguments and child terms; the inverse of `split`."""
    v, c = list(values), list(children)
    match name:
        case "Num":
            return Const(*v)  # type: ignore[arg-type]
        case "Iv":
            return Iv(*v)  # type: ignore[arg-type]
        case "Param":
            return parse_param_key(str(v[1]))
        case "Load":
            return Load(parse_array_key(str(v[1])), c[0])  # type: ignore[arg-type]
        case "INil" | "Nil":
            return ()
        case "ICons" | "Cons":
            return (c[0], *c[1])  # type: ignore[misc]
        case "Store":
            return Store(parse_array_key(str(v[0])), *c)  # type: ignore[arg-type]
        case "For":
            return For(Iv(*v), *c)  # type: ignore[arg-type]
        case "While":
            return While(*c)  # type: ignore[arg-type]
        case "If":
            return If(*c)  # type: ignore[arg-type]
        case "Group":
            return Group(c[0])  # type: ignore[arg-type]
        case "Local":
            return Local(parse_array_key(str(v[0])), c[0])  # type: ignore[arg-type]
    operator = CONSTRUCTORS[name].operator
    if operator is None:
        raise EgraphError(f"no constructor {name}")
    bits = 1 if OPERATORS[operator].shape == "compare" else v[0]
    return Op(operator, bits, tuple(c))  # type: ignore[arg-type]
