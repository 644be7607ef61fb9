/* A signal with its echoes: a delay line in a local array, and a table of gains. */
#include <stdint.h>
void echoes(const int16_t in[400], int16_t out[400])
{
    static const int16_t gains[8] = {512, -301, 177, -104, 61, -36, 21, -12};
    int32_t line[512];
    for (int i = 0; i < 512; i++)
        line[i] = 0;
    for (int n = 0; n < 400; n++) {
        int32_t sum = 0;
        for (int k = 0; k < 8; k++)
            sum += gains[k] * line[(n + 512 - 50 * (k + 1)) & 511];
        line[n & 511] = in[n] + (sum >> 12);
        out[n] = line[n & 511];
    }
}
