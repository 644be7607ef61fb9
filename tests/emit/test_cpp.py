"""The text of emitted C++: names, labels, pragmas, temporaries."""

from __future__ import annotations

from pathlib import Path

import pytest

from seer.emit import EmitHeader, emit_cpp
from seer.errors import Location
from seer.lang.interpreter import run
from seer.lang.program import Argument, Origin, Program
from seer.lang.terms import (
    ArrayType,
    Const,
    Expr,
    For,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Store,
    Term,
    TopArray,
)
from seer.schedule.area import Area
from seer.verify.execute import EMITTED_FLAGS, compile_and_run
from seer.verify.generate import generate_vectors

GOLDEN = Path(__file__).parent / "golden"
HEADER = EmitHeader("xc7", 5.0, 7)
INT = ArrayType(32, (16,))


def top(name: str, type: ArrayType = INT, signed: bool = True, c_type: str = "int") -> Argument:
    return Argument(name, TopArray(type, name), signed, c_type)


def op(name: str, *operands: Expr, bits: int = 32) -> Op:
    return Op(name, bits, operands)


def c32(value: int) -> Const:
    return Const(32, value & 0xFFFFFFFF)


def iv(level: int, upper: int = 16, step: int = 1) -> Iv:
    return Iv(32, level, 0, upper, step)


def loop(counter: Iv, *body, lower: Expr | None = None, upper: Expr | None = None) -> For:
    return For(counter, lower or c32(counter.lower), upper or c32(counter.upper), body)


A, B, C = top("a"), top("b"), top("c")


def array(argument: Argument) -> TopArray:
    assert isinstance(argument.term, TopArray)
    return argument.term


def at(argument: Argument, *indices: Expr) -> Load:
    return Load(array(argument), indices)


def put(argument: Argument, index: Expr, value: Expr, when: Expr | None = None) -> Store:
    return Store(array(argument), (index,), value, when) if when else Store(array(argument), (index,), value)


def body_of(program: Program, **options) -> list[str]:
    lines = emit_cpp(program, options.pop("pipelined", {}), HEADER, **options).splitlines()
    return [line.strip() for line in lines]


def filtered_sum() -> Program:
    """A fused loop, a local accumulator, an unrolled pair, a predicated store and a return value."""
    content = Range(-1000, 1000)
    x = top("x", ArrayType(16, (64,), content), True, "short")
    y = top("y", ArrayType(16, (64,), content), True, "short")
    hits = top("hits", ArrayType(8, (64,)), False, "unsigned char")
    n = Argument("n", Param(32, "n", Range(0, 64)), True, "int")
    out = Argument("ap_return", TopArray(ArrayType(32, ()), "ap_return"), True, "int")
    total = LocalArray(ArrayType(32, ()), 0)
    i, j = iv(0, 64), Iv(32, 0, 0, 64, 2)
    square = op("mul", *[op("sext", at(x, i))] * 2)
    second = op("add", j, c32(1))
    fused = For(
        i,
        c32(0),
        n.term,  # type: ignore[arg-type]
        (
            Store(total, (), op("add", Load(total, ()), square)),
            put(
                hits,
                i,
                op("trunc", op("lshr", op("mul", square, c32(5)), c32(3)), bits=8),
                op("slt", c32(0), op("sext", at(x, i)), bits=1),
            ),
        ),
    )
    unrolled = loop(
        j,
        put(y, j, op("sub", at(y, j), at(x, j), bits=16)),
        put(y, second, op("sub", at(y, second), at(x, second), bits=16)),
    )
    local = Local(
        total,
        (
            Store(total, (), c32(0)),
            fused,
            unrolled,
            Store(array(out), (), Load(total, ())),
        ),
    )
    origins = {
        fused: Origin(("L1", "L2"), ("i",), (Location("k.c", 3, 5),)),
        unrolled: Origin(("L3",), ("i",)),
        local: Origin((), ("total",)),
    }
    return Program("filtered_sum", (x, y, hits, n, out), (local,), origins)


def test_golden() -> None:
    program = filtered_sum()
    local = program.body[0]
    assert isinstance(local, Local)
    header = EmitHeader(
        "xc7",
        5.0,
        7,
        cycles=1234,
        area=Area(100, 200, 3, 0),
        equivalence="24 vectors, 0 mismatches",
        sources=("k.c",),
        version="0.1.0",
    )
    text = emit_cpp(program, {local.body[1]: 2}, header)  # type: ignore[dict-item]
    assert text == (GOLDEN / "filtered_sum.cpp").read_text()


