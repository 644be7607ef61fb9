/* Bounds through variables that are set once, from arguments and from enclosing counters. */
int set_once(int a[64], signed char n)
{
    int limit = n + 3;
    const short half = 8;
    int sum = 0;
    for (int i = 0; i < half; i++) {
        int first = 2 * i;
        int end = first + 4;
        for (int j = first; j < end; j++)
            sum += a[j] * (i + 1);
    }
    for (int i = 0; i < limit; i++)
        sum ^= i + (limit << 3);
    return sum;
}
