/* Every bitwise and arithmetic operator without undefined behaviour, signed and unsigned. */
#include <stdint.h>
void bitwise(int32_t a[32], uint32_t b[32], int32_t x[32], uint32_t y[32])
{
    for (int i = 0; i < 32; i++) {
        x[i] = (a[i] & 0x0f0f) | (~a[i] ^ (int32_t)b[i]);
        y[i] = (b[i] << (i & 7)) + (b[i] >> (i & 15)) - (b[i] * 5u);
        x[i] ^= a[i] >> (i % 31);
        y[i] |= b[i] / 7u;
        y[i] &= ~(b[i] % 9u);
        x[i] += +a[i] / 3 - a[i] % 5;
    }
}
