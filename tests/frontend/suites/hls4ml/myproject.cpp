#include <iostream>
#include "myproject.h"
#include "parameters.h"

void myproject(
    input_t input_1[N_INPUT_1_1],
    result_t layer5_out[N_LAYER_2]
) {
    //hls-fpga-machine-learning insert IO
    #pragma HLS ARRAY_RESHAPE variable=input_1 complete dim=0
    #pragma HLS ARRAY_PARTITION variable=layer5_out complete dim=0
    #pragma HLS INTERFACE ap_vld port=input_1,layer5_out
    #pragma HLS DATAFLOW

#ifndef __SYNTHESIS__
    static bool loaded_weights = false;
    if (!loaded_weights) {
        loaded_weights = true;
    }
#endif

    layer2_t layer2_out[N_LAYER_2];
    #pragma HLS ARRAY_PARTITION variable=layer2_out complete dim=0
    nnet::dense<input_t, layer2_t, config2>(input_1, layer2_out, w2, b2); // fc1

    layer2_t layer3_out[N_LAYER_2];
    nnet::relu<layer2_t, layer2_t, relu_config3>(layer2_out, layer3_out); // relu1

    nnet::sigmoid<layer2_t, result_t, sigmoid_config4>(layer3_out, layer5_out); // output
}
