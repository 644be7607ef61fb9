from seer.backends.rtl import generate
from seer.backends.rtl.names import Names, identifier
from seer.backends.rtl.verilator import lint


def test_names_are_unique_and_never_keywords():
    names = Names()
    assert [names.fresh("reg"), names.fresh("reg"), names.fresh("a b"), names.fresh("1x")] == [
        "reg_r",
        "reg_r_2",
        "a_b",
        "x1x",
    ]
    assert identifier("bit") == "bit_r"


def test_source_names_may_be_keywords_and_clash_with_ports(handmade, region, tmp_path):
    design, body = handmade("table"), region()
    design.param("input", 8)
    design.param("wire_q0", 8)
    design.param("ap_done", 8)
    design.param("loop_v", 8)
    design.array("wire", 8, 4)
    design.array("ap_return", 8)
    design.register("begin", 8)
    design.register("L1_v", 8)
    x = body("load", 8, body("const", 2, value=1), memory="wire")
    total = x
    for name in ("input", "wire_q0", "ap_done", "loop_v"):
        total = body("add", 8, total, body("param", 8, symbol=name), at=1)
    body("write", 8, total, at=1, memory="begin")
    body("write", 8, total, at=1, memory="L1_v")
    body(
        "write",
        8,
        body("add", 8, total, body("read", 8, at=1, memory="begin"), at=1),
        at=1,
        memory="ap_return",
    )
    design_ = design.schedule(design.pipelined(1, body.region(2), design.counter(0, 0, 3)))
    verilog = generate(design_)
    lint(verilog, "table_r", tmp_path / "lint.log")
    for port in ("module table_r", "input_r", "wire_q0,", "wire_q0_2", "ap_done_2", "wire_address0"):
        assert port in verilog
