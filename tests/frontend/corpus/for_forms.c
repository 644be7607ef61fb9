/* for loops with missing parts, several variables, geometric steps, and counters that the body changes. */
int for_forms(int a[32], int n, unsigned m)
{
    int hash = 0, i, j;
    for (i = 0, j = 31; i < j; i++, j--) {
        int t = a[i];
        a[i] = a[j];
        a[j] = t;
    }
    for (int p = 1; p < 32; p <<= 1)
        hash += a[p];
    for (int p = 1000; p; p /= 3)
        hash ^= p;
    for (unsigned q = m | 1; q < 0x10000000; q *= 5)
        hash += q;
    i = 3;
    for (; i < 9; i++)
        hash += a[i];
    for (; i < 12;)
        a[i++] = hash;
    for (i = 20;; i -= 3) {
        if (i < n || i < 3)
            break;
        a[i] += i;
    }
    for (;;)
        if (hash++ & 7)
            continue;
        else
            break;
    for (i = 0; i < 32; i++) {
        if (a[i] & 1)
            i += 2;
        hash = hash * 31 + i;
    }
    for (int k = 0; k < 4; k++)
        for (k = k; k < 3; k++)
            hash += k;
    for (int k = n & 7, l = k * 2; k != l && k < 20; ++k, l += k & 1)
        hash -= k * l;
    for (i = 0; i < 10; i += hash & 3 ? 1 : 2)
        hash++;
    return hash + i + j;
}
