/* Bounds of int arguments that need a bit more than an int to be exact: <=, sums, counting down. */
int int_bounds(int a[32], int n, int m)
{
    int i, total = 0;
    for (i = 0; i <= n; i++)
        total += a[i & 31] * i;
    total = 31 * total + i;
    for (i = m - 1; i >= n; --i)
        total ^= a[i & 31] + i;
    total = 31 * total + i;
    for (i = n; i < n + m; i++)
        total += i;
    for (int k = 2 * n; k < 3 * m + 4; k += 3)
        for (int j = k - 1; j <= k + n; j++)
            total -= j ^ k;
    return total;
}
