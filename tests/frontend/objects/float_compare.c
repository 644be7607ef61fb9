/* Comparisons with NaN, -0 and infinities, as values and as conditions; floats that count a loop. */
#include <math.h>
#include <float.h>
int float_compare(float a[6], double b[6], float low, double high)
{
    int bits = 0, best = 0;
    for (int i = 0; i < 6; i++) {
        int here = (a[i] < b[i]) | (a[i] <= b[i]) << 1 | (a[i] > b[i]) << 2 | (a[i] >= b[i]) << 3 | (a[i] == b[i]) << 4;
        here |= (a[i] != a[i]) << 5 | !a[i] << 6 | (a[i] && b[i]) << 7 | (isnan(b[i]) ? 1 : 0) << 8;
        bits = bits * 31 + here;
        if (!(a[i] < low))
            best = i;
        else if (a[i] > high || -b[i] > high)
            continue;
        a[i] = a[i] > low ? a[i] : low;
        b[i] = b[i] < FLT_MAX ? -b[i] : -0.0;
        if (1 / b[i] < 0 && b[i] == 0)
            bits++;
    }
    for (float x = 0; x < 1; x += 0.1f)
        bits++;
    for (double x = 100; x > 1e-2; x *= 0.25)
        bits += 3;
    while (low > 1 && low < 1e6f)
        low /= 3, best++;
    do
        high = high / 2 - 1;
    while (high > 0 && high < 1000);
    return bits ^ best << 20;
}
