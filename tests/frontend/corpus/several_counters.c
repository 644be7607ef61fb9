/* Loops that step more than their counter: counted all the same, unless the others depend on it. */
int several_counters(int a[16], int n)
{
    int i, j, sum = 0;
    for (int k = 0, l = 15; k < 16; k++, l--) {
        if (a[l] & 1)
            continue;
        sum += k * a[l];
    }
    for (i = 0, j = n; i < 8; j += 3, ++i)
        a[i] ^= j;
    sum += i * 100 + j;
    for (j = 1, i = 7; i >= 0; i -= 2, j <<= 1)
        a[j & 15] += i;
    for (i = 2, j = i; i < 6; i++, j = i * 2)
        sum += j;
    for (i = 0, j = 0; i < 8; i++, j++)
        if (a[i] == 5)
            break;
    return sum * 7 + i + j;
}
