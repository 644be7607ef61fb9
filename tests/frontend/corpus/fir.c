/* A filter with an accumulator: nested loops over one subscript that mixes both counters. */
void fir(short x[40], short h[8], int y[33])
{
OUTER:
    for (int n = 0; n < 33; n++) {
        int acc = 0;
    TAPS:
        for (int k = 0; k < 8; k++)
            acc += x[n + k] * h[7 - k];
        y[n] = acc >> 4;
    }
}
