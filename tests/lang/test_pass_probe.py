"""Passes on which MLIR dies cost one attempt, not the process."""

from __future__ import annotations

import pytest

from seer.lang.mlir_bindings import PassError, context, ir
from seer.lang.pass_probe import run_probed

FUSION = "func.func(affine-loop-fusion{mode=producer maximal=true compute-tolerance=0})"
CRASHES = """func.func @fragment(%arg0: memref<7xi1>, %arg1: memref<7xi1>, %arg2: memref<32xi32>,
    %arg3: memref<32xi32>, %arg4: memref<7xi1>, %arg5: memref<7xi1>, %arg6: index) {
  affine.for %arg7 = 0 to affine_map<(d0) -> (d0)>(%arg6) {
    %true = arith.constant true
    affine.store %true, %arg0[%arg7] : memref<7xi1>
    %true_0 = arith.constant true
    affine.store %true_0, %arg1[%arg7] : memref<7xi1>
    %0 = affine.load %arg2[%arg7] : memref<32xi32>
    %1 = affine.load %arg3[%arg6] : memref<32xi32>
    %2 = arith.addi %0, %1 : i32
    affine.store %2, %arg2[%arg7] : memref<32xi32>
  } {seer.width = 32 : i64}
  affine.for %arg7 = 0 to 8 step 2 {
    %0 = affine.load %arg1[%arg7] : memref<7xi1>
    affine.store %0, %arg4[%arg7] : memref<7xi1>
    %1 = affine.load %arg3[%arg7] : memref<32xi32>
    %2 = affine.load %arg2[%arg6] : memref<32xi32>
    %3 = arith.addi %1, %2 : i32
    affine.store %3, %arg3[%arg7] : memref<32xi32>
    %true = arith.constant true
    affine.store %true, %arg5[%arg7] : memref<7xi1>
    %4 = affine.load %arg3[%arg7 + 1] : memref<32xi32>
    %5 = affine.load %arg2[%arg6] : memref<32xi32>
    %6 = arith.addi %4, %5 : i32
    affine.store %6, %arg3[%arg7 + 1] : memref<32xi32>
  } {seer.width = 32 : i64}
  return
}"""
FUSES = """func.func @f(%a: memref<32xi32>, %b: memref<32xi32>) {
  affine.for %i = 0 to 32 {
    %0 = affine.load %b[%i] : memref<32xi32>
    affine.store %0, %a[%i] : memref<32xi32>
  }
  affine.for %i = 0 to 32 {
    %0 = affine.load %a[%i] : memref<32xi32>
    affine.store %0, %b[%i] : memref<32xi32>
  }
  return
}"""


def test_a_crash_is_a_failure_of_the_pass_and_the_next_one_runs() -> None:
    for _ in range(2):
        module = ir.Module.parse(CRASHES, context())
        with pytest.raises(PassError, match="crashes or hangs"):
            run_probed(next(iter(module.body.operations)), FUSION)
        module = ir.Module.parse(FUSES, context())
        run_probed(next(iter(module.body.operations)), FUSION)
        assert str(module).count("affine.for") == 1


def test_other_failures_are_told_by_the_pass_itself() -> None:
    module = ir.Module.parse(FUSES, context())
    with pytest.raises(PassError, match="does not accept the pipeline"):
        run_probed(next(iter(module.body.operations)), "func.func(no-such-pass)")
