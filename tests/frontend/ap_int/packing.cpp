// Bytes into words and back: ranges that move with a counter, concatenations on both sides.
#include <ap_int.h>

void packing(ap_uint<8> bytes[8], ap_uint<64> &word, ap_uint<4> nibbles[16], ap_uint<32> swapped[1]) {
    ap_uint<64> packed = 0;
    for (int i = 0; i < 8; i++)
        packed.range(8 * i + 7, 8 * i) = bytes[i];
    for (ap_uint<5> i = 0; i < 16; i += 1)
        nibbles[i] = packed(i * 4 + 3, i * 4);
    ap_uint<8> a, b, c, d;
    (a, b, c, d) = packed(31, 0);
    swapped[0] = (d, c.range(3, 0), c(7, 4), b, a.concat(ap_uint<1>(1)));
    word = packed.range(0, 63);
}
