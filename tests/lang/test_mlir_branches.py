"""Conditional execution, while loops, floats and tables of MLIR as they are read."""

from __future__ import annotations

import struct

import pytest

from seer.lang.from_mlir import UnsupportedMLIR, from_module
from seer.lang.interpreter import run
from seer.lang.mlir_bindings import context, ir, run_pipeline
from seer.lang.program import Program
from seer.lang.terms import If, Load, Local, Statement, Store, Table, While
from seer.lang.traverse import statements, subexpressions


def _read(body: str, arguments: str = "%a: memref<8xi32>", globals: str = "") -> Program:
    text = f"{globals}\nfunc.func @f({arguments}) {{\n{body}\nreturn\n}}"
    return from_module(ir.Module.parse(text, context()))


def _kinds(program: Program) -> list[type[Statement]]:
    return [type(statement) for statement in statements(program.body)]


_PRELUDE = """
%c0 = arith.constant 0 : index
%c1 = arith.constant 1 : index
%zero = arith.constant 0 : i32
%one = arith.constant 1 : i32
%n = memref.load %a[%c0] : memref<8xi32>
%c = arith.cmpi slt, %zero, %n : i32
"""


def _after(body: str, *contents: int) -> list[int]:
    memory = [*contents, *[0] * (8 - len(contents))]
    return run(_read(_PRELUDE + body), {"arg0": memory}, {})["arg0"]


def test_one_store_is_predicated_and_more_are_an_if():
    one = _read(_PRELUDE + "scf.if %c { memref.store %one, %a[%c1] : memref<8xi32> }")
    assert _kinds(one) == [Store]
    marked = _read(_PRELUDE + "scf.if %c { memref.store %one, %a[%c1] : memref<8xi32> } {seer.if}")
    assert _kinds(marked) == [If, Store]
    nested = """scf.if %c { %d = arith.cmpi slt, %n, %one : i32
      scf.if %d { memref.store %one, %a[%c1] : memref<8xi32> } }"""
    assert _kinds(_read(_PRELUDE + nested)) == [Store]
    two = """scf.if %c { memref.store %one, %a[%c1] : memref<8xi32> }
      else { memref.store %n, %a[%c1] : memref<8xi32> }"""
    assert _kinds(_read(_PRELUDE + two)) == [If, Store, Store]


def test_an_if_with_results():
    pure = """%r = scf.if %c -> i32 { scf.yield %one : i32 } else { scf.yield %n : i32 }
      memref.store %r, %a[%c1] : memref<8xi32>"""
    assert _kinds(_read(_PRELUDE + pure)) == [Store]
    assert _after(pure, 5)[1] == 1
    effects = """%r = scf.if %c -> i32 {
        memref.store %one, %a[%c0] : memref<8xi32>
        scf.yield %n : i32
      } else {
        %m = memref.load %a[%c1] : memref<8xi32>
        scf.yield %m : i32
      }
      memref.store %r, %a[%c1] : memref<8xi32>"""
    assert _kinds(_read(_PRELUDE + effects)).count(If) == 1
    assert _after(effects, 5, 9)[:2] == [1, 5]
    assert _after(effects, 0, 9)[:2] == [0, 9]


def test_a_store_in_one_branch_is_no_reason_to_capture_for_the_other():
    body = """scf.if %c {
        memref.store %one, %a[%c0] : memref<8xi32>
        memref.store %one, %a[%c1] : memref<8xi32>
      } else { memref.store %n, %a[%c1] : memref<8xi32> }"""
    assert Local not in _kinds(_read(_PRELUDE + body))
    inside = """scf.if %c {
        memref.store %one, %a[%c0] : memref<8xi32>
        memref.store %n, %a[%c1] : memref<8xi32>
      }"""
    assert Local in _kinds(_read(_PRELUDE + inside))
    assert _after(inside, 5)[:2] == [1, 5]


_COUNTDOWN = """
%r = scf.while (%x = %n) : (i32) -> i32 {
  %d = arith.cmpi slt, %zero, %x : i32
  scf.condition(%d) %x : i32
} do {
^bb0(%y: i32):
  %k = memref.load %a[%c1] : memref<8xi32>
  %l = arith.addi %k, %y : i32
  memref.store %l, %a[%c1] : memref<8xi32>
  %z = arith.subi %y, %one : i32
  scf.yield %z : i32
}
memref.store %r, %a[%c0] : memref<8xi32>
"""


