/* Conversions between floats and integers of every width, and compound assignments that convert twice. */
#include <stdint.h>
double float_convert(float f[4], double d[4], int8_t a[4], uint16_t b[4], int32_t c[4], uint32_t u[4], int64_t l[4],
                     uint64_t m[4], _Bool flags[4])
{
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        f[i] = a[i] * 0.37f + b[i];
        d[i] = u[i] / 3.0 - l[i];
        f[i] += m[i];
        flags[i] = f[i] - f[i] || d[i] != 0.0;
        a[i] += 1.75;
        b[i] *= 0.5f;
        c[i] = (int)(d[i] < 2e9 && d[i] > -2e9 ? d[i] : -1.9);
        u[i] = (float)u[i] < 4e9f ? (uint32_t)((float)u[i] * 0.5f) : 7u;
        l[i] = (int64_t)(c[i] * 1e-3) - (long)(float)l[i] / 2;
        m[i] = (uint64_t)(b[i] * 1e10) + (unsigned char)(a[i] & 63);
        sum += (double)(float)d[i] + (float)(double)f[i] + flags[i];
        sum = -sum;
        d[i] = (f[i]++, --d[i]);
    }
    return (float)sum;
}
