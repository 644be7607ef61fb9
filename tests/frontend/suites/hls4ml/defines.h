#ifndef DEFINES_H_
#define DEFINES_H_
#include "nnet_utils/nnet_common.h"
// hls-fpga-machine-learning insert numbers
#define N_INPUT_1_1 6
#define N_LAYER_2 4
// hls-fpga-machine-learning insert layer-precision
#ifdef USE_FIXED
typedef ap_fixed<16,6> input_t;
#else
typedef float input_t;
#endif
typedef float model_default_t;
typedef float weight2_t;
typedef float bias2_t;
typedef float layer2_t;
typedef double result_t;
#endif