@pytest.mark.parametrize("start", [0, 1, 4])
def test_a_while_with_carried_values(start: int):
    assert _after(_COUNTDOWN, start)[:2] == [0, start * (start + 1) // 2]


def test_a_test_that_does_something_is_a_do_loop():
    body = """scf.while : () -> () {
        %k = memref.load %a[%c1] : memref<8xi32>
        %l = arith.addi %k, %one : i32
        memref.store %l, %a[%c1] : memref<8xi32>
        %d = arith.cmpi slt, %l, %n : i32
        scf.condition(%d)
      } do { scf.yield }"""
    assert _kinds(_read(_PRELUDE + body)).count(While) == 1
    assert _after(body, 0)[1] == 1
    assert _after(body, 5)[1] == 5


def test_a_bound_of_which_the_least_counts_does_not_keep_a_while_running():
    body = """%n = memref.load %b[] : memref<i8>
      %w = arith.extui %n : i8 to i32
      %s = arith.index_castui %p : i8 to index
      %t = arith.index_castui %q : i8 to index
      affine.for %i = 0 to min affine_map<()[s0, s1] -> (s0, s1)>()[%s, %t] {
        scf.while : () -> () {
          %d = arith.cmpi ult, %i, %t : index
          %e = arith.xori %d, %true : i1
          scf.condition(%e)
        } do { scf.yield }
      }"""
    arguments = """%p: i8 {seer.range = [0, 9]}, %q: i8 {seer.range = [0, 9]}, %b: memref<i8>"""
    program = _read("%true = arith.constant true\n" + body, arguments)
    # Without its guard, the loop would not end where it should not run.
    run(program, {}, {"arg0": 9, "arg1": 3}, while_limit=10)
    run(program, {}, {"arg0": 3, "arg1": 9}, while_limit=10)


def test_a_loop_in_a_branch_runs_there_only():
    body = """scf.if %c { affine.for %i = 1 to 4 { memref.store %n, %a[%i] : memref<8xi32> } }"""
    assert _after(body, 3)[:5] == [3, 3, 3, 3, 0]
    assert _after(body, 0)[:5] == [0, 0, 0, 0, 0]


def _float(value: float) -> int:
    return struct.unpack("<I", struct.pack("<f", value))[0]


def test_floats_are_bit_patterns():
    body = """%c0 = arith.constant 0 : index
      %x = memref.load %a[%c0] : memref<2xf32>
      %k = arith.constant 1.5 : f32
      %y = arith.mulf %x, %k : f32
      %z = math.sqrt %y : f32
      %m = arith.maximumf %z, %p : f32
      %c1 = arith.constant 1 : index
      memref.store %m, %a[%c1] : memref<2xf32>"""
    program = _read(body, "%a: memref<2xf32>, %p: f32")
    assert [argument.c_type for argument in program.arguments] == ["float", "float"]

    def result(x: float, p: float) -> int:
        return run(program, {"arg0": [_float(x), 0]}, {"arg1": _float(p)})["arg0"][1]

    assert result(6.0, 2.0) == _float(3.0)
    assert result(6.0, 4.0) == _float(4.0)
    assert result(float("nan"), 4.0) == 0x7FC00000
    assert result(-0.0, 0.0) == 0


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("relation", ["eq", "gt", "ge", "lt", "le", "ne"])
def test_predicates_of_float_comparisons(ordered: bool, relation: str):
    holds = {"eq": "=", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "ne": "<>"}[relation]
    body = f"""%r = arith.cmpf {"o" if ordered else "u"}{relation}, %x, %y : f32
      memref.store %r, %a[] : memref<i1>"""
    program = _read(body, "%a: memref<i1>, %x: f32, %y: f32")
    for (x, y), found in {(1, 1): "=", (2, 1): ">", (1, 2): "<", (float("nan"), 1): ""}.items():
        result = run(program, {}, {"arg1": _float(x), "arg2": _float(y)})["arg0"]
        assert result == [int(found in holds if found else not ordered)], (x, y)


@pytest.mark.parametrize(("name", "with_nan"), [("ord", 0), ("uno", 1), ("false", 0), ("true", 1)])
def test_predicates_that_compare_nothing(name: str, with_nan: int):
    body = f"%r = arith.cmpf {name}, %x, %y : f32\n memref.store %r, %a[] : memref<i1>"
    program = _read(body, "%a: memref<i1>, %x: f32, %y: f32")
    without = {"ord": 1, "uno": 0}.get(name, with_nan)
    for y, expected in ((1.0, without), (float("nan"), with_nan)):
        assert run(program, {}, {"arg1": _float(1.0), "arg2": _float(y)})["arg0"] == [expected]


@pytest.mark.parametrize(
    ("type", "values", "expected"),
    [
        ("3xi7", "[1, 2, -1]", (1, 2, 127)),
        ("2xi1", "[true, false]", (1, 0)),
        ("4xi16", "-2", (65534,) * 4),
        ("2x2xf32", "[[1.0, -0.0], [0x7FC00001, 2.0]]", (_float(1), 1 << 31, 0x7FC00001, _float(2))),
        ("2xi128", "[-1, 5]", ((1 << 128) - 1, 5)),
    ],
)
def test_tables(type: str, values: str, expected: tuple[int, ...]):
    element = type.rsplit("x", 1)[1]
    zeros = ", ".join(["%c0"] * type.count("x"))
    body = f"""%t = memref.get_global @t : memref<{type}>
      %c0 = arith.constant 0 : index
      %v = memref.load %t[{zeros}] : memref<{type}>
      memref.store %v, %a[%c0] : memref<1x{element}>"""
    declared = f'memref.global "private" constant @t : memref<{type}> = dense<{values}>'
    program = _read(body, f"%a: memref<1x{element}>", declared)
    (store,) = program.body
    assert isinstance(store, Store)
    (array,) = [e.array for e in subexpressions(store.value) if isinstance(e, Load)]
    assert isinstance(array, Table)
    assert array.values == expected


def test_a_global_that_changes_is_refused():
    body = """%t = memref.get_global @t : memref<2xi32>
      memref.copy %t, %a : memref<2xi32> to memref<2xi32>"""
    with pytest.raises(UnsupportedMLIR, match="not a constant"):
        _read(body, "%a: memref<2xi32>", 'memref.global "private" @t : memref<2xi32> = dense<0>')


def test_lifted_control_flow():
    text = """func.func @f(%a: memref<8xi32>) {
      %c0 = arith.constant 0 : index
      %one = arith.constant 1 : i32
      cf.br ^head
    ^head:
      %n = memref.load %a[%c0] : memref<8xi32>
      %c = arith.cmpi slt, %one, %n : i32
      cf.cond_br %c, ^body, ^end
    ^body:
      %m = arith.shrui %n, %one : i32
      memref.store %m, %a[%c0] : memref<8xi32>
      cf.br ^head
    ^end:
      return
    }"""
    module = ir.Module.parse(text, context())
    run_pipeline(module, "builtin.module(lift-cf-to-scf)")
    assert run(from_module(module), {"arg0": [37] * 8}, {})["arg0"][0] == 1
