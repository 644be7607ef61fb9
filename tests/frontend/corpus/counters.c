/* Counters declared outside their loops; one is read after its loop, at constant and varying ends. */
int counters(int a[20], int n)
{
    int i, j, last = 0;
    for (i = 3; i < 20; i += 4)
        a[i] += i;
    last = i;
    for (i = 0; i < n; i++)
        a[i & 15] ^= i;
    last = last * 100 + i;
    for (i = 0; i < 5; i++)
        for (j = i; j < 3; ++j)
            a[i + j] -= 1;
    a[19] = i;
    for (j = 9; j >= 4; j--)
        a[j] += j;
    return last * 1000 + i * 16 + j;
}
