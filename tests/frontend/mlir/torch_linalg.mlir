#map = affine_map<(d0, d1) -> (d0, d1)>
#map1 = affine_map<(d0, d1) -> (d1)>
module attributes {torch.debug_module_name = "Net"} {
  func.func @forward(%x: memref<2x3xi32>, %w: memref<3x2xi32>, %bias: memref<2xi32>) -> memref<2x2xi32> {
    %c0 = arith.constant 0 : i32
    %alloc = memref.alloc() {alignment = 64 : i64} : memref<2x2xi32>
    linalg.fill ins(%c0 : i32) outs(%alloc : memref<2x2xi32>)
    linalg.matmul ins(%x, %w : memref<2x3xi32>, memref<3x2xi32>) outs(%alloc : memref<2x2xi32>)
    %out = memref.alloc() : memref<2x2xi32>
    linalg.generic {indexing_maps = [#map, #map1, #map], iterator_types = ["parallel", "parallel"]} ins(%alloc, %bias : memref<2x2xi32>, memref<2xi32>) outs(%out : memref<2x2xi32>) {
    ^bb0(%a: i32, %b: i32, %o: i32):
      %s = arith.addi %a, %b : i32
      %m = arith.maxsi %s, %c0 : i32
      linalg.yield %m : i32
    }
    memref.dealloc %alloc : memref<2x2xi32>
    return %out : memref<2x2xi32>
  }
}
