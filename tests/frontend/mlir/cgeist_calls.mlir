// Two functions, a sum carried by the loop, a bound that is an argument, and a returned value.
module {
  func.func @total(%arg0: memref<?xi32>, %arg1: i32) -> i32 attributes {llvm.linkage = #llvm.linkage<external>} {
    %c0_i32 = arith.constant 0 : i32
    %0 = arith.index_cast %arg1 : i32 to index
    %1 = affine.for %arg2 = 0 to %0 iter_args(%arg3 = %c0_i32) -> (i32) {
      %2 = affine.load %arg0[%arg2] : memref<?xi32>
      %3 = func.call @twice(%2) : (i32) -> i32
      %4 = arith.addi %arg3, %3 : i32
      affine.yield %4 : i32
    }
    return %1 : i32
  }
  func.func private @twice(%arg0: i32) -> i32 {
    %c2 = arith.constant 2 : i32
    %0 = arith.muli %arg0, %c2 : i32
    return %0 : i32
  }
}
