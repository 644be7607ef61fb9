/* Counters whose type is narrower than their range as signed numbers. */
#include <stdint.h>
void narrow_counters(int a[256], uint8_t out[256], unsigned total[4])
{
    for (uint8_t i = 0; i < 200; i++)
        a[i] += out[255 - i] * i;
    for (uint8_t i = 255; i > 100; i -= 5)
        out[i] = i;
    for (int8_t i = -100; i < 100; i += 7)
        total[1] += i;
    for (uint16_t i = 40000; i < 40010; i++)
        total[2] += i * i;
    for (unsigned i = 3000000000u; i < 3000000008u; i += 2)
        total[3] ^= i;
    for (unsigned char i = 0; i < 255; i++)
        out[i] ^= i;
    for (uint8_t i = 255; i >= 253; --i)
        total[0] = total[0] * 31 + i;
    for (char c = 'a'; c <= 'f'; c++)
        out[c] += c;
}
