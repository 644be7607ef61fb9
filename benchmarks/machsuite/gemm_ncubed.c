/*
 * gemm_ncubed: the product of two square matrices by the classic triple loop, in double precision.
 *
 * Matrices are row-major in flat arrays; each element of the product is accumulated in a scalar.
 * Written for seer from the algorithm, at MachSuite's size and type.
 */

#define N 64

void gemm(const double m1[N * N], const double m2[N * N], double prod[N * N])
{
outer:
    for (int i = 0; i < N; i++) {
    middle:
        for (int j = 0; j < N; j++) {
            double sum = 0;
        inner:
            for (int k = 0; k < N; k++) {
                sum += m1[i * N + k] * m2[k * N + j];
            }
            prod[i * N + j] = sum;
        }
    }
}
