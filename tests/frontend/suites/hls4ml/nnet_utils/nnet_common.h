#ifndef NNET_COMMON_H_
#define NNET_COMMON_H_
// Fixed point only where the project asks for it
#ifdef USE_FIXED
#include "ap_fixed.h"
#endif
#define DIV_ROUNDUP(n, d) ((n + d - 1) / d)
#define MIN(n, d) (n > d ? d : n)
#define MAX(n, d) (n > d ? n : d)
namespace nnet {
enum io_type { io_parallel = 0, io_stream };
enum strategy { latency, resource };

template <class x_T, class y_T, typename res_T> struct mult {
    static res_T product(x_T a, y_T w) {
        #pragma HLS INLINE
        return a * w;
    }
};
template <class T> struct cast_to {
    template <class U> static T of(U x) { return (T)x; }
};
} // namespace nnet
#endif
