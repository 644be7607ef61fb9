// Counts and positions of bits.
#include <ap_int.h>
template <int N, int M> ap_uint<M> ones(ap_uint<N> x) {
    ap_uint<M> count = 0;
    for (int i = 0; i < N; i++)
        count += x[i];
    return count;
}

void population(ap_uint<24> x[4], ap_uint<5> counts[4], int zeros[4], bool odd[4], ap_int<24> last[4]) {
    for (int n = 0; n < 4; n++) {
        counts[n] = ones<24, 5>(x[n]);
        zeros[n] = x[n].countLeadingZeros();
        odd[n] = x[n].xor_reduce();
        ap_uint<24> y = x[n];
        last[n] = (y & -y);
    }
}
