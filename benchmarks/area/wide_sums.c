/* Products of 64 bits summed up, and a running checksum. */
#include <stdint.h>
uint64_t wide_sums(const uint64_t a[32], const uint32_t b[32], uint64_t c[32])
{
    uint64_t sum = 0, check = 0x9e3779b97f4a7c15u;
    for (int i = 0; i < 32; i++) {
        uint64_t product = a[i] * b[i];
        check = (check << 7 | check >> 57) ^ product;
        sum += product;
        c[i] = sum - check;
    }
    return sum ^ check;
}
