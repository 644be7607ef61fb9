#include <math.h>
/* Usual conversions between float, double and integers, as C makes them. */
float float_mix(float a[8], double b[8], int c[8], unsigned char u[8], double d) {
    float total = 0.1f;
    for (int i = 0; i < 8; i++) {
        total = total * a[i] + b[i];
        b[i] = (float)(a[i] + 0.1) - c[i] / 3 + u[i] * 0.5f;
        a[i] = -total > d ? c[i] : 1e30 * u[i];
        c[i] = (a[i] == a[i]) + (b[i] != b[i]) * 2 + (a[i] <= d) * 4 + !total * 8;
    }
    return total / 3;
}
