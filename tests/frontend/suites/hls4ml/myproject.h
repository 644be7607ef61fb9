#ifndef MYPROJECT_H_
#define MYPROJECT_H_
#include "defines.h"
void myproject(input_t input_1[N_INPUT_1_1], result_t layer5_out[N_LAYER_2]);
#endif
