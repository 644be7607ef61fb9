/* A FIR filter through a register chain. */
#define N_COEFF 11
#define SIGNAL_SIZE 32

extern "C" {
void fir_shift_register(int* output_r, int* signal_r, int* coeff, int signal_length) {
    int coeff_reg[N_COEFF];
#pragma HLS ARRAY_PARTITION variable = coeff_reg complete dim = 0
    int shift_reg[N_COEFF];
#pragma HLS ARRAY_PARTITION variable = shift_reg complete dim = 0
init_loop:
    for (int i = 0; i < N_COEFF; i++) {
#pragma HLS PIPELINE II = 1
        shift_reg[i] = 0;
        coeff_reg[i] = coeff[i];
    }
outer_loop:
    for (int j = 0; j < signal_length; j++) {
#pragma HLS PIPELINE II = 1
        int acc = 0;
        int x = signal_r[j];
    shift_loop:
        for (int i = N_COEFF - 1; i >= 0; i--) {
#pragma HLS UNROLL
            if (i == 0) {
                acc += x * coeff_reg[0];
                shift_reg[0] = x;
            } else {
                shift_reg[i] = shift_reg[i - 1];
                acc += shift_reg[i] * coeff_reg[i];
            }
        }
        output_r[j] = acc;
    }
}
}
