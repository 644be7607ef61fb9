"""The shared MLIR context and the pipelines run on it."""

from __future__ import annotations

import pytest

from seer.lang import mlir_bindings
from seer.lang.mlir_bindings import PassError, context, ir, run_pipeline

LOOP = """
func.func @f(%A: memref<8xi32>, %x: i32) {
  affine.for %i = 0 to 8 { affine.store %x, %A[%i] : memref<8xi32> }
  return
}"""


def test_one_context() -> None:
    assert context() is context()
    assert context().allow_unregistered_dialects


def test_pipeline_on_a_function_changes_only_it() -> None:
    module = ir.Module.parse(LOOP + LOOP.replace("@f", "@g"), context())
    run_pipeline(module.body.operations[0], "func.func(affine-loop-unroll{unroll-factor=4})")
    text = str(module)
    assert text.count("step 4") == 1 and text.count("affine.store") == 5


@pytest.mark.parametrize("pipeline", ["builtin.module(no-such-pass)", "builtin.module(", "func.func(cse)"])
def test_failing_pipelines_raise_our_exception(pipeline: str) -> None:
    module = ir.Module.parse(LOOP, context())
    with pytest.raises(PassError, match="MLIR"):
        run_pipeline(module, pipeline)


def test_failing_pass() -> None:
    # The pass would give affine.for several blocks.
    module = ir.Module.parse(
        """
        func.func @f() {
          affine.for %i = 0 to 8 { memref.alloca_scope { %a = memref.alloca() : memref<1xi32> } }
          return
        }""",
        context(),
    )
    with pytest.raises(PassError, match="expects region"):
        run_pipeline(module, "builtin.module(finalize-memref-to-llvm)")


def test_execution_engine_is_reachable() -> None:
    assert mlir_bindings.ExecutionEngine.__name__ == "ExecutionEngine"
