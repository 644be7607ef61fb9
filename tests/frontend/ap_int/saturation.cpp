// Sums that stay in their range.
#include <ap_int.h>

ap_int<8> clamp(const ap_int<9> &x) { return x > 127 ? ap_int<8>(127) : x < -128 ? ap_int<8>(-128) : ap_int<8>(x); }

int saturation(ap_int<8> a[6], ap_int<8> b[6], ap_int<8> sums[6], ap_uint<7> &clipped) {
    clipped = 0;
    for (int i = 0; i != 6; ++i) {
        ap_int<9> sum = a[i] + b[i];
        sums[i] = clamp(sum);
        if (sums[i] != sum)
            clipped++;
    }
    return clipped.or_reduce() ? clipped.to_int() : -1;
}