def test_no_warnings_and_no_overflow(tmp_path: Path) -> None:
    program = filtered_sum()
    file = tmp_path / "kernel.cpp"
    file.write_text(emit_cpp(program, {}, HEADER))
    calls = generate_vectors(program, 1, 3)
    after = compile_and_run([file], program.name, program.arguments, calls, [*EMITTED_FLAGS, "-Werror"])
    for call, arrays in zip(calls, after, strict=True):
        before = {name: [int(v) for v in contents] for name, contents in call.arrays_before.items()}
        expected = run(program, before, dict(call.params))
        assert {name: [int(v) for v in contents] for name, contents in arrays.items()} == expected


def test_plain_sums_only_where_they_cannot_overflow() -> None:
    small = top("s", ArrayType(32, (16,), Range(0, 100)))
    i = iv(0)
    into_a = put(A, i, op("add", at(A, i), at(small, i)))
    into_small = put(small, i, op("add", at(small, i), c32(-1)))
    lines = body_of(Program("k", (A, small), (loop(i, into_a, into_small),)))
    assert "a[i] += (unsigned)s[i];" in lines
    assert "s[i] -= 1;" in lines


def test_a_shared_expression_is_computed_once_until_its_memory_is_written() -> None:
    i = iv(0)
    product = op("mul", op("add", at(A, i), at(B, i)), at(A, i))
    into_c = put(C, i, op("xor", product, op("add", product, i)))
    stores = (put(B, c32(3), product), put(A, i, product), into_c)
    lines = body_of(Program("k", (A, B, C), (loop(i, *stores),)))
    # Before and after b[3] is written; and after a[i] is.
    assert sum("(unsigned)a[i] + b[i]" in line for line in lines) == 3
    assert sum(line.startswith("const int product") for line in lines) == 1


def test_sixty_rounds_stay_linear() -> None:
    value: Expr = at(A, c32(0))
    for _ in range(60):
        value = op("add", op("mul", value, value), c32(1))
    text = emit_cpp(Program("k", (A, B), (put(B, c32(0), value),)), {}, HEADER)
    assert len(text) < 8000


def test_a_long_chain_is_cut() -> None:
    value: Expr = at(A, c32(0))
    for _ in range(3000):
        value = op("add", value, at(B, c32(1)))
    text = emit_cpp(Program("k", (A, B), (put(B, c32(0), value),)), {}, HEADER)
    assert max(map(len, text.splitlines())) < 400


def test_names_are_unique_and_no_keywords() -> None:
    new = top("new")
    i, j = iv(0), iv(1)
    inner = loop(j, put(new, i, at(new, j)))
    outer = loop(i, inner)
    origins: dict[Term, Origin] = {outer: Origin(("class",), ("int",)), inner: Origin(("class",), ("int",))}
    lines = body_of(Program("k", (new,), (outer, outer), origins))
    assert 'extern "C" void k(int new_2[16]) {' in lines
    assert "class_2: for (int int_2 = 0; int_2 < 16; int_2++) {" in lines
    assert "class_3: for (int int_3 = 0; int_3 < 16; int_3++) {" in lines
    assert "new_2[int_2] = new_2[int_3];" in lines
    # The same term once more: other labels.
    assert "class_4: for (int int_2 = 0; int_2 < 16; int_2++) {" in lines


def test_equal_loops_keep_a_label_each() -> None:
    i = iv(0)
    twice = loop(i, put(A, i, at(B, i)))
    origins: dict[Term, Origin] = {twice: Origin(("first", "second"), ("i",))}
    lines = body_of(Program("k", (A, B), (twice, twice), origins))
    assert [line.split(":")[0] for line in lines if "for" in line] == ["first", "second"]


def test_pragmas() -> None:
    i, j = iv(0), iv(1)
    inner = loop(j, put(A, i, at(B, j)))
    nest = loop(i, inner)
    program = Program("k", (A, B), (nest,))

    def found(pipelined: dict) -> list[str]:
        return [line for line in body_of(program, pipelined=pipelined) if line.startswith("#pragma")]

    assert found({}) == ["#pragma HLS PIPELINE off"]
    assert found({inner: 3}) == ["#pragma HLS PIPELINE II=3", "#pragma HLS LOOP_FLATTEN off"]
    assert found({nest: 3, inner: 3}) == ["#pragma HLS PIPELINE II=3"]
    triangle = loop(i, loop(j, put(A, i, at(B, j)), upper=i))
    assert "#pragma HLS LOOP_TRIPCOUNT min=0 max=16" in body_of(Program("k", (A, B), (triangle,)))


