// Sequential loops that share multipliers, and variable shifts.
void filters(const int x[64], int y[64], int k0, int k1, int k2, unsigned s) {
    first: for (int i = 2; i < 64; i++)
        y[i] = (x[i] * k0 + x[i - 1] * k1 + x[i - 2] * k2) >> (s & 15);
    second: for (int i = 2; i < 64; i++)
        y[i] = y[i] * k1 + (y[i - 1] << (s & 7)) * k0;
}
