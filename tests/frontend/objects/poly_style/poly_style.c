/* Two products and a triangular update in the manner of a polyhedral suite; sizes are parameters, too. */
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <assert.h>
#include "polyhedra.h"
static void init_array(int ni, int nj, DATA_TYPE *alpha, DATA_TYPE POLYBENCH_2D(A, NI, NK, ni, nk))
{
    int i, j;
    *alpha = 1.5;
    for (i = 0; i < ni; i++)
        for (j = 0; j < nj; j++)
            A[i][j] = (DATA_TYPE)((i * j + 1) % ni) / ni;
}
static void print_array(int ni, int nj, DATA_TYPE POLYBENCH_2D(D, NI, NJ, ni, nj))
{
    for (int i = 0; i < ni; i++)
        for (int j = 0; j < nj; j++)
            fprintf(stderr, "%0.2lf ", D[i][j]);
}
void poly_style(int ni, int nj, int nk, DATA_TYPE alpha, DATA_TYPE beta, DATA_TYPE POLYBENCH_2D(tmp, NI, NJ, ni, nj),
                DATA_TYPE POLYBENCH_2D(A, NI, NK, ni, nk), DATA_TYPE POLYBENCH_2D(B, NK, NJ, nk, nj),
                DATA_TYPE POLYBENCH_2D(D, NI, NJ, ni, nj), DATA_TYPE POLYBENCH_1D(v, NI, ni))
{
    int i, j, k;
    assert(ni >= 0 && ni <= NI && nj >= 0 && nj <= NJ && nk >= 0 && nk <= NK);
#pragma scop
    for (i = 0; i < _PB_NI; i++)
        for (j = 0; j < _PB_NJ; j++) {
            tmp[i][j] = SCALAR_VAL(0.0);
            for (k = 0; k < _PB_NK; ++k)
                tmp[i][j] += alpha * A[i][k] * B[k][j];
        }
    for (i = 0; i < _PB_NI; i++) {
        for (j = 0; j < _PB_NJ; j++)
            D[i][j] *= beta;
        for (j = 0; j < i; j++)
            v[i] -= A[i][j] * v[j];
        for (k = i + 1; k < _PB_NK; k++)
            A[i][k] = (A[i][k] - v[i]) / SCALAR_VAL(2.0);
    }
    for (i = _PB_NI - 1; i >= 0; i--)
        for (j = 0; j < _PB_NJ; j++)
            D[i][j] += tmp[i][j] > SCALAR_VAL(0.0) ? tmp[i][j] : sqrt(SCALAR_VAL(0.1));
#pragma endscop
}
int main(int argc, char **argv)
{
    int ni = NI, nj = NJ;
    static DATA_TYPE D[NI][NJ], A[NI][NK];
    DATA_TYPE alpha;
    init_array(ni, nj, &alpha, A);
    polybench_start_instruments;
    print_array(ni, nj, D);
    return 0;
}
