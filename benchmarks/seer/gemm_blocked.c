/*
 * gemm_blocked: the product of two square matrices, tile by tile.
 *
 * Loops jj and kk walk over tiles of the second factor; inside, a row of the tile of the product is updated
 * with one element of the first factor at a time, in place in memory.
 *
 * Written for seer from the algorithm (Lam, Rothberg and Wolf 1991).
 */

#ifndef N
#define N 64
#endif
#define B 8
typedef double TYPE;

void gemm_blocked(TYPE m1[N * N], TYPE m2[N * N], TYPE prod[N * N])
{
    int i, j, k, jj, kk;
    int i_row, k_row;
    TYPE temp;

loop_jj:
    for (jj = 0; jj < N; jj += B) {
    loop_kk:
        for (kk = 0; kk < N; kk += B) {
        loop_i:
            for (i = 0; i < N; i++) {
            loop_k:
                for (k = 0; k < B; k++) {
                    i_row = i * N;
                    k_row = (k + kk) * N;
                    temp = m1[i_row + k + kk];
                loop_j:
                    for (j = 0; j < B; j++) {
                        prod[i_row + j + jj] += temp * m2[k_row + j + jj];
                    }
                }
            }
        }
    }
}
