/* Several files, a header found by -I, sizes and types from -D, static functions of one name in both files. */
#include <shared.h>
static int step(int x) { return x + 1; }
void linked(sample_t a[SIZE], int out[TAPS])
{
    scale(a, TAPS);
    for (int i = 0; i < SIZE; i++) {
        out[i % TAPS] += twice(step(a[i]));
        total += out[i / 2];
    }
}
