/*
 * gemm_ncubed: the product of two square matrices by the classic triple loop.
 *
 * Matrices are row-major in flat arrays. Row offsets are kept in temporaries and
 * each element of the product is accumulated in a scalar, in the plain style in
 * which this kernel is usually given to a high-level synthesis tool: nothing is
 * tiled, interchanged or hoisted.
 *
 * Written for seer from the algorithm.
 */

#ifndef N
#define N 64
#endif
#ifndef TYPE
#define TYPE double
#endif

void gemm_ncubed(TYPE m1[N * N], TYPE m2[N * N], TYPE prod[N * N])
{
    int i, j, k;
    int i_col, k_col;
    TYPE mult;
    TYPE sum;

outer:
    for (i = 0; i < N; i++) {
    middle:
        for (j = 0; j < N; j++) {
            i_col = i * N;
            sum = 0;
        inner:
            for (k = 0; k < N; k++) {
                k_col = k * N;
                mult = m1[i_col + k] * m2[k_col + j];
                sum += mult;
            }
            prod[i_col + j] = sum;
        }
    }
}
