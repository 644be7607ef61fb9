#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <vector>
#include "myproject.h"
#define CHECKPOINT 5000
namespace nnet {
bool trace_enabled = true;
std::map<std::string, void *> *trace_outputs = NULL;
size_t trace_type_size = sizeof(double);
} // namespace nnet
int main(int argc, char **argv) {
    // load input data from text file
    std::ifstream fin("tb_data/tb_input_features.dat");
    std::string iline;
    std::vector<float> in;
    int e = 0;
    if (!fin.is_open()) {
        for (int i = 0; i < N_INPUT_1_1; i++) in.push_back(0.5f * i - 1);
    }
    for (int n = 0; n < 3; n++) {
        input_t input_1[N_INPUT_1_1];
        result_t layer5_out[N_LAYER_2];
        for (int i = 0; i < N_INPUT_1_1; i++) input_1[i] = in[i] * (n - 1);
        myproject(input_1, layer5_out);
        if (e % CHECKPOINT == 0) std::cout << "Quantized predictions" << std::endl;
        for (int i = 0; i < N_LAYER_2; i++) std::cout << layer5_out[i] << " ";
        std::cout << std::endl;
        e++;
    }
    return 0;
}
