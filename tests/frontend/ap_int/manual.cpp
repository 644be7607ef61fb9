// The examples that the vendor's manual gives with their results.
#include <ap_int.h>

void manual(ap_int<7> val1, ap_uint<6> val2, ap_int<3> val3, ap_int<7> val4, int results[10], ap_uint<10> all[7]) {
    all[0] = val1;
    all[1] = val2;
    all[2] = ap_uint<7>(val1);
    all[3] = ap_int<6>(val2);
    all[4] = (val4, val3);
    all[5] = val3.concat(val4);
    all[6] = 0;
    ap_int<3> high;
    ap_int<7> low;
    (high, low) = 0xAB;
    results[0] = high;
    results[1] = low;
    ap_uint<65> wide = (ap_uint<65>)1 << 64;
    results[2] = wide ? 1 : 0;
    results[3] = wide.to_bool();
    results[4] = results[5] = results[6] = results[7] = results[8] = results[9] = 0;
}
