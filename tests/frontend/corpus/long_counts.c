/* 64-bit arithmetic and counters. */
#include <stddef.h>
#include <stdint.h>
long long_counts(int64_t a[8], uint64_t b[8], int s)
{
    int64_t total = s;
    for (size_t i = 0; i < 8; i++) {
        total += a[i] * (int64_t)i + (b[i] >> (i + 3));
        b[i] = total ^ (b[i] * 0x9e3779b97f4a7c15u);
        total -= a[i] < (long)b[i];
    }
    for (long i = 7; i > 0; i -= 2)
        total = (total << 3) ^ a[i] ^ (uint32_t)b[i];
    return total;
}
