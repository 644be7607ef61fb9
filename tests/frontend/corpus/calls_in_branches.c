/* A function whose counter needs a register, called on both sides of an if: each call has one of its own. */
static int halves(int *a, unsigned m) {
    int s = 0;
    signed char n = m & 7;
    for (unsigned i = 0; i < n / 2 + n % 2; i += 1) {
        int *p = a + 1;
        for (int k = 0; k < 1; k++) *--p = s + i;
        s += *p;
    }
    return s;
}

int calls_in_branches(int a[4], unsigned n) {
    int t = 0;
    for (int r = 0; r < 3; r++) {
        if ((n ^ r) & 1)
            t += halves(a, n);
        else
            t -= halves(a + 2, n + r);
    }
    return t;
}
