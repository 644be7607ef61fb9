"""The text of floating-point code."""

from __future__ import annotations

import struct

import pytest

from seer.emit import EmitHeader, emit_cpp
from seer.emit.floats import float_literal
from seer.lang.program import Argument, Origin, Program
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Statement,
    Store,
    Table,
    Term,
    TopArray,
)
from seer.verify.execute import run_emitted
from seer.verify.vectors import Call, memory
from tests.emit.floating import pattern

HEADER = EmitHeader("xc7", 5.0, 7)


def top(name: str, c_type: str, shape: tuple[int, ...] = (8,)) -> Argument:
    width = {"float": 32, "double": 64, "int": 32}[c_type]
    return Argument(name, TopArray(ArrayType(width, shape), name), True, c_type)


X, Y, D, K = top("x", "float"), top("y", "float"), top("d", "double"), top("k", "int")
SCALE = Argument("scale", Param(32, "scale"), True, "float")
i = Iv(32, 0, 0, 8, 1)


def at(argument: Argument, index: Expr = i) -> Load:
    assert isinstance(argument.term, TopArray)
    return Load(argument.term, (index,))


def put(argument: Argument, value: Expr, index: Expr = i) -> Store:
    assert isinstance(argument.term, TopArray)
    return Store(argument.term, (index,), value)


def op(name: str, *operands: Expr, bits: int = 32) -> Op:
    return Op(name, bits, operands)


def number(value: float, width: int = 32) -> Const:
    return Const(width, pattern(value, width))


def loop(*body: Statement) -> For:
    return For(i, Const(32, 0), Const(32, 8), body)


def lines_of(*block: Statement, origins: dict[Term, Origin] | None = None) -> list[str]:
    program = Program("kernel", (X, Y, D, K, SCALE), block, origins or {})
    return [line.strip() for line in emit_cpp(program, {}, HEADER).splitlines()]


def test_a_dot_product_reads_as_one() -> None:
    total = LocalArray(ArrayType(32, ()), 0)
    product = op("fmul", at(X), at(Y))
    body: Block = (
        Store(total, (), number(0.0)),
        loop(Store(total, (), op("fadd", Load(total, ()), product))),
        put(X, op("fdiv", Load(total, ()), SCALE.term), Const(32, 0)),  # type: ignore[arg-type]
    )
    local = Local(total, body)
    lines = lines_of(local, origins={local: Origin((), ("total",))})
    assert 'extern "C" void kernel(float x[8], float y[8], double d[8], int k[8], float scale) {' in lines
    assert "float total = 0.0f;" in lines
    assert "total += x[i] * y[i];" in lines
    assert "x[0] = total / scale;" in lines
    assert "#pragma STDC FP_CONTRACT OFF" in lines
    assert not any("memcpy" in line or "math.h" in line for line in lines)


def test_nothing_is_reassociated() -> None:
    a, b, c = at(X), at(Y), number(0.5)
    lines = lines_of(loop(put(Y, op("fadd", a, op("fadd", b, c))), put(X, op("fsub", op("fsub", a, b), c))))
    assert "y[i] = x[i] + (y[i] + 0.5f);" in lines
    assert "x[i] = x[i] - y[i] - 0.5f;" in lines


def test_conversions_and_functions() -> None:
    wide = op("fpext", at(X), bits=64)
    lines = lines_of(
        loop(
            put(D, op("fsqrt", wide, bits=64)),
            put(K, op("fptosi", op("fabs", at(Y)))),
            put(X, op("sitofp", at(K))),
        )
    )
    assert "d[i] = sqrt((double)x[i]);" in lines
    assert "k[i] = float_to_int32(fabsf(y[i]));" in lines
    assert "x[i] = (float)k[i];" in lines
    assert "#include <math.h>" in lines


def test_a_copy_needs_no_conversion_and_a_pattern_does() -> None:
    lines = lines_of(loop(put(X, at(Y)), put(K, op("lshr", at(Y), Const(32, 23)))))
    assert "x[i] = y[i];" in lines
    assert "k[i] = float_bits(y[i]) >> 23;" in lines


