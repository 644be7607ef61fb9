/*
 * gemm_blocked: the product of two square matrices, tiled in two of the three dimensions.
 *
 * Each tile of 8 by 8 elements of the second matrix is used for all rows of the first before the next one is
 * taken; the product is accumulated in memory.
 * Written for seer from the algorithm (loop tiling, Lam, Rothberg and Wolf 1991), at MachSuite's size and type.
 */

#define N 64
#define TILE 8

void bbgemm(const double m1[N * N], const double m2[N * N], double prod[N * N])
{
tile_columns:
    for (int jj = 0; jj < N; jj += TILE) {
    tile_rows:
        for (int kk = 0; kk < N; kk += TILE) {
        rows:
            for (int i = 0; i < N; i++) {
            products:
                for (int k = 0; k < TILE; k++) {
                    double left = m1[i * N + k + kk];
                columns:
                    for (int j = 0; j < TILE; j++) {
                        prod[i * N + j + jj] += left * m2[(k + kk) * N + j + jj];
                    }
                }
            }
        }
    }
}
