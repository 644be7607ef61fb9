module attributes {dlti.dl_spec = #dlti.dl_spec<#dlti.dl_entry<"dlti.endianness", "little">>, llvm.data_layout = "e-m:e", llvm.target_triple = "x86_64-unknown-linux-gnu", "polygeist.target-cpu" = "x86-64"} {
  func.func @atax(%arg0: i32, %arg1: memref<?x6xf64>, %arg2: memref<?xf64>, %arg3: i1, %arg4: index) attributes {llvm.linkage = #llvm.linkage<external>} {
    %c0 = arith.constant 0 : index
    %cst = arith.constant 0.000000e+00 : f64
    %0 = arith.index_cast %arg0 : i32 to index
    affine.for %i = 0 to 5 {
      %s = affine.for %j = 0 to min affine_map<(d0) -> (d0 + 1, 6)>(%i) iter_args(%acc = %cst) -> (f64) {
        %a = affine.load %arg1[%i, %j] : memref<?x6xf64>
        %b = arith.addf %acc, %a {fastmath = #arith.fastmath<none>} : f64
        affine.yield %b : f64
      }
      affine.if affine_set<(d0) : (d0 - 2 >= 0)>(%i) {
        affine.store %s, %arg2[%i] : memref<?xf64>
      } else {
        %q = arith.select %arg3, %s, %cst : f64
        affine.store %q, %arg2[%i] : memref<?xf64>
      }
    }
    %r = scf.while (%k = %arg0) : (i32) -> i32 {
      %c = arith.constant 3 : i32
      %t = arith.cmpi sgt, %k, %c : i32
      scf.condition(%t) %k : i32
    } do {
    ^bb0(%k: i32):
      %one = arith.constant 1 : i32
      %h = arith.shrsi %k, %one : i32
      scf.yield %h : i32
    }
    func.call @use(%arg2, %arg4) : (memref<?xf64>, index) -> ()
    return
  }
  func.func private @use(%arg0: memref<?xf64>, %arg1: index) attributes {llvm.linkage = #llvm.linkage<internal>} {
    %c0 = arith.constant 0 : index
    affine.parallel (%i) = (0) to (5) {
      %v = affine.load %arg0[%i] : memref<?xf64>
      %w = math.absf %v : f64
      affine.store %w, %arg0[%i] : memref<?xf64>
    }
    %sv = memref.subview %arg0[1][2][1] : memref<?xf64> to memref<2xf64, strided<[1], offset: 1>>
    %l = memref.load %sv[%c0] : memref<2xf64, strided<[1], offset: 1>>
    memref.store %l, %arg0[%c0] : memref<?xf64>
    return
  }
}
