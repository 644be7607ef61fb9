// A cyclic redundancy check, one bit at a time.
#include <ap_int.h>
#define POLYNOMIAL 0x1021

ap_uint<16> checksum(ap_uint<8> data[12], ap_uint<16> start) {
    ap_uint<16> crc = start;
    for (ap_uint<4> n = 0; n < 12; n++) {
        crc(15, 8) = crc(15, 8) ^ data[n];
        for (int bit = 0; bit < 8; bit++) {
            bool top = crc[15];
            crc <<= 1;
            if (top)
                crc ^= POLYNOMIAL;
        }
    }
    return crc;
}
