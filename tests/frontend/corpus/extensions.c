/* Signed and unsigned widening, narrowing casts, and sums whose carry is cut off or kept. */
#include <stdint.h>
void extensions(uint8_t a[16], int8_t b[16], uint16_t c[16], uint8_t sum[16], int wide[16], uint32_t u[16])
{
    for (int i = 0; i < 16; i++) {
        sum[i] = a[i] + (uint8_t)b[i];
        wide[i] = a[i] + b[i] * c[i];
        u[i] = b[i];
        u[i] += (uint8_t)wide[i] + (int8_t)a[i] + (uint16_t)(a[i] << 9);
        wide[i] ^= (short)u[i] < c[i];
        wide[i] += u[i] > b[i];
        wide[i] += -a[i] + ~c[i];
    }
}
