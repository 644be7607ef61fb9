/* An 8-tap symmetric low-pass filter, one sample. */
int fir8(short x0, short x1, short x2, short x3, short x4, short x5, short x6, short x7) {
    return 3 * x0 + 11 * x1 + 29 * x2 + 45 * x3 + 45 * x4 + 29 * x5 + 11 * x6 + 3 * x7;
}
