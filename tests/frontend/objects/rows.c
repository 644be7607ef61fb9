static int total(const int *row, int n) { int s = 0; while (n-- > 0) s += *row++; return s; }
static void rotate(int m[3][4], int by) { for (int i = 0; i < 3; i++) for (int j = 0; j < by; j++) { int t = m[i][0]; m[i][0] = m[i][3]; m[i][3] = t; } }
static int deep(int cube[2][3][4], int k) { return cube[1][k][2] + total(cube[0][k], 4) + total(&cube[1][0][0] + 4 * k, 3); }
static long long weird(signed char c, unsigned short u, long long big) { return c * u + big; }
int rows(int m[3][4], int cube[2][3][4], int n) {
    int *p = m[0], *q;
    int s = 0;
    for (int i = 0; i < 3; i++) { q = m[i]; s += total(q, 4) + q[1]; q++; *q ^= s; p = &m[i][1]; *p += 1; }
    rotate(m, n & 3);
    if (n & 1) q = m[2]; else q = m[1] + 1;
    *q += 7;
    s += deep(cube, n & 1);
    int t[2][3] = {{0}};
    t[n & 1][2] = 9;
    return s + total(t[1], 3) + weird(n, n, s) + (n ? total(m[0], 2) : 0);
}