def test_a_pattern_of_a_result_is_canonical() -> None:
    lines = lines_of(loop(put(K, op("fadd", at(X), at(Y)))))
    assert "k[i] = float_pattern(x[i] + y[i]);" in lines


def test_comparisons_keep_what_nan_gives() -> None:
    less = op("flt", at(X), at(Y), bits=1)
    other = op("xor", less, Const(1, 1), bits=1)
    assert "k[i] = !(x[i] < y[i]);" in lines_of(loop(put(K, op("zext", other))))
    assert "x[i] = x[i] < y[i] ? y[i] : x[i];" in lines_of(loop(put(X, op("select", less, at(Y), at(X)))))


def test_local_arrays_are_float_by_their_use() -> None:
    buffer = LocalArray(ArrayType(32, (8,)), 0)
    copied = (loop(Store(buffer, (i,), at(X))), loop(put(Y, Load(buffer, (i,)))))
    assert "float buffer[8];" in lines_of(Local(buffer, copied))
    counted = (loop(Store(buffer, (i,), at(K))), loop(put(K, op("add", Load(buffer, (i,)), Const(32, 1)))))
    assert "int buffer[8];" in lines_of(Local(buffer, counted))


class TestTables:
    rows = Table(ArrayType(32, (2, 2)), tuple(pattern(value, 32) for value in (0.5, -1.0, 0.1, 3.0)))
    small = Table(ArrayType(8, (4,)), (255, 0, 1, 2))

    def test_of_floats(self) -> None:
        weight = Load(self.rows, (Const(8, 1), op("and", i, Const(32, 1))))
        store = loop(put(X, op("fmul", at(X), weight)))
        lines = lines_of(store, origins={self.rows: Origin((), ("weights",))})
        assert "static const float weights[2][2] = {{0.5f, -1.0f}, {0.1f, 3.0f}};" in lines
        assert "x[i] *= weights[1][i & 1];" in lines

    @pytest.mark.parametrize(("extension", "spelled"), [("zext", "255"), ("sext", "-1")])
    def test_of_integers(self, extension: str, spelled: str) -> None:
        read = Load(self.small, (op("and", i, Const(32, 3)),))
        lines = lines_of(loop(put(K, op(extension, read))))
        type = "unsigned char" if extension == "zext" else "signed char"
        assert f"static const {type} table[4] = {{{spelled}, 0, 1, 2}};" in lines


def test_literals_give_their_own_bits() -> None:
    values = [0.0, -0.0, 0.1, 1 / 3, 16777217.0, 3.4028234e38, 1e-45, -2.5e-310, 1e300, 5e-324]
    for width in (32, 64):
        for value in values:
            if width == 32 and abs(value) > 3.5e38:
                continue
            literal = float_literal(pattern(value, width), width)
            assert literal is not None
            read = float(literal.text.rstrip("f"))
            assert pattern(read, width) == pattern(value, width)
            assert literal.text.endswith("f") == (width == 32)
    assert float_literal(0x7FC00001, 32) is None
    (infinity,) = struct.unpack("<I", struct.pack("<f", float("-inf")))
    literal = float_literal(infinity, 32)
    assert literal is not None and literal.text == "-INFINITY"


def test_a_table_may_hold_any_pattern() -> None:
    table = Table(ArrayType(32, (1,)), (0x7FC00001,))
    lines = lines_of(loop(put(X, Load(table, (Const(8, 0),)))))
    held = lines.index("static const float table[1] = {float_from_bits(0x7fc00001u)};")
    assert any(line.startswith("static inline float float_from_bits(") for line in lines[:held])


def test_the_compiler_keeps_signs_of_zeros() -> None:
    magnitude = op("fabs", at(D), bits=64)
    body = loop(put(D, op("fsub", number(0.0, 64), magnitude, bits=64)))
    program = Program("kernel", (D,), (body,))
    zeros = Call({}, {"d": memory(64, [0, 1 << 63] * 4)})
    (after,) = run_emitted(emit_cpp(program, {}, HEADER), program, [zeros])
    assert not after["d"].any()
