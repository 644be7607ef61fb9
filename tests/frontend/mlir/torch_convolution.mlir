#map = affine_map<(d0, d1) -> (d0, d1)>
module attributes {torch.debug_module_name = "Net"} {
  memref.global "private" constant @w : memref<2x1x3x3xf32> = dense<0.5>
  func.func @forward(%x: memref<1x1x6x6xf32>, %y: memref<1x2x4x4xf32>, %z: memref<1x2x2x2xf32>) {
    %w = memref.get_global @w : memref<2x1x3x3xf32>
    %c = arith.constant 0.0 : f32
    %m = arith.constant -3.0e38 : f32
    linalg.fill ins(%c : f32) outs(%y : memref<1x2x4x4xf32>)
    linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%x, %w : memref<1x1x6x6xf32>, memref<2x1x3x3xf32>) outs(%y : memref<1x2x4x4xf32>)
    linalg.fill ins(%m : f32) outs(%z : memref<1x2x2x2xf32>)
    %k = memref.alloc() : memref<2x2xf32>
    linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%y, %k : memref<1x2x4x4xf32>, memref<2x2xf32>) outs(%z : memref<1x2x2x2xf32>)
    memref.dealloc %k : memref<2x2xf32>
    return
  }
}
