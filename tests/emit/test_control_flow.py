"""The text of branches and while loops."""

from __future__ import annotations

from seer.emit import EmitHeader, emit_cpp
from seer.lang.program import Argument, Origin, Program
from seer.lang.terms import (
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Statement,
    Store,
    TopArray,
    While,
)

HEADER = EmitHeader("xc7", 5.0, 7)
A = TopArray(ArrayType(32, (16,)), "a")
N = Param(32, "n")
ARGUMENTS = (Argument("a", A, True, "int"), Argument("n", N, True, "int"))


def c32(value: int) -> Const:
    return Const(32, value)


def op(name: str, *operands: Expr, bits: int = 32) -> Op:
    return Op(name, bits, operands)


def less(a: Expr, b: Expr) -> Op:
    return op("slt", a, b, bits=1)


def put(index: Expr, value: Expr) -> Store:
    return Store(A, (index,), value)


def at(index: Expr) -> Load:
    return Load(A, (index,))


def body_of(*block: Statement, **options) -> list[str]:
    lines = emit_cpp(Program("k", ARGUMENTS, block), options.pop("pipelined", {}), HEADER, **options)
    return [line.strip() for line in lines.split("{\n", 1)[1].splitlines()][:-1]


def test_a_chain_of_conditions() -> None:
    last = If(less(N, c32(2)), (put(c32(2), N),), (put(c32(3), N),))
    chain = If(less(N, c32(0)), (put(c32(0), N),), (If(less(N, c32(1)), (put(c32(1), N),), (last,)),))
    assert body_of(chain) == [
        "if (n < 0) {",
        "a[0] = n;",
        "} else if (n < 1) {",
        "a[1] = n;",
        "} else if (n < 2) {",
        "a[2] = n;",
        "} else {",
        "a[3] = n;",
        "}",
    ]


def test_an_empty_arm_is_left_out() -> None:
    store = put(c32(0), N)
    assert body_of(If(less(N, c32(0)), (), (store,))) == ["if (!(n < 0)) {", "a[0] = n;", "}"]
    assert body_of(If(less(N, c32(0)), ())) == []


def test_a_while_loop_and_its_pragmas() -> None:
    i = LocalArray(ArrayType(32, ()), 0)
    count = Load(i, ())
    loop = While(
        less(count, N), (put(op("and", count, c32(15)), count), Store(i, (), op("add", count, c32(1))))
    )
    block = Local(i, (Store(i, (), c32(0)), loop))
    program = Program("k", ARGUMENTS, (block,), {block: Origin((), ("i",)), loop: Origin(("walk",))})
    lines = [line.strip() for line in emit_cpp(program, {loop: 2}, HEADER).splitlines()]
    assert lines[lines.index("int i = 0;") + 1 : -1] == [
        "walk: while (i < n) {",
        "#pragma HLS PIPELINE II=2",
        "a[i & 15] = i;",
        "i += 1u;",
        "}",
    ]


def test_a_condition_that_needs_a_temporary() -> None:
    product = op("mul", op("add", at(c32(0)), N), at(c32(1)))
    loop = While(less(product, op("xor", product, c32(5))), (put(c32(0), c32(1)),))
    lines = body_of(loop)
    assert lines[0] == "loop_while: while (true) {"
    assert lines[2].startswith("const int product = ")
    assert lines[3:5] == ["if (!(product < (product ^ 5)))", "break;"]


def test_a_variable_that_only_some_arm_writes_starts_with_zero() -> None:
    t = LocalArray(ArrayType(32, ()), 0)
    read = put(c32(0), Load(t, ()))

    def declared(*block: Statement) -> bool:
        return "int t = 0;" in body_of(Local(t, (*block, read)))

    write: Block = (Store(t, (), N),)
    condition = less(N, c32(3))
    assert declared(If(condition, write))
    assert not declared(If(condition, write, write))
    assert declared(While(condition, write))


class TestLoadsUnderConditions:
    """Where the source reads an array under a branch, nothing reads it elsewhere without a check."""

    i = Iv(32, 0, 0, 20, 1)
    guard = op("ult", i, c32(16), bits=1)
    source_body = For(i, c32(0), c32(20), (If(guard, (put(c32(0), at(i)),)),))

    def source(self) -> Program:
        return Program("k", ARGUMENTS, (self.source_body,))

    def test_as_written(self) -> None:
        assert "a[0] = a[i];" in body_of(self.source_body, source=self.source())

    def test_under_the_same_condition(self) -> None:
        inside = (put(c32(0), at(self.i)), put(c32(1), at(self.i)))
        lines = body_of(For(self.i, c32(0), c32(20), (If(self.guard, inside),)), source=self.source())
        assert "a[1] = a[i];" in lines

    def test_elsewhere(self) -> None:
        masked = op("and", at(self.i), op("sext", self.guard))
        for block in ((put(c32(0), masked),), (If(self.guard, (), (put(c32(0), masked),)),)):
            lines = body_of(For(self.i, c32(0), c32(20), block), source=self.source())
            assert any("i < 16 ? a[i] : " in line for line in lines)


def test_truth_values_are_spelled_as_such() -> None:
    flag = LocalArray(ArrayType(1, ()), 0)
    more = Load(flag, ())
    block = (
        Store(flag, (), Const(1, 1)),
        If(less(N, c32(3)), (Store(flag, (), Const(1, 0)),)),
        While(more, ()),
    )
    lines = body_of(Local(flag, block))
    assert lines[0] == "bool t = true;"
    assert "t = false;" in lines


class TestDoLoops:
    flag = LocalArray(ArrayType(1, ()), 0)
    again = less(at(c32(0)), N)
    step = put(c32(0), op("add", at(c32(0)), c32(1)))
    first = Store(flag, (), Const(1, 1))
    last = Store(flag, (), again)
    loop = While(Load(flag, ()), (step, last))
    behind = put(c32(1), N)

    def test_a_flag_for_the_first_iteration_is_not_spelled(self) -> None:
        lines = body_of(Local(self.flag, (self.first, self.loop, self.behind)))
        assert lines[0] == "loop_do: do {"
        assert lines[2:] == ["a[0] += 1u;", "} while (a[0] < n);", "a[1] = n;"]

    def test_a_flag_with_another_use_is_a_variable(self) -> None:
        broken = If(less(N, c32(3)), (Store(self.flag, (), Const(1, 0)),))
        other = While(Load(self.flag, ()), (self.step, self.last, broken))
        read = put(c32(2), op("zext", Load(self.flag, ())))
        for body in (
            (self.first, other),
            (self.first, self.loop, read),
            (Store(self.flag, (), Const(1, 0)), self.loop),
        ):
            assert not any("do {" in line for line in body_of(Local(self.flag, body)))


def test_a_variable_first_used_in_the_scope_of_another_is_declared_before_it() -> None:
    outer, inner = (LocalArray(ArrayType(32, ()), level) for level in (0, 1))
    scope = Local(
        inner,
        (
            Store(inner, (), at(c32(0))),
            Store(outer, (), op("add", Load(inner, ()), N)),
            put(c32(1), Load(inner, ())),
            For(Iv(32, 0, 0, 4, 1), c32(0), c32(4), (put(Iv(32, 0, 0, 4, 1), Load(outer, ())),)),
        ),
    )
    lines = body_of(Local(outer, (scope, put(c32(2), Load(outer, ())))))
    assert lines.index("int t;") < lines.index("{")
