module {
  memref.global "private" constant @w : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
  func.func @fdot(%x: memref<4xf32>) -> f32 {
    %w = memref.get_global @w : memref<4xf32>
    %c0 = arith.constant 0.0 : f32
    %s = affine.for %i = 0 to 4 iter_args(%a = %c0) -> (f32) {
      %0 = affine.load %x[%i] : memref<4xf32>
      %1 = affine.load %w[%i] : memref<4xf32>
      %2 = arith.mulf %0, %1 : f32
      %3 = arith.addf %a, %2 : f32
      affine.yield %3 : f32
    }
    return %s : f32
  }
  func.func @wh(%x: memref<4xi32>, %n: i32) -> i32 {
    %c1 = arith.constant 1 : i32
    %c0 = arith.constant 0 : i32
    %r:2 = scf.while (%a = %n, %k = %c0) : (i32, i32) -> (i32, i32) {
      %c = arith.cmpi sgt, %a, %c0 : i32
      scf.condition(%c) %a, %k : i32, i32
    } do {
    ^bb0(%a: i32, %k: i32):
      %b = arith.shrsi %a, %c1 : i32
      %k1 = arith.addi %k, %c1 : i32
      scf.yield %b, %k1 : i32, i32
    }
    return %r#1 : i32
  }
  func.func @ifs(%x: memref<4xi32>, %n: i32) {
    %c0 = arith.constant 0 : i32
    %i0 = arith.constant 0 : index
    %i1 = arith.constant 1 : index
    %i4 = arith.constant 4 : index
    scf.for %i = %i0 to %i4 step %i1 {
      %v = memref.load %x[%i] : memref<4xi32>
      %p = arith.cmpi slt, %v, %c0 : i32
      %r = scf.if %p -> (i32) {
        %m = arith.subi %c0, %v : i32
        scf.yield %m : i32
      } else {
        memref.store %n, %x[%i0] : memref<4xi32>
        scf.yield %v : i32
      }
      memref.store %r, %x[%i] : memref<4xi32>
    }
    return
  }
  func.func @tri(%A: memref<8x8xi32>, %n: i32) {
    %0 = arith.index_cast %n : i32 to index
    affine.for %i = 0 to %0 {
      affine.for %j = max affine_map<(d0) -> (0, d0 - 2)>(%i) to min affine_map<(d0)[s0] -> (d0 + 3, s0)>(%i)[%0] {
        %v = affine.load %A[%i, %j] : memref<8x8xi32>
        %w = arith.addi %v, %n : i32
        affine.store %w, %A[%j, %i] : memref<8x8xi32>
      }
    }
    return
  }
  func.func @cfg(%x: memref<4xi32>, %n: i32) {
    %c0 = arith.constant 0 : index
    %z = arith.constant 0 : i32
    %p = arith.cmpi eq, %n, %z : i32
    cf.cond_br %p, ^bb1, ^bb2
  ^bb1:
    memref.store %n, %x[%c0] : memref<4xi32>
    return
  ^bb2:
    memref.store %z, %x[%c0] : memref<4xi32>
    return
  }
  func.func @idxcarry(%x: memref<8xi32>) {
    %i0 = arith.constant 0 : index
    %i1 = arith.constant 1 : index
    %r = affine.for %i = 0 to 4 iter_args(%k = %i0) -> (index) {
      %v = arith.index_cast %k : index to i32
      memref.store %v, %x[%k] : memref<8xi32>
      %k2 = arith.addi %k, %i1 : index
      affine.yield %k2 : index
    }
    return
  }
  func.func @rowcall(%x: memref<4x4xi32>) {
    affine.for %i = 0 to 4 {
      %v = memref.subview %x[%i, 0] [1, 4] [1, 1] : memref<4x4xi32> to memref<4xi32, strided<[1], offset: ?>>
      func.call @row(%v) : (memref<4xi32, strided<[1], offset: ?>>) -> ()
    }
    return
  }
  func.func private @row(%x: memref<4xi32, strided<[1], offset: ?>>) {
    %c = arith.constant 3 : i32
    affine.for %i = 0 to 4 {
      affine.store %c, %x[%i] : memref<4xi32, strided<[1], offset: ?>>
    }
    return
  }
  func.func @castcall(%x: memref<?xi32>) {
    %local = memref.alloca() : memref<4xi32>
    %c = memref.cast %local : memref<4xi32> to memref<?xi32>
    func.call @fill(%c, %x) : (memref<?xi32>, memref<?xi32>) -> ()
    return
  }
  func.func private @fill(%l: memref<?xi32>, %x: memref<?xi32>) {
    %c = arith.constant 3 : i32
    affine.for %i = 0 to 4 {
      affine.store %c, %l[%i] : memref<?xi32>
      %v = affine.load %l[%i] : memref<?xi32>
      affine.store %v, %x[%i] : memref<?xi32>
    }
    return
  }
}
