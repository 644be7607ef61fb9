/* Multiplies matrices out of partitioned local copies. */
#define MAX_SIZE 8
const unsigned int c_dim = MAX_SIZE;

extern "C" {
void matmul_partition(int* in1, int* in2, int* out_r, int size, int rep_count) {
#pragma HLS INTERFACE m_axi port=in1 offset=slave bundle=gmem
#pragma HLS INTERFACE s_axilite port=return bundle=control
  int A[MAX_SIZE * MAX_SIZE];
  int B[MAX_SIZE * MAX_SIZE];
  int C[MAX_SIZE * MAX_SIZE];
  int temp_sum[MAX_SIZE];
#pragma HLS ARRAY_PARTITION variable = B dim = 2 complete
#pragma HLS ARRAY_PARTITION variable = C dim = 2 complete
#pragma HLS ARRAY_PARTITION variable = temp_sum dim = 1 complete

read_data_A:
    for (int itr = 0, i = 0, j = 0; itr < size * size; itr++, j++) {
#pragma HLS PIPELINE II = 1
#pragma HLS LOOP_TRIPCOUNT min = c_dim*c_dim max = c_dim * c_dim
        if (j == size) { j = 0; i++; }
        A[i * MAX_SIZE + j] = in1[itr];
    }
read_data_B:
    for (int itr = 0, i = 0, j = 0; itr < size * size; itr++, j++) {
#pragma HLS PIPELINE II = 1
        if (j == size) { j = 0; i++; }
        B[i * MAX_SIZE + j] = in2[itr];
    }
count_loop:
    for (int r = 0; r < rep_count; r++) {
    arraypart1:
        for (int i = 0; i < size; i++) {
        init: for (int j = 0; j < MAX_SIZE; j++) {
#pragma HLS UNROLL
                temp_sum[j] = 0;
            }
        arraypart2:
            for (int k = 0; k < size; k++) {
#pragma HLS PIPELINE II = 1
            arraypart3:
                for (int j = 0; j < MAX_SIZE; j++) {
                    int result = (k == 0) ? 0 : temp_sum[j];
                    result += A[i * MAX_SIZE + k] * B[k * MAX_SIZE + j];
                    temp_sum[j] = result;
                    if (k == size - 1) C[i * MAX_SIZE + j] = result;
                }
            }
        }
    }
writeC:
    for (int itr = 0, i = 0, j = 0; itr < size * size; itr++, j++) {
#pragma HLS PIPELINE II = 1
        if (j == size) { j = 0; i++; }
        out_r[itr] = C[i * MAX_SIZE + j];
    }
}
}
