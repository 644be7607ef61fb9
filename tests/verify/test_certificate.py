import json
from random import Random

from seer.lang.random_programs import random_program
from seer.lang.terms import ArrayType, Const, Expr, For, Iv, Load, Op, Param, Range, Store, TopArray
from seer.verify.certificate import TermTable, read_term


def test_a_table_gives_back_the_terms_it_was_given():
    array = TopArray(ArrayType(8, (16,), Range(0, 9)), "a")
    iv = Iv(32, 0, 0, 16, 1)
    value = Op("add", 8, (Load(array, (iv,)), Param(8, "n")))
    loop = For(iv, Const(32, 0), Const(32, 16), (Store(array, (iv,), value),))
    table = TermTable()
    index = table.index(loop)
    assert read_term(json.loads(json.dumps(table.rows)), index) is loop


def test_a_shared_term_is_written_once():
    t: Expr = Param(8, "t")
    for _ in range(60):
        t = Op("mul", 8, (t, t))
    table = TermTable()
    table.index(t)
    assert len(table.rows) == 61


def test_branches_floats_and_tables_come_back():
    program = random_program(Random(4), branches=True, floats=True, tables=True, registers=True)
    table = TermTable()
    indices = table.block(program.body)
    rows = json.loads(json.dumps(table.rows))
    assert {"If", "While", "Table"} <= {row[0] for row in rows}
    assert tuple(read_term(rows, index) for index in indices) == program.body
