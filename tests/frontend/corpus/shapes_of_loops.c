/* Steps by shifting and multiplying, counters that stride by variables, nested exits, comma everywhere. */
int shapes_of_loops(int a[64], unsigned char n, short step)
{
    int i, j, k, total = 0;
    for (int span = 1; span < 64; span *= 2)
        for (int at = 0; at + span < 64; at += span << 1)
            a[at] += a[at + span];
    for (unsigned size = 64; size; size >>= 1)
        total += size * a[size & 63];
    for (i = 1, j = 1; i < 1000; k = i, i = i + j, j = k)
        total ^= i;
    for (i = 0; i < 64; i += (step & 7) + 1)
        a[i] -= step;
    for (i = 0, j = 63, k = n; i < j && k > 0; i++, j -= 2, k /= 2)
        a[i] ^= a[j] + k;
    do {
        for (j = 0; j < 8; ++j)
            if (a[j] == n)
                goto_less: break;
        total += j;
    } while (j < 8 && (a[j]++, --n, n & 3));
    while (i --> 0)
        total += i, total <<= 1;
    return (total, total + 1) + i;
}
