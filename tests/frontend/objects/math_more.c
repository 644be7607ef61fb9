/* Functions of math.h in both precisions, in arguments of each other and in conditions. */
#include <math.h>
double math_more(double x[5], float y[5], double z[5])
{
    for (int i = 0; i < 5; i++) {
        double t = fabs(x[i]) + 0.5;
        x[i] = trunc(t) + round(t * 3) + rint(t / 7) + copysign(t, x[i]) + fmod(t, 2.5);
        y[i] = floorf(y[i]) - ceilf(y[i] * 2) + sqrtf(fabsf(y[i])) + fmaxf(y[i], fminf(2, y[i] - 1)) + truncf(y[i] / 3);
        z[i] = sqrt(sqrt(t)) * (fmin(t, z[i]) > 3 ? fmax(z[i], -1) : floor(z[i]));
        if (ceil(z[i]) > z[i])
            z[i] = nearbyint(z[i]);
    }
    return x[0] + y[1] + z[2];
}
