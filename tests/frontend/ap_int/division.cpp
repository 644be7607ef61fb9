// Quotients and remainders of numbers with different signs and widths.
#include <ap_int.h>

void division(ap_int<9> a[8], ap_uint<6> b[8], ap_int<5> c[8], int d, ap_int<16> q[8], short r[8], ap_int<33> e[8]) {
    for (int i = 0; i < 8; i++) {
        ap_uint<6> divisor = b[i] | 1;
        ap_int<5> other = c[i] == 0 ? ap_int<5>(-1) : c[i];
        q[i] = a[i] / divisor + b[i] / other;
        r[i] = a[i] % divisor - b[i] % other + a[i] % other;
        e[i] = d / other;
        e[i] /= divisor;
        e[i] -= a[i] / other % 7;
    }
}
