/* Loops that never run leave everything as it is, their counters apart. */
int zero_trips(int a[8], int n)
{
    int i;
    for (i = 64; i < 64; i++)
        a[i & 7] = 1;
    for (int j = 5; j < 3; j += 2)
        a[j] = 2;
    for (int j = 0; j < 0 * n; j++)
        a[j] = 3;
    for (int j = 4; j < 8; j++)
        for (int k = 2 * j; k < j; k++)
            a[k] = 4;
    return a[0] + i;
}
