/* FIR filters: over a window of the signal, and through a register chain. */
#define N_COEFF 11
#define SIGNAL_SIZE 32
const unsigned int c_size = SIGNAL_SIZE;
typedef int coef_t;
typedef int data_t;
typedef int acc_t;

static int min(int a, int b) { return a < b ? a : b; }

extern "C" {
void fir_naive(int* output_r, int* signal_r, int* coeff, int signal_length) {
    int coeff_reg[N_COEFF];
read_coef:
    for (int i = 0; i < N_COEFF; i++) coeff_reg[i] = coeff[i];
outer_loop:
    for (int j = 0; j < signal_length; j++) {
        int acc = 0;
    shift_loop:
        for (int i = min(j, N_COEFF - 1); i >= 0; i--) {
            acc += signal_r[j - i] * coeff_reg[i];
        }
        output_r[j] = acc;
    }
}
}
