/* A 16-tap filter over 64 samples, its coefficients in a table. */
#define N 64
#define TAPS 16
void fir_loop(short x[N + TAPS], int y[N]) {
    static const short h[TAPS] = {-3, -9, -8, 14, 59, 112, 150, 164, 150, 112, 59, 14, -8, -9, -3, 1};
    for (int n = 0; n < N; n++) {
        int sum = 0;
        for (int k = 0; k < TAPS; k++)
            sum += h[k] * x[n + k];
        y[n] = sum;
    }
}
