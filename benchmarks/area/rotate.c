/* Points turned by a matrix of fixed point numbers, and the sum of what is left over. */
#include <stdint.h>
int rotate(const int16_t x[32], const int16_t y[32], int32_t u[32], int32_t v[32], int16_t c, int16_t s)
{
    int left = 0;
    for (int i = 0; i < 32; i++) {
        int32_t a = c * x[i] - s * y[i];
        int32_t b = s * x[i] + c * y[i] + 64;
        u[i] = a >> 7;
        v[i] = b >> 7;
        left += a & 127;
    }
    return left;
}
