// Views, copies, local memories, parallel loops, and a scalar of type index.
module {
  func.func @views(%a: memref<4x4xi32>, %b: memref<4xi32>, %row: index) {
    %local = memref.alloca() : memref<4xi32>
    %c1 = arith.constant 1 : index
    %v = memref.subview %a[%row, 0] [1, 4] [1, 1] : memref<4x4xi32> to memref<4xi32, strided<[1], offset: ?>>
    memref.copy %v, %local : memref<4xi32, strided<[1], offset: ?>> to memref<4xi32>
    affine.parallel (%i, %j) = (0, 0) to (2, 2) {
      %0 = affine.load %local[%i * 2 + %j] : memref<4xi32>
      %1 = arith.addi %0, %0 : i32
      affine.store %1, %b[%i * 2 + %j] : memref<4xi32>
    }
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    scf.parallel (%k) = (%c0) to (%c4) step (%c1) {
      %0 = memref.load %b[%k] : memref<4xi32>
      %ki = arith.index_cast %k : index to i32
      %1 = arith.addi %0, %ki : i32
      memref.store %1, %a[%k, %c1] : memref<4x4xi32>
      scf.reduce
    }
    return
  }
}
