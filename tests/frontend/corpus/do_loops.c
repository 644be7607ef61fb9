/* do loops: at least once, with continue before the condition, break, effects in the condition, once only. */
#define SWAP(p, q) do { int t = p; p = q; q = t; } while (0)
int do_loops(int a[8], signed char n)
{
    int i = 0, sum = 0;
    do {
        sum += a[i];
        if (sum & 1)
            continue;
        a[i] = sum;
        if (sum > 1000000)
            break;
    } while (++i < 8);
    do
        sum = sum * 3 + 1;
    while (sum & 12 && --n > 0);
    SWAP(a[0], a[7]);
    do {
        if (n < 0)
            break;
        if (n == 0)
            continue;
        a[3] = n;
    } while (0);
    do {
        sum ^= i;
        if (i-- <= 2)
            break;
    } while (1);
    return sum + i;
}
