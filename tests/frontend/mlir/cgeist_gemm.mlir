module attributes {dlti.dl_spec = #dlti.dl_spec<#dlti.dl_entry<"dlti.endianness", "little">, #dlti.dl_entry<i64, dense<64> : vector<2xi32>>, #dlti.dl_entry<f80, dense<128> : vector<2xi32>>, #dlti.dl_entry<!llvm.ptr, dense<64> : vector<4xi32>>>, llvm.data_layout = "e-m:e-p270:32:32-i64:64-f80:128", llvm.target_triple = "x86_64-unknown-linux-gnu", "polygeist.target-cpu" = "x86-64", "polygeist.target-features" = "+cx8,+sse2,+x87", "polygeist.tune-cpu" = "generic"} {
  func.func @gemm(%arg0: memref<?x4xi32>, %arg1: memref<?x4xi32>, %arg2: memref<?x4xi32>, %arg3: i32) attributes {llvm.linkage = #llvm.linkage<external>} {
    %c0_i32 = arith.constant 0 : i32
    affine.for %arg4 = 0 to 4 {
      affine.for %arg5 = 0 to 4 {
        affine.store %c0_i32, %arg2[%arg4, %arg5] : memref<?x4xi32>
        affine.for %arg6 = 0 to 4 {
          %0 = affine.load %arg0[%arg4, %arg6] : memref<?x4xi32>
          %1 = arith.muli %arg3, %0 : i32
          %2 = affine.load %arg1[%arg6, %arg5] : memref<?x4xi32>
          %3 = arith.muli %1, %2 : i32
          %4 = affine.load %arg2[%arg4, %arg5] : memref<?x4xi32>
          %5 = arith.addi %4, %3 : i32
          affine.store %5, %arg2[%arg4, %arg5] : memref<?x4xi32>
        }
      }
    }
    return
  }
  func.func @main() -> i32 attributes {llvm.linkage = #llvm.linkage<external>} {
    %c0_i32 = arith.constant 0 : i32
    return %c0_i32 : i32
  }
}
