#include <string.h>
#define MAX_SIZE 8
extern "C" {
void mmult(const int in1[MAX_SIZE][MAX_SIZE], const int in2[MAX_SIZE][MAX_SIZE], int out[MAX_SIZE][MAX_SIZE], int dim) {
    int A[MAX_SIZE][MAX_SIZE], B[MAX_SIZE][MAX_SIZE], C[MAX_SIZE][MAX_SIZE];
#pragma HLS ARRAY_PARTITION variable = A dim = 2 complete
    memcpy(A, in1, sizeof(int) * MAX_SIZE * MAX_SIZE);
    memcpy(B, in2, sizeof(B));
loop1:
    for (int i = 0; i < dim; i++) {
    loop2:
        for (int k = 0; k < dim; k++) {
#pragma HLS PIPELINE
        loop3:
            for (int j = 0; j < MAX_SIZE; j++) {
#pragma HLS UNROLL
                int last = (k == 0) ? 0 : C[i][j];
                C[i][j] = last + A[i][k] * B[k][j];
            }
        }
    }
    for (int i = 0; i < dim; ++i) for (int j = 0; j < dim; ++j) out[i][j] = C[i][j];
}
}
