// Between ap_int and C's own types.
#include <ap_int.h>
enum mode { up = 3, down };
const ap_uint<7> bias = 100;

double conversions(ap_int<11> x, ap_uint<3> n, int by, unsigned char bytes[4], long long wide[5], ap_int<24> kept[4]) {
    bytes[0] = x;
    bytes[1] = x.to_uint() >> n;
    bytes[2] = -n;
    bytes[3] = !x || n[0];
    wide[0] = x * by;
    wide[1] = (unsigned)x;
    wide[2] = x << (by & 15) >> 3;
    wide[3] = 1 << n;
    wide[4] = bias - x * 2LL + true;
    kept[0] = (x >> (by % 8)) + down;
    kept[1] = n ? by : -by;
    kept[2] = ap_uint<4>(x) & 'a';
    kept[3] = (short)x ^ (ap_int<24>)by;
    switch (n) {
    case 1:
        kept[3]++;
    case 5:
        return x * 0.5;
    default:
        return n + 0.25f;
    }
}
