/* Two matrices of small numbers with fractions; the product starts at zero. */
#include <stdint.h>
#include <stdio.h>

#ifndef N
#define N 64
#endif

void gemm_blocked(double m1[N * N], double m2[N * N], double prod[N * N]);

static double m1[N * N], m2[N * N], prod[N * N];

static uint32_t state = 20240301u;

static double next(void)
{
    state = state * 1664525u + 1013904223u;
    return (double)(int32_t)(state >> 8) / 4194304.0 - 2.0;
}

int main(void)
{
    for (int i = 0; i < N * N; i++) {
        m1[i] = next();
        m2[i] = next();
        prod[i] = 0.0;
    }
    gemm_blocked(m1, m2, prod);

    double worst = 0.0;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            double sum = 0.0;
            for (int k = 0; k < N; k++) {
                sum += m1[i * N + k] * m2[k * N + j];
            }
            double error = sum - prod[i * N + j];
            if (error < 0.0) {
                error = -error;
            }
            if (error > worst) {
                worst = error;
            }
        }
    }
    printf("largest error %g\n", worst);
    return worst > 1e-9;
}
