/* Every integer type of C and of stdint.h, mixed in arithmetic, comparisons and conversions. */
#include <stddef.h>
#include <stdint.h>
long long all_widths(signed char a[6], unsigned char b[6], short c[6], unsigned short d[6], int e[6],
                     unsigned f[6], long g[6], unsigned long h[6], long long k[6], unsigned long long l[6],
                     int_fast8_t m, uint_least16_t n, intptr_t o, size_t p, char q)
{
    long long sum = 0;
    for (int i = 0; i < 6; i++) {
        a[i] = b[i] + q;
        b[i] = c[i] * d[i];
        c[i] -= e[i] + m;
        d[i] ^= f[i] >> (i + 3);
        e[i] = g[i] - h[i] + n;
        f[i] = (unsigned)(k[i] >> 20) + (unsigned)l[i];
        g[i] = (int32_t)o + (a[i] < b[i]) + (c[i] < d[i]) + (e[i] < f[i]) + (g[i] < h[i]);
        h[i] = (uint8_t)p * (uint64_t)-1 + (int16_t)l[i];
        k[i] += (long long)a[i] * e[i] + (b[i] > -1) - (f[i] > -1);
        l[i] = l[i] / (b[i] | 1u) + l[i] % 1000000007ULL + (~a[i] & 0xffULL);
        sum += k[i] ^ (long long)l[i];
    }
    return sum + sizeof(long) + sizeof(m) + (char)200;
}
