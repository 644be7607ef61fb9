// A filter with a table of signed coefficients; its accumulator is as wide as it has to be.
#include <ap_int.h>
typedef ap_int<12> sample;
static const ap_int<6> taps[5] = {-3, 12, 31, 12, ap_int<6>(-32)};

void filter(sample in[20], ap_int<20> out[16]) {
    for (int i = 0; i < 16; i++) {
        ap_int<20> sum = 0;
        for (int k = 0; k < 5; k++)
            sum += taps[k] * in[i + k];
        out[i] = sum >> 2;
    }
}
