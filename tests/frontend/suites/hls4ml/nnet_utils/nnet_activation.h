#ifndef NNET_ACTIVATION_H_
#define NNET_ACTIVATION_H_
#include "nnet_common.h"
#include <cmath>
namespace nnet {
struct activ_config {
    static const unsigned n_in = 10;
    static const unsigned table_size = 64;
    static const unsigned io_type = io_parallel;
    typedef float table_t;
};
template <class data_T, class res_T, typename CONFIG_T>
void relu(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    #pragma HLS PIPELINE
    for (int ii = 0; ii < CONFIG_T::n_in; ii++) {
        data_T datareg = data[ii];
        if (datareg > 0)
            res[ii] = datareg;
        else
            res[ii] = 0;
    }
}
inline float sigmoid_fcn_float(float input) { return 1.0 / (1 + std::exp(-input)); }
template <typename CONFIG_T, int N_TABLE> void init_sigmoid_table(typename CONFIG_T::table_t table_out[N_TABLE]) {
    // Default logistic sigmoid function:
    for (int ii = 0; ii < N_TABLE; ii++) {
        float in_val = 2 * 8.0 * (ii - float(N_TABLE) / 2.0) / float(N_TABLE);
        typename CONFIG_T::table_t real_val = sigmoid_fcn_float(in_val);
        table_out[ii] = real_val;
    }
}
template <class data_T, class res_T, typename CONFIG_T>
void sigmoid(data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_in]) {
    typename CONFIG_T::table_t sigmoid_table[CONFIG_T::table_size];
    init_sigmoid_table<CONFIG_T, CONFIG_T::table_size>(sigmoid_table);
    int data_round;
    int index;
    for (int ii = 0; ii < CONFIG_T::n_in; ii++) {
        data_round = data[ii] > 16 ? 1000 : data[ii] < -16 ? -1000 : int(data[ii] * CONFIG_T::table_size / 16);
        index = data_round + 8 * CONFIG_T::table_size / 16;
        if (index < 0)
            index = 0;
        if (index > CONFIG_T::table_size - 1)
            index = CONFIG_T::table_size - 1;
        res[ii] = (res_T)sigmoid_table[index];
    }
}
} // namespace nnet
#endif