def test_a_return_value_that_is_not_last_needs_a_variable() -> None:
    out = Argument("ap_return", TopArray(ArrayType(8, ()), "ap_return"), False, "unsigned char")
    result = array(out)
    stores = (Store(result, (), Const(8, 3)), put(A, c32(0), op("zext", Load(result, ()))))
    lines = body_of(Program("k", (A, out), stores))
    assert "unsigned char result = 0;" in lines
    assert lines[-2:] == ["return result;", "}"]


@pytest.mark.parametrize(
    ("c_type", "width", "signed", "spelled"),
    [
        ("const unsigned char", 8, False, "unsigned char"),
        ("uint16_t", 16, False, "uint16_t"),
        ("long", 64, True, "long"),
        ("i7", 7, False, "ap_uint<7>"),
        ("", 100, True, "ap_int<100>"),
        ("_Bool", 1, False, "bool"),
    ],
)
def test_argument_types(c_type: str, width: int, signed: bool, spelled: str) -> None:
    argument = top("v", ArrayType(width, (2, 3)), signed, c_type)
    text = emit_cpp(Program("k", (argument,), ()), {}, HEADER)
    assert f'extern "C" void k({spelled} v[2][3]) {{' in text
    assert ("#include <ap_int.h>" in text) == spelled.startswith("ap_")


def test_a_complement_of_a_constant() -> None:
    lines = body_of(Program("k", (A,), (put(A, c32(0), op("xor", c32(-1), c32(5))),)))
    assert "a[0] = ~5;" in lines


class TestPartialOperations:
    """What C++ leaves undefined stays under its condition, or is made total."""

    i = iv(0, 20)
    inside = op("ult", i, c32(16), bits=1)

    def test_a_division_is_guarded_only_where_zero_is_possible(self) -> None:
        i = iv(0)
        safe = op("sdiv", at(A, i), op("add", i, c32(1)))
        lines = body_of(
            Program("k", (A, B), (loop(i, put(A, i, safe), put(B, i, op("sdiv", at(B, i), at(A, i)))),))
        )
        assert "a[i] = a[i] / (i + 1);" in lines
        assert "b[i] = sdiv32(b[i], a[i]);" in lines

    def test_a_load_stays_in_its_arm(self) -> None:
        guarded = op("select", self.inside, at(A, self.i), c32(0))
        lines = body_of(Program("k", (A, B), (loop(self.i, put(B, c32(0), guarded)),)))
        assert "b[0] = i < 16 ? a[i] : 0;" in lines or "b[0] = (unsigned)i < 16 ? a[i] : 0;" in lines

    def test_a_shared_load_that_leaves_its_arm_is_checked(self) -> None:
        heavy = op("mul", op("add", at(A, self.i), c32(7)), at(A, self.i))
        value = op(
            "add",
            op("select", self.inside, heavy, c32(0)),
            op("select", self.inside, op("xor", heavy, c32(1)), c32(2)),
        )
        lines = body_of(Program("k", (A, B), (loop(self.i, put(B, c32(0), value)),)))
        (product,) = [line for line in lines if line.startswith("const int product")]
        assert product.count("i < 16 ? a[i] : ") == 2

    def test_a_load_that_the_source_guards_is_checked_wherever_it_stands(self) -> None:
        source = Program(
            "k", (A, B), (loop(self.i, put(B, c32(0), op("select", self.inside, at(A, self.i), c32(0)))),)
        )
        masked = op("and", at(A, self.i), op("sext", self.inside))
        result = Program("k", (A, B), (loop(self.i, put(B, c32(0), masked)),))
        assert any("i < 16 ? a[i]" in line for line in body_of(result, source=source))
        assert not any("i < 16 ? a[i]" in line for line in body_of(result))


def test_a_local_that_an_inner_scope_touches_first_is_declared_outside_of_it() -> None:
    outer, inner = LocalArray(ArrayType(32, ()), 0), LocalArray(ArrayType(32, ()), 1)
    first = Store(outer, (), Op("add", 32, (Load(inner, ()), c32(2))))
    scope = Local(inner, (Store(inner, (), at(A, c32(0))), first))
    body = (Local(outer, (scope, put(B, c32(0), Load(outer, ())))),)
    lines = body_of(Program("f", (A, B), body))
    assert lines.index("int t;") < lines.index("{", 2)
