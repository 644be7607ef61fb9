#include <math.h>
#include <stdlib.h>
double math_calls(double x[6], float y[6], int n[6]) {
    double sum = 0;
    for (int i = 0; i < 6; i++) {
        x[i] = sqrt(fabs(x[i])) + floor(x[i]) - ceil(x[i] / 2);
        y[i] = sqrtf(fabsf(y[i])) * fmaxf(y[i], 0.5f) + fminf(y[i], -1);
        n[i] = abs(n[i]);
        sum += fmin(x[i], y[i]);
    }
    return sum;
}
