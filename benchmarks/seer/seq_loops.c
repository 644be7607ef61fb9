/*
 * seq_loops: three sequential loops whose fusion hangs on one index expression.
 *
 * L1 writes every third element of b, and L2 reads the same elements in the
 * same order, but spells the index (i << 1) + i instead of 3 * i. Only once the
 * two are recognised as equal may L1 and L2 become one loop. L3 reads c from its
 * end, so it depends on all of L2 and never fuses with it. L1 and L2 each read
 * two neighbouring elements of one array, which keeps both ports of a dual-port
 * memory busy: unrolling them gains nothing, fusing them does.
 *
 * Written for seer after the description in the SEER paper.
 */

#define N 128

void seq_loops(int a[N + 1], int b[3 * N], int c[N], int d[N + 1], int e[N], int f[N])
{
L1:
    for (int i = 0; i < N; i++) {
        b[3 * i] = a[i] + a[i + 1];
    }

L2:
    for (int i = 0; i < N; i++) {
        c[i] = b[(i << 1) + i] * d[i] + d[i + 1];
    }

L3:
    for (int i = 0; i < N; i++) {
        f[i] = c[N - 1 - i] + e[i];
    }
}
