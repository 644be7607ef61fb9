static void bump(int &x, int by) { x += by; }
static int sum(const int &x, const int &y) { return x + y; }
static bool next(unsigned &state) { state = state * 1103515245u + 12345u; return (state >> 16) & 1; }
extern "C" int lent(int a[8], unsigned seed, int n) {
    int x = 3, y = n;
    bump(x, 2);
    int &alias = y;
    alias += x;
    int count = 0;
    for (int i = 0; i < 8; i++) { if (a[i] & 1) bump(i, 1); count++; if (i < 8) a[i] += count; }
    for (int k = 0; k < 4; k++) if (next(seed)) a[k] ^= 5;
    return sum(x, y) + sum(x + 1, 7) + count;
}
