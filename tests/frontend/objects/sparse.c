/* Products of sparse matrices with vectors: compressed rows, whose bounds are data, and padded rows. */
#include <stdint.h>
#define N 6
#define NNZ 14
#define L 2
void sparse(double val[NNZ], int32_t cols[NNZ], int32_t rowDelimiters[N + 1], double nzval[N * L], int32_t ell[N * L],
            double vec[N], double out[N])
{
    int i, j;
    double sum, Si;
    for (i = 0; i < N + 1; i++)
        rowDelimiters[i] = i * 7 / 3;
spmv_1:
    for (i = 0; i < N; i++) {
        sum = 0;
        Si = 0;
        int tmp_begin = rowDelimiters[i];
        int tmp_end = rowDelimiters[i + 1];
    spmv_2:
        for (j = tmp_begin; j < tmp_end; j++) {
            Si = val[j] * vec[(unsigned)cols[j] % N];
            sum = sum + Si;
        }
        out[i] = sum;
    }
ellpack_1:
    for (i = 0; i < N; i++) {
        sum = out[i];
    ellpack_2:
        for (j = 0; j < L; j++) {
            Si = nzval[j + i * L] * vec[(unsigned)ell[j + i * L] % N];
            sum += Si;
        }
        out[i] = sum;
    }
}
