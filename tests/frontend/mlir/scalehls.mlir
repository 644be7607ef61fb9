#map = affine_map<(d0, d1) -> (0, d1 mod 2, d0, d1 floordiv 2)>
#set = affine_set<(d0, d1) : (d0 - d1 >= 0)>
module {
  func.func @syrk(%arg0: memref<4x4xi16, #map, 1>, %arg1: memref<4x4xi16, 1>) attributes {func_directive = #hls.fd<pipeline=false, targetInterval=1, dataflow=false>, top_func} {
    affine.for %i = 0 to 4 {
      affine.for %j = 0 to 4 {
        affine.if #set(%i, %j) {
          %0 = affine.load %arg1[%i, %j] : memref<4x4xi16, 1>
          %1 = affine.load %arg0[%i, %j] : memref<4x4xi16, #map, 1>
          %2 = affine.load %arg0[%j, %i] : memref<4x4xi16, #map, 1>
          %3 = arith.muli %1, %2 : i16
          %4 = arith.addi %0, %3 : i16
          affine.store %4, %arg1[%i, %j] : memref<4x4xi16, 1>
        }
      } {loop_directive = #hls.ld<pipeline=true, targetII=2, dataflow=false, flatten=false>, parallel}
    } {loop_directive = #hls.ld<pipeline=false, targetII=1, dataflow=false, flatten=true>}
    return
  }
}
