/* How often each value stands in a sequence, and how many are no greater: counts in a local array. */
#include <stdint.h>
void tally(const uint16_t in[256], uint16_t out[1024])
{
    uint16_t counts[1024];
    for (int i = 0; i < 1024; i++)
        counts[i] = 0;
    for (int i = 0; i < 256; i++)
        counts[in[i] & 1023]++;
    uint16_t sum = 0;
    for (int i = 0; i < 1024; i++) {
        sum += counts[i];
        out[i] = sum;
    }
}
