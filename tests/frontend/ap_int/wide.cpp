// Up to 128 bits, and results beyond that are narrowed again.
#include <ap_int.h>

void wide(ap_uint<128> x[3], ap_uint<64> y[3], ap_int<100> z[3], long long by, ap_uint<128> out[3]) {
    for (int i = 0; i < 3; i++) {
        ap_uint<128> product = y[i] * ap_uint<64>(by);
        out[i] = x[i] + x[(i + 1) % 3] * 3 - product;
        out[i] ^= (x[i] << 17) | (x[i] >> 111);
        z[i] = z[i] * z[i] + by;
        x[i] = x[i] > product ? x[i] : product;
        if (z[i] < by && x[i] != 0u)
            out[i](99, 50) = z[i];
    }
}
