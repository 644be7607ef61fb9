// Layers of a network as templates over a configuration: static members, type aliases, references to arrays.
#include <cstdint>
#include <cstddef>
typedef float model_t;
struct config2 { static const unsigned n_in = 6; static const unsigned n_out = 4; typedef float accum_t; };
struct config3 { static constexpr unsigned n_in = 4; static constexpr unsigned n_out = 2; using accum_t = double; };
namespace nnet {
template <class data_T, class res_T, typename CONFIG_T>
void dense(const data_T data[CONFIG_T::n_in], res_T res[CONFIG_T::n_out],
           const model_t weights[CONFIG_T::n_in * CONFIG_T::n_out], const model_t biases[CONFIG_T::n_out]) {
    data_T cache;
    typename CONFIG_T::accum_t acc[CONFIG_T::n_out];
    ResetAccum: for (unsigned iacc = 0; iacc < CONFIG_T::n_out; iacc++) {
#pragma HLS UNROLL
        acc[iacc] = (typename CONFIG_T::accum_t)biases[iacc];
    }
    Product1: for (unsigned ii = 0; ii < CONFIG_T::n_in; ii++) {
        cache = data[ii];
        Product2: for (unsigned jj = 0; jj < CONFIG_T::n_out; jj++)
            acc[jj] += cache * weights[ii * CONFIG_T::n_out + jj];
    }
    Result: for (unsigned ires = 0; ires < CONFIG_T::n_out; ires++)
        res[ires] = (res_T)acc[ires];
}
template <class T, int N> inline void relu(T (&data)[N]) { for (int i = 0; i < N; i++) data[i] = data[i] > 0 ? data[i] : T(0); }
template <int N, typename T> inline size_t argmax(const T *x) {
    size_t best = 0;
    for (int i = 1; i < N; i++) if (x[i] > x[best]) best = i;
    return best;
}
}
static const model_t w2[24] = {0.5, -1, 0.25, 2, 1, 0, -0.5, 3, 1.5, -2, 0.125, 1, 0, 0, 1, -1, 2, 0.5, -0.25, 1, -1, 1, 0.75, 2};
static const model_t b2[4] = {0.1, -0.2, 0.3, 0};
extern "C" unsigned dense_layers(const float input[6], double output[2], const model_t w3[8], const model_t b3[2]) {
    float layer2_out[config2::n_out];
    nnet::dense<float, float, config2>(input, layer2_out, w2, b2);
    nnet::relu<float, config2::n_out>(layer2_out);
    nnet::dense<float, double, config3>(layer2_out, output, w3, b3);
    return (unsigned)nnet::argmax<2>(output);
}
