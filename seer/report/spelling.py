"""Terms spelled the way a C programmer reads them, for traces and explanations.

This is for reading only: widths and signedness are not shown where C's spelling hides them, and what is
long is abridged with "…". Operators on floats end in a point.
"""

from __future__ import annotations

from seer.lang.floats import CONVERSIONS, MATH_FUNCTIONS
from seer.lang.operators import to_signed
from seer.lang.terms import (
    TRUE,
    Array,
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
    Statement,
    Store,
    Table,
    TopArray,
    While,
)

__all__ = ["declared", "head", "spell"]

_SYMBOLS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "udiv": "/u",
    "sdiv": "/",
    "urem": "%u",
    "srem": "%",
    "and": "&",
    "or": "|",
    "xor": "^",
    "shl": "<<",
    "lshr": ">>u",
    "ashr": ">>",
    "eq": "==",
    "ne": "!=",
    "ult": "<u",
    "ule": "<=u",
    "slt": "<",
    "sle": "<=",
    "fadd": "+.",
    "fsub": "-.",
    "fmul": "*.",
    "fdiv": "/.",
    "feq": "==.",
    "fne": "!=.",
    "flt": "<.",
    "fle": "<=.",
}
_FLOAT_TYPES = {32: "float", 64: "double"}
_TABLE_VALUES = 3
"""How many values of a constant table are spelled."""


def declared(array: LocalArray) -> str:
    """A local array as its declaration."""
    return f"int{array.type.width} {_array(array)}" + "".join(f"[{n}]" for n in array.type.shape)


def head(loop: For, limit: int = 160) -> str:
    """A loop without its body."""
    return _Speller(limit).head(loop)


def spell(term: Expr | Statement | Block, limit: int = 160) -> str:
    """`term` on one line of at most about `limit` characters."""
    return _Speller(limit).spell(term)


class _Speller:
    def __init__(self, limit: int) -> None:
        self._left = limit

    def spell(self, term: Expr | Statement | Block) -> str:
        # Each node costs something before its children are spelled, so that a DAG cannot blow up.
        self._left -= 2
        if self._left <= 0:
            return "…"
        match term:
            case tuple():
                return " ".join(self._items(term))
            case Statement():
                return self._statement(term)
            case _:
                return self._expression(term)

    def _items(self, items: tuple[Expr, ...] | Block) -> list[str]:
        spelled: list[str] = []
        for item in items:
            spelled.append(self.spell(item))
            if spelled[-1] == "…":
                break
        return spelled

    def head(self, loop: For) -> str:
        i = _iv(loop.iv)
        step = f"{i}++" if loop.iv.step == 1 else f"{i} += {loop.iv.step}"
        return f"for ({i} = {self.spell(loop.lower)}; {i} < {self.spell(loop.upper)}; {step})"

    def _statement(self, s: Statement) -> str:
        match s:
            case Store():
                guard = "" if s.when is TRUE else f"if ({self.spell(s.when)}) "
                return f"{guard}{self._element(s.array, s.indices)} = {self.spell(s.value)};"
            case For():
                return f"{self.head(s)} {{ {self.spell(s.body)} }}"
            case While():
                return f"while ({self.spell(s.condition)}) {{ {self.spell(s.body)} }}"
            case If():
                otherwise = f" else {{ {self.spell(s.otherwise)} }}" if s.otherwise else ""
                return f"if ({self.spell(s.condition)}) {{ {self.spell(s.then)} }}{otherwise}"
            case Group():
                return f"{{ {self.spell(s.body)} }}"
            case Local():
                return f"{{ {declared(s.array)}; {self.spell(s.body)} }}"
            case _:
                return type(s).__name__

    def _expression(self, e: Expr) -> str:
        match e:
            case Const():
                return str(to_signed(e.value, e.bits) if e.bits > 1 else e.value)
            case Iv():
                return _iv(e)
            case Param():
                return e.name
            case Load():
                return self._element(e.array, e.indices)
            case Op(name="select"):
                c, a, b = e.operands
                return f"({self.spell(c)} ? {self.spell(a)} : {self.spell(b)})"
            case Op(name="zext" | "sext" | "trunc"):
                sign = "u" if e.name == "zext" else ""
                return f"({sign}int{e.bits}){self.spell(e.operands[0])}"
            case Op(name="fneg"):
                return f"-{self.spell(e.operands[0])}"
            case Op() if e.name in CONVERSIONS:
                sign = "u" if e.name == "fptoui" else ""
                spelled = f"{sign}int{e.bits}" if e.name in ("fptosi", "fptoui") else _FLOAT_TYPES[e.bits]
                return f"({spelled}){self.spell(e.operands[0])}"
            case Op() if e.name in MATH_FUNCTIONS or e.name == "fabs":
                function = MATH_FUNCTIONS[e.name][1] if e.name in MATH_FUNCTIONS else e.name
                return f"{function}({', '.join(self._items(e.operands))})"
            case Op():
                a, b = e.operands
                return f"({self.spell(a)} {_SYMBOLS[e.name]} {self.spell(b)})"
            case _:
                return type(e).__name__

    def _element(self, array: Array, indices: tuple[Expr, ...]) -> str:
        return _array(array) + "".join(f"[{index}]" for index in self._items(indices))


def _iv(iv: Iv) -> str:
    return "ijklmn"[iv.level] if iv.level < 6 else f"i{iv.level}"


def _array(array: Array) -> str:
    match array:
        case TopArray():
            return array.name
        case LocalArray():
            return f"t{array.level}"
        case Table():
            values = [str(to_signed(v, array.type.width)) for v in array.values[:_TABLE_VALUES]]
            rest = ["…"] if len(array.values) > _TABLE_VALUES else []
            return f"{{{', '.join([*values, *rest])}}}"
        case _:
            return "?"
